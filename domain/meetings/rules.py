"""Who convenes, what the agenda looks like, and when minutes are final. R34–R36；J1–J5."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from domain.items.rules import tidy_lines
from domain.kit import clock
from domain.kit.actor import Actor, Duty, Held, check_duty
from domain.kit.errors import Conflict, DutyRequired, Invalid, StaleVersion, TokensMayNot
from domain.kit.inputs import InputMissing, InputTooLong
from domain.meetings.models import (
    AgendaItem,
    AgendaState,
    JointMeeting,
    MeetingState,
    MemberReply,
    Resolution,
    ResolutionState,
)

CONVENERS = (Duty.PUBLICITY_DEPARTMENT,)
SPEAKERS = (Duty.CORRESPONDENT, Duty.LEADER_IN_CHARGE, Duty.PRINCIPAL_LEADER)
"""Who proposes, replies and reports for a unit."""
MEMBERS = (*SPEAKERS, Duty.CONFIDENTIALITY_REVIEWER, Duty.OFFICE_EDITOR)
"""Who reads what a member unit is shown."""
TITLE, PLACE, DEPUTY = 120, 120, 80
REASON, RESOLUTION, ANSWER, SUMMARY = 500, 500, 1000, 2000
DEEPEST = 3
"""1, 1.1, 1.1.1: deeper than that nobody follows in a meeting."""
LONGEST = 600
"""Minutes of time for one topic."""
Agenda = Sequence[AgendaItem]
"""Every topic of one meeting, whatever was decided about it."""


class MeetingSettled(Conflict):
    """The meeting is past the point at which this can be done."""

    code = "meeting-settled"

    def __init__(self, state: MeetingState) -> None:
        super().__init__(state)
        self.state = state


class MeetingNotDue(Conflict):
    """Nobody can have been there yet."""

    code = "meeting-not-due"

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


class MeetingNotHeld(Conflict):
    """Minutes and resolutions follow a meeting that took place."""

    code = "meeting-not-held"


class NoMembersYet(Invalid):
    """A joint meeting has units to join it."""

    code, field = "meeting-without-members", "unit_ids"


class NotAMember(Invalid):
    """The unit was not called to this meeting."""

    code, field = "not-a-member", "unit_id"

    def __init__(self, unit: str) -> None:
        super().__init__(unit)
        self.unit = unit


class DeputyMissing(Invalid):
    """Whoever sends a deputy says whom."""

    code, field = "deputy-missing", "deputy"


class TopicsUndecided(Conflict):
    """The chair owes every proposing unit an answer before the meeting is closed."""

    code = "topics-undecided"

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class MinutesMissing(Conflict):
    """A meeting is closed with its minutes."""

    code = "minutes-missing"


class MinutesChanged(StaleVersion):
    """A late save: both texts are given back, nothing is lost."""

    code = "minutes-changed"

    def __init__(self, expected: int, current: int, mine: str, theirs: str) -> None:
        super().__init__(expected, current)
        self.mine, self.theirs = mine, theirs

    @property
    def facts(self) -> dict[str, Any]:
        return {"expected": self.expected, "current": self.current}


class TopicDecided(Conflict):
    """What has been decided about a topic stands."""

    code = "topic-decided"

    def __init__(self, state: AgendaState) -> None:
        super().__init__(state)
        self.state = state


class TopicHasParts(Conflict):
    """A topic with topics below it, or with resolutions, cannot leave the agenda."""

    code = "topic-has-parts"


class NotOnThisAgenda(Invalid):
    """The other topic must be an accepted one of the same meeting, and not below this one."""

    code = "not-on-this-agenda"

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field

    @property
    def facts(self) -> dict[str, Any]:
        return {}


class AgendaTooDeep(Invalid):
    code, field = "agenda-too-deep", "parent_id"

    def __init__(self) -> None:
        super().__init__()
        self.deepest = DEEPEST


class TopicTakenUp(Conflict):
    """A deferred topic is taken up once, by a later meeting."""

    code = "topic-taken-up"


class TimeOutOfRange(Invalid):
    code, field = "time-out-of-range", "minutes_allotted"

    def __init__(self, given: int) -> None:
        super().__init__(given)
        self.given, self.longest = given, LONGEST


class DueBeforeMeeting(Invalid):
    """What a meeting resolves is done after it."""

    code, field = "due-before-meeting", "due_on"

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


class ResolutionSettled(Conflict):
    """Reported already, or not reported yet."""

    code = "resolution-settled"

    def __init__(self, state: ResolutionState) -> None:
        super().__init__(state)
        self.state = state


def convenes(actor: Actor) -> bool:
    """「由县委宣传部牵头」 (R34): its people convene, order, decide and record."""
    return actor.is_system or actor.has(*CONVENERS)


def check_convenes(actor: Actor) -> None:
    if actor.is_token:
        raise TokensMayNot
    check_duty(actor, *CONVENERS)


def seat_of(actor: Actor) -> Held:
    """The duty by which somebody convenes: his department is the convening unit."""
    check_convenes(actor)
    seat = actor.holding(Duty.PUBLICITY_DEPARTMENT)
    if seat is None:
        raise DutyRequired(*CONVENERS)
    return seat


def units_spoken_for(actor: Actor) -> frozenset[Any]:
    """The units for which the actor proposes, replies and reports."""
    return frozenset(held.unit_id for held in actor.held if held.duty in SPEAKERS)


def units_read_for(actor: Actor) -> frozenset[Any]:
    """The units whose meetings the actor is shown."""
    return frozenset(held.unit_id for held in actor.held if held.duty in MEMBERS)


def check_speaks_for(actor: Actor, unit_id: object, *, or_convener: bool = False) -> None:
    """Correspondents and leaders of that very unit."""
    if actor.is_token:
        raise TokensMayNot
    if actor.is_system or (or_convener and convenes(actor)):
        return
    if unit_id not in units_spoken_for(actor):
        raise DutyRequired(*SPEAKERS)


def check_planned(meeting: JointMeeting) -> None:
    """Calling, replying and proposing end when the meeting takes place."""
    if meeting.state is not MeetingState.PLANNED:
        raise MeetingSettled(meeting.state)


def check_open(meeting: JointMeeting) -> None:
    if meeting.state is MeetingState.CLOSED:
        raise MeetingSettled(meeting.state)


def check_held(meeting: JointMeeting) -> None:
    """Minutes and resolutions: after the meeting took place, before it is closed."""
    if meeting.state is MeetingState.PLANNED:
        raise MeetingNotHeld
    check_open(meeting)


def check_due(starts_at: datetime, today: date) -> None:
    day = clock.local_date(starts_at)
    if day > today:
        raise MeetingNotDue(day)


def check_reply(reply: MemberReply, deputy: str) -> None:
    if reply is MemberReply.DEPUTY and not deputy:
        raise DeputyMissing


def check_undecided(states: Iterable[AgendaState]) -> None:
    """Every proposal was accepted, merged or deferred (J2)."""
    if count := sum(state is AgendaState.PROPOSED for state in states):
        raise TopicsUndecided(count)


def check_proposed(item: AgendaItem) -> None:
    if item.state is not AgendaState.PROPOSED:
        raise TopicDecided(item.state)


def check_accepted(item: AgendaItem) -> None:
    if item.state is not AgendaState.ACCEPTED:
        raise TopicDecided(item.state)


def check_may_leave(item: AgendaItem, agenda: Agenda, *, resolved: bool) -> None:
    """Merged or deferred are proposals, and accepted topics that nothing rests on."""
    if item.state not in (AgendaState.PROPOSED, AgendaState.ACCEPTED):
        raise TopicDecided(item.state)
    if resolved or any(other.parent_id == item.id for other in agenda):
        raise TopicHasParts


def check_may_be_taken_up(item: AgendaItem, meeting: JointMeeting, *, taken: bool) -> None:
    """Deferred, by another meeting, and not taken up since."""
    if item.state is not AgendaState.DEFERRED or item.meeting_id == meeting.id:
        raise TopicDecided(item.state)
    if taken:
        raise TopicTakenUp


def check_minutes_allotted(given: int | None) -> None:
    if given is not None and not 1 <= given <= LONGEST:
        raise TimeOutOfRange(given)


def check_due_on(due_on: date, meeting: JointMeeting) -> None:
    day = clock.local_date(meeting.starts_at)
    if due_on < day:
        raise DueBeforeMeeting(day)


def check_resolution(resolution: Resolution, wanted: ResolutionState) -> None:
    if resolution.state is not wanted:
        raise ResolutionSettled(resolution.state)


def is_overdue(resolution: Resolution, today: date) -> bool:
    return resolution.state is ResolutionState.OPEN and resolution.due_on < today


def leads(starts_at: datetime, decided_at: datetime, done_at: datetime | None) -> bool:
    """Whether a resolution leads the agenda of a meeting (J5).

    It was resolved at an earlier meeting and still open when this one began; so the agenda of a
    past meeting keeps what led it.
    """
    return decided_at < starts_at and (done_at is None or done_at > starts_at)


def lines_of(text: str, *, field: str, limit: int, required: bool = True) -> str:
    """Several lines of plain text as they are kept. Raises InputMissing, InputTooLong."""
    kept = tidy_lines(text)
    if required and not kept:
        raise InputMissing(field)
    if len(kept) > limit:
        raise InputTooLong(field, len(kept), limit)
    return kept


def check_target(item: AgendaItem, into: AgendaItem | None) -> None:
    """A topic is merged into another accepted one of the same meeting."""
    same = into is not None and into.meeting_id == item.meeting_id and into.id != item.id
    if into is None or not same or into.state is not AgendaState.ACCEPTED:
        raise NotOnThisAgenda("into_id")
