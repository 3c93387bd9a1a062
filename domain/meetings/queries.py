"""Meetings for those who convene them and for the units that are called to them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from domain.kit.actor import Actor, Duty, Scope
from domain.kit.errors import NotFound
from domain.meetings import agenda, rules
from domain.meetings.agenda import Line
from domain.meetings.models import (
    AgendaItem,
    AgendaState,
    JointMeeting,
    MeetingMember,
    MeetingState,
    Minutes,
    Resolution,
    ResolutionState,
)

LATEST = ("-starts_at", "-id")
DUE = ("due_on", "id")


def _reads_all(actor: Actor) -> bool:
    """The publicity department, the supervision office, and a reading token of the county."""
    of_county = actor.is_token and actor.unit_id is None and actor.has_scope(Scope.READ)
    return of_county or rules.convenes(actor) or actor.has(Duty.SUPERVISION_OFFICE)


def _units(actor: Actor) -> list[Any]:
    """The units as whose member the actor reads; a unit's reading token reads as its unit."""
    if actor.is_token:
        return [actor.unit_id] if actor.unit_id and actor.has_scope(Scope.READ) else []
    return list(rules.units_read_for(actor))


def visible_to(actor: Actor) -> QuerySet[JointMeeting]:
    """All for those who convene or supervise; a unit those to which it is called."""
    found = JointMeeting.all()
    if not _reads_all(actor):
        mine = MeetingMember.filter(unit_id__in=_units(actor))
        found = found.filter(id__in=Subquery(mine.values("meeting_id")))
    return found.select_related("convener_unit")


def _seen(actor: Actor, through: str) -> Q:
    """Rows whose meeting the actor sees; `through` leads to its id."""
    if _reads_all(actor):
        return Q()
    seen: dict[str, Any] = {f"{through}__in": Subquery(visible_to(actor).values("id"))}
    return Q(**seen)


def visible_members(actor: Actor) -> QuerySet[MeetingMember]:
    """Who is called to the meetings the actor sees, with unit and person."""
    return MeetingMember.filter(_seen(actor, "meeting_id")).select_related("unit", "person")


def visible_agenda(actor: Actor) -> QuerySet[AgendaItem]:
    """What is on the agenda; proposals and the rest for conveners and the proposing unit."""
    found = AgendaItem.filter(_seen(actor, "meeting_id"))
    if not rules.convenes(actor):
        found = found.filter(Q(state=AgendaState.ACCEPTED) | Q(source_unit_id__in=_units(actor)))
    return found.select_related("host_unit", "source_unit", "merged_into")


def visible_minutes(actor: Actor) -> QuerySet[Minutes]:
    """Final ones for everyone who sees the meeting, drafts for those who convene."""
    found = Minutes.filter(_seen(actor, "meeting_id"))
    if not rules.convenes(actor):
        found = found.filter(meeting__state=MeetingState.CLOSED)
    return found


def visible_resolutions(actor: Actor) -> QuerySet[Resolution]:
    """Those of meetings the actor sees, and those the own unit has to carry out."""
    found = Resolution.all().select_related("unit", "agenda_item__meeting")
    if _reads_all(actor):
        return found
    own = Q(unit_id__in=_units(actor))
    return found.filter(_seen(actor, "agenda_item__meeting_id") | own)


async def get(actor: Actor, meeting_id: UUID) -> JointMeeting:
    """Raises NotFound."""
    meeting = await visible_to(actor).get_or_none(id=meeting_id)
    if meeting is None:
        raise NotFound
    return meeting


async def lock(actor: Actor, meeting_id: object) -> JointMeeting:
    """For the rest of the transaction. Whatever changes below a meeting locks it first."""
    held = visible_to(actor).select_for_update(of=("joint_meeting",), no_key=True)
    meeting = await held.get_or_none(id=meeting_id)
    if meeting is None:
        raise NotFound
    return meeting


async def member(actor: Actor, member_id: UUID) -> MeetingMember:
    """Raises NotFound."""
    found = await visible_members(actor).get_or_none(id=member_id)
    if found is None:
        raise NotFound
    return found


async def topic(actor: Actor, item_id: UUID) -> AgendaItem:
    """Raises NotFound."""
    found = await visible_agenda(actor).get_or_none(id=item_id)
    if found is None:
        raise NotFound
    return found


async def lock_topic(actor: Actor, item_id: UUID) -> AgendaItem:
    """For the rest of the transaction; the caller holds the meeting. Raises NotFound."""
    held = visible_agenda(actor).select_for_update(of=("agenda_item",), no_key=True)
    found = await held.get_or_none(id=item_id)
    if found is None:
        raise NotFound
    return found


async def resolution(actor: Actor, resolution_id: UUID) -> Resolution:
    """Raises NotFound."""
    found = await visible_resolutions(actor).get_or_none(id=resolution_id)
    if found is None:
        raise NotFound
    return found


async def lock_resolution(actor: Actor, resolution_id: UUID) -> Resolution:
    """For the rest of the transaction. Raises NotFound."""
    held = visible_resolutions(actor).select_for_update(of=("resolution",), no_key=True)
    found = await held.get_or_none(id=resolution_id)
    if found is None:
        raise NotFound
    return found


async def minutes_of(actor: Actor, meeting_id: UUID) -> Minutes | None:
    """None where the actor may not read them yet."""
    return await visible_minutes(actor).get_or_none(meeting_id=meeting_id)


async def members_of(meeting_id: object) -> list[MeetingMember]:
    """In the fixed order of units."""
    found = MeetingMember.filter(meeting_id=meeting_id).select_related("unit", "person")
    return await found.order_by("unit__position", "id")


async def everything_on(meeting_id: object) -> list[AgendaItem]:
    """Every topic of a meeting, for the rules; the door for readers is `visible_agenda`."""
    return await AgendaItem.filter(meeting_id=meeting_id).order_by("position", "id")


async def has_resolutions(item_id: UUID) -> bool:
    return await Resolution.exists(agenda_item_id=item_id)


async def is_taken_up(item_id: UUID) -> bool:
    return await AgendaItem.exists(deferred_from_id=item_id)


async def agendas(actor: Actor, ids: Collection[UUID]) -> dict[UUID, list[Line]]:
    """The numbered agendas of several meetings. One statement."""
    found: dict[UUID, list[AgendaItem]] = defaultdict(list)
    for item in await visible_agenda(actor).filter(meeting_id__in=list(ids)):
        found[UUID(str(item.meeting_id))].append(item)
    return {each: agenda.numbered(found[each]) for each in ids}


async def numbers(ids: Collection[UUID]) -> dict[UUID, str]:
    """The numbers of several topics, of whatever meetings; without those off the agenda."""
    meetings = AgendaItem.filter(id__in=list(ids)).values("meeting_id")
    by_meeting: dict[object, list[AgendaItem]] = defaultdict(list)
    for item in await AgendaItem.filter(meeting_id__in=Subquery(meetings)):
        by_meeting[item.meeting_id].append(item)
    lines = [line for topics in by_meeting.values() for line in agenda.numbered(topics)]
    return {line.item.id: line.number for line in lines if line.item.id in ids}


async def leading(
    actor: Actor, meetings: Collection[tuple[UUID, datetime]]
) -> dict[UUID, list[Resolution]]:
    """What leads the agendas of several meetings: (id, begin). One statement. (J5)"""
    if not meetings:
        return {}
    begins = [begin for _, begin in meetings]
    may = visible_resolutions(actor).filter(
        Q(done_at=None) | Q(done_at__gt=min(begins)),
        agenda_item__meeting__starts_at__lt=max(begins),
    )
    rows = await may.order_by(*DUE)
    return {
        each: [
            row
            for row in rows
            if rules.leads(begin, row.agenda_item.meeting.starts_at, row.done_at)
        ]
        for each, begin in meetings
    }


def deferred(actor: Actor, meeting: JointMeeting) -> QuerySet[AgendaItem]:
    """Topics that earlier meetings deferred and none has taken up."""
    taken = AgendaItem.exclude(deferred_from_id=None).values("deferred_from_id")
    return (
        visible_agenda(actor)
        .filter(state=AgendaState.DEFERRED, meeting__starts_at__lt=meeting.starts_at)
        .exclude(id__in=Subquery(taken))
        .order_by("proposed_at", "id")
    )


def waiting(actor: Actor) -> QuerySet[Resolution]:
    """Open resolutions of the actor's own units; all of them for those who convene."""
    found = visible_resolutions(actor).filter(state=ResolutionState.OPEN)
    if not rules.convenes(actor):
        found = found.filter(unit_id__in=list(rules.units_spoken_for(actor)))
    return found.order_by(*DUE)
