from datetime import UTC, datetime, timedelta

import pytest

from domain.kit.actor import Scope
from domain.kit.ids import new_id
from domain.people import keys

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
UNIT = new_id()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("WangFang", "wangfang"),
        (" wang.fang-2 ", "wang.fang-2"),
        ("ｗａｎｇ", "wang"),
        ("王芳", "王芳"),
    ],
)
def test_logins_are_kept_in_one_spelling(given, kept):
    assert keys.usual_login(given) == kept


@pytest.mark.parametrize("given", ["", "a", "a b", "a@b", "x" * 41, "a\nb", "<b>", "a/b"])
def test_other_logins_are_refused(given):
    with pytest.raises(keys.LoginNotUsable):
        keys.usual_login(given)


def test_the_fifth_failure_locks_for_fifteen_minutes():
    failures, until = 0, None
    seen = []
    for _ in range(6):
        failures, until = keys.after_failure(failures, NOW)
        seen.append((failures, until))
    locked = NOW + timedelta(minutes=15)
    assert seen == [(1, None), (2, None), (3, None), (4, None), (0, locked), (1, None)]


@pytest.mark.parametrize("total", range(12))
def test_a_login_nobody_has_counts_like_an_account(total):
    failures, until = 0, None
    for _ in range(total):
        failures, until = keys.after_failure(failures, NOW)
    assert keys.state_after(total, NOW if total else None) == (failures, until)


@pytest.mark.parametrize(
    ("scopes", "unit_id", "days", "refused"),
    [
        ({Scope.READ}, None, 1, None),
        ({Scope.READ, Scope.SUBMIT}, UNIT, 366, None),
        ({Scope.ADMINISTER}, None, 30, None),
        (set(), None, 30, keys.ScopesMissing),
        ({Scope.SUBMIT}, None, 30, keys.TokenUnitWrong),
        ({Scope.ADMINISTER}, UNIT, 30, keys.TokenUnitWrong),
        ({Scope.READ}, None, 0, keys.TokenDaysWrong),
        ({Scope.READ}, None, 367, keys.TokenDaysWrong),
    ],
)
def test_a_token_is_never_wider_or_longer_than_its_use(scopes, unit_id, days, refused):
    if refused is None:
        keys.check_token(scopes, unit_id, days)
    else:
        with pytest.raises(refused):
            keys.check_token(scopes, unit_id, days)
