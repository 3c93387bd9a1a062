"""Asking for work: a row in the same transaction as the change that wants it.

The queue may be wiped at any time. It only carries the bell that wakes a worker early;
a sweep finds whatever is due.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from tortoise.connection import get_connection

from domain.kit import clock
from domain.kit.models import Job

_asked: ContextVar[list[str] | None] = ContextVar("asked", default=None)


class _Bell:
    """Set once by each process that can reach the queue."""

    ring: Callable[[], Awaitable[None]] | None = None


@contextmanager
def listening() -> Iterator[list[str]]:
    """The kinds of work asked for inside, so that the bell is rung after the commit."""
    asked: list[str] = []
    token = _asked.set(asked)
    try:
        yield asked
    finally:
        _asked.reset(token)


@contextmanager
def adding() -> Iterator[None]:
    """What is asked for inside is rung for with the whole, unless the part fails."""
    whole = _asked.get()
    with listening() as asked:
        yield
    if whole is not None:
        whole += asked


async def ask(kind: str, *, due_at: datetime | None = None, **facts: object) -> Job:
    """Have a worker do `kind` after this transaction commits. Facts are primitives."""
    asked = _asked.get()
    if asked is None:
        message = f"{kind} is asked for outside a unit of work"
        raise RuntimeError(message)
    asked.append(kind)
    moment = clock.now()
    return await Job.create(kind=kind, facts=facts, asked_at=moment, due_at=due_at or moment)


def wake(kind: str) -> None:
    """Have the bell rung after the commit for work that is written down already."""
    asked = _asked.get()
    if asked is not None:
        asked.append(kind)


async def schedule(kind: str, period: str, due_at: datetime) -> bool:
    """Note that scheduled work is due for a period. False when it was noted before."""
    mine = Job(kind=kind, period=period, asked_at=clock.now(), due_at=due_at)
    await Job.bulk_create([mine], ignore_conflicts=True)
    return await Job.exists(id=mine.id)


# Rows that another worker is busy with are locked, hence skipped. The five seconds cover the
# moment between this statement and the lock of the try itself.
TAKE = """
update job set tries = tries + 1, started_at = clock_timestamp()
where id = (
  select id from job
  where done_at is null and failed_at is null and due_at <= $1
    and (started_at is null or started_at < clock_timestamp() - interval '5 seconds')
  order by due_at, id limit 1 for update skip locked
) returning id
"""


async def take() -> UUID | None:
    """Count a try of the work that is due longest, if any; the caller then locks it and tries."""
    rows = await get_connection("default").execute_query_dict(TAKE, [clock.now()])
    return rows[0]["id"] if rows else None


def set_bell(ring: Callable[[], Awaitable[None]] | None) -> None:
    """What to call after a commit that asked for work. Its failure loses nothing."""
    _Bell.ring = ring


async def ring() -> None:
    if _Bell.ring is not None:
        await _Bell.ring()
