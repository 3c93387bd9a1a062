"""Which coroutine does which kind of work. Each takes primitives and is safe to run twice."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.circulars import actions as circulars
from domain.circulars import queries as issued
from domain.kit import audit
from domain.kit.actor import SYSTEM
from domain.kit.clock import Month, parse_period
from domain.kit.models import Job
from domain.kit.timetable import Kind
from domain.points import queries as points
from domain.points import reminders

Run = Callable[[Job], Awaitable[None]]


class LedgerDamaged(Exception):
    """The monthly rollup is not the sum of the ledger."""


class TrailDamaged(Exception):
    """Rows of the audit trail were changed, removed or put in."""


class CircularDamaged(Exception):
    """What was issued was changed since."""


@dataclass(frozen=True, slots=True)
class KindOfWork:
    run: Run
    timeout: float = 120
    """Seconds for one try."""


def period_of(job: Job) -> str:
    """Scheduled work has a period of its own; work that was asked for has it among its facts."""
    return job.period or str(job.facts["period"])


async def draft_circular(job: Job) -> None:
    await circulars.draft(SYSTEM, parse_period(period_of(job)))


async def remind(job: Job) -> None:
    await reminders.remind(Month.parse(period_of(job)))


async def check(_job: Job) -> None:
    """Whether ledger, circulars and trail are whole; what is found stays on the page of jobs."""
    if differences := await points.rollup_differences():
        raise LedgerDamaged(differences[:5])
    if damaged := await issued.damaged():
        raise CircularDamaged(damaged[:5])
    if broken := [seq async for seq in audit.broken_links()]:
        raise TrailDamaged(broken[:5])


KINDS: dict[str, KindOfWork] = {
    Kind.MONTHLY_CIRCULAR: KindOfWork(draft_circular),
    Kind.QUARTERLY_CIRCULAR: KindOfWork(draft_circular),
    Kind.ANNUAL_CIRCULAR: KindOfWork(draft_circular),
    Kind.QUOTA_REMINDERS: KindOfWork(remind),
    Kind.NIGHTLY_CHECK: KindOfWork(check, timeout=1_800),
}
