"""Reading people and appointments, and finding out who acts."""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise import connections
from tortoise.expressions import Q, Subquery
from tortoise.query_utils import Prefetch
from tortoise.queryset import QuerySet

from domain.kit import clock
from domain.kit.actor import Actor, Duty, Held, Scope, check_person
from domain.kit.errors import NotFound
from domain.people import keys, rules
from domain.people.models import (
    Account,
    ApiToken,
    Appointment,
    DeputyGrant,
    LoginSession,
    Person,
)

log = logging.getLogger(__name__)


def sha256(secret: str) -> str:
    """How session tokens and API tokens are kept."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def visible_to(actor: Actor) -> QuerySet[Person]:
    """People are known county-wide by name (R60); show mobiles through `rules.shown_mobile`.

    Integrations see people of their own unit only: a roster is no open data.
    """
    people = Person.all().order_by("name", "id")
    if actor.is_system or actor.person_id is not None:
        return people
    mine = Subquery(Appointment.filter(unit_id=actor.unit_id).values("person_id"))
    readable = actor.is_token and actor.unit_id is not None and actor.has_scope(Scope.READ)
    return people.filter(id__in=mine) if readable else people.filter(id__in=[])


def with_appointments(people: QuerySet[Person], on: date | None = None) -> QuerySet[Person]:
    """The people with `appointments` in force filled in, their units and offices too."""
    held = current_appointments(on).select_related("unit", "office")
    return people.prefetch_related(Prefetch("appointments", held))


async def get(actor: Actor, person_id: UUID) -> Person:
    """With appointments in force. Raises NotFound."""
    person = await with_appointments(visible_to(actor)).get_or_none(id=person_id)
    if person is None:
        raise NotFound
    return person


async def lock(actor: Actor, person_id: UUID) -> Person:
    """The person, held until the transaction ends: duties of one person are judged together."""
    held = visible_to(actor).select_for_update(no_key=True)
    person = await held.get_or_none(id=person_id)
    if person is None:
        raise NotFound
    return person


def in_force(on: date | None = None, through: str = "") -> Q:
    """Of appointments: those in force on a day (default: today), in a unit that still exists.

    `through` leads to the appointment from whatever is filtered, e.g. `appointment__`.
    """
    day = on or clock.today()
    begun: dict[str, Any] = {f"{through}starts_on__lte": day, f"{through}person__active": True}
    return (
        Q(**begun)
        & _lasting(f"{through}ends_on", day)
        & _lasting(f"{through}unit__valid_until", day)
    )


def _lasting(last_day: str, day: date) -> Q:
    never: dict[str, Any] = {last_day: None}
    later: dict[str, Any] = {f"{last_day}__gte": day}
    return Q(**never) | Q(**later)


def current_appointments(on: date | None = None) -> QuerySet[Appointment]:
    """All appointments in force on a day, with person and unit."""
    return (
        Appointment.filter(in_force(on))
        .select_related("person", "unit")
        .order_by("unit__position", "duty", "starts_on", "id")
    )


async def leaders_of(unit_id: UUID, duty: Duty) -> list[Appointment]:
    """Who holds a duty in a unit today, the longest in post first."""
    return await current_appointments().filter(unit_id=unit_id, duty=duty)


async def appointment(actor: Actor, appointment_id: UUID) -> Appointment:
    """An appointment of any time, held until the transaction ends. Raises NotFound."""
    seen = Subquery(visible_to(actor).order_by().values("id"))
    held = Appointment.filter(person_id__in=seen).select_for_update(
        of=("appointment",), no_key=True
    )
    found = await held.select_related("unit", "person").get_or_none(id=appointment_id)
    if found is None:
        raise NotFound
    return found


async def appointments_of(person_id: UUID) -> list[Appointment]:
    """Everything a person was, is or will be appointed to."""
    everything = Appointment.filter(person_id=person_id).select_related("unit", "office")
    return await everything.order_by("starts_on", "id")


async def own_spans_of(person_id: UUID) -> list[rules.Span]:
    """A person's appointments over time."""
    return [rules.span_of(each) for each in await Appointment.filter(person_id=person_id)]


async def spans_of(person_id: UUID) -> list[rules.Span]:
    """A person's duties over time, own and as a deputy."""
    standing_in = DeputyGrant.filter(deputy_id=person_id, revoked_at=None)
    return await own_spans_of(person_id) + [
        rules.Span(
            grant.appointment.duty, grant.appointment.unit_id, grant.starts_on, grant.ends_on
        )
        for grant in await standing_in.select_related("appointment")
    ]


def grants(actor: Actor) -> QuerySet[DeputyGrant]:
    """Deputy grants of the actor's units, the latest first; all for the administrator."""
    units = {held.unit_id for held in actor.held}
    seen = DeputyGrant.all().order_by("-starts_on", "-id")
    if not actor.is_system and not actor.has(Duty.ADMINISTRATOR):
        seen = seen.filter(appointment__unit_id__in=units)
    return seen.select_related("deputy", "appointment__person", "appointment__unit")


async def grant(actor: Actor, grant_id: UUID) -> DeputyGrant:
    """A grant, held until the transaction ends. Raises NotFound."""
    found = await grants(actor).select_for_update(of=("deputy_grant",)).get_or_none(id=grant_id)
    if found is None:
        raise NotFound
    return found


async def actor_of(person: Person) -> Actor:
    """Who acts when this person does: appointments and grants in force today, and no others."""
    own = await current_appointments().filter(person_id=person.id)
    stands_in = await _grants_today(person, {each.unit_id for each in own})
    held = tuple(_held(own)) + tuple(map(_granted, stands_in))
    first = held[0] if held else None
    return Actor(
        name=person.name,
        person_id=person.id,
        unit_id=first.unit_id if first else None,
        unit_name=first.unit_name if first else "",
        held=held,
    )


def _held(own: Iterable[Appointment]) -> Iterable[Held]:
    for each in sorted(own, key=lambda one: (one.starts_on, one.id)):
        yield Held(
            duty=each.duty,
            post=each.post,
            unit_id=each.unit.id,
            unit_name=each.unit.name,
            office_id=UUID(str(each.office_id)) if each.office_id else None,
        )


async def _grants_today(deputy: Person, units: set[object]) -> list[DeputyGrant]:
    """Grants in force of leaders in force; they lapse when the deputy has left the unit."""
    today = clock.today()
    mine = DeputyGrant.filter(
        deputy_id=deputy.id, revoked_at=None, starts_on__lte=today, ends_on__gte=today
    )
    theirs = mine.filter(in_force(today, "appointment__"), appointment__unit_id__in=units)
    return await theirs.select_related("appointment__person", "appointment__unit").order_by(
        "starts_on", "id"
    )


def _granted(grant: DeputyGrant) -> Held:
    leader = grant.appointment
    return Held(
        duty=leader.duty,
        post=grant.deputy_post,
        unit_id=leader.unit.id,
        unit_name=leader.unit.name,
        deputy_for=leader.person.name,
        deputy_for_id=leader.person.id,
    )


async def actor_by_session(token: str) -> Actor | None:
    """Who is signed in by this token; None when the sign-in is over or the account is shut.

    Until a one-time password is changed, the actor holds no duty. Rights are read anew each time.
    """
    session = await live_sessions().get_or_none(token_sha256=sha256(token))
    if session is None or not keys.can_sign_in(session.account):
        return None
    await _touch(session)
    person = session.account.person
    if session.account.must_change_password:
        return Actor(name=person.name, person_id=person.id, session_id=session.id)
    return replace(await actor_of(person), session_id=session.id)


def live_sessions() -> QuerySet[LoginSession]:
    """Sessions not ended, not 12 hours old and not 30 minutes idle."""
    now = clock.now()
    return LoginSession.filter(
        ended_at=None, ends_at__gt=now, last_seen_at__gt=now - keys.IDLE
    ).select_related("account__person")


async def _touch(session: LoginSession) -> None:
    """Put off the end by idleness. Not an act, so neither locked nor in the trail."""
    now = clock.now()
    if now - session.last_seen_at >= keys.TOUCH:
        await LoginSession.filter(id=session.id, ended_at=None).update(last_seen_at=now)


async def actor_by_token(token: str, *, address: str = "") -> Actor | None:
    """Which integration this key belongs to; None when revoked, expired or its unit is closed."""
    now = clock.now()
    found = (
        await ApiToken.filter(sha256=sha256(token), revoked_at=None, expires_at__gt=now)
        .select_related("unit")
        .first()
    )
    if found is None:
        return None
    unit = found.unit
    if unit is not None and unit.valid_until is not None and unit.valid_until < clock.today():
        return None
    if found.last_used_at is None or now - found.last_used_at >= keys.TOUCH:
        await ApiToken.filter(id=found.id).update(last_used_at=now)
        log.info("token %s (…%s) used from %s", found.id, found.hint, address)
    return Actor(
        name=found.name,
        token_id=found.id,
        unit_id=unit.id if unit else None,
        unit_name=unit.name if unit else "",
        scopes=frozenset(map(Scope, found.scopes)),
    )


async def session_csrf(actor: Actor) -> str:
    """The secret that every form of this sign-in carries. Raises NotFound."""
    session = await LoginSession.get_or_none(id=actor.session_id)
    if session is None:
        raise NotFound
    return session.csrf_token


async def my_sessions(actor: Actor) -> list[LoginSession]:
    """Where the person is signed in, the latest first."""
    check_person(actor)
    mine = live_sessions().filter(account__person_id=actor.person_id)
    return await mine.order_by("-created_at")


async def my_account(actor: Actor) -> Account:
    """The account the person signs in with. Raises NotFound."""
    check_person(actor)
    account = await Account.get_or_none(person_id=actor.person_id).select_related("person")
    if account is None:
        raise NotFound
    return account


async def must_change_password(actor: Actor) -> bool:
    """Whether the person signed in with a one-time password and may do nothing else yet."""
    return await Account.exists(person_id=actor.person_id, must_change_password=True)


def accounts(actor: Actor) -> QuerySet[Account]:
    """All accounts, for those who administer them."""
    rules.check_administers(actor)
    return Account.all().select_related("person").order_by("login")


def tokens(actor: Actor) -> QuerySet[ApiToken]:
    """All tokens, for those who administer them, the latest first."""
    rules.check_administers(actor)
    return ApiToken.all().select_related("unit", "created_by").order_by("-created_at", "-id")


async def lock_account(account: Q) -> Account | None:
    """The account, held until the transaction ends."""
    held = Account.filter(account).select_for_update(of=("account",), no_key=True)
    return await held.select_related("person").first()


async def lock_login(login: str) -> None:
    """One at a time per login, whether or not anybody has it."""
    await connections.get("default").execute_query(
        "select pg_advisory_xact_lock(hashtextextended($1, 0))", [login]
    )


async def failures_of_nobody(login: str) -> tuple[int, datetime | None]:
    """Refused sign-ins under a login nobody has, from the trail: how many, and the last."""
    rows = await connections.get("default").execute_query_dict(
        "select count(*) as total, max(at) as last from audit_event"
        " where thing = 'login' and thing_id = $1",
        [sha256(login)],
    )
    return rows[0]["total"], rows[0]["last"]
