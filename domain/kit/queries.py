"""The state of the county's clockwork, for its page and for `xinbao doctor`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.queryset import QuerySet

from domain.kit import clock, timetable, workdays
from domain.kit.actor import Actor, Duty, check_duty
from domain.kit.clock import Month
from domain.kit.errors import NotFound
from domain.kit.models import AuditEvent, Job

# One statement for all kinds: the last that was done, the last that failed, what waits.
STATES = """
select kind,
  max(done_at) as last_done,
  count(*) filter (where done_at is null and failed_at is null) as waiting,
  count(*) filter (where failed_at is not null and done_at is null) as given_up,
  min(due_at) filter (where done_at is null and failed_at is null) as next_waiting,
  (array_agg(last_error order by asked_at desc)
    filter (where last_error is not null and done_at is null))[1] as last_error
from job group by kind
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindState:
    """One kind of work. Its name in words: `text.say("jobs", kind, language)`."""

    kind: str
    last_done: datetime | None = None
    next_due: datetime | None = None
    waiting: int = 0
    given_up: int = 0
    last_error: str | None = None
    """Of work that is not done yet; an error that a later try overcame is history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    kinds: tuple[KindState, ...]
    unknown_years: tuple[int, ...]
    """Years whose public holidays are not known yet: only weekends are kept free."""


async def overview() -> Overview:
    """Each kind's last run, next run and last error; scheduled kinds first, in their order."""
    now = clock.now()
    month = Month.of(clock.local_date(now))
    days = await workdays.between(month.first, month.next.last)
    coming = timetable.next_due(now, days)
    rows = {row["kind"]: row for row in await get_connection("default").execute_query_dict(STATES)}
    kinds = [kind.value for kind in timetable.Kind]
    kinds += sorted(kind for kind in rows if kind not in kinds)
    states = []
    for kind in kinds:
        row = rows.get(kind, {})
        waiting = row.get("next_waiting")
        scheduled = coming.get(timetable.Kind(kind)) if kind in list(timetable.Kind) else None
        states.append(
            KindState(
                kind=kind,
                last_done=row.get("last_done"),
                next_due=waiting or scheduled,
                waiting=row.get("waiting", 0),
                given_up=row.get("given_up", 0),
                last_error=row.get("last_error"),
            )
        )
    unknown = days.unknown_years(month.first, month.next.last)
    return Overview(kinds=tuple(states), unknown_years=tuple(unknown))


async def given_up(actor: Actor) -> list[Job]:
    """Work that failed too often and waits for somebody to ask for it again, oldest first."""
    check_duty(actor, Duty.ADMINISTRATOR)
    return await Job.filter(failed_at__not_isnull=True, done_at=None).order_by("failed_at")


def trail(actor: Actor) -> QuerySet[AuditEvent]:
    """Every act, for the auditor alone: an administrator has no business in it. (S6)"""
    check_duty(actor, Duty.AUDITOR)
    return AuditEvent.all().order_by("-seq")


async def lock_job(job_id: UUID) -> Job:
    """Held until commit. Raises NotFound."""
    job = await Job.select_for_update().get_or_none(id=job_id)
    if job is None:
        raise NotFound
    return job
