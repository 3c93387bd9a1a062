"""Logins, sign-ins and tokens: what they must be, and when they end."""

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from domain.kit.actor import Scope
from domain.kit.errors import Conflict, Invalid
from domain.people.models import Account

LOCK_AFTER = 5
LOCK_FOR = timedelta(minutes=15)
IDLE = timedelta(minutes=30)
SESSION = timedelta(hours=12)
TOUCH = timedelta(minutes=1)
TOKEN_DAYS = 366
LOGIN_LIMIT = 40


class LoginNotUsable(Invalid):
    """A login is 2 to 40 letters, digits, dots, dashes or underscores."""

    code = "login-not-usable"
    field = "login"

    def __init__(self, login: str) -> None:
        super().__init__(login)
        self.login = login


class LoginTaken(Invalid):
    """Somebody signs in with that login already."""

    code = "login-taken"
    field = "login"

    def __init__(self, login: str) -> None:
        super().__init__(login)
        self.login = login


class AccountExists(Conflict):
    """The person has an account."""

    code = "account-exists"

    def __init__(self, name: str, login: str) -> None:
        super().__init__(name, login)
        self.name, self.login = name, login


class SignInRefused(Invalid):
    """Login or password is wrong; which of them is not told."""

    code = "sign-in-refused"
    field = "password"


class AccountLocked(Invalid):
    """Too many wrong passwords; said of logins that nobody has, too."""

    code = "account-locked"
    field = "password"

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until, self.failures = until, LOCK_AFTER


class WrongPassword(Invalid):
    """The present password, asked for before a change, is not that one."""

    code = "wrong-password"
    field = "old"


class ScopesMissing(Invalid):
    """A token is made for something."""

    code = "scopes-missing"
    field = "scopes"


class TokenUnitWrong(Invalid):
    """Submitting is one unit's own; administering is the county's."""

    code = "token-unit-wrong"
    field = "unit_id"

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self.scope = scope


class TokenDaysWrong(Invalid):
    """A token lives from one day to a year."""

    code = "token-days-wrong"
    field = "days"

    def __init__(self, days: int) -> None:
        super().__init__(days)
        self.days, self.limit = days, TOKEN_DAYS


def spelled(login: str) -> str:
    """One spelling of a login, however it was typed; always one that PostgreSQL can compare."""
    sayable = login[:200].encode("utf-8", "replace").decode().replace("\x00", "?")
    spelled_out = unicodedata.normalize("NFKC", sayable).strip().casefold()
    return spelled_out if len(spelled_out) <= LOGIN_LIMIT else f"{spelled_out[:39]}…"


def usual_login(login: str) -> str:
    """A login as it is kept. Raises LoginNotUsable."""
    usual = spelled(login)
    if not re.fullmatch(r"[\w.-]{2,40}", usual):
        raise LoginNotUsable(login[:40])
    return usual


def after_failure(failures: int, now: datetime) -> tuple[int, datetime | None]:
    """The count after one more wrong password, and until when that locks the account."""
    if failures + 1 < LOCK_AFTER:
        return failures + 1, None
    return 0, now + LOCK_FOR


def state_after(total: int, last: datetime | None) -> tuple[int, datetime | None]:
    """What an account would hold after so many failures in all, the last at that moment."""
    failures = total % LOCK_AFTER
    locks = last is not None and total > 0 and failures == 0
    return failures, last + LOCK_FOR if last is not None and locks else None


def can_sign_in(account: Account) -> bool:
    return account.active and account.person.active


def check_token(scopes: Collection[Scope], unit_id: UUID | None, days: int) -> None:
    """Scoped, expiring, and never wider than its use."""
    if not scopes:
        raise ScopesMissing
    if Scope.SUBMIT in scopes and unit_id is None:
        raise TokenUnitWrong(Scope.SUBMIT)
    if Scope.ADMINISTER in scopes and unit_id is not None:
        raise TokenUnitWrong(Scope.ADMINISTER)
    if not 1 <= days <= TOKEN_DAYS:
        raise TokenDaysWrong(days)
