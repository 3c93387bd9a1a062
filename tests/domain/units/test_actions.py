import asyncio
from datetime import date, timedelta

import pytest

from domain.kit import clock
from domain.kit.actor import SYSTEM, Actor, Duty, Scope
from domain.kit.errors import DutyRequired, NotFound, StaleVersion
from domain.kit.inputs import InputMissing, InputNotPlain, InputTooLong
from domain.kit.models import AuditEvent
from domain.units import actions, queries, rules
from domain.units.models import Unit, UnitKind
from tests import make


async def test_a_unit_starts_today_last_in_order_and_ranked_with_its_kind(db):
    first = await make.unit()
    admin = await make.actor(Duty.ADMINISTRATOR, unit=first)
    unit = await actions.create(admin, name=" 示例局 ", kind=UnitKind.COUNTY_DEPARTMENT)
    kept = await Unit.get(id=unit.id)
    assert (kept.name, kept.rank_group, kept.valid_from) == ("示例局", "县级部门", clock.today())
    assert kept.position == first.position + 1
    event = await AuditEvent.filter(thing="unit").order_by("-seq").first()
    assert (event.actor, event.verb, event.thing_id) == (admin.name, "create", str(unit.id))


@pytest.mark.parametrize(
    ("name", "refused"),
    [("  ", InputMissing), ("示" * 81, InputTooLong), ("示例\u202e乡", InputNotPlain)],
)
async def test_a_unit_needs_a_plain_name(db, name, refused):
    with pytest.raises(refused) as refusal:
        await actions.create(SYSTEM, name=name, kind=UnitKind.TOWNSHIP)
    assert refusal.value.field == "name"
    assert await Unit.all().count() == 0


async def test_two_existing_units_never_share_a_name(db):
    await make.unit("示例乡")
    with pytest.raises(rules.UnitNameTaken):
        await make.unit("示例乡")
    other = await make.unit("示例镇")
    with pytest.raises(rules.UnitNameTaken):
        await actions.change(SYSTEM, other.id, name="示例乡")
    assert await Unit.filter(name="示例乡").count() == 1


async def test_of_two_creating_the_same_unit_at_once_one_wins(db):
    made = await asyncio.gather(*(make.unit("示例乡") for _ in range(5)), return_exceptions=True)
    refused = [one for one in made if isinstance(one, rules.UnitNameTaken)]
    assert (len(refused), await Unit.filter(name="示例乡").count()) == (4, 1)


async def test_a_closed_units_name_may_be_used_again_after_its_last_day(db):
    old = await make.unit("示例乡")
    await actions.close(SYSTEM, old.id, last_day=date(2019, 12, 31))
    with pytest.raises(rules.UnitNameTaken):
        await make.unit("示例乡", valid_from=date(2019, 12, 31))
    new = await make.unit("示例乡", valid_from=date(2020, 1, 1))
    assert [unit.id for unit in await queries.current(date(2019, 6, 1))] == [old.id]
    assert [unit.id for unit in await queries.current()] == [new.id]


@pytest.mark.parametrize("duty", [duty for duty in Duty if duty is not Duty.ADMINISTRATOR])
async def test_nobody_but_administrators_changes_units(db, duty):
    unit = await make.unit()
    actor = await make.actor(duty, unit=unit)
    for attempt in (
        actions.create(actor, name="示例", kind=UnitKind.TOWNSHIP),
        actions.change(actor, unit.id, self_sign_off=True),
        actions.close(actor, unit.id, last_day=clock.today()),
        actions.set_office(actor, name="示例办", mailbox=""),
        actions.set_county(actor, name="示例县", document_word="示"),
    ):
        with pytest.raises(DutyRequired):
            await attempt
    assert [await Unit.get(id=unit.id).values()] == [await Unit.all().first().values()]
    assert (await Unit.get(id=unit.id)).version == 1


async def test_a_change_keeps_what_was_not_said_and_notes_what_was(db):
    unit = await make.unit("示例乡", restricted_line=True)
    changed = await actions.change(
        SYSTEM, unit.id, expected_version=1, kind=UnitKind.STATIONED_UNIT, self_sign_off=True
    )
    assert (changed.name, changed.restricted_line, changed.self_sign_off) == ("示例乡", True, True)
    assert (changed.rank_group, changed.version) == ("驻县单位", 2)
    event = await AuditEvent.get(verb="change", thing="unit")
    assert event.facts == {
        "kind": "stationed_unit",
        "rank_group": "驻县单位",
        "self_sign_off": True,
    }


async def test_saying_nothing_new_changes_nothing(db):
    unit = await make.unit("示例乡")
    assert (await actions.change(SYSTEM, unit.id, name="示例乡")).version == 1
    assert await AuditEvent.filter(verb="change").count() == 0


async def test_of_two_edits_of_one_version_the_later_is_refused(db):
    unit = await make.unit("示例乡")
    edits = [
        actions.change(SYSTEM, unit.id, expected_version=1, name=name)
        for name in ("示例甲", "示例乙")
    ]
    done = await asyncio.gather(*edits, return_exceptions=True)
    [stale] = [one for one in done if isinstance(one, StaleVersion)]
    [kept] = [one for one in done if isinstance(one, Unit)]
    assert stale.facts == {"expected": 1, "current": 2}
    assert (await Unit.get(id=unit.id)).name == kept.name


async def test_closing_hands_over_to_a_successor(db):
    old, new = await make.unit("示例乡"), await make.unit("示例镇")
    closed = await actions.close(
        SYSTEM, old.id, last_day=date(2020, 1, 1), successor_id=new.id, expected_version=1
    )
    assert (closed.valid_until, closed.successor.name) == (date(2020, 1, 1), "示例镇")
    assert await queries.heirs_of(await Unit.get(id=old.id)) == {old.id, new.id}


async def test_a_unit_is_closed_once(db):
    unit = await make.unit()
    await actions.close(SYSTEM, unit.id, last_day=date(2020, 1, 1))
    with pytest.raises(rules.UnitClosed):
        await actions.close(SYSTEM, unit.id, last_day=date(2021, 1, 1))
    with pytest.raises(rules.UnitClosed):
        await actions.change(SYSTEM, unit.id, name="示例新名")
    assert (await Unit.get(id=unit.id)).valid_until == date(2020, 1, 1)


async def test_successors_never_go_in_circles(db):
    first, second, third = [await make.unit() for _ in range(3)]
    far = clock.today() + timedelta(days=400)
    await actions.close(SYSTEM, third.id, last_day=far, successor_id=second.id)
    await actions.close(SYSTEM, second.id, last_day=far - timedelta(days=10), successor_id=first.id)
    for successor in (first, second, third):
        with pytest.raises(rules.SuccessorGoesInCircles):
            await actions.close(SYSTEM, first.id, last_day=clock.today(), successor_id=successor.id)
    assert (await Unit.get(id=first.id)).valid_until is None


async def test_a_unit_cannot_end_before_it_began(db):
    unit = await make.unit(valid_from=date(2020, 1, 1))
    with pytest.raises(rules.EndsBeforeItBegins):
        await actions.close(SYSTEM, unit.id, last_day=date(2019, 12, 31))
    assert (await Unit.get(id=unit.id)).valid_until is None


async def test_strangers_see_no_units_and_everybody_known_sees_all(db):
    unit = await make.unit()
    person = await make.actor(Duty.CORRESPONDENT)
    _, token = await make.token(Scope.READ)
    assert await queries.visible_to(Actor(name="")).count() == 0
    for actor in (person, token, SYSTEM):
        assert (await queries.get(actor, unit.id)).id == unit.id
    with pytest.raises(NotFound):
        await queries.get(Actor(name=""), unit.id)


async def test_an_administering_token_keeps_registers(db):
    _, token = await make.token(Scope.ADMINISTER)
    unit = await actions.create(token, name="示例局", kind=UnitKind.COUNTY_DEPARTMENT)
    assert (await AuditEvent.get(thing="unit", thing_id=str(unit.id))).token_id == token.token_id


async def test_a_receiving_office_is_entered_and_rewritten(db):
    unit = await make.unit()
    office = await make.office("示例办", unit_id=unit.id, issues_monthly=True)
    assert (office.unit.name, office.issues_monthly) == (unit.name, True)
    again = await actions.set_office(
        SYSTEM, office.id, name="示例中心", mailbox="news@example.org", active=False
    )
    assert (again.id, again.name, again.unit_id) == (office.id, "示例中心", None)
    assert await queries.offices().count() == 0
    assert (await queries.office(office.id)).mailbox == "news@example.org"


async def test_two_offices_never_share_a_name(db):
    await make.office("示例办")
    with pytest.raises(rules.OfficeTaken):
        await make.office("示例办")
    assert await queries.offices().count() == 1


async def test_offices_come_in_order(db):
    for name, position in (("示例乙", 2), ("示例甲", 1), ("示例丙", 3)):
        await make.office(name, position=position)
    assert [office.name for office in await queries.offices()] == ["示例甲", "示例乙", "示例丙"]


async def test_the_county_is_said_once_and_put_right_later(db):
    with pytest.raises(rules.NoCountyYet):
        await queries.county()
    await make.county()
    await make.county(document_word="示府办", line_order="units")
    county = await queries.county()
    assert (county.name, county.document_word, county.line_order) == ("示例县", "示府办", "units")


async def test_topics_are_offered_in_their_years_only(db):
    publicity = await make.actor(Duty.PUBLICITY_DEPARTMENT)
    old = await make.topic("脱贫攻坚")
    await actions.close_topic(publicity, old.id, last_day=date(2021, 2, 25))
    await actions.add_topic(publicity, name="乡村振兴", valid_from=date(2021, 2, 26))
    assert [topic.name for topic in await queries.topics(date(2020, 1, 1))] == ["脱贫攻坚"]
    assert [topic.name for topic in await queries.topics()] == ["乡村振兴"]
    with pytest.raises(rules.TopicTaken):
        await actions.add_topic(publicity, name="乡村振兴")


async def test_correspondents_do_not_choose_topics(db):
    correspondent = await make.actor(Duty.CORRESPONDENT)
    topic = await make.topic()
    with pytest.raises(DutyRequired):
        await actions.add_topic(correspondent, name="示例")
    with pytest.raises(DutyRequired):
        await actions.close_topic(correspondent, topic.id, last_day=clock.today())
    assert [one.name for one in await queries.topics()] == [topic.name]


async def test_a_policy_document_keeps_its_issuers_in_order(db):
    await actions.add_document(
        SYSTEM,
        title="关于做好示例工作的通知",
        issuers=["示例县委办公室", "示例县人民政府办公室"],
        document_number="示委办〔2018〕28号",
        issue_date=date(2018, 3, 26),
        annexes=["示例任务分解表"],
    )
    [document] = await queries.documents()
    assert document.issuers == ["示例县委办公室", "示例县人民政府办公室"]
    assert (document.document_number, document.annexes) == (
        "示委办〔2018〕28号",
        ["示例任务分解表"],
    )
