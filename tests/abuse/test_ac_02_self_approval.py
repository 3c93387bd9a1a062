"""AC02: nobody signs what he wrote himself, nor lets another sign it in his name."""

from uuid import uuid4

import pytest

from domain.approvals import queries as approvals
from domain.approvals.models import SignOff
from domain.approvals.rules import OwnText
from domain.items import actions as items
from domain.items.models import Item
from domain.kit.actor import Duty
from domain.people.models import Appointment, Person
from tests import make
from tests.abuse.attack import refused_by_the_database
from tests.domain.items import chain

SELF = """insert into sign_off (id, item_id, step, decision, reason, signer_id, signer_name, signer_post,
  signer_unit, in_absence, declared_unclassified, content_sha256, method, signed_at)
  select '{id}', id, 'leader_in_charge', 'signed', '', author_id, '示例领导', '示例乡长', '示例乡',
  false, true, content_sha256, 'session', now() from item"""


async def laid_by(house, author, **given):
    item = await chain.draft(house, actor=author, **given)
    return await items.lay_for_sign_off(author, item.id)


@pytest.mark.parametrize("who", ["leader", "principal"])
@pytest.mark.parametrize("is_major", [False, True])
async def test_an_author_does_not_sign(db, who, is_major):
    house = await chain.house()
    author = getattr(house, who)
    item = await laid_by(house, author, is_major=is_major)
    if who == "principal" and is_major:
        item = await chain.sign(house.leader, item)
    with pytest.raises(OwnText):
        await chain.sign(author, item)


async def test_an_author_with_another_duty_later_does_not_sign(db):
    house = await chain.house()
    item = await chain.laid(house)
    person = await Person.get(id=house.writer.person_id)
    await make.appointment(Duty.PRINCIPAL_LEADER, person=person, unit=house.unit)
    with pytest.raises(OwnText):
        await chain.sign(await make.again(house.writer), item)


async def test_an_author_who_stands_in_for_the_leader_does_not_sign(db):
    house = await chain.house()
    item = await chain.laid(house)
    leader = await Appointment.get(person_id=house.leader.person_id)
    await make.deputy(leader, await Person.get(id=house.writer.person_id))
    with pytest.raises(OwnText):
        await chain.sign(await make.again(house.writer), item)


async def test_nobody_stands_in_for_the_author(db):
    """Y writes, and has X sign 「X 代 Y」: it would be Y's own word on Y's own text."""
    house = await chain.house()
    item = await laid_by(house, house.leader)
    leader = await Appointment.get(person_id=house.leader.person_id)
    deputy = await make.actor(Duty.FINANCE, unit=house.unit)
    await make.deputy(leader, await Person.get(id=deputy.person_id))
    deputy = await make.again(deputy)
    assert await approvals.inbox_ids(deputy) == []
    with pytest.raises(OwnText):
        await chain.sign(deputy, item)
    assert await SignOff.all().count() == 0
    await chain.sign(house.principal, item)


async def test_a_text_changed_by_the_leader_is_his_too_even_when_changed_back(db):
    house = await chain.house()
    item = await chain.draft(house)
    for body in ("示例，由领导改过。", "示例乡三公里牧道今日通车。"):
        await items.save(house.leader, item.id, body=body)
    item = await items.lay_for_sign_off(house.writer, item.id)
    with pytest.raises(OwnText):
        await chain.sign(house.leader, item)


@pytest.mark.parametrize("key", ["author_id", "unit_id", "state", "submitted_at", "restricted"])
async def test_an_edit_says_nothing_but_what_people_may_say(db, key):
    house = await chain.house()
    item = await chain.draft(house)
    with pytest.raises(TypeError):
        await items.save(house.writer, item.id, **{key: house.leader.person_id})
    assert getattr(await Item.get(id=item.id), key) == getattr(item, key)


async def test_raw_sql_approves_nobodys_own_text(db):
    house = await chain.house()
    await laid_by(house, house.leader)
    by_himself = SELF.format(id=uuid4())
    assert await refused_by_the_database(db, by_himself) == "sign_off_not_by_author"
    other = f"update item set author_id = '{house.writer.person_id}'"
    assert await refused_by_the_database(db, other) == "item_keeps"
    nobody = "update item set author_id = null"
    assert await refused_by_the_database(db, nobody) == "item_keeps"


async def test_raw_sql_hands_no_item_to_another_unit(db):
    house, other = await chain.house(), await make.unit()
    await chain.laid(house)
    moved = f"update item set unit_id = '{other.id}'"
    assert await refused_by_the_database(db, moved) == "item_keeps"
