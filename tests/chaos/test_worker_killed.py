import asyncio
import random
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
import redis

from domain.kit import jobs
from domain.kit.db import work
from domain.kit.models import Job
from tests import make

ROOT = Path(__file__).parents[2]
WORK = 200
KILLS = 6


def start(database_url, redis_url) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.chaos.clerk", database_url, redis_url],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
async def book(db):
    connection = await asyncpg.connect(db)
    await connection.execute("create table chaos_book (id bigserial primary key, job_id uuid)")
    try:
        yield connection
    finally:
        await connection.execute("drop table chaos_book")
        await connection.close()


async def left() -> int:
    return await Job.filter(done_at=None).count()


@pytest.mark.slow
async def test_workers_killed_in_the_middle_lose_nothing_and_double_nothing(db, redis_url, book):
    await make.county()
    async with work():
        for _ in range(WORK):
            await jobs.ask("chaos")
    chance = random.Random(2018)
    workers = [start(db, redis_url) for _ in range(2)]
    kills = 0
    try:
        async with asyncio.timeout(180):
            while await left():
                await asyncio.sleep(chance.uniform(0.6, 1.2))
                if kills < KILLS and await left() < WORK:
                    workers[kills % 2].kill()
                    workers[kills % 2].wait()
                    if kills == KILLS // 2:
                        with redis.Redis.from_url(redis_url) as queue:
                            queue.flushdb()
                    workers[kills % 2] = start(db, redis_url)
                    kills += 1
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    assert kills >= 3
    assert await book.fetchval("select count(*) from chaos_book") == WORK
    assert await book.fetchval("select count(distinct job_id) from chaos_book") == WORK
    assert await Job.filter(failed_at__isnull=False).count() == 0
