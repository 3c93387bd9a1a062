"""AC07, AC08: an adoption counts once, by two people, however often and however fast it is told."""

from decimal import Decimal
from uuid import uuid4

import pytest

from domain.items import actions as items
from domain.items.models import Item, ItemState
from domain.kit import clock
from domain.kit.actor import Duty, Scope
from domain.kit.errors import DutyRequired, NotFound, ScopeMissing, TokensMayNot
from domain.outlets import actions as outlets
from domain.outlets.models import Adoption, AdoptionState
from domain.outlets.rules import ConfirmedByAnother, EvidenceMissing, NotSubmittedYet
from domain.points import queries as points
from domain.points.models import LedgerEntry, UnitMonth
from domain.reception import actions as reception
from domain.reception.models import Reception
from tests import make
from tests.abuse.attack import at_once, refusals, refused_by_the_database
from tests.domain.items import chain
from tests.domain.points import sent

LINK = "https://example.org/1"


async def figures(house):
    month = await UnitMonth.get(unit_id=house.unit.id)
    assert await points.rollup_differences() == []
    return month.submitted, month.adopted, month.points


async def run(house, **given):
    """An item that an outlet ran, recorded by its own unit's correspondent."""
    await sent.policy()
    item = await chain.submitted(house)
    given = {"outlet_id": (await make.outlet()).id, "evidence_url": LINK} | given
    return item, await outlets.record(house.writer, item.id, adopted_on=clock.today(), **given)


async def test_confirming_five_times_at_once_counts_once(db):
    house = await chain.house()
    _, adoption = await run(house)
    editors = [house.editor, await make.actor(Duty.PUBLICITY_DEPARTMENT)]
    found = await at_once(
        *(outlets.confirm(editors[number % 2], adoption.id) for number in range(5))
    )
    assert refusals(found) == ["adoption-settled"] * 4
    assert await figures(house) == (1, 1, Decimal(1))
    assert await LedgerEntry.filter(adoption_id=adoption.id).count() == 1


async def test_confirming_and_withdrawing_at_once_leaves_the_sum_of_what_stands(db):
    house = await chain.house()
    await sent.policy()
    for number in range(6):
        item = await chain.submitted(house)
        adoption = await outlets.record(
            house.editor,
            item.id,
            outlet_id=(await make.outlet()).id,
            adopted_on=clock.today(),
            evidence_url=LINK,
        )
        other = await make.actor(Duty.PUBLICITY_DEPARTMENT)
        acts = [
            outlets.confirm(other, adoption.id),
            outlets.withdraw(house.editor, adoption.id, reason="示例"),
        ]
        await at_once(*(acts if number % 2 else reversed(acts)))
    assert await Adoption.filter(state=AdoptionState.WITHDRAWN).count() == 6
    assert await figures(house) == (6, 0, Decimal(0))


async def test_signing_five_times_at_once_submits_and_counts_once(db):
    house = await chain.house()
    item = await chain.laid(house)
    found = await at_once(*(chain.sign(house.leader, item) for _ in range(5)))
    assert refusals(found) == ["not-waiting"] * 4
    assert (await figures(house))[:2] == (1, 0)
    assert await Reception.all().count() == 1


async def test_submitting_five_times_at_once_counts_once(db):
    house = await chain.house()
    item = await chain.sign(house.leader, await chain.laid(house, submit_when_signed=False))
    found = await at_once(*(reception.submit(house.writer, item.id) for _ in range(5)))
    assert refusals(found) == ["not-signed-off"] * 4
    assert (await figures(house))[:2] == (1, 0)


async def test_a_returned_item_sent_again_counts_once(db):
    house = await chain.house()
    item = await chain.submitted(house)
    for round_ in range(3):
        held = await chain.at(item, house.office)
        await reception.return_for_revision(house.editor, held.id, reason="示例")
        await items.save(house.writer, item.id, body=f"示例，第{round_}次修改。")
        item = await items.lay_for_sign_off(house.writer, item.id)
        item = await chain.sign(house.leader, item)
    assert (item.state, item.round) == (ItemState.SUBMITTED, 4)
    assert (await figures(house))[:2] == (1, 0)


async def test_the_same_outlet_is_recorded_once_by_five_at_once(db):
    house = await chain.house()
    item = await chain.submitted(house)
    outlet = await make.outlet()
    facts = {"outlet_id": outlet.id, "adopted_on": clock.today(), "evidence_url": LINK}
    found = await at_once(*(outlets.record(house.editor, item.id, **facts) for _ in range(5)))
    assert refusals(found) == ["adoption-already-recorded"] * 4


async def test_who_recorded_it_does_not_confirm_it_not_even_with_another_duty(db):
    house = await chain.house()
    item = await chain.submitted(house)
    facts = {"outlet_id": (await make.outlet()).id, "adopted_on": clock.today()}
    adoption = await outlets.record(house.editor, item.id, evidence_url=LINK, **facts)
    person = await make.Person.get(id=house.editor.person_id)
    await make.appointment(Duty.PUBLICITY_DEPARTMENT, person=person)
    with pytest.raises(ConfirmedByAnother):
        await outlets.confirm(await make.again(house.editor), adoption.id)
    assert await LedgerEntry.filter(adoption_id=adoption.id).count() == 0


async def test_a_unit_confirms_nothing_and_a_token_neither(db):
    house = await chain.house()
    _, adoption = await run(house)
    for actor in (house.writer, house.leader, house.principal):
        with pytest.raises(DutyRequired):
            await outlets.confirm(actor, adoption.id)
    for unit in (house.unit, None):
        _, token = await make.token(Scope.ADOPT, Scope.READ, unit=unit)
        with pytest.raises(TokensMayNot):
            await outlets.confirm(token, adoption.id)


async def test_nothing_is_recorded_without_evidence_by_strangers_or_for_an_unsent_item(db):
    house, other = await chain.house(), await chain.house()
    item, outlet = await chain.submitted(house), await make.outlet()
    facts = {"outlet_id": outlet.id, "adopted_on": clock.today(), "evidence_url": LINK}
    for evidence in ({"evidence_url": ""}, {"evidence_url": "  "}):
        with pytest.raises(EvidenceMissing):
            await outlets.record(house.editor, item.id, **facts | evidence)
    with pytest.raises(NotFound):
        await outlets.record(other.writer, item.id, **facts)
    _, reader = await make.token(Scope.READ)
    with pytest.raises(ScopeMissing):
        await outlets.record(reader, item.id, **facts)
    draft = await chain.draft(house)
    with pytest.raises(NotSubmittedYet):
        await outlets.record(house.writer, draft.id, **facts)


async def test_an_item_its_unit_withdrew_brings_nothing_any_more(db):
    house = await chain.house()
    item = await chain.submitted(house)
    await reception.withdraw(house.writer, item.id)
    with pytest.raises(NotSubmittedYet):
        await outlets.record(
            house.writer,
            item.id,
            outlet_id=(await make.outlet()).id,
            adopted_on=clock.today(),
            evidence_url=LINK,
        )
    assert await figures(house) == (0, 0, Decimal(0))


async def test_withdrawing_an_item_races_its_reception_and_its_adoption(db):
    house, outlet = await chain.house(), await make.outlet()
    for _ in range(8):
        item = await chain.submitted(house)
        held = await chain.at(item, house.office)
        await at_once(
            reception.withdraw(house.writer, item.id),
            reception.receive(house.editor, held.id),
            outlets.record(
                house.editor,
                item.id,
                outlet_id=outlet.id,
                adopted_on=clock.today(),
                evidence_url=LINK,
            ),
        )
        item = await Item.get(id=item.id)
        if item.state is ItemState.WITHDRAWN:
            assert await Adoption.filter(item_id=item.id).count() == 0
            assert (await chain.at(item, house.office)).state == "withdrawn"
    assert (await figures(house))[0] == await Item.filter(state=ItemState.SUBMITTED).count()


async def test_raw_sql_confirms_nothing_by_the_recorder_and_nothing_twice(db):
    house = await chain.house()
    await run(house)
    himself = "update adoption set confirmed_by_id = recorded_by_id, state = 'confirmed'"
    assert await refused_by_the_database(db, himself) == "adoption_confirmed_by_another"
    again = """with copied as (select (jsonb_populate_record(a, '{"id": "%s"}')).* from adoption a)
      insert into adoption select * from copied"""
    assert await refused_by_the_database(db, again % uuid4()) == "adoption_once"
