from datetime import date, datetime

import pytest

from domain.kit import timetable
from domain.kit.clock import COUNTY, Month
from domain.kit.timetable import Kind
from domain.kit.workdays import WorkDays

DAYS = WorkDays()


def at(*moment):
    return datetime(*moment, tzinfo=COUNTY)


def circulars(since, now):
    return [
        (due.kind.value.split("-")[0], due.period)
        for due in timetable.circulars_due(Month.parse(since), now)
    ]


def test_a_month_is_due_on_the_first_of_the_next_at_six():
    assert circulars("2018-04", at(2018, 5, 1, 5, 59, 59)) == []
    assert circulars("2018-04", at(2018, 5, 1, 6, 0, 0)) == [("monthly", "2018-04")]


def test_the_year_end_brings_month_quarter_and_year():
    before, after = at(2018, 12, 31, 23, 59), at(2019, 1, 1, 6, 20)
    new = set(circulars("2018-01", after)) - set(circulars("2018-01", before))
    assert new == {("monthly", "2018-12"), ("quarterly", "2018-Q4"), ("annual", "2018")}


def test_a_leap_day_belongs_to_february():
    assert circulars("2020-02", at(2020, 2, 29, 6)) == []
    assert circulars("2020-02", at(2020, 3, 1, 6)) == [("monthly", "2020-02")]


@pytest.mark.parametrize("minutes", [-10, 0, 10])
def test_a_clock_that_is_minutes_wrong_never_takes_the_wrong_month(minutes):
    for number in range(36):
        first = Month(date(2018 + (number // 12), number % 12 + 1, 1))
        now = timetable.circular_due(Kind.MONTHLY_CIRCULAR, first, 0).at
        shifted = datetime.fromtimestamp(now.timestamp() + minutes * 60, COUNTY)
        due = [period for kind, period in circulars(str(first), shifted) if kind == "monthly"]
        assert due == ([] if minutes < 0 else [str(first)])


def test_everything_missed_since_the_first_month_is_still_due():
    due = circulars("2018-01", at(2021, 1, 2, 9))
    assert [kind for kind, _ in due].count("monthly") == 36
    assert [kind for kind, _ in due].count("quarterly") == 12
    assert [kind for kind, _ in due].count("annual") == 3
    assert len(set(due)) == 51


def test_units_are_reminded_when_three_working_days_remain():
    def day(month, days=DAYS):
        return timetable.reminder_due(Month.parse(month), days).at.date()

    assert day("2018-04") == date(2018, 4, 26)  # 28 April was worked, for the May holiday
    assert day("2024-02") == date(2024, 2, 27)
    assert day("2018-04", WorkDays({date(2018, 4, 28): False})) == date(2018, 4, 25)


def test_years_without_a_published_calendar_are_said_and_taken_by_weekday():
    assert DAYS.unknown_years(date(2018, 1, 1), date(2018, 12, 31)) == []
    assert DAYS.unknown_years(date(2090, 1, 1), date(2091, 2, 1)) == [2090, 2091]
    assert DAYS.is_workday(date(2090, 1, 2))
    assert not DAYS.is_workday(date(2090, 1, 1))  # a Sunday


def test_the_next_run_is_after_now():
    on_the_first = timetable.next_due(at(2018, 5, 1, 5), DAYS)
    assert on_the_first[Kind.MONTHLY_CIRCULAR] == at(2018, 5, 1, 6)
    assert on_the_first[Kind.QUARTERLY_CIRCULAR] == at(2018, 7, 1, 6, 10)
    later = timetable.next_due(at(2018, 5, 1, 7), DAYS)
    assert later[Kind.MONTHLY_CIRCULAR] == at(2018, 6, 1, 6)
    assert later[Kind.NIGHTLY_CHECK] == at(2018, 5, 2, 2, 30)
    assert later[Kind.ANNUAL_CIRCULAR] == at(2019, 1, 1, 6, 20)
