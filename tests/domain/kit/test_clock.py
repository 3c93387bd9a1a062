from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.clock import (
    Month,
    Quarter,
    Year,
    at,
    local_date,
    months_between,
    parse_period,
    today,
)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2018, 3, 31, 15, 59, 59, tzinfo=UTC), date(2018, 3, 31)),
        (datetime(2018, 3, 31, 16, 0, tzinfo=UTC), date(2018, 4, 1)),
        (datetime(2020, 2, 28, 16, 0, tzinfo=UTC), date(2020, 2, 29)),
        (datetime(2018, 12, 31, 16, 0, tzinfo=UTC), date(2019, 1, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_shanghai(moment, day):
    assert local_date(moment) == day
    with time_machine.travel(moment, tick=False):
        assert today() == day


def test_a_wall_clock_time_has_the_countys_offset():
    assert at(date(2018, 4, 1), 6).isoformat() == "2018-04-01T06:00:00+08:00"


@pytest.mark.parametrize(
    ("text", "first", "last", "months"),
    [
        ("2018-04", date(2018, 4, 1), date(2018, 4, 30), 1),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), 1),
        ("2018-Q4", date(2018, 10, 1), date(2018, 12, 31), 3),
        ("2018", date(2018, 1, 1), date(2018, 12, 31), 12),
    ],
)
def test_a_period_is_written_and_read_the_same_way(text, first, last, months):
    period = parse_period(text)
    assert (period.first, period.last, len(period.months), str(period)) == (
        first,
        last,
        months,
        text,
    )


@pytest.mark.parametrize(
    "text", ["", "2018-4", "2018-13", "2018-Q5", "18", "2018-04-01", "二〇一八"]
)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError):
        parse_period(text)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 1)), st.sampled_from([Month, Quarter, Year]))
def test_next_and_previous_undo_each_other(day, kind):
    period = kind.of(day)
    assert period.first <= day <= period.last
    assert period.next.previous == period == period.previous.next


def test_months_between_counts_both_ends():
    found = [str(m) for m in months_between(Month.parse("2018-11"), Month.parse("2019-02"))]
    assert found == ["2018-11", "2018-12", "2019-01", "2019-02"]
