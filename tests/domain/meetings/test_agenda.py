"""The agenda: proposed, decided, ordered, numbered (R35, R36; J1, J2)."""

import asyncio
from datetime import timedelta

import pytest

from domain.kit import clock
from domain.kit.actor import Duty, Scope
from domain.kit.errors import DutyRequired, NotFound, StaleVersion, TokensMayNot
from domain.kit.inputs import InputMissing
from domain.meetings import actions, agenda, queries, rules
from domain.meetings.agenda import Step
from domain.meetings.models import AgendaItem, AgendaKind, AgendaState
from domain.notices.models import Message
from tests import make
from tests.counting import counting
from tests.domain.meetings.hall import hall


async def lines(actor, meeting) -> list[tuple[str, str]]:
    found = await queries.agendas(actor, [meeting.id])
    return [(line.number, line.item.title) for line in found[meeting.id]]


async def tree(place, meeting) -> dict[str, AgendaItem]:
    """甲, 乙 with 乙一 and 乙二, 丙."""
    found = {}
    for title, parent in (("甲", None), ("乙", None), ("丙", None), ("乙一", "乙"), ("乙二", "乙")):
        parent_id = found[parent].id if parent else None
        found[title] = await place.topic(meeting, title, parent_id=parent_id)
    return found


async def press(place, item, step):
    item = await AgendaItem.get(id=item.id)
    where = agenda.step_to(item, step, await queries.everything_on(item.meeting_id))
    if where:
        await actions.move(place.chair, item.id, parent_id=where[0], place=where[1])
    return where


async def test_the_agenda_is_numbered_by_its_tree(db):
    place = await hall()
    meeting = await place.meeting()
    await tree(place, meeting)
    assert await lines(place.grain_clerk, meeting) == [
        ("1", "甲"), ("2", "乙"), ("2.1", "乙一"), ("2.2", "乙二"), ("3", "丙"),
    ]  # fmt: skip


async def test_keys_move_a_topic_with_everything_below_it(db):
    place = await hall()
    meeting = await place.meeting()
    topics = await tree(place, meeting)
    await press(place, topics["乙"], Step.UP)
    assert [title for _, title in await lines(place.chair, meeting)] == [
        "乙",
        "乙一",
        "乙二",
        "甲",
        "丙",
    ]
    await press(place, topics["乙二"], Step.UP)
    await press(place, topics["丙"], Step.IN)
    await press(place, topics["乙一"], Step.OUT)
    assert await lines(place.chair, meeting) == [
        ("1", "乙"), ("1.1", "乙二"), ("2", "乙一"), ("3", "甲"), ("3.1", "丙"),
    ]  # fmt: skip
    await press(place, topics["乙"], Step.DOWN)
    assert await lines(place.chair, meeting) == [
        ("1", "乙一"), ("2", "乙"), ("2.1", "乙二"), ("3", "甲"), ("3.1", "丙"),
    ]  # fmt: skip


async def test_keys_lead_nowhere_at_the_edges(db):
    place = await hall()
    meeting = await place.meeting()
    topics = await tree(place, meeting)
    for title, step in (("甲", Step.UP), ("丙", Step.DOWN), ("甲", Step.IN), ("甲", Step.OUT)):
        assert await press(place, topics[title], step) is None, (title, step)
    third = await place.topic(meeting, "三级", parent_id=topics["乙一"].id)
    second = await place.topic(meeting, "三级二", parent_id=topics["乙一"].id)
    assert await press(place, second, Step.IN) is None
    with pytest.raises(rules.AgendaTooDeep):
        await place.topic(meeting, "四级", parent_id=third.id)


async def test_a_topic_is_never_put_below_itself_or_into_another_meeting(db):
    place = await hall()
    meeting, other = await place.meeting(), await place.meeting(1)
    topics = await tree(place, meeting)
    foreign = await place.topic(other, "别会议题")
    for parent in (topics["乙"], topics["乙一"], foreign):
        with pytest.raises(rules.NotOnThisAgenda):
            await actions.move(place.chair, topics["乙"].id, parent_id=parent.id, place=1)
    assert [number for number, _ in await lines(place.chair, meeting)] == [
        "1",
        "2",
        "2.1",
        "2.2",
        "3",
    ]


async def test_a_unit_proposes_and_the_chair_accepts(db):
    place = await hall()
    meeting = await place.meeting()
    await place.topic(meeting, "甲")
    item = await place.proposal(meeting, note="不该有", minutes_allotted=30, summary="示例说明")
    assert (item.state, item.source_unit.name, item.host_unit.name, item.note, item.minutes_allotted) == (
        AgendaState.PROPOSED, "示例粮食局", "示例粮食局", "", None,
    )  # fmt: skip
    assert await lines(place.grain_clerk, meeting) == [("1", "甲")]
    accepted = await actions.accept(place.chair, item.id, expected_version=1)
    assert accepted.state is AgendaState.ACCEPTED
    assert await lines(place.water_clerk, meeting) == [("1", "甲"), ("2", "示例建议议题")]
    message = await Message.get(unit_id=place.grain.id, code="topic-accept")
    assert message.facts["title"] == "示例建议议题"
    with pytest.raises(rules.TopicDecided):
        await actions.accept(place.chair, item.id)


async def test_of_many_answers_at_once_one_counts(db):
    place = await hall()
    meeting = await place.meeting()
    into, item = await place.topic(meeting, "甲"), await place.proposal(meeting)
    answers = await asyncio.gather(
        actions.accept(place.chair, item.id),
        actions.accept(place.chair, item.id),
        actions.merge(place.chair, item.id, into_id=into.id, reason="同一件事", expected_version=1),
        actions.defer(place.chair, item.id, reason="材料不全", expected_version=1),
        return_exceptions=True,
    )
    assert len([each for each in answers if isinstance(each, AgendaItem)]) == 1
    assert await Message.filter(code__startswith="topic-").count() == 1


async def test_only_member_units_propose_and_each_for_itself(db):
    place = await hall()
    meeting = await place.meeting(unit_ids=[place.grain.id])
    supervisor = await make.actor(Duty.SUPERVISION_OFFICE, Duty.CORRESPONDENT, unit=place.water)
    _, token = await make.token(Scope.SUBMIT, Scope.READ, unit=place.grain)
    kind = AgendaKind.OPINION
    for actor, unit, refusal in (
        (supervisor, place.water, rules.NotAMember), (supervisor, place.grain, DutyRequired),
        (place.water_clerk, place.water, NotFound), (token, place.grain, TokensMayNot),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await actions.propose(actor, meeting.id, unit_id=unit.id, title="示例", kind=kind)
    await actions.hold(place.chair, meeting.id, present_ids=[])
    with pytest.raises(rules.MeetingSettled):
        await place.proposal(meeting)
    assert await AgendaItem.all().count() == 0


async def test_merged_and_deferred_with_a_reason_that_the_unit_reads(db):
    place = await hall()
    meeting = await place.meeting()
    into = await place.topic(meeting, "甲")
    one, two = await place.proposal(meeting, "一"), await place.proposal(meeting, "二")
    for without in (
        actions.defer(place.chair, one.id, reason=" "),
        actions.merge(place.chair, one.id, into_id=into.id, reason=""),
    ):
        with pytest.raises(InputMissing):
            await without
    for wrong in (one.id, two.id):
        with pytest.raises(rules.NotOnThisAgenda):
            await actions.merge(place.chair, one.id, into_id=wrong, reason="同一件事")
    merged = await actions.merge(place.chair, one.id, into_id=into.id, reason="同一件事")
    deferred = await actions.defer(place.chair, two.id, reason="材料不全")
    assert (merged.state, merged.merged_into.title, merged.reason) == (
        AgendaState.MERGED,
        "甲",
        "同一件事",
    )
    assert (deferred.state, deferred.reason) == (AgendaState.DEFERRED, "材料不全")
    codes = (
        await Message.filter(unit_id=place.grain.id)
        .order_by("created_at")
        .values_list("code", flat=True)
    )
    assert codes == ["meeting-called", "topic-merge", "topic-defer"]
    assert await lines(place.chair, meeting) == [("1", "甲")]


async def test_what_others_rest_on_does_not_leave_the_agenda(db):
    place = await hall()
    meeting = await place.held()
    topics = await tree(place, meeting)
    with pytest.raises(rules.TopicHasParts):
        await actions.defer(place.chair, topics["乙"].id, reason="示例")
    await actions.record_resolution(
        place.chair, topics["甲"].id, text="示例", unit_id=place.grain.id, due_on=clock.today()
    )
    with pytest.raises(rules.TopicHasParts):
        await actions.merge(place.chair, topics["甲"].id, into_id=topics["丙"].id, reason="示例")
    await actions.defer(place.chair, topics["乙一"].id, reason="示例")
    assert [title for _, title in await lines(place.chair, meeting)] == ["甲", "乙", "乙二", "丙"]


async def test_a_later_meeting_takes_a_deferred_topic_up_once(db):
    place = await hall()
    first = await place.meeting()
    item = await place.proposal(first, summary="示例说明")
    await actions.defer(place.chair, item.id, reason="下次再议")
    later, latest = await place.meeting(7), await place.meeting(14)
    assert [each.id for each in await queries.deferred(place.chair, later)] == [item.id]
    taken = await actions.take_up(place.chair, item.id, meeting_id=later.id)
    assert (taken.title, taken.summary, taken.source_unit.name, taken.deferred_from_id) == (
        item.title, "示例说明", "示例粮食局", item.id,
    )  # fmt: skip
    assert await lines(place.grain_clerk, later) == [("1", item.title)]
    assert await queries.deferred(place.chair, latest) == []
    with pytest.raises(rules.TopicTakenUp):
        await actions.take_up(place.chair, item.id, meeting_id=latest.id)
    assert (await AgendaItem.get(id=item.id)).state is AgendaState.DEFERRED


async def test_proposals_are_the_chairs_and_their_units_own_business(db):
    place = await hall()
    meeting = await place.meeting()
    item = await place.proposal(meeting)
    supervisor = await make.actor(Duty.SUPERVISION_OFFICE)
    for actor, sees in (
        (place.chair, True),
        (place.grain_clerk, True),
        (place.water_clerk, False),
        (supervisor, False),
    ):
        assert await queries.visible_agenda(actor).exists() is sees, actor
    with pytest.raises(NotFound):
        await queries.topic(place.water_clerk, item.id)
    for verb in (actions.accept, actions.change_topic):
        with pytest.raises(DutyRequired):
            await verb(place.grain_clerk, item.id)


async def test_the_chair_puts_a_topic_right(db):
    place = await hall()
    meeting = await place.meeting()
    item = await place.topic(meeting)
    changed = await actions.change_topic(
        place.chair, item.id, expected_version=1, title="示例改题", kind=AgendaKind.OPINION,
        note="先通气", minutes_allotted=20, host_unit_id=place.water.id,
    )  # fmt: skip
    assert (changed.title, changed.kind, changed.note, changed.minutes_allotted, changed.host_unit.name) == (
        "示例改题", AgendaKind.OPINION, "先通气", 20, "示例水务局",
    )  # fmt: skip
    with pytest.raises(StaleVersion):
        await actions.change_topic(place.chair, item.id, expected_version=1, title="晚到的")
    with pytest.raises(rules.TimeOutOfRange):
        await actions.change_topic(place.chair, item.id, minutes_allotted=0)
    with pytest.raises(InputMissing):
        await actions.add(place.chair, meeting.id, title="示例")
    assert (await AgendaItem.get(id=item.id)).title == "示例改题"


async def test_agendas_take_one_statement_however_many_meetings(db):
    place = await hall()
    meetings = [await place.meeting(days) for days in range(3)]
    for meeting in meetings:
        await tree(place, meeting)
    sent = []
    for some in (meetings[:1], meetings):
        with counting() as statements:
            found = await queries.agendas(place.grain_clerk, [each.id for each in some])
        assert [len(each) for each in found.values()] == [5] * len(some)
        sent.append(len(statements))
    assert sent == [1, 1]
    numbers = await queries.numbers([item.id for item in await AgendaItem.filter(title="乙二")])
    assert list(numbers.values()) == ["2.2"] * 3
    assert meetings[0].starts_at + timedelta(days=2) == meetings[2].starts_at
