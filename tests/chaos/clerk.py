"""A worker with one slow kind of work more, to be killed in the middle of it."""

import asyncio
import sys

from arq.connections import RedisSettings
from tortoise.connection import get_connection

from domain.kit.db import open_database
from workers import kinds, settings
from workers.settings import make_worker


async def enter(job) -> None:
    """One line in a book without any rule against doubles, slowly, on both sides of it."""
    connection = get_connection("default")
    await asyncio.sleep(0.01)
    await connection.execute_query("insert into chaos_book (job_id) values ($1)", [job.id])
    await asyncio.sleep(0.02)


async def main(database_url: str, redis_url: str) -> None:
    kinds.KINDS["chaos"] = kinds.KindOfWork(enter)
    settings.SWEEPS = set(range(60))
    async with open_database(database_url, pool=4):
        await make_worker(RedisSettings.from_dsn(redis_url)).async_run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
