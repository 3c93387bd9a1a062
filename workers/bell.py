"""Waking a worker at once: a message in the queue, sent after the commit and never waited for."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import orjson
from arq.connections import ArqRedis, RedisSettings, create_pool

from domain.kit import jobs

log = logging.getLogger("xinbao.bell")
PATIENCE = 2
"""Seconds; a bell that is not heard costs the wait until the next sweep, nothing else."""
RINGERS = 4


def dumps(message: dict[str, Any]) -> bytes:
    """The queue's messages are JSON, never pickle."""
    return orjson.dumps(message, default=repr)


class Bell:
    def __init__(self, queue: RedisSettings) -> None:
        self._queue = replace(queue, conn_retries=0, conn_timeout=1)
        self._pool: ArqRedis | None = None
        self._ringing: set[asyncio.Task[None]] = set()

    async def ring(self) -> None:
        """Have it rung soon; when several are on their way already, they will do."""
        if len(self._ringing) < RINGERS:
            task = asyncio.create_task(self._ring())
            self._ringing.add(task)
            task.add_done_callback(self._ringing.discard)

    async def _ring(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                if self._pool is None:
                    self._pool = await create_pool(
                        self._queue, job_serializer=dumps, job_deserializer=orjson.loads
                    )
                await self._pool.enqueue_job("answer_bell")
        except Exception as error:  # noqa: BLE001 -- the sweep finds the work anyway
            log.info("the bell was not heard: %r", error)

    async def close(self) -> None:
        await asyncio.gather(*self._ringing)
        if self._pool is not None:
            await self._pool.aclose(close_connection_pool=True)


@asynccontextmanager
async def bell(queue: RedisSettings) -> AsyncIterator[None]:
    """Ring for work that is asked for inside. For every process that has the queue's address."""
    hung = Bell(queue)
    jobs.set_bell(hung.ring)
    try:
        yield
    finally:
        jobs.set_bell(None)
        await hung.close()
