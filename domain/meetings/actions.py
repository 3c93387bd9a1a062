"""Convening, the agenda, minutes and resolutions. Whatever changes a meeting locks it first."""

from collections.abc import Collection
from datetime import datetime
from typing import Unpack
from uuid import UUID

from domain.items import prose
from domain.kit import audit, clock
from domain.kit.actor import Actor
from domain.kit.db import work
from domain.kit.errors import check_version
from domain.kit.inputs import one_line
from domain.meetings import desk, queries, rules
from domain.meetings.models import (
    AgendaItem,
    AgendaState,
    JointMeeting,
    MeetingKind,
    MeetingMember,
    MeetingState,
    MemberReply,
    Minutes,
    Resolution,
    ResolutionState,
)
from domain.people import queries as people
from domain.units import queries as units


async def convene(
    actor: Actor,
    *,
    title: str,
    starts_at: datetime,
    kind: MeetingKind = MeetingKind.REGULAR,
    place: str = "",
    unit_ids: Collection[UUID] = (),
) -> JointMeeting:
    """Call a joint meeting (R34); each unit is told. Open resolutions lead its agenda (J5)."""
    seat = rules.seat_of(actor)
    async with work():
        meeting = await JointMeeting.create(
            kind=kind,
            title=one_line(title, field="title", limit=rules.TITLE),
            starts_at=starts_at,
            place=one_line(place, field="place", limit=rules.PLACE, required=False),
            convener_unit_id=seat.unit_id,
            convener_id=actor.person_id,
            convener_name=actor.name,
            created_at=clock.now(),
        )
        await Minutes.create(meeting=meeting)
        await desk.call(actor, meeting, unit_ids)
        audit.record(actor, "convene", "meeting", meeting.id, title=meeting.title, at=starts_at)
    return await queries.get(actor, meeting.id)


async def change(
    actor: Actor,
    meeting_id: UUID,
    *,
    expected_version: int | None = None,
    title: str | None = None,
    starts_at: datetime | None = None,
    kind: MeetingKind | None = None,
    place: str | None = None,
) -> JointMeeting:
    """Change a planned meeting; what is None stays. A new time or place is told to its units."""
    rules.check_convenes(actor)
    async with work():
        meeting = await queries.lock(actor, meeting_id)
        check_version(expected_version, meeting.version)
        rules.check_planned(meeting)
        before = (meeting.starts_at, meeting.place)
        if title is not None:
            meeting.title = one_line(title, field="title", limit=rules.TITLE)
        if place is not None:
            meeting.place = one_line(place, field="place", limit=rules.PLACE, required=False)
        meeting.starts_at, meeting.kind = starts_at or meeting.starts_at, kind or meeting.kind
        await desk.save(meeting)
        if before != (meeting.starts_at, meeting.place):
            for member in await queries.members_of(meeting.id):
                await desk.tell(meeting, member.unit_id, "meeting-moved", meeting.version)
        audit.record(actor, "change", "meeting", meeting.id, title=meeting.title)
    return meeting


async def set_members(
    actor: Actor,
    meeting_id: UUID,
    *,
    unit_ids: Collection[UUID],
    expected_version: int | None = None,
) -> JointMeeting:
    """Say which units are called; those new to the meeting are told. Planned meetings only."""
    rules.check_convenes(actor)
    async with work():
        meeting = await queries.lock(actor, meeting_id)
        check_version(expected_version, meeting.version)
        rules.check_planned(meeting)
        await desk.call(actor, meeting, unit_ids)
        await desk.save(meeting)
        audit.record(actor, "call", "meeting", meeting.id, units=len(set(unit_ids)))
    return meeting


async def reply(
    actor: Actor,
    member_id: UUID,
    *,
    reply: MemberReply,
    person_id: UUID | None = None,
    deputy: str = "",
    expected_version: int | None = None,
) -> MeetingMember:
    """A called unit says whether it comes, whom it sends, or who comes instead (J3)."""
    sent = one_line(deputy, field="deputy", limit=rules.DEPUTY, required=False)
    rules.check_reply(reply, sent)
    async with work():
        member = await desk.called(actor, member_id, expected_version)
        if person_id is not None:
            await people.get(actor, person_id)
        member.reply, member.person_id, member.deputy = reply, person_id, sent
        member.replied_at = clock.now()
        await desk.save(member)
        audit.record(actor, "reply", "meeting", str(member.meeting_id), unit=member.unit.name)
    return await queries.member(actor, member_id)


async def hold(
    actor: Actor,
    meeting_id: UUID,
    *,
    present_ids: Collection[UUID],
    expected_version: int | None = None,
) -> JointMeeting:
    """The meeting took place: these members were there, the others were not (J3).

    May be said again until the meeting is closed. Raises MeetingNotDue, MeetingSettled.
    """
    rules.check_convenes(actor)
    async with work():
        meeting = await queries.lock(actor, meeting_id)
        check_version(expected_version, meeting.version)
        rules.check_open(meeting)
        rules.check_due(meeting.starts_at, clock.today())
        for member in await queries.members_of(meeting.id):
            member.attended = member.id in present_ids
            await desk.save(member)
        meeting.state = MeetingState.HELD
        await desk.save(meeting)
        audit.record(actor, "hold", "meeting", meeting.id, present=len(set(present_ids)))
    return meeting


async def write_minutes(
    actor: Actor, meeting_id: UUID, *, text: str, expected_version: int | None = None
) -> Minutes:
    """Save the minutes, cleaned as bodies of items are. Raises MinutesChanged with both texts."""
    rules.check_convenes(actor)
    mine = prose.clean(text)
    async with work():
        rules.check_held(await queries.lock(actor, meeting_id))
        minutes = await Minutes.get(meeting_id=meeting_id)
        if expected_version is not None and expected_version != minutes.version:
            raise rules.MinutesChanged(expected_version, minutes.version, mine, minutes.text)
        minutes.text, minutes.written_by_name = mine, actor.name
        minutes.written_at = clock.now()
        await desk.save(minutes)
        audit.record(actor, "write", "minutes", meeting_id, length=len(mine))
    return minutes


async def close(
    actor: Actor, meeting_id: UUID, *, expected_version: int | None = None
) -> JointMeeting:
    """Make the minutes final: members read them, nothing of the meeting changes any more.

    Raises TopicsUndecided, MinutesMissing.
    """
    rules.check_convenes(actor)
    async with work():
        meeting = await queries.lock(actor, meeting_id)
        check_version(expected_version, meeting.version)
        rules.check_held(meeting)
        rules.check_undecided(item.state for item in await queries.everything_on(meeting.id))
        if not (await Minutes.get(meeting_id=meeting.id)).text:
            raise rules.MinutesMissing
        meeting.state, meeting.closed_at = MeetingState.CLOSED, clock.now()
        await desk.save(meeting)
        audit.record(actor, "close", "meeting", meeting.id)
    return meeting


async def propose(
    actor: Actor, meeting_id: UUID, *, unit_id: UUID, **content: Unpack[desk.Content]
) -> AgendaItem:
    """A member unit proposes a topic; the chair decides (J2). Raises NotAMember, MeetingSettled."""
    rules.check_speaks_for(actor, unit_id)
    async with work():
        meeting = await queries.lock(actor, meeting_id)
        rules.check_planned(meeting)
        unit = await units.get(actor, unit_id)
        if unit_id not in {member.unit_id for member in await queries.members_of(meeting.id)}:
            raise rules.NotAMember(unit.name)
        content = desk.as_proposed(unit_id, content)
        item = await desk.new(actor, meeting, content, source_unit_id=unit_id)
        await desk.save(item)
        audit.record(actor, "propose", "agenda-item", item.id, meeting=meeting.id, title=item.title)
    return await queries.topic(actor, item.id)


async def add(
    actor: Actor,
    meeting_id: UUID,
    *,
    parent_id: UUID | None = None,
    **content: Unpack[desk.Content],
) -> AgendaItem:
    """The chair puts a topic on the agenda, last below its parent. Raises NotOnThisAgenda."""
    rules.check_convenes(actor)
    async with work():
        meeting = await queries.lock(actor, meeting_id)
        rules.check_open(meeting)
        item = await desk.new(actor, meeting, content, state=AgendaState.ACCEPTED)
        await desk.place(item, parent_id)
        audit.record(actor, "add", "agenda-item", item.id, meeting=meeting.id, title=item.title)
    return await queries.topic(actor, item.id)


async def change_topic(
    actor: Actor,
    item_id: UUID,
    *,
    expected_version: int | None = None,
    **content: Unpack[desk.Content],
) -> AgendaItem:
    """The chair puts right what is said about a topic, and notes what the units do not see."""
    async with work():
        item = await desk.chaired(actor, item_id, expected_version)
        await desk.write(actor, item, content)
        await desk.save(item)
        audit.record(actor, "change", "agenda-item", item.id, fields=sorted(content))
    return await queries.topic(actor, item.id)


async def accept(
    actor: Actor,
    item_id: UUID,
    *,
    parent_id: UUID | None = None,
    expected_version: int | None = None,
) -> AgendaItem:
    """The chair takes a proposal onto the agenda, last below its parent; its unit is told."""
    async with work():
        item = await desk.chaired(actor, item_id, expected_version)
        rules.check_proposed(item)
        item.state = AgendaState.ACCEPTED
        await desk.place(item, parent_id)
        await desk.answer(actor, item, "accept")
    return await queries.topic(actor, item.id)


async def merge(
    actor: Actor,
    item_id: UUID,
    *,
    into_id: UUID,
    reason: str,
    expected_version: int | None = None,
) -> AgendaItem:
    """The chair has a topic dealt with under another of the same meeting; its unit is told why."""
    why = rules.lines_of(reason, field="reason", limit=rules.REASON)
    async with work():
        item = await desk.leaving(actor, item_id, expected_version)
        into = await AgendaItem.get_or_none(id=into_id)
        rules.check_target(item, into)
        item.state, item.merged_into_id, item.reason = AgendaState.MERGED, into_id, why
        await desk.save(item)
        await desk.answer(actor, item, "merge", into=into.title if into else "")
    return await queries.topic(actor, item.id)


async def defer(
    actor: Actor, item_id: UUID, *, reason: str, expected_version: int | None = None
) -> AgendaItem:
    """The chair leaves a topic to a later meeting, which may take it up; its unit is told why."""
    why = rules.lines_of(reason, field="reason", limit=rules.REASON)
    async with work():
        item = await desk.leaving(actor, item_id, expected_version)
        item.state, item.reason = AgendaState.DEFERRED, why
        await desk.save(item)
        await desk.answer(actor, item, "defer")
    return await queries.topic(actor, item.id)


async def take_up(
    actor: Actor, item_id: UUID, *, meeting_id: UUID, expected_version: int | None = None
) -> AgendaItem:
    """Put a topic that an earlier meeting deferred onto the agenda of a later one, once."""
    rules.check_convenes(actor)
    async with work():
        meeting = await queries.lock(actor, meeting_id)
        rules.check_open(meeting)
        old = await queries.lock_topic(actor, item_id)
        check_version(expected_version, old.version)
        rules.check_may_be_taken_up(old, meeting, taken=await queries.is_taken_up(old.id))
        content = desk.content_of(old)
        origin = {"source_unit_id": old.source_unit_id, "deferred_from_id": old.id}
        item = await desk.new(actor, meeting, content, state=AgendaState.ACCEPTED, **origin)
        await desk.place(item, None)
        await desk.answer(actor, item, "take-up")
    return await queries.topic(actor, item.id)


async def move(
    actor: Actor,
    item_id: UUID,
    *,
    parent_id: UUID | None,
    place: int,
    expected_version: int | None = None,
) -> AgendaItem:
    """Give a topic its place, from 1, below a parent; the numbers follow (J1)."""
    async with work():
        item = await desk.chaired(actor, item_id, expected_version)
        rules.check_accepted(item)
        await desk.place(item, parent_id, place)
        audit.record(actor, "move", "agenda-item", item.id, parent=parent_id, place=place)
    return await queries.topic(actor, item.id)


async def record_resolution(
    actor: Actor, item_id: UUID, **resolved: Unpack[desk.Resolved]
) -> Resolution:
    """What the meeting resolved under a topic: who does it until when; that unit is told (J5)."""
    async with work():
        item = await desk.chaired(actor, item_id, None)
        rules.check_accepted(item)
        name, now = actor.name, clock.now()
        resolution = Resolution(agenda_item=item, recorded_by_name=name, recorded_at=now, version=0)
        await desk.resolve(actor, resolution, item.meeting, resolved)
        audit.record(actor, "record", "resolution", resolution.id, unit=resolution.unit_id)
    return await queries.resolution(actor, resolution.id)


async def change_resolution(
    actor: Actor,
    resolution_id: UUID,
    *,
    expected_version: int | None = None,
    **resolved: Unpack[desk.Resolved],
) -> Resolution:
    """Put an open resolution right until its meeting is closed."""
    rules.check_convenes(actor)
    async with work():
        resolution = await queries.lock_resolution(actor, resolution_id)
        check_version(expected_version, resolution.version)
        rules.check_resolution(resolution, ResolutionState.OPEN)
        meeting = await queries.lock(actor, resolution.agenda_item.meeting_id)
        await desk.resolve(actor, resolution, meeting, resolved)
        audit.record(actor, "change", "resolution", resolution.id, unit=resolution.unit_id)
    return await queries.resolution(actor, resolution.id)


async def report_done(
    actor: Actor, resolution_id: UUID, *, answer: str, expected_version: int | None = None
) -> Resolution:
    """The responsible unit, or the chair, says what was done: it leads no later agenda."""
    said = rules.lines_of(answer, field="answer", limit=rules.ANSWER)
    async with work():
        resolution = await queries.lock_resolution(actor, resolution_id)
        rules.check_speaks_for(actor, resolution.unit_id, or_convener=True)
        check_version(expected_version, resolution.version)
        rules.check_resolution(resolution, ResolutionState.OPEN)
        resolution.state, resolution.answer = ResolutionState.DONE, said
        resolution.answered_by_name, resolution.done_at = actor.name, clock.now()
        await desk.save(resolution)
        audit.record(actor, "report", "resolution", resolution.id, unit=resolution.unit_id)
    return await queries.resolution(actor, resolution.id)


async def reopen(
    actor: Actor, resolution_id: UUID, *, reason: str, expected_version: int | None = None
) -> Resolution:
    """The chair finds that it is not done: it leads the next agenda again, its unit is told why."""
    rules.check_convenes(actor)
    why = rules.lines_of(reason, field="reason", limit=rules.REASON)
    async with work():
        resolution = await queries.lock_resolution(actor, resolution_id)
        check_version(expected_version, resolution.version)
        rules.check_resolution(resolution, ResolutionState.DONE)
        resolution.state, resolution.done_at = ResolutionState.OPEN, None
        await desk.save(resolution)
        await desk.tell_resolution(resolution, "resolution-reopened", reason=why)
        audit.record(actor, "reopen", "resolution", resolution.id, reason=why)
    return await queries.resolution(actor, resolution.id)
