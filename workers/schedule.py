"""Writing down what the calendar asks for: a row for each kind and period, whoever notices first.

Not "the tick happened", but "the row is missing": whatever was missed is caught up on (I6, I7).
"""

from domain.circulars import queries as circulars
from domain.kit import clock, jobs, timetable, workdays
from domain.kit.clock import Month
from domain.kit.models import Job
from domain.kit.timetable import Due, Kind


async def note_due() -> int:
    """Write down all scheduled work that is due by now. Returns how much was new."""
    since = await circulars.first_month()
    if since is None:
        return 0
    month = Month.of(clock.today())
    days = await workdays.between(month.first, month.last)
    missing = await _missing(timetable.due(since, clock.now(), days))
    noted = [await jobs.schedule(due.kind, due.period, due.at) for due in missing]
    return sum(noted)


async def _missing(due: list[Due]) -> list[Due]:
    kinds = list(Kind)
    noted = set(
        await Job.filter(kind__in=kinds, period__not_isnull=True).values_list("kind", "period")
    )
    return [each for each in due if (each.kind.value, each.period) not in noted]
