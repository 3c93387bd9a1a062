"""Dates as the county counts them: Asia/Shanghai, whatever the machine's own zone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

COUNTY = ZoneInfo("Asia/Shanghai")
_YEAR = "(?:19|2[0-9])[0-9]{2}"
"""No county reports in other centuries; a calendar's first and last year have no neighbours."""
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


def now() -> datetime:
    return datetime.now(COUNTY)


def today() -> date:
    return now().date()


def local_date(moment: datetime) -> date:
    """The county's calendar day of a moment."""
    return moment.astimezone(COUNTY).date()


def is_usual(day: date) -> bool:
    """Whether a day is one that a county can mean, with neighbours to reckon with: 1900 to 2999."""
    return EARLIEST <= day <= LATEST


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """A wall-clock time of the county."""
    return datetime.combine(day, time(hour, minute), COUNTY)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, the period of a monthly circular. Written 2018-04."""

    first: date

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.replace(day=1))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError unless the text is YYYY-MM."""
        if not re.fullmatch(_YEAR + r"-\d{2}", text):
            raise ValueError(text)
        return cls(date.fromisoformat(text + "-01"))

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Month":
        return Month.of(self.first + timedelta(days=31))

    @property
    def previous(self) -> "Month":
        return Month.of(self.first - timedelta(days=1))

    @property
    def months(self) -> tuple["Month", ...]:
        return (self,)

    def __str__(self) -> str:
        return self.first.strftime("%Y-%m")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months, the period of a quarterly circular (R31). Written 2018-Q2."""

    first: date

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1))

    @property
    def months(self) -> tuple[Month, ...]:
        start = Month(self.first)
        return (start, start.next, start.next.next)

    @property
    def last(self) -> date:
        return self.months[-1].last

    @property
    def next(self) -> "Quarter":
        return Quarter.of(self.last + timedelta(days=1))

    @property
    def previous(self) -> "Quarter":
        return Quarter.of(self.first - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.first.year}-Q{(self.first.month + 2) // 3}"


@dataclass(frozen=True, slots=True, order=True)
class Year:
    """A calendar year, the period of the annual assessment (R32). Written 2018."""

    first: date

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.replace(month=1, day=1))

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(Month(self.first.replace(month=number)) for number in range(1, 13))

    @property
    def last(self) -> date:
        return self.first.replace(month=12, day=31)

    @property
    def next(self) -> "Year":
        return Year(self.first.replace(year=self.first.year + 1))

    @property
    def previous(self) -> "Year":
        return Year(self.first.replace(year=self.first.year - 1))

    def __str__(self) -> str:
        return f"{self.first.year}"


Period = Month | Quarter | Year


def parse_period(text: str) -> Period:
    """2018-04, 2018-Q2 or 2018. Raises ValueError otherwise."""
    if match := re.fullmatch(f"({_YEAR})-Q([1-4])", text):
        return Quarter(date(int(match[1]), int(match[2]) * 3 - 2, 1))
    if re.fullmatch(_YEAR, text):
        return Year(date(int(text), 1, 1))
    return Month.parse(text)


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Every month from first to last, both included."""
    while first <= last:
        yield first
        first = first.next
