import pytest

from domain.kit.clock import Month
from domain.quotas import rules
from domain.quotas.rules import QuotaOf


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_one_to_five_a_month_need_no_reason(count):
    rules.check_count(count, exempt=False, reason="")


@pytest.mark.parametrize("count", [0, 6, 99])
def test_other_numbers_need_a_reason(count):
    with pytest.raises(rules.QuotaNeedsReason):
        rules.check_count(count, exempt=False, reason="")
    rules.check_count(count, exempt=False, reason="窗口单位")
    rules.check_count(count, exempt=True, reason="")


@pytest.mark.parametrize("count", [-1, 100])
def test_some_numbers_are_no_quota(count):
    with pytest.raises(rules.QuotaImpossible):
        rules.check_count(count, exempt=True, reason="示例")


@pytest.mark.parametrize(
    ("month", "first_open", "open_"),
    [
        ("2018-04", None, True),
        ("2018-04", "2018-04", True),
        ("2018-05", "2018-04", True),
        ("2018-03", "2018-04", False),
        ("2017-12", "2018-01", False),
    ],
)
def test_quotas_change_from_the_first_open_month_on(month, first_open, open_):
    first = Month.parse(first_open) if first_open else None
    if open_:
        rules.check_not_closed(Month.parse(month), first)
        return
    with pytest.raises(rules.MonthClosed):
        rules.check_not_closed(Month.parse(month), first)


@pytest.mark.parametrize(
    ("quota", "owed"), [(QuotaOf(3), 3), (QuotaOf(3, exempt=True), 0), (rules.NONE_SET, 0)]
)
def test_an_exempt_unit_owes_nothing(quota, owed):
    assert quota.owed == owed
