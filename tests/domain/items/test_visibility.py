"""Who sees which item: one table, held for lists, single items and what hangs on them (R16, C2)."""

import pytest

from domain.items import actions, queries
from domain.items.models import Item
from domain.kit import clock
from domain.kit.actor import SYSTEM, Actor, Duty, Scope
from domain.kit.errors import NotFound
from domain.outlets import queries as outlets
from domain.outlets.models import Adoption
from domain.reception import queries as reception
from domain.units.models import Unit
from tests import make
from tests.domain.items import chain

KINDS = (
    "draft",
    "restricted-draft",
    "submitted",
    "restricted",
    "elsewhere",
    "other",
    "other-restricted",
)
"""Own unit: two drafts, two submitted to the office, one submitted to another office.
Another unit: one submitted to that office, plain, and one restricted."""

OWN = {"draft", "restricted-draft", "submitted", "restricted", "elsewhere"}
SUBMITTED = {"submitted", "restricted", "elsewhere", "other", "other-restricted"}
PLAIN = {"submitted", "elsewhere", "other"}
AT_OFFICE = {"submitted", "restricted", "other", "other-restricted"}

SEES = {
    Duty.CORRESPONDENT: OWN,
    Duty.CONFIDENTIALITY_REVIEWER: OWN,
    Duty.LEADER_IN_CHARGE: OWN,
    Duty.PRINCIPAL_LEADER: OWN,
    Duty.OFFICE_EDITOR: AT_OFFICE,
    Duty.PUBLICITY_DEPARTMENT: SUBMITTED,
    Duty.SUPERVISION_OFFICE: PLAIN,
    Duty.FINANCE: set(),
    Duty.ADMINISTRATOR: set(),
    Duty.AUDITOR: set(),
}
TOKEN_SEES = {
    (Scope.READ, True): {"draft", "submitted", "elsewhere"},
    (Scope.SUBMIT, True): {"draft", "submitted", "elsewhere"},
    (Scope.ADOPT, True): {"submitted", "elsewhere"},
    (Scope.READ, False): PLAIN,
    (Scope.ADOPT, False): PLAIN,
    (Scope.ADMINISTER, False): set(),
}


async def county():
    """The items of `KINDS` by name, with their unit and office."""
    house, other = await chain.house(), await chain.house()
    second = await make.office()
    for each in (house, other):
        await make.appointment(Duty.CONFIDENTIALITY_REVIEWER, unit=each.unit)
    other.office = house.office
    problem = {"information_type": "problem", "counter_measure": "示例对策"}
    found = {
        "draft": await chain.draft(house),
        "restricted-draft": await chain.draft(house, **problem),
        "submitted": await chain.submitted(house),
        "restricted": await chain.submitted(house, **problem),
        "elsewhere": await chain.submitted(house, office_ids=[second.id]),
        "other": await chain.submitted(other),
        "other-restricted": await chain.submitted(other, **problem),
    }
    return house, found


async def seen_by(actor: Actor, found: dict[str, Item]) -> set[str]:
    """By the list; `get` and everything that hangs on the items must agree."""
    listed = set(await queries.visible_to(actor).values_list("id", flat=True))
    names = {name for name, item in found.items() if item.id in listed}
    for name, item in found.items():
        if name in names:
            assert (await queries.get(actor, item.id)).id == item.id
        else:
            with pytest.raises(NotFound):
                await queries.get(actor, item.id)
            with pytest.raises(NotFound):
                await queries.lock(actor, item.id)
    at = set(await reception.visible_to(actor).values_list("item_id", flat=True))
    assert at == {found[name].id for name in names if not name.endswith("draft")}
    ran = set(await outlets.visible_to(actor).values_list("item_id", flat=True))
    assert ran == at
    assert await queries.visible_to(actor).count() == len(names)
    return names


async def adopt_all(found: dict[str, Item]) -> None:
    outlet = await make.outlet()
    for name, item in found.items():
        if not name.endswith("draft"):
            await Adoption.create(
                item_id=item.id, outlet=outlet, level="county", adopted_on=clock.today(),
                recorded_by_name="示例", recorded_at=clock.now(),
            )  # fmt: skip


async def test_each_duty_sees_what_its_work_is(db):
    house, found = await county()
    await adopt_all(found)
    for duty, expected in SEES.items():
        office = house.office if duty is Duty.OFFICE_EDITOR else None
        actor = await make.actor(duty, unit=house.unit, office=office)
        assert (duty, await seen_by(actor, found)) == (duty, expected)


async def test_no_duty_of_another_unit_sees_more_than_its_work(db):
    _, found = await county()
    await adopt_all(found)
    elsewhere = await make.unit()
    for duty, expected in SEES.items():
        actor = await make.actor(duty, unit=elsewhere)
        in_unit = expected is OWN or duty is Duty.OFFICE_EDITOR
        assert (duty, await seen_by(actor, found)) == (duty, set() if in_unit else expected)


async def test_tokens_never_see_what_is_restricted(db):
    house, found = await county()
    await adopt_all(found)
    for (scope, of_unit), expected in TOKEN_SEES.items():
        unit: Unit | None = house.unit if of_unit else None
        _, token = await make.token(scope, unit=unit)
        assert (scope, of_unit, await seen_by(token, found)) == (scope, of_unit, expected)


async def test_a_stranger_sees_nothing_and_the_clockwork_everything(db):
    _, found = await county()
    await adopt_all(found)
    assert await seen_by(Actor(name="示例"), found) == set()
    assert await seen_by(SYSTEM, found) == set(KINDS)


async def test_an_ended_duty_sees_nothing_at_the_next_request(db):
    house, found = await county()
    await adopt_all(found)
    held = await make.Appointment.get(person_id=house.writer.person_id)
    held.ends_on = make.BEGINNING
    await held.save()
    assert await seen_by(await make.again(house.writer), found) == set()


async def test_an_attachment_is_seen_with_its_item(db):
    house, found = await county()
    kept = await actions.attach(
        house.writer, found["restricted-draft"].id, name="示例.txt", content="示例".encode()
    )
    assert (await queries.attachment(house.leader, kept.id)).id == kept.id
    with pytest.raises(NotFound):
        await queries.attachment(house.editor, kept.id)
