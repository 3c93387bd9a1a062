"""AC04: no way round the principal leader of a major item, at any moment of its life."""

import pytest

from domain.approvals import actions as approvals
from domain.approvals.models import SignOff
from domain.items import actions as items
from domain.items.models import Item, ItemState
from domain.items.rules import MajorStays, NotInHand
from domain.kit.actor import Duty
from domain.reception import actions as reception
from domain.reception.rules import AwaitsPrincipalLeader, NotSignedOff
from tests.abuse.attack import at_once, refusals, refused_by_the_database, sql
from tests.domain.items import chain

PENDING, SUBMITTED = ItemState.PENDING_SIGN_OFF, ItemState.SUBMITTED


async def lowered(house, item):
    with pytest.raises(MajorStays):
        await items.save(house.writer, item.id, is_major=False)
    return await Item.get(id=item.id)


async def raised(house, **given):
    item = await chain.submitted(house, **given)
    held = await chain.at(item, house.office)
    await reception.raise_to_major(house.editor, held.id, reason="示例：涉及全县")
    return item, held


async def test_a_laid_major_item_is_not_lowered(db):
    house = await chain.house()
    assert (await lowered(house, await chain.laid(house, is_major=True))).state is PENDING


async def test_nor_after_the_first_signature_nor_after_it_was_taken_back(db):
    house = await chain.house()
    item = await chain.sign(house.leader, await chain.laid(house, is_major=True))
    assert (await lowered(house, item)).state is PENDING
    item = await items.take_back(house.writer, item.id)
    assert (await lowered(house, item)).is_major
    with pytest.raises(NotSignedOff):
        await reception.submit(house.writer, item.id)


async def test_nor_together_with_another_text(db):
    house = await chain.house()
    item = await chain.laid(house, is_major=True)
    with pytest.raises(MajorStays):
        await items.save(house.writer, item.id, is_major=False, body="示例，另一段正文。")
    assert (await Item.get(id=item.id)).content_sha256 == item.content_sha256


async def test_raising_a_signed_item_waits_for_the_principal_leader(db):
    house = await chain.house()
    item = await chain.sign(house.leader, await chain.laid(house, submit_when_signed=False))
    assert item.state is ItemState.SIGNED_OFF
    item = await items.save(house.writer, item.id, is_major=True)
    assert item.state is PENDING
    with pytest.raises(NotSignedOff):
        await reception.submit(house.writer, item.id)
    item = await chain.sign(house.principal, item)
    assert (await reception.submit(house.writer, item.id)).state is SUBMITTED
    assert await SignOff.all().order_by("signed_at").values_list("step", flat=True) == [
        Duty.LEADER_IN_CHARGE,
        Duty.PRINCIPAL_LEADER,
    ]


async def test_a_submitted_item_is_neither_lowered_nor_raised_by_its_unit(db):
    house = await chain.house()
    for is_major in (True, False):
        item = await chain.submitted(house, is_major=is_major)
        with pytest.raises(NotInHand):
            await items.save(house.writer, item.id, is_major=not is_major)


async def test_what_an_office_raised_stays_raised_through_every_way_back(db):
    house = await chain.house()
    item, held = await raised(house)
    item = await items.take_back(house.writer, item.id)
    assert (await lowered(house, item)).state is ItemState.RETURNED
    await items.save(house.writer, item.id, body="示例，改写过的正文。")
    item = await items.lay_for_sign_off(house.writer, item.id)
    item = await chain.sign(house.leader, item)
    assert item.state is PENDING
    await reception.receive(house.editor, held.id)
    with pytest.raises(AwaitsPrincipalLeader):
        await reception.mark_adopted(house.editor, held.id)
    assert (await chain.sign(house.principal, item)).state is SUBMITTED


async def test_a_returned_major_item_is_signed_by_both_again(db):
    house = await chain.house()
    item = await chain.submitted(house, is_major=True)
    held = await chain.at(item, house.office)
    await reception.return_for_revision(house.editor, held.id, reason="示例：补数据")
    assert (await lowered(house, item)).state is ItemState.RETURNED
    await items.save(house.writer, item.id, body="示例，补了数据。")
    item = await items.lay_for_sign_off(house.writer, item.id)
    assert (await chain.sign(house.leader, item)).state is PENDING
    assert (await chain.sign(house.principal, item)).state is SUBMITTED


async def test_raising_and_signing_at_the_same_moment_never_passes_without_the_principal(db):
    house = await chain.house()
    for _ in range(12):
        item = await chain.laid(house)
        await at_once(
            approvals.sign(house.leader, item.id, content_sha256=item.content_sha256),
            items.save(house.writer, item.id, is_major=True),
        )
        item = await Item.get(id=item.id)
        assert (item.is_major, item.state) in ((True, PENDING), (False, SUBMITTED))


async def test_two_offices_raise_at_the_same_moment_and_one_does(db):
    house, other = await chain.house(), await chain.house()
    both = [house.office.id, other.office.id]
    item = await chain.submitted(house, office_ids=both)
    held = [(one.editor, (await chain.at(item, one.office)).id) for one in (house, other)]
    found = await at_once(*(reception.raise_to_major(*one, reason="示例") for one in held))
    assert refusals(found) == ["already-major"]


async def test_raw_sql_submits_no_major_item_without_the_principal_leader(db):
    house = await chain.house()
    item = await chain.sign(house.leader, await chain.laid(house, submit_when_signed=False))
    submit = f"update item set is_major = true, state = 'submitted' where id = '{item.id}'"
    assert await refused_by_the_database(db, submit) == "item_signed_before_submitted"
    await sql("update item set state = 'submitted' where id = $1", item.id)
    later = f"update item set is_major = true where id = '{item.id}'"
    assert await refused_by_the_database(db, later) == "item_signed_before_submitted"


async def test_raw_sql_lowers_no_major_item_that_was_laid(db):
    house = await chain.house()
    for item in (
        await chain.laid(house, is_major=True),
        await chain.submitted(house, is_major=True),
    ):
        lowered = f"update item set is_major = false where id = '{item.id}'"
        assert await refused_by_the_database(db, lowered) == "item_keeps"
