"""What is due by the calendar, and when. Pure; every time is the county's (Asia/Shanghai)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.kit import clock
from domain.kit.clock import Month, Period, Quarter, Year
from domain.kit.workdays import WorkDays

REMINDER_DAYS = 3
"""Working days before the month's end on which units are told what they still owe. (F3)"""


class Kind(StrEnum):
    """The kinds of work that the clock asks for; names in words.toml, [jobs]."""

    MONTHLY_CIRCULAR = "monthly-circular"
    QUARTERLY_CIRCULAR = "quarterly-circular"
    ANNUAL_CIRCULAR = "annual-circular"
    QUOTA_REMINDERS = "quota-reminders"
    NIGHTLY_CHECK = "nightly-check"


@dataclass(frozen=True, slots=True)
class Due:
    """One piece of scheduled work: `unique(kind, period)`, whoever notices it first."""

    kind: Kind
    period: str
    at: datetime


_CIRCULARS: tuple[tuple[Kind, Callable[[date], Period], int], ...] = (
    (Kind.MONTHLY_CIRCULAR, Month.of, 0),
    (Kind.QUARTERLY_CIRCULAR, Quarter.of, 10),
    (Kind.ANNUAL_CIRCULAR, Year.of, 20),
)


def circular_due(kind: Kind, period: Period, minute: int) -> Due:
    """On the day after the period's last, at six; quarter and year some minutes later. (R30)"""
    return Due(kind, str(period), clock.at(period.next.first, 6, minute))


def circulars_due(since: Month, now: datetime) -> Iterator[Due]:
    """Every circular that should have been drafted since a month, however long ago. (I7)"""
    for kind, period_of, minute in _CIRCULARS:
        period = period_of(since.first)
        while (due := circular_due(kind, period, minute)).at <= now:
            yield due
            period = period.next


def reminder_due(month: Month, days: WorkDays) -> Due:
    """At eight, when three working days remain. (F3)"""
    day = days.before_end(month, REMINDER_DAYS)
    return Due(Kind.QUOTA_REMINDERS, str(month), clock.at(day, 8))


def check_due(day: date) -> Due:
    return Due(Kind.NIGHTLY_CHECK, day.isoformat(), clock.at(day, 2, 30))


def due(since: Month, now: datetime, days: WorkDays) -> list[Due]:
    """All work that is due by now. What only makes sense in time is not caught up on later."""
    today = clock.local_date(now)
    timely = [reminder_due(Month.of(today), days), check_due(today)]
    return [*circulars_due(since, now), *(each for each in timely if each.at <= now)]


def next_due(now: datetime, days: WorkDays) -> dict[Kind, datetime]:
    """When each kind of work is next due after now."""
    today = clock.local_date(now)
    coming = {
        kind: circular_due(kind, period_of(today), minute).at
        for kind, period_of, minute in _CIRCULARS
    }
    coming |= {
        kind: circular_due(kind, period_of(today).previous, minute).at
        for kind, period_of, minute in _CIRCULARS
        if circular_due(kind, period_of(today).previous, minute).at > now
    }
    month = Month.of(today)
    reminders = (reminder_due(month, days), reminder_due(month.next, days))
    checks = (check_due(today), check_due(today + timedelta(days=1)))
    for pair in (reminders, checks):
        first = next(each for each in pair if each.at > now)
        coming[first.kind] = first.at
    return coming
