"""Steps of signing in. They write, so only `actions` calls them, inside its unit of work."""

import secrets

from tortoise.expressions import Q

from domain.kit import audit, clock
from domain.kit.actor import Actor
from domain.kit.errors import DomainError
from domain.people import keys, passwords, queries
from domain.people.models import Account, LoginSession

STRANGER = Actor(name="")
"""Whoever tries a login before being known."""


async def set_password(account: Account, password_hash: str, *, must_change: bool) -> None:
    account.password_hash, account.must_change_password = password_hash, must_change
    account.password_changed_at = clock.now()
    account.failures, account.locked_until = 0, None
    await account.save()


async def end_sessions(which: Q) -> int:
    """How many sign-ins this ended."""
    running = LoginSession.filter(which, ended_at=None).values_list("id", flat=True)
    ids = await running
    return await LoginSession.filter(id__in=ids, ended_at=None).update(ended_at=clock.now())


async def judge(account: Account, password: str, wrong: DomainError) -> DomainError | None:
    """Compare and count, with the account held: five at once are counted as five."""
    now = clock.now()
    is_right = await passwords.fits(password, account.password_hash)
    if account.locked_until is not None and account.locked_until > now:
        return keys.AccountLocked(account.locked_until)
    if is_right and keys.can_sign_in(account):
        await Account.filter(id=account.id).update(failures=0, locked_until=None)
        return None
    failures, until = keys.after_failure(account.failures, now)
    await Account.filter(id=account.id).update(failures=failures, locked_until=until)
    audit.record(STRANGER, "refuse", "account", account.id, locked_until=until)
    return keys.AccountLocked(until) if until else wrong


async def judge_nobody(login: str, password: str) -> DomainError:
    """The same work and the same answers for a login that nobody has; counted in the trail."""
    now = clock.now()
    await passwords.fits(password, None)
    count, last = await queries.failures_of_nobody(login)
    failures, locked_until = keys.state_after(count, last)
    if locked_until is not None and locked_until > now:
        return keys.AccountLocked(locked_until)
    _, until = keys.after_failure(failures, now)
    audit.record(STRANGER, "refuse", "login", queries.sha256(login), locked_until=until)
    return keys.AccountLocked(until) if until else keys.SignInRefused()


async def begin_session(
    account: Account, user_agent: str, address: str
) -> tuple[str, LoginSession]:
    token, now = secrets.token_urlsafe(32), clock.now()
    session = await LoginSession.create(
        account=account,
        token_sha256=queries.sha256(token),
        csrf_token=secrets.token_urlsafe(32),
        user_agent=user_agent[:200],
        address=address[:60],
        created_at=now,
        last_seen_at=now,
        ends_at=now + keys.SESSION,
    )
    actor = Actor(name=account.person.name, person_id=account.person.id)
    audit.record(actor, "sign-in", "account", account.id, address=address[:60])
    return token, session
