"""Resolutions: who does what until when; open ones lead the next agenda (J5)."""

from datetime import timedelta

import pytest

from domain.kit import clock
from domain.kit.actor import Duty, Scope
from domain.kit.errors import DutyRequired, NotFound, StaleVersion, TokensMayNot
from domain.kit.inputs import InputMissing
from domain.meetings import actions, queries, rules
from domain.meetings.models import Resolution, ResolutionState
from domain.notices.models import Message
from tests import make
from tests.counting import counting
from tests.domain.meetings.hall import hall


async def led(actor, meeting) -> list[str]:
    found = await queries.leading(actor, [(meeting.id, meeting.starts_at)])
    return [each.text for each in found[meeting.id]]


async def test_a_resolution_names_unit_and_day_and_its_unit_is_told(db):
    place = await hall()
    resolution = await place.resolution()
    assert (resolution.text, resolution.unit.name, resolution.state) == (
        "示例议定事项", "示例粮食局", ResolutionState.OPEN,
    )  # fmt: skip
    message = await Message.get(code="resolution-assigned")
    assert (message.unit_id, message.facts["text"]) == (place.grain.id, "示例议定事项")
    assert await queries.waiting(place.grain_clerk) == [resolution]
    assert await queries.waiting(place.water_clerk) == []


async def test_a_meeting_resolves_when_it_was_held_and_for_days_to_come(db):
    place = await hall()
    planned = await place.meeting()
    with pytest.raises(rules.MeetingNotHeld):
        await place.resolution(planned)
    held = await place.held()
    with pytest.raises(rules.DueBeforeMeeting):
        await place.resolution(held, due_on=clock.today() - timedelta(days=1))
    with pytest.raises(InputMissing):
        await place.resolution(held, text=" ")
    proposal = await place.proposal(planned)
    await actions.hold(place.chair, planned.id, present_ids=[])
    with pytest.raises(rules.TopicDecided):
        await actions.record_resolution(
            place.chair, proposal.id, text="示例", unit_id=place.grain.id, due_on=clock.today()
        )
    assert await Resolution.all().count() == 0


async def test_open_resolutions_lead_the_next_agenda_until_they_are_done(db):
    place = await hall()
    first = await place.held(-10)
    late = await place.resolution(first, text="先到期", due_on=clock.today() - timedelta(days=1))
    await place.resolution(first, text="后到期")
    middle, later = await place.meeting(-3), await place.meeting(5)
    assert await led(place.chair, first) == []
    assert await led(place.chair, later) == ["先到期", "后到期"]
    await actions.report_done(place.grain_clerk, late.id, answer="示例：已办结")
    assert await led(place.chair, later) == ["后到期"]
    assert await led(place.chair, middle) == ["先到期", "后到期"], "what led a past meeting stays"
    await actions.reopen(place.chair, late.id, reason="凭证不全")
    assert await led(place.chair, later) == ["先到期", "后到期"]
    assert await Message.filter(code="resolution-reopened", unit_id=place.grain.id).count() == 1


async def test_the_lead_shows_nobody_more_than_he_may_see(db):
    place = await hall()
    secret = await place.held(-10, unit_ids=[place.grain.id])
    await place.resolution(secret, text="粮食的")
    await place.resolution(secret, text="水务的", unit_id=place.water.id)
    later = await place.meeting(5)
    assert await led(place.grain_clerk, later) == ["粮食的", "水务的"]
    assert await led(place.water_clerk, later) == ["水务的"]


async def test_the_lead_takes_one_statement_however_many_meetings(db):
    place = await hall()
    await place.resolution(await place.held(-10))
    meetings = [await place.meeting(days) for days in range(3)]
    sent = []
    for some in (meetings[:1], meetings):
        with counting() as statements:
            found = await queries.leading(place.chair, [(each.id, each.starts_at) for each in some])
        assert [len(each) for each in found.values()] == [1] * len(some)
        sent.append(len(statements))
    assert sent == [1, 1]


async def test_the_responsible_unit_reports_and_nobody_else(db):
    place = await hall()
    resolution = await place.resolution()
    _, token = await make.token(Scope.READ, Scope.SUBMIT, unit=place.grain)
    stranger = await make.actor(Duty.CORRESPONDENT)
    for actor, refusal in (
        (place.water_clerk, DutyRequired), (token, TokensMayNot), (stranger, NotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await actions.report_done(actor, resolution.id, answer="示例")
    with pytest.raises(InputMissing):
        await actions.report_done(place.grain_clerk, resolution.id, answer="")
    assert (await Resolution.get(id=resolution.id)).state is ResolutionState.OPEN
    done = await actions.report_done(
        place.grain_clerk, resolution.id, answer="示例：已通水", expected_version=1
    )
    assert (done.state, done.answer, done.answered_by_name) == (
        ResolutionState.DONE, "示例：已通水", place.grain_clerk.name,
    )  # fmt: skip
    with pytest.raises(rules.ResolutionSettled):
        await actions.report_done(place.grain_clerk, resolution.id, answer="再报")


async def test_a_resolution_is_put_right_until_its_meeting_is_closed(db):
    place = await hall()
    meeting = await place.held()
    resolution = await place.resolution(meeting)
    given = {"text": "改后", "unit_id": place.water.id, "due_on": clock.today()}
    changed = await actions.change_resolution(
        place.chair, resolution.id, expected_version=1, **given
    )
    assert (changed.text, changed.unit.name, changed.due_on, changed.version) == (
        "改后", "示例水务局", clock.today(), 2,
    )  # fmt: skip
    assert await Message.filter(code="resolution-assigned", unit_id=place.water.id).count() == 1
    with pytest.raises(StaleVersion):
        await actions.change_resolution(place.chair, resolution.id, expected_version=1, **given)
    with pytest.raises(DutyRequired):
        await actions.change_resolution(place.water_clerk, resolution.id, **given)
    await actions.write_minutes(place.chair, meeting.id, text="示例")
    await actions.close(place.chair, meeting.id)
    with pytest.raises(rules.MeetingSettled):
        await actions.change_resolution(place.chair, resolution.id, **given)
    done = await actions.report_done(place.water_clerk, resolution.id, answer="示例")
    assert done.state is ResolutionState.DONE
