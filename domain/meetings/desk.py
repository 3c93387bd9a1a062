"""The chair's handiwork under the verbs: calling units, telling them, keeping places in order."""

from collections.abc import Collection
from datetime import date
from typing import Any, TypedDict
from uuid import UUID

from domain.kit import audit, clock
from domain.kit.actor import Actor
from domain.kit.errors import check_version
from domain.kit.inputs import InputMissing, one_line
from domain.meetings import agenda, queries, rules
from domain.meetings.models import (
    AgendaItem,
    AgendaKind,
    JointMeeting,
    MeetingMember,
    Minutes,
    Resolution,
)
from domain.notices import actions as notices
from domain.units import queries as units
from domain.units.rules import check_not_over


class Content(TypedDict, total=False):
    """What is said about a topic; what is left out stays."""

    title: str
    kind: AgendaKind
    summary: str
    host_unit_id: UUID | None
    note: str
    minutes_allotted: int | None


class Resolved(TypedDict):
    """Who does what until when."""

    text: str
    unit_id: UUID
    due_on: date


async def call(actor: Actor, meeting: JointMeeting, unit_ids: Collection[UUID]) -> None:
    """Make these units the members. Raises NoMembersYet, UnitClosed.

    New ones are told, unless the meeting is entered afterwards.
    """
    if not unit_ids:
        raise rules.NoMembersYet
    day = clock.local_date(meeting.starts_at)
    present = {member.unit_id: member for member in await queries.members_of(meeting.id)}
    for gone in present.keys() - set(unit_ids):
        await present[gone].delete()
    for unit_id in dict.fromkeys(unit_ids):
        if unit_id not in present:
            unit = await units.get(actor, unit_id)
            check_not_over(unit, day)
            await MeetingMember.create(meeting=meeting, unit=unit)
            if day >= clock.today():
                await tell(meeting, unit_id, "meeting-called", meeting.version)


async def called(actor: Actor, member_id: UUID, expected_version: int | None) -> MeetingMember:
    """A member's row in its unit's hand, its meeting locked and still to come."""
    seen = await queries.member(actor, member_id)
    rules.check_planned(await queries.lock(actor, seen.meeting_id))
    member = await queries.member(actor, member_id)
    rules.check_speaks_for(actor, member.unit_id, or_convener=True)
    check_version(expected_version, member.version)
    return member


async def tell(
    meeting: JointMeeting, unit_id: object, code: str, occasion: object, **facts: str
) -> None:
    """A message for a unit; `occasion` tells one telling of a code from the next."""
    when = meeting.starts_at.astimezone(clock.COUNTY)
    await notices.tell(
        UUID(str(unit_id)),
        code,
        key=f"{code}:{meeting.id}:{unit_id}:{occasion}",
        item_id=None,
        meeting=meeting.title,
        when=f"{when:%Y-%m-%d %H:%M}",
        place=meeting.place or "–",
        **facts,
    )


async def save(row: AgendaItem | JointMeeting | MeetingMember | Minutes | Resolution) -> None:
    """With the next version."""
    row.version += 1
    await row.save()


async def chaired(actor: Actor, item_id: UUID, expected_version: int | None) -> AgendaItem:
    """A topic in the chair's hand, its meeting locked and not closed."""
    rules.check_convenes(actor)
    seen = await queries.topic(actor, item_id)
    meeting = await queries.lock(actor, seen.meeting_id)
    rules.check_open(meeting)
    item = await queries.lock_topic(actor, item_id)
    check_version(expected_version, item.version)
    item.meeting = meeting
    return item


async def leaving(actor: Actor, item_id: UUID, expected_version: int | None) -> AgendaItem:
    """As `chaired`, of a topic that may leave the agenda."""
    item = await chaired(actor, item_id, expected_version)
    topics = await queries.everything_on(item.meeting_id)
    rules.check_may_leave(item, topics, resolved=await queries.has_resolutions(item.id))
    item.parent_id = None
    return item


async def answer(actor: Actor, item: AgendaItem, verb: str, **facts: str) -> None:
    """Note what the chair decided, and tell the unit that proposed the topic."""
    audit.record(actor, verb, "agenda-item", item.id, reason=item.reason, state=item.state)
    if item.source_unit_id is not None:
        meeting = await queries.lock(actor, item.meeting_id)
        facts |= {"title": item.title, "reason": item.reason}
        await tell(meeting, item.source_unit_id, f"topic-{verb}", item.id, **facts)


async def new(actor: Actor, meeting: JointMeeting, content: Content, **origin: Any) -> AgendaItem:
    """A topic of a meeting, not saved yet. Raises InputMissing without title or kind."""
    for field in ("title", "kind"):
        if not content.get(field):
            raise InputMissing(field)
    item = AgendaItem(
        meeting=meeting,
        proposed_by_name=actor.name,
        proposed_at=clock.now(),
        version=0,
        **origin,
    )
    await write(actor, item, content)
    return item


def as_proposed(unit_id: UUID, content: Content) -> Content:
    """What a unit says of its topic; notes and times are the chair's. By default it reports."""
    theirs = Content(**content)
    theirs.setdefault("host_unit_id", unit_id)
    theirs["note"], theirs["minutes_allotted"] = "", None
    return theirs


def content_of(item: AgendaItem) -> Content:
    """What is said about a topic, for one that takes it up."""
    return Content(
        title=item.title,
        kind=item.kind,
        summary=item.summary,
        host_unit_id=UUID(str(item.host_unit_id)) if item.host_unit_id else None,
        note=item.note,
        minutes_allotted=item.minutes_allotted,
    )


async def resolve(
    actor: Actor, resolution: Resolution, meeting: JointMeeting, resolved: Resolved
) -> None:
    """Write who does what until when, checked, and tell the unit when it is new to it."""
    rules.check_held(meeting)
    before = resolution.unit_id
    rules.check_due_on(resolved["due_on"], meeting)
    unit = await units.get(actor, resolved["unit_id"])
    check_not_over(unit, clock.today())
    resolution.text = rules.lines_of(resolved["text"], field="text", limit=rules.RESOLUTION)
    resolution.due_on, resolution.unit = resolved["due_on"], unit
    await save(resolution)
    if before != unit.id:
        await tell_resolution(resolution, "resolution-assigned")


async def tell_resolution(resolution: Resolution, code: str, **facts: str) -> None:
    """Tell the responsible unit about its resolution."""
    meeting = resolution.agenda_item.meeting
    facts |= {"text": resolution.text, "due_on": resolution.due_on.isoformat()}
    occasion = f"{resolution.id}:{resolution.version}"
    await tell(meeting, resolution.unit_id, code, occasion, **facts)


async def write(actor: Actor, item: AgendaItem, content: Content) -> None:
    """Put what is said about a topic into its row, checked; the caller saves."""
    if "title" in content:
        item.title = one_line(content["title"], field="title", limit=rules.TITLE)
    if "kind" in content:
        item.kind = content["kind"]
    if "summary" in content:
        item.summary = _lines(content["summary"], "summary")
    if "note" in content:
        item.note = _lines(content["note"], "note")
    if "minutes_allotted" in content:
        rules.check_minutes_allotted(content["minutes_allotted"])
        item.minutes_allotted = content["minutes_allotted"]
    if "host_unit_id" in content:
        if content["host_unit_id"] is not None:
            await units.get(actor, content["host_unit_id"])
        item.host_unit_id = content["host_unit_id"]


def _lines(text: str, field: str) -> str:
    return rules.lines_of(text, field=field, limit=rules.SUMMARY, required=False)


async def place(item: AgendaItem, parent_id: UUID | None, place: int | None = None) -> None:
    """Put an accepted topic below a parent, at a place from 1; by default last.

    Its new neighbours are counted anew, all in the transaction that holds the meeting.
    """
    topics = await queries.everything_on(item.meeting_id)
    agenda.check_parent(item, parent_id, topics)
    row = agenda.siblings(parent_id, topics, but=item.id)
    at = len(row) if place is None else max(0, min(place - 1, len(row)))
    row.insert(at, item)
    item.parent_id = parent_id
    for position, each in enumerate(row, start=1):
        each.position = position
        if each is not item:
            await each.save(update_fields=["position"])
    await save(item)
