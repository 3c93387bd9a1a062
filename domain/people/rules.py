"""Who may be appointed, and who may stand in. 二(一)；四(一)；R12–R15, R53–R55, R60."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.kit.actor import Actor, Duty, check_duty, check_person
from domain.kit.errors import Conflict, Invalid, NotPermitted
from domain.people.models import Appointment, DeputyGrant, Person

SIGNING = frozenset({Duty.CONFIDENTIALITY_REVIEWER, Duty.LEADER_IN_CHARGE, Duty.PRINCIPAL_LEADER})
"""Duties whose word goes under an item; the only ones a deputy can stand in for (B5)."""
ROSTER = frozenset({Duty.CORRESPONDENT, Duty.LEADER_IN_CHARGE})
"""附件3《分管领导、通讯员统计表》: kept by the publicity department (R55)."""

GRANT_DAYS = 366


class PersonInactive(Conflict):
    """The person has left; the name stays in the records, rights are given to others."""

    code = "person-inactive"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NotYourself(NotPermitted):
    """Nobody gives himself a duty."""

    code = "not-yourself"


class DutiesDoNotMix(Invalid):
    """Who administers neither audits nor signs (三权分立)."""

    code = "duties-do-not-mix"
    field = "duty"

    def __init__(self, name: str, duty: Duty, other: Duty) -> None:
        super().__init__(name, duty, other)
        self.name, self.duty, self.other = name, duty, other


class OfficeRequired(Invalid):
    """An editor is the editor of one of the receiving offices (R61)."""

    code = "office-required"
    field = "office_id"


class OfficeOnlyForEditors(Invalid):
    """Only editors belong to a receiving office."""

    code = "office-only-for-editors"
    field = "office_id"

    def __init__(self, duty: Duty) -> None:
        super().__init__(duty)
        self.duty = duty


class AlreadyAppointed(Conflict):
    """The person holds that duty in that unit already."""

    code = "already-appointed"

    def __init__(self, name: str, duty: Duty, starts_on: date) -> None:
        super().__init__(name, duty, starts_on)
        self.name, self.duty, self.starts_on = name, duty, starts_on


class AppointmentOver(Conflict):
    """The appointment has ended; what was done under it stays."""

    code = "appointment-over"

    def __init__(self, last_day: date) -> None:
        super().__init__(last_day)
        self.last_day = last_day


class EndsBeforeItBegan(Invalid):
    """An appointment that was in force cannot be made not to have been."""

    code = "ends-before-it-began"
    field = "last_day"

    def __init__(self, starts_on: date, last_day: date) -> None:
        super().__init__(starts_on, last_day)
        self.starts_on, self.last_day = starts_on, last_day


class NotYoursToGrant(NotPermitted):
    """A deputy is named by the absent leader himself or by the unit's principal leader."""

    code = "not-yours-to-grant"


class NoDeputyFor(Invalid):
    """Only signing can be done by a deputy."""

    code = "no-deputy-for"
    field = "appointment_id"

    def __init__(self, duty: Duty) -> None:
        super().__init__(duty)
        self.duty = duty


class OwnDeputy(Invalid):
    """Nobody stands in for himself."""

    code = "own-deputy"
    field = "deputy_id"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class DeputyFromOutside(Invalid):
    """The unit answers for what it submits (属地管理), so its own people stand in."""

    code = "deputy-from-outside"
    field = "deputy_id"

    def __init__(self, name: str, unit: str) -> None:
        super().__init__(name, unit)
        self.name, self.unit = name, unit


class GrantDaysWrong(Invalid):
    """A grant runs from a day not past to a day not before it, a year at most (B5)."""

    code = "grant-days-wrong"
    field = "ends_on"

    def __init__(self, starts_on: date, ends_on: date) -> None:
        super().__init__(starts_on, ends_on)
        self.starts_on, self.ends_on, self.days = starts_on, ends_on, GRANT_DAYS


@dataclass(frozen=True, slots=True)
class Span:
    """A duty in a unit from a day to a day, as the rules about mixing see it."""

    duty: Duty
    unit_id: object
    starts_on: date
    ends_on: date | None

    def overlaps(self, other: "Span") -> bool:
        return self.starts_on <= (other.ends_on or date.max) and other.starts_on <= (
            self.ends_on or date.max
        )


def span_of(appointment: Appointment) -> Span:
    return Span(appointment.duty, appointment.unit_id, appointment.starts_on, appointment.ends_on)


def check_administers(actor: Actor, *others: Duty) -> None:
    """People and keys are the administrator's work, in person; a token never hands out rights."""
    if not actor.is_system:
        check_person(actor)
        check_duty(actor, Duty.ADMINISTRATOR, *others)


def check_appoints(actor: Actor, person_id: UUID, duty: Duty) -> None:
    """Administrators appoint; the publicity department keeps the roster (R55); nobody himself."""
    check_ends(actor, duty)
    check_not_oneself(actor, person_id)


def check_ends(actor: Actor, duty: Duty) -> None:
    """Who may give a duty may end it."""
    check_administers(actor, *([Duty.PUBLICITY_DEPARTMENT] if duty in ROSTER else []))


def check_not_oneself(actor: Actor, person_id: UUID) -> None:
    if actor.person_id == person_id:
        raise NotYourself


def check_active(person: Person) -> None:
    if not person.active:
        raise PersonInactive(person.name)


def check_office(duty: Duty, office_id: UUID | None) -> None:
    if duty is Duty.OFFICE_EDITOR and office_id is None:
        raise OfficeRequired
    if duty is not Duty.OFFICE_EDITOR and office_id is not None:
        raise OfficeOnlyForEditors(duty)


def do_mix(duty: Duty, other: Duty) -> bool:
    """Whether one person may hold both at a time."""
    apart = SIGNING | {Duty.AUDITOR}
    return not (
        (duty is Duty.ADMINISTRATOR and other in apart)
        or (other is Duty.ADMINISTRATOR and duty in apart)
    )


def check_mix(name: str, new: Span, held: Iterable[Span]) -> None:
    """The administrator is neither auditor nor signer, at no time."""
    for other in held:
        if new.overlaps(other) and not do_mix(new.duty, other.duty):
            raise DutiesDoNotMix(name, new.duty, other.duty)


def check_not_appointed(name: str, new: Span, held: Iterable[Span]) -> None:
    for other in held:
        if (other.duty, other.unit_id) == (new.duty, new.unit_id) and new.overlaps(other):
            raise AlreadyAppointed(name, new.duty, other.starts_on)


def check_not_ended(appointment: Appointment, today: date) -> None:
    if appointment.ends_on is not None and appointment.ends_on < today:
        raise AppointmentOver(appointment.ends_on)


def is_undone(appointment: Appointment, last_day: date, today: date) -> bool:
    """Whether ending means that the appointment never took hold: made today, ended before it.

    Raises EndsBeforeItBegan for one that was in force on an earlier day.
    """
    if last_day >= appointment.starts_on:
        return False
    if appointment.starts_on < today:
        raise EndsBeforeItBegan(appointment.starts_on, last_day)
    return True


def check_grants(actor: Actor, appointment: Appointment) -> None:
    """The absent leader himself, or the principal leader of his unit in person."""
    if actor.is_system:
        return
    check_person(actor)
    own = actor.person_id == appointment.person_id
    unit_id = UUID(str(appointment.unit_id))
    principal = actor.holding(Duty.PRINCIPAL_LEADER, unit_id)
    if not own and (principal is None or principal.deputy_for is not None):
        raise NotYoursToGrant


def check_revokes(actor: Actor, appointment: Appointment) -> None:
    """Who may grant may revoke; so may the administrator, for whom it takes rights away only."""
    if not actor.has(Duty.ADMINISTRATOR):
        check_grants(actor, appointment)


def check_deputy(appointment: Appointment, deputy: Person, units: Collection[object]) -> None:
    """`units`: where the deputy is appointed today."""
    if appointment.duty not in SIGNING:
        raise NoDeputyFor(appointment.duty)
    if deputy.id == appointment.person_id:
        raise OwnDeputy(deputy.name)
    check_active(deputy)
    if appointment.unit_id not in units:
        raise DeputyFromOutside(deputy.name, appointment.unit.name)


def check_grant_days(starts_on: date, ends_on: date, earliest: date) -> None:
    if not earliest <= starts_on <= ends_on or (ends_on - starts_on).days >= GRANT_DAYS:
        raise GrantDaysWrong(starts_on, ends_on)


def is_granted(grant: DeputyGrant, on: date) -> bool:
    """Whether a deputy may use the grant on a day."""
    return grant.revoked_at is None and grant.starts_on <= on <= grant.ends_on


def shown_mobile(actor: Actor, person: Person, unit_ids: Collection[UUID]) -> str:
    """In full to the person, the own unit and the publicity department; 138****1234 to others (P4).

    `unit_ids`: where the person is appointed.
    """
    own = actor.person_id == person.id or any(held.unit_id in unit_ids for held in actor.held)
    if actor.is_system or own or actor.has(Duty.PUBLICITY_DEPARTMENT):
        return person.mobile
    return masked(person.mobile)


def masked(mobile: str) -> str:
    """Enough to recognise a number one knows, too little to call one that one does not."""
    if len(mobile) < 9:
        return "*" * len(mobile)
    return f"{mobile[:3]}****{mobile[-4:]}"
