"""Joint meetings: called, held, minuted, closed (R34; J3, J4)."""

import asyncio
from datetime import timedelta

import pytest

from domain.kit import clock
from domain.kit.actor import Duty, Scope
from domain.kit.errors import DutyRequired, NotFound, StaleVersion, TokensMayNot
from domain.kit.models import AuditEvent
from domain.meetings import actions, queries, rules
from domain.meetings.models import (
    JointMeeting,
    MeetingKind,
    MeetingMember,
    MeetingState,
    MemberReply,
    Minutes,
)
from domain.notices.models import Message
from domain.units import actions as units
from domain.units.rules import UnitClosed
from tests import make
from tests.domain.meetings.hall import hall, member


async def told(unit):
    return (
        await Message.filter(unit_id=unit.id).order_by("created_at").values_list("code", flat=True)
    )


async def test_the_publicity_department_calls_a_meeting_and_its_units_are_told(db):
    place = await hall()
    meeting = await place.meeting(3, kind=MeetingKind.AD_HOC, title=" 示例会商 ")
    assert (meeting.kind, meeting.title, meeting.state) == (
        MeetingKind.AD_HOC, "示例会商", MeetingState.PLANNED,
    )  # fmt: skip
    assert (meeting.convener_unit.name, meeting.convener_name) == ("示例宣传部", place.chair.name)
    members = await queries.members_of(meeting.id)
    assert [(each.unit.name, each.reply) for each in members] == [
        ("示例粮食局", MemberReply.AWAITED), ("示例水务局", MemberReply.AWAITED),
    ]  # fmt: skip
    assert [await told(place.grain), await told(place.water)] == [["meeting-called"]] * 2
    assert await AuditEvent.filter(verb="convene", thing_id=str(meeting.id)).count() == 1


async def test_nobody_else_convenes(db):
    place = await hall()
    meeting = await place.meeting()
    _, token = await make.token(Scope.READ, Scope.ADMINISTER)
    for actor, refusal in ((place.grain_clerk, DutyRequired), (token, TokensMayNot)):
        with pytest.raises(refusal):
            await actions.convene(actor, title="示例", starts_at=clock.now(), unit_ids=place.units)
        with pytest.raises(refusal):
            await actions.change(actor, meeting.id, title="别的")
        with pytest.raises(refusal):
            await actions.hold(actor, meeting.id, present_ids=[])
        with pytest.raises(refusal):
            await actions.write_minutes(actor, meeting.id, text="别的")
    assert await JointMeeting.all().values_list("title", flat=True) == ["示例联席会议"]


async def test_a_meeting_entered_afterwards_calls_nobody(db):
    place = await hall()
    meeting = await place.meeting(-3)
    assert len(await queries.members_of(meeting.id)) == 2
    assert await Message.all().count() == 0


async def test_a_meeting_without_units_or_with_a_closed_unit_is_not_called(db):
    place = await hall()
    with pytest.raises(rules.NoMembersYet):
        await place.meeting(unit_ids=[])
    await units.close(
        await make.actor(Duty.ADMINISTRATOR), place.water.id, last_day=clock.today() - timedelta(1)
    )
    with pytest.raises(UnitClosed):
        await place.meeting()
    assert await JointMeeting.all().count() == 0


async def test_a_unit_sees_the_meetings_it_is_called_to_and_no_others(db):
    place = await hall()
    both = await place.meeting(1)
    grain = await place.meeting(2, unit_ids=[place.grain.id])
    stranger = await make.actor(Duty.PRINCIPAL_LEADER)
    administrator = await make.actor(Duty.ADMINISTRATOR, unit=place.grain)
    _, of_county = await make.token(Scope.READ)
    _, of_water = await make.token(Scope.READ, unit=place.water)
    _, writing = await make.token(Scope.SUBMIT, unit=place.water)
    seen = {
        "chair": (place.chair, {both.id, grain.id}),
        "supervision": (await make.actor(Duty.SUPERVISION_OFFICE), {both.id, grain.id}),
        "grain": (place.grain_clerk, {both.id, grain.id}),
        "water": (place.water_clerk, {both.id}),
        "stranger": (stranger, set()),
        "administrator": (administrator, set()),
        "county token": (of_county, {both.id, grain.id}),
        "unit token": (of_water, {both.id}),
        "token without reading": (writing, set()),
    }
    for who, (actor, expected) in seen.items():
        assert set(await queries.visible_to(actor).values_list("id", flat=True)) == expected, who
    with pytest.raises(NotFound):
        await queries.get(place.water_clerk, grain.id)


async def test_members_change_until_the_meeting_takes_place(db):
    place = await hall()
    meeting = await place.meeting(unit_ids=[place.grain.id])
    before = (await member(meeting, place.grain)).id
    changed = await actions.set_members(
        place.chair, meeting.id, unit_ids=place.units, expected_version=meeting.version
    )
    assert changed.version == meeting.version + 1
    assert (await member(meeting, place.grain)).id == before
    await actions.set_members(place.chair, meeting.id, unit_ids=[place.water.id])
    assert [each.unit.name for each in await queries.members_of(meeting.id)] == ["示例水务局"]
    await actions.hold(place.chair, meeting.id, present_ids=[])
    with pytest.raises(rules.MeetingSettled):
        await actions.set_members(place.chair, meeting.id, unit_ids=place.units)
    assert await MeetingMember.all().count() == 1


async def test_a_new_time_is_told_and_a_late_change_refused(db):
    place = await hall()
    meeting = await place.meeting(3)
    later = meeting.starts_at + timedelta(days=1)
    moved = await actions.change(place.chair, meeting.id, starts_at=later, expected_version=1)
    assert moved.starts_at == later
    assert await told(place.grain) == ["meeting-called", "meeting-moved"]
    with pytest.raises(StaleVersion):
        await actions.change(place.chair, meeting.id, title="晚到的", expected_version=1)
    assert (await JointMeeting.get(id=meeting.id)).title == "示例联席会议"
    await actions.change(place.chair, meeting.id, title="示例新题")
    assert await told(place.grain) == ["meeting-called", "meeting-moved"]


async def test_a_unit_replies_for_itself(db):
    place = await hall()
    meeting = await place.meeting(1)
    row = await member(meeting, place.grain)
    with pytest.raises(rules.DeputyMissing):
        await actions.reply(place.grain_clerk, row.id, reply=MemberReply.DEPUTY)
    sent = await actions.reply(
        place.grain_clerk,
        row.id,
        reply=MemberReply.DEPUTY,
        deputy="示例甲 副局长",
        expected_version=1,
    )
    assert (sent.reply, sent.deputy, sent.version) == (MemberReply.DEPUTY, "示例甲 副局长", 2)
    coming = await actions.reply(
        place.grain_clerk, row.id, reply=MemberReply.COMING, person_id=place.grain_clerk.person_id
    )
    assert (coming.person.id, coming.deputy) == (place.grain_clerk.person_id, "")
    with pytest.raises(DutyRequired):
        await actions.reply(place.water_clerk, row.id, reply=MemberReply.EXCUSED)
    with pytest.raises(NotFound):
        await actions.reply(await make.actor(Duty.CORRESPONDENT), row.id, reply=MemberReply.EXCUSED)
    assert (await member(meeting, place.grain)).reply is MemberReply.COMING


async def test_attendance_is_taken_on_the_day_and_can_be_put_right(db):
    place = await hall()
    early = await place.meeting(1)
    with pytest.raises(rules.MeetingNotDue):
        await actions.hold(place.chair, early.id, present_ids=[])
    meeting = await place.meeting()
    grain, water = await member(meeting, place.grain), await member(meeting, place.water)
    held = await actions.hold(place.chair, meeting.id, present_ids=[grain.id])
    assert held.state is MeetingState.HELD
    await actions.hold(place.chair, meeting.id, present_ids=[water.id])
    found = [(each.unit.name, each.attended) for each in await queries.members_of(meeting.id)]
    assert found == [("示例粮食局", False), ("示例水务局", True)]
    with pytest.raises(rules.MeetingSettled):
        await actions.reply(place.grain_clerk, grain.id, reply=MemberReply.COMING)


async def test_minutes_follow_the_meeting_and_lose_no_text(db):
    place = await hall()
    meeting = await place.meeting()
    with pytest.raises(rules.MeetingNotHeld):
        await actions.write_minutes(place.chair, meeting.id, text="太早")
    await actions.hold(place.chair, meeting.id, present_ids=[])
    first = await actions.write_minutes(
        place.chair,
        meeting.id,
        text="<p onclick=x()>一、通报</p><script>x</script>",
        expected_version=1,
    )
    assert (first.text, first.version) == ("<p>一、通报</p>", 2)
    with pytest.raises(rules.MinutesChanged) as refused:
        await actions.write_minutes(place.chair, meeting.id, text="二、安排", expected_version=1)
    assert (refused.value.mine, refused.value.theirs) == ("<p>二、安排</p>", "<p>一、通报</p>")
    assert (await Minutes.get(meeting_id=meeting.id)).text == "<p>一、通报</p>"


async def test_of_two_who_save_minutes_at_once_one_is_told_of_the_other(db):
    place = await hall()
    meeting = await place.held()

    async def save(text):
        return await actions.write_minutes(place.chair, meeting.id, text=text, expected_version=1)

    answers = await asyncio.gather(*map(save, "甲乙丙丁"), return_exceptions=True)
    assert sorted(type(each).__name__ for each in answers) == ["Minutes"] + ["MinutesChanged"] * 3
    assert (await Minutes.get(meeting_id=meeting.id)).version == 2


async def test_a_meeting_is_closed_with_minutes_and_an_answer_to_every_proposal(db):
    place = await hall()
    meeting = await place.meeting()
    proposal = await place.proposal(meeting)
    await actions.hold(place.chair, meeting.id, present_ids=[])
    with pytest.raises(rules.TopicsUndecided):
        await actions.close(place.chair, meeting.id)
    await actions.defer(place.chair, proposal.id, reason="材料不全")
    with pytest.raises(rules.MinutesMissing):
        await actions.close(place.chair, meeting.id)
    await actions.write_minutes(place.chair, meeting.id, text="示例纪要")
    assert await queries.minutes_of(place.grain_clerk, meeting.id) is None
    closed = await actions.close(place.chair, meeting.id)
    assert (closed.state, closed.closed_at is not None) == (MeetingState.CLOSED, True)
    assert (await queries.minutes_of(place.grain_clerk, meeting.id)).text == "<p>示例纪要</p>"


async def test_a_closed_meeting_takes_nothing_more(db):
    place = await hall()
    meeting = await place.closed()
    for late in (
        actions.write_minutes(place.chair, meeting.id, text="晚到的"),
        actions.hold(place.chair, meeting.id, present_ids=[]),
        actions.change(place.chair, meeting.id, title="晚到的"),
        actions.close(place.chair, meeting.id),
        place.topic(meeting),
        place.proposal(meeting),
    ):
        with pytest.raises(rules.MeetingSettled):
            await late
    assert (await Minutes.get(meeting_id=meeting.id)).text == "<p>示例纪要</p>"
