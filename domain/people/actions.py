"""What is done to people, their duties, and the keys they sign in with."""

import secrets
from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from domain.kit import audit, clock
from domain.kit.actor import Actor, Duty, Scope, check_person
from domain.kit.db import work
from domain.kit.errors import DomainError, NotFound, check_version
from domain.kit.inputs import one_line
from domain.notices import actions as notices
from domain.people import keys, passwords, queries, rules, sign_ins
from domain.people.models import (
    Account,
    ApiToken,
    Appointment,
    DeputyGrant,
    LoginSession,
    Person,
)
from domain.units import queries as units
from domain.units.rules import check_not_over


async def create_person(
    actor: Actor, *, name: str, mobile: str = "", office_phone: str = ""
) -> Person:
    """Enter somebody; without a duty or an account yet."""
    rules.check_administers(actor, Duty.PUBLICITY_DEPARTMENT)
    person = Person(
        name=one_line(name, field="person_name", limit=40),
        mobile=_phone(mobile, "mobile"),
        office_phone=_phone(office_phone, "office_phone"),
    )
    async with work():
        await person.save(force_create=True)
        audit.record(actor, "create", "person", person.id, name=person.name)
    return person


async def change_person(
    actor: Actor,
    person_id: UUID,
    *,
    expected_version: int | None = None,
    name: str | None = None,
    mobile: str | None = None,
    office_phone: str | None = None,
) -> Person:
    """Put a person's entry right; what is None stays. Records already made keep the old name."""
    rules.check_administers(actor, Duty.PUBLICITY_DEPARTMENT)
    async with work():
        person = await queries.lock(actor, person_id)
        check_version(expected_version, person.version)
        if name is not None:
            person.name = one_line(name, field="person_name", limit=40)
        if mobile is not None:
            person.mobile = _phone(mobile, "mobile")
        if office_phone is not None:
            person.office_phone = _phone(office_phone, "office_phone")
        person.version += 1
        await person.save()
        audit.record(actor, "change", "person", person.id, name=person.name)
    return person


async def deactivate_person(
    actor: Actor, person_id: UUID, *, expected_version: int | None = None
) -> Person:
    """Somebody has left: all rights and sign-ins end at once, the name stays (P4)."""
    rules.check_administers(actor)
    rules.check_not_oneself(actor, person_id)
    async with work():
        person = await queries.lock(actor, person_id)
        check_version(expected_version, person.version)
        person.active, person.version = False, person.version + 1
        await person.save(update_fields=["active", "version"])
        await sign_ins.end_sessions(Q(account__person_id=person.id))
        audit.record(actor, "deactivate", "person", person.id)
    return person


async def reactivate_person(
    actor: Actor, person_id: UUID, *, expected_version: int | None = None
) -> Person:
    """Somebody is back: appointments still running are in force again."""
    rules.check_administers(actor)
    async with work():
        person = await queries.lock(actor, person_id)
        check_version(expected_version, person.version)
        person.active, person.version = True, person.version + 1
        await person.save(update_fields=["active", "version"])
        audit.record(actor, "reactivate", "person", person.id)
    return person


async def appoint(
    actor: Actor,
    person_id: UUID,
    *,
    unit_id: UUID,
    duty: Duty,
    post: str,
    office_id: UUID | None = None,
    starts_on: date | None = None,
) -> Appointment:
    """Give a person a duty with its post, by default from today (R15, R60)."""
    rules.check_appoints(actor, person_id, duty)
    rules.check_office(duty, office_id)
    line = one_line(post, field="post", limit=60)
    async with work():
        person = await queries.lock(actor, person_id)
        rules.check_active(person)
        unit = await units.get(actor, unit_id)
        first_day = starts_on or clock.today()
        check_not_over(unit, first_day)
        if office_id is not None:
            await units.office(office_id)
        new = rules.Span(duty, unit.id, first_day, None)
        rules.check_not_appointed(person.name, new, await queries.own_spans_of(person.id))
        rules.check_mix(person.name, new, await queries.spans_of(person.id))
        appointment = await Appointment.create(
            person=person, unit=unit, duty=duty, post=line, office_id=office_id, starts_on=first_day
        )
        audit.record(
            actor, "appoint", "person", person.id,
            appointment=appointment.id, unit=unit.name, duty=duty, post=line, starts_on=first_day,
        )  # fmt: skip
    return appointment


async def end_appointment(actor: Actor, appointment_id: UUID, *, last_day: date) -> Appointment:
    """End a duty after its last day; rights are gone with the first request afterwards.

    A last day before the first undoes an appointment made by mistake today or for later.
    """
    rules.check_administers(actor, Duty.PUBLICITY_DEPARTMENT)
    async with work():
        appointment = await queries.appointment(actor, appointment_id)
        rules.check_ends(actor, appointment.duty)
        rules.check_not_ended(appointment, clock.today())
        appointment.ends_on = last_day
        if rules.is_undone(appointment, last_day, clock.today()):
            await DeputyGrant.filter(appointment_id=appointment.id).delete()
            await appointment.delete()
        else:
            await appointment.save(update_fields=["ends_on"])
        audit.record(
            actor, "end", "appointment", appointment.id,
            person=appointment.person.name, unit=appointment.unit.name,
            duty=appointment.duty, last_day=last_day,
        )  # fmt: skip
    return appointment


async def grant_deputy(
    actor: Actor,
    appointment_id: UUID,
    *,
    deputy_id: UUID,
    deputy_post: str,
    starts_on: date,
    ends_on: date,
    reason: str,
) -> DeputyGrant:
    """Let X sign for Y from a day to a day (B5); the unit is told."""
    async with work():
        appointment = await queries.appointment(actor, appointment_id)
        rules.check_grants(actor, appointment)
        rules.check_not_ended(appointment, clock.today())
        earliest = starts_on if actor.is_system else clock.today()
        rules.check_grant_days(starts_on, ends_on, earliest)
        deputy = await queries.lock(actor, deputy_id)
        held = await queries.current_appointments().filter(person_id=deputy.id)
        rules.check_deputy(appointment, deputy, {each.unit_id for each in held})
        new = rules.Span(appointment.duty, appointment.unit_id, starts_on, ends_on)
        rules.check_mix(deputy.name, new, await queries.spans_of(deputy.id))
        grant = await DeputyGrant.create(
            appointment=appointment,
            deputy=deputy,
            deputy_post=one_line(deputy_post, field="deputy_post", limit=60),
            starts_on=starts_on,
            ends_on=ends_on,
            reason=one_line(reason, field="reason", limit=200),
        )
        await _tell_of_deputy(actor, grant, "deputy-granted")
        audit.record(actor, "grant", "deputy", grant.id, **_grant_facts(grant))
    return grant


async def revoke_deputy(actor: Actor, grant_id: UUID) -> DeputyGrant:
    """Take a grant back at once; revoking twice changes nothing. The unit is told."""
    async with work():
        grant = await queries.grant(actor, grant_id)
        rules.check_revokes(actor, grant.appointment)
        if grant.revoked_at is None:
            grant.revoked_at = clock.now()
            await grant.save(update_fields=["revoked_at"])
            await _tell_of_deputy(actor, grant, "deputy-revoked")
            audit.record(actor, "revoke", "deputy", grant.id, **_grant_facts(grant))
    return grant


async def open_account(actor: Actor, person_id: UUID, *, login: str) -> str:
    """Let a person sign in. Returns a one-time password, shown once, to be changed first."""
    rules.check_administers(actor)
    usual = keys.usual_login(login)
    async with passwords.turn():
        password = passwords.one_time()
        password_hash = await passwords.hashed(password)
    async with work():
        person = await queries.lock(actor, person_id)
        rules.check_active(person)
        if existing := await Account.get_or_none(person_id=person.id):
            raise keys.AccountExists(person.name, existing.login)
        try:
            account = await Account.create(
                person=person,
                login=usual,
                password_hash=password_hash,
                password_changed_at=clock.now(),
                must_change_password=True,
            )
        except IntegrityError:
            raise keys.LoginTaken(usual) from None
        audit.record(actor, "open", "account", account.id, login=usual, person=person.name)
    return password


async def reset_password(actor: Actor, account_id: UUID) -> str:
    """Shut out whoever knows the old password. Returns a one-time one; unlocks the account."""
    rules.check_administers(actor)
    async with passwords.turn():
        password = passwords.one_time()
        password_hash = await passwords.hashed(password)
    async with work():
        account = await queries.lock_account(Q(id=account_id))
        if account is None:
            raise NotFound
        await sign_ins.set_password(account, password_hash, must_change=True)
        await sign_ins.end_sessions(Q(account_id=account.id))
        audit.record(actor, "reset-password", "account", account.id, login=account.login)
    return password


async def change_password(actor: Actor, *, old: str, new: str) -> None:
    """Replace one's own password. All other sign-ins of the account end."""
    check_person(actor)
    async with passwords.turn(), work():
        account = await queries.lock_account(Q(person_id=actor.person_id))
        if account is None:
            raise NotFound
        refused = await sign_ins.judge(account, old, keys.WrongPassword())
        if refused is None:
            await _change_password(actor, account, old, new)
    if refused is not None:
        raise refused


async def _change_password(actor: Actor, account: Account, old: str, new: str) -> None:
    held = await queries.appointments_of(account.person.id)
    names = [account.login, account.person.name, *(each.unit.name for each in held)]
    passwords.check(new, context=names)
    passwords.check_differs(old, new)
    await sign_ins.set_password(account, await passwords.hashed(new), must_change=False)
    await sign_ins.end_sessions(Q(account_id=account.id) & ~Q(id=actor.session_id))
    audit.record(actor, "change-password", "account", account.id)


async def sign_in(
    login: str, password: str, *, user_agent: str = "", address: str = ""
) -> tuple[str, LoginSession]:
    """Begin a session. Returns its token, which nobody can read again.

    Raises SignInRefused for a wrong login, a wrong password and a shut account alike, after the
    same work; AccountLocked after the fifth time in a row, whether or not the login exists.
    """
    name = keys.spelled(login)
    async with passwords.turn(), work():
        await queries.lock_login(name)
        account = await queries.lock_account(Q(login=name))
        if account is None:
            refused: DomainError | None = await sign_ins.judge_nobody(name, password)
        else:
            refused = await sign_ins.judge(account, password, keys.SignInRefused())
        if account is not None and refused is None:
            return await sign_ins.begin_session(account, user_agent, address)
    raise refused or keys.SignInRefused


async def sign_out(actor: Actor) -> None:
    """End the session this is done from; doing it twice changes nothing."""
    check_person(actor)
    async with work():
        if await sign_ins.end_sessions(Q(id=actor.session_id)):
            audit.record(actor, "sign-out", "session", str(actor.session_id))


async def end_session(actor: Actor, session_id: UUID) -> None:
    """End one of one's own sign-ins on another device; the administrator, anybody's."""
    check_person(actor)
    whose = Q(id=session_id)
    if not actor.has(Duty.ADMINISTRATOR):
        whose &= Q(account__person_id=actor.person_id)
    async with work():
        if not await sign_ins.end_sessions(whose):
            raise NotFound
        audit.record(actor, "end", "session", session_id)


async def new_token(
    actor: Actor, *, name: str, scopes: Collection[Scope], unit_id: UUID | None, days: int
) -> tuple[str, ApiToken]:
    """Make a key for another system. Returns it once; only its SHA-256 is kept."""
    rules.check_administers(actor)
    keys.check_token(scopes, unit_id, days)
    secret = f"xinbao_{secrets.token_urlsafe(32)}"
    now = clock.now()
    async with work():
        if unit_id is not None:
            check_not_over(await units.get(actor, unit_id), clock.today())
        token = await ApiToken.create(
            name=one_line(name, field="name", limit=80),
            sha256=queries.sha256(secret),
            hint=secret[-6:],
            scopes=sorted(scopes),
            unit_id=unit_id,
            created_by_id=actor.person_id,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        facts = {"name": token.name, "scopes": token.scopes, "unit": unit_id, "days": days}
        audit.record(actor, "create", "token", token.id, **facts)
    return secret, token


async def revoke_token(actor: Actor, token_id: UUID) -> ApiToken:
    """Shut a key out at once; revoking twice changes nothing."""
    rules.check_administers(actor)
    async with work():
        token = await ApiToken.select_for_update().get_or_none(id=token_id)
        if token is None:
            raise NotFound
        if token.revoked_at is None:
            token.revoked_at = clock.now()
            await token.save(update_fields=["revoked_at"])
            audit.record(actor, "revoke", "token", token.id, name=token.name)
    return token


def _phone(number: str, field: str) -> str:
    return one_line(number, field=field, limit=30, required=False)


def _grant_facts(grant: DeputyGrant) -> dict[str, object]:
    return {
        "deputy": grant.deputy.name,
        "absent": grant.appointment.person.name,
        "duty": grant.appointment.duty,
        "starts_on": grant.starts_on,
        "ends_on": grant.ends_on,
    }


async def _tell_of_deputy(actor: Actor, grant: DeputyGrant, code: str) -> None:
    """Nobody delegates silently: the unit sees who signs for whom, and who decided it."""
    leader = grant.appointment
    await notices.tell(
        leader.unit.id,
        code,
        key=f"{code}:{grant.id}",
        deputy=grant.deputy.name,
        absent=leader.person.name,
        starts_on=grant.starts_on,
        ends_on=grant.ends_on,
        by=actor.name,
    )
