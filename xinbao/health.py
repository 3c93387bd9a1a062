"""Whether the house lives (`/healthz`) and whether it can do its work (`/readyz`)."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse
from tortoise import connections
from tortoise.exceptions import BaseORMException

from xinbao.database import known

TROUBLE = (
    OSError,
    TimeoutError,
    BaseORMException,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
PATIENCE = 3
"""Seconds a part is given to answer."""


class Health:
    """The two addresses a supervisor or a load balancer asks."""

    def __init__(self, redis_url: str) -> None:
        self._redis_url = redis_url

    async def healthz(self, _request: Request) -> JSONResponse:
        return JSONResponse({"alive": True})

    async def readyz(self, _request: Request) -> JSONResponse:
        """200, or 503 with the part that fails."""
        database, migrations, queue = await asyncio.gather(
            _verdict(_database), _verdict(_migrations), _verdict(self._queue)
        )
        parts = {"database": database, "migrations": migrations, "queue": queue}
        ready = set(parts.values()) == {"ok"}
        return JSONResponse(
            {"ready": ready, **parts},
            status_code=200 if ready else 503,
            headers={} if ready else {"Retry-After": "5"},
        )

    async def _queue(self) -> str:
        client = Redis.from_url(self._redis_url, socket_timeout=PATIENCE)
        async with client:
            await client.ping()
        return "ok"


async def _verdict(check: Callable[[], Awaitable[str]]) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except (*TROUBLE, RedisError):
        return "unreachable"


async def _database() -> str:
    await connections.get("default").execute_query("select 1")
    return "ok"


async def _migrations() -> str:
    query = "select name from tortoise_migrations"
    _, rows = await connections.get("default").execute_query(query)
    missing = set(known()) - {row["name"] for row in rows}
    return f"missing {', '.join(sorted(missing))}" if missing else "ok"
