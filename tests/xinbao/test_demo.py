"""The example county: a year that looks lived in, made by the county's own rules."""

import asyncio
import re
from collections import Counter

import pytest

from domain.approvals import queries as approvals
from domain.approvals.models import SignOff
from domain.circulars import queries as circulars
from domain.circulars.models import Circular, CircularState
from domain.items.models import Item, ItemState
from domain.items.rules import content_of, content_sha256
from domain.kit import audit, clock
from domain.kit.actor import SYSTEM, Duty
from domain.kit.clock import Month
from domain.kit.db import open_database
from domain.meetings import queries as meetings
from domain.meetings.models import AgendaItem, AgendaState, JointMeeting, MeetingState
from domain.outlets.models import Adoption, AdoptionState, OutletLevel
from domain.people import actions as people
from domain.people import passwords
from domain.people import queries as people_queries
from domain.people.models import Person
from domain.points import queries as points
from domain.reception import queries as reception
from domain.reception.models import Reception, ReceptionState
from domain.units.models import County, Unit
from tests.servers import new_database
from xinbao import demo
from xinbao.example import cast, writing
from xinbao.say import Stop


@pytest.fixture(scope="module")
def filled(running):
    """A database of its own, filled once for all these tests."""

    async def fill() -> str:
        address = await new_database(running, "example_county")
        async with open_database(address):
            await demo.fill(lambda step: None)
        return address

    return asyncio.run(fill())


@pytest.fixture
async def county(filled):
    async with open_database(filled):
        yield


async def someone(login: str):
    return await people_queries.actor_of(await Person.get(account__login=login))


async def test_it_says_that_it_is_an_example(county):
    assert (await County.get()).is_example
    assert {person.name[:2] for person in await Person.all()} == {"示例"}
    assert await Unit.all().count() in range(95, 116)


async def test_one_login_for_each_duty_opens(county):
    for login in await demo.logins():
        token, _ = await people.sign_in(login.login, login.password)
        assert (await people_queries.actor_by_session(token)).held
    assert {role.duty for role in cast.roles()} == set(Duty)


def test_its_password_would_be_accepted_of_anybody():
    for role in cast.roles():
        passwords.check(cast.PASSWORD, context=[role.login, role.name, role.unit])


async def test_every_month_of_the_year_was_lived(county):
    this = Month.of(clock.today())
    month = this
    for _ in range(12):
        month = month.previous
        lines = await points.ranking(month)
        assert sum(line.submitted for line in lines) > 100
        assert sum(line.adopted for line in lines) > 30
        assert 0 < sum(line.submitted == 0 for line in lines) < len(lines) / 2
        assert 0 < sum(line.same_day for line in lines) < sum(line.submitted for line in lines)
    assert await Item.filter(submitted_at__gt=clock.now()).count() == 0


async def test_every_signature_is_of_exactly_its_text(county):
    items = (
        await Item.filter(state=ItemState.SUBMITTED).prefetch_related("unit", "topic").limit(300)
    )
    assert [
        item.title for item in items if item.content_sha256 != content_sha256(content_of(item, []))
    ] == []
    signed = {
        row.content_sha256 for row in await SignOff.filter(item_id__in=[item.id for item in items])
    }
    assert {item.content_sha256 for item in items} <= signed
    assert [
        row
        for row in await SignOff.all().prefetch_related("item")
        if row.signer_id == row.item.author_id
    ] == []


async def test_major_items_bear_the_principal_leaders_name(county):
    for item in await Item.filter(is_major=True, state=ItemState.SUBMITTED):
        steps = {row.step for row in await approvals.valid_sign_offs(item)}
        assert {Duty.LEADER_IN_CHARGE, Duty.PRINCIPAL_LEADER} <= steps


async def test_the_ledger_and_the_trail_are_whole(county):
    assert await points.rollup_differences() == []
    assert [seq async for seq in audit.broken_links()] == []


async def test_adoptions_are_of_four_levels_with_evidence_and_two_people(county):
    adoptions = await Adoption.all()
    assert {adoption.level for adoption in adoptions} == set(OutletLevel)
    assert {adoption.state for adoption in adoptions} == set(AdoptionState)
    assert [a for a in adoptions if not a.evidence_url.startswith("https://example.org/")] == []
    confirmed = [a for a in adoptions if a.state is AdoptionState.CONFIRMED]
    assert [a for a in confirmed if a.recorded_by_id == a.confirmed_by_id] == []


async def test_restricted_items_went_nowhere(county):
    assert await Adoption.filter(item__restricted=True).count() == 0
    assert await Item.filter(restricted=True).count() > 20


async def test_there_is_work_on_every_desk(county):
    writer, leader, head = [await someone(name) for name in ("tongxun", "fenguan", "zhuyao")]
    mine = Counter([item.state async for item in Item.filter(unit_id=writer.unit_id)])
    assert {
        ItemState.DRAFT,
        ItemState.PENDING_SIGN_OFF,
        ItemState.RETURNED,
        ItemState.WITHDRAWN,
    } <= mine.keys()
    assert len(await approvals.inbox_ids(leader)) >= 2
    assert len(await approvals.inbox_ids(head)) >= 2
    assert len(await approvals.inbox_ids(await someone("baomi"))) == 1
    for login in ("xianweiban", "zhengfuban", "xinwen"):
        states = {row.state for row in await reception.inbox(await someone(login))}
        assert {
            ReceptionState.SUBMITTED,
            ReceptionState.RECEIVED,
            ReceptionState.IN_EDITING,
        } <= states


async def test_offices_decided_in_every_way(county):
    states = {row.state for row in await Reception.all().only("id", "state")}
    assert states == set(ReceptionState)


async def test_months_up_to_two_ago_are_closed_and_last_months_is_open(county):
    last = Month.of(clock.today()).previous
    assert await circulars.is_closed(last.previous)
    assert not await circulars.is_closed(last)
    assert await circulars.newest(last) is None


async def test_a_joint_meeting_was_held_and_its_open_resolutions_lead_the_next(county):
    closed, planned = await JointMeeting.all().order_by("starts_at")
    assert (closed.state, planned.state) == (MeetingState.CLOSED, MeetingState.PLANNED)
    led = await meetings.leading(SYSTEM, [(planned.id, planned.starts_at)])
    assert [each.unit.name for each in led[planned.id]] == ["县林业和草原局", "县融媒体中心"]
    proposed = await AgendaItem.filter(meeting_id=planned.id, state=AgendaState.PROPOSED)
    assert len(proposed) == 2


async def test_filling_again_changes_nothing(county):
    before = await Item.all().count()
    await demo.fill(lambda step: None)
    assert await Item.all().count() == before


async def test_closed_months_are_issued_with_number_and_files(filled):
    async with open_database(filled):
        await demo.finish()
        issued = await Circular.filter(state=CircularState.ISSUED).prefetch_related("files")
        assert Counter(circular.kind for circular in issued)["monthly"] == 11
        assert {len(circular.files) for circular in issued} == {4}
        assert [
            c.document_number
            for c in issued
            if not re.fullmatch(r"示(委办|督)〔\d{4}〕\d+号", c.document_number)
        ] == []
        await demo.finish()
        assert await Circular.filter(state=CircularState.ISSUED).count() == len(issued)


async def test_a_real_county_is_left_alone(db):
    await County.create(id=1, name="示例县", document_word="示委办")
    with pytest.raises(Stop) as refused:
        await demo.fill(lambda step: None)
    assert refused.value.exit_code == 2
    assert await Unit.all().count() == 0
    assert await demo.logins() == []


def test_every_unit_has_something_to_write_about_in_every_month():
    kinds = [theme for theme in writing.themes() if not theme.who and not theme.months]
    assert {theme.type for theme in kinds} == {
        "dynamic",
        "experience",
        "research",
        "suggestion",
        "problem",
    }
    assert all(theme.counter_measure for theme in writing.themes() if theme.type == "problem")
