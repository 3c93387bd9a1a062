"""The worker process: `xinbao serve worker`, or `arq workers.settings.WorkerSettings`."""

import asyncio
import signal
from typing import Any, cast

import orjson
from arq import Worker, cron
from arq.connections import RedisSettings
from arq.worker import func

from domain.kit.clock import COUNTY
from domain.kit.db import open_database
from domain.kit.settings import settings
from workers import outbox, schedule
from workers.bell import bell, dumps

__all__ = ["bell", "make_worker"]

SWEEPS = {0, 15, 30, 45}
"""Seconds of each minute at which a worker looks for itself."""


async def answer_bell(_context: dict[str, Any]) -> int:
    """Somebody asked for work."""
    return await outbox.run_due()


async def sweep(_context: dict[str, Any]) -> int:
    """Notice what the calendar asks for, and do all that is due, bell or no bell."""
    await schedule.note_due()
    return await outbox.run_due()


def options() -> dict[str, Any]:
    """Arq's settings, all said: its defaults are made for other houses."""
    return {
        "functions": [func(cast("Any", answer_bell), keep_result=0, timeout=3_600, max_tries=1)],
        "cron_jobs": [
            cron(
                cast("Any", sweep),
                second=SWEEPS,
                run_at_startup=True,
                keep_result=0,
                timeout=3_600,
                max_tries=1,
            )
        ],
        "timezone": COUNTY,
        "job_serializer": dumps,
        "job_deserializer": orjson.loads,
        "health_check_interval": 30,
        "job_timeout": 3_600,
        "job_completion_wait": 10,
        "keep_result": 0,
        "max_jobs": 4,
        "max_tries": 1,
        "retry_jobs": False,
        "log_results": False,
    }


class HouseWorker(Worker):
    """arq's worker, which otherwise ends by a call that its queue's library gave up."""

    async def close(self) -> None:
        """Stop what runs, which the next worker takes up again, and leave the queue."""
        self.handle_sig(signal.SIGUSR1)
        if self._pool is None:
            return
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)
        await self._pool.aclose(close_connection_pool=True)
        self._pool = None


def make_worker(queue: RedisSettings) -> HouseWorker:
    """A worker for a process that has opened the database and hears signals itself."""
    return HouseWorker(redis_settings=queue, handle_signals=False, **options())


class Lodging:
    """Database and bell of a worker that runs alone. One task opens and closes them, because the
    database's context belongs to the task that opened it.
    """

    def __init__(self) -> None:
        self._left = asyncio.Event()
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._live())

    async def _live(self) -> None:
        try:
            async with open_database(settings().database_url or ""), bell(_queue()):
                self._ready.set_result(None)
                await self._left.wait()
        except Exception as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)

    async def ready(self) -> None:
        await self._ready

    async def leave(self) -> None:
        self._left.set()
        await self._task


async def _open(context: dict[str, Any]) -> None:
    context["lodging"] = Lodging()
    await context["lodging"].ready()


async def _close(context: dict[str, Any]) -> None:
    await context["lodging"].leave()


def _queue() -> RedisSettings:
    return RedisSettings.from_dsn(settings().redis_url or "redis://localhost")


def __getattr__(name: str) -> Any:
    """`WorkerSettings`, read by arq's own command; built when asked, from the environment."""
    if name != "WorkerSettings":
        raise AttributeError(name)
    own = {"redis_settings": _queue(), "on_startup": _open, "on_shutdown": _close}
    return type(name, (), options() | own)
