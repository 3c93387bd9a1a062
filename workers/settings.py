"""The worker process: `xinbao serve worker`, or `arq workers.settings.WorkerSettings`."""

from contextlib import AsyncExitStack
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


def make_worker(queue: RedisSettings) -> Worker:
    """A worker for a process that has opened the database and hears signals itself."""
    return Worker(redis_settings=queue, handle_signals=False, **options())


async def _open(context: dict[str, Any]) -> None:
    """A worker of its own opens the database; the bell is for the work that work asks for."""
    lives = context["lives"] = AsyncExitStack()
    await lives.enter_async_context(open_database(settings().database_url or ""))
    await lives.enter_async_context(bell(_queue()))


async def _close(context: dict[str, Any]) -> None:
    await context["lives"].aclose()


def _queue() -> RedisSettings:
    return RedisSettings.from_dsn(settings().redis_url or "redis://localhost")


def __getattr__(name: str) -> Any:
    """`WorkerSettings`, read by arq's own command; built when asked, from the environment."""
    if name != "WorkerSettings":
        raise AttributeError(name)
    own = {"redis_settings": _queue(), "on_startup": _open, "on_shutdown": _close}
    return type(name, (), options() | own)
