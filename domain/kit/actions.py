"""What an administrator may do to the county's clockwork."""

from uuid import UUID

from domain.kit import audit, clock, jobs, queries
from domain.kit.actor import Actor, Duty, check_duty
from domain.kit.db import work
from domain.kit.errors import Conflict
from domain.kit.models import Job


class JobNotGivenUp(Conflict):
    """Only work that was given up needs to be asked for again; the rest is tried by itself."""

    code = "job-not-given-up"


async def ask_again(actor: Actor, job_id: UUID) -> Job:
    """Have work that was given up tried once more, at once."""
    check_duty(actor, Duty.ADMINISTRATOR)
    async with work():
        job = await queries.lock_job(job_id)
        if job.failed_at is None or job.done_at is not None:
            raise JobNotGivenUp
        job.failed_at, job.started_at, job.tries, job.due_at = None, None, 0, clock.now()
        await job.save(update_fields=["failed_at", "started_at", "tries", "due_at"])
        audit.record(actor, "retry", "job", job.id, kind=job.kind, period=job.period)
        jobs.wake(job.kind)
    return job
