"""Working days of the state calendar, with the county's own entries first.

The State Council publishes each year's days late in the year before. For years that are not yet
known, Monday to Friday are taken, and `unknown_years` says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar

from domain.kit.clock import Month
from domain.kit.models import WorkDay


@dataclass(frozen=True, slots=True)
class WorkDays:
    """`entered`: days that the county's own calendar names."""

    entered: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        if day in self.entered:
            return self.entered[day]
        known = _published(day)
        return day.weekday() < 5 if known is None else known

    def of(self, month: Month) -> list[date]:
        """The month's working days, in order."""
        length = (month.last - month.first).days + 1
        days = (month.first + timedelta(days=number) for number in range(length))
        return [day for day in days if self.is_workday(day)]

    def before_end(self, month: Month, number: int) -> date:
        """The day from which on `number` working days remain, that day included."""
        days = self.of(month)
        return days[-number] if len(days) >= number else month.first

    def unknown_years(self, first: date, last: date) -> list[int]:
        """Years between two days for which only weekends are known."""
        years = range(first.year, last.year + 1)
        named = {day.year for day in self.entered}
        return [y for y in years if y not in named and _published(date(y, 1, 1)) is None]


def _published(day: date) -> bool | None:
    """Whether the State Council made it a working day; None for years that are not known."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


async def between(first: date, last: date) -> WorkDays:
    """The calendar of these days."""
    rows = await WorkDay.filter(day__gte=first, day__lte=last)
    return WorkDays({row.day: row.is_workday for row in rows})
