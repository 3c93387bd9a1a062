"""Doing the work that is written down: PostgreSQL remembers, the queue only rings.

A try is counted before it begins, so that work which kills its worker is given up too. Effect and
done-mark are one transaction: kill -9 at any moment loses nothing and doubles nothing.
"""

import asyncio
import logging
from datetime import timedelta
from uuid import UUID

from domain.kit import clock, jobs, text
from domain.kit.db import attempt, work
from domain.kit.errors import DomainError
from domain.kit.models import Job
from workers.kinds import KINDS, KindOfWork

log = logging.getLogger("xinbao.worker")

PAUSES = (10, 60, 300, 1_800)
"""Seconds before the second, third … try; after the last the work is given up."""
MOST_TRIES = len(PAUSES) + 1
LONGEST_ERROR = 500


class UnknownKind(Exception):
    """No coroutine is registered for this kind of work."""


class WorkerDied(Exception):
    """The worker ended in the middle of this work, time and again."""


async def run_due() -> int:
    """Do everything that is due. Returns the number of tries made."""
    tries = 0
    while (job_id := await jobs.take()) is not None:
        await _try(job_id)
        tries += 1
    return tries


async def _try(job_id: UUID) -> None:
    async with work():
        held = Job.select_for_update(skip_locked=True)
        job = await held.get_or_none(id=job_id, done_at=None, failed_at=None)
        if job is None:
            return
        error = await _error_of(job)
        job.started_at = None
        if error is None:
            job.done_at = clock.now()
        else:
            _postpone(job, error)
        await job.save(update_fields=["started_at", "done_at", "failed_at", "due_at", "last_error"])


async def _error_of(job: Job) -> Exception | None:
    """Run it inside a savepoint, undone alone when it fails."""
    try:
        kind = _kind_of(job)
        async with asyncio.timeout(kind.timeout), attempt():
            await kind.run(job)
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is written down and shown
        return error
    return None


def _kind_of(job: Job) -> KindOfWork:
    if job.tries > MOST_TRIES:
        raise WorkerDied
    if job.kind not in KINDS:
        raise UnknownKind(job.kind)
    return KINDS[job.kind]


def _postpone(job: Job, error: Exception) -> None:
    job.last_error = said(error)[:LONGEST_ERROR]
    log.warning("%s %s failed, try %d: %s", job.kind, job.period or "", job.tries, job.last_error)
    if job.tries >= MOST_TRIES:
        job.failed_at = clock.now()
    else:
        job.due_at = clock.now() + timedelta(seconds=PAUSES[job.tries - 1])


def said(error: Exception) -> str:
    """For the page of jobs: a refusal in words, anything else by its name."""
    if isinstance(error, DomainError):
        return f"{text.refusal(error, 'zh')} / {text.refusal(error, 'en')}"
    return f"{type(error).__name__}: {error}"
