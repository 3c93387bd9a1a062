"""Several workers at once: exactly one circular for each kind and period."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
import redis
import time_machine
from arq.connections import RedisSettings

from domain.circulars.models import Circular
from domain.kit import jobs
from domain.kit.clock import COUNTY
from domain.kit.db import work
from domain.kit.models import AuditEvent, Job
from tests import make
from tests.domain.points import sent
from workers import outbox, schedule
from workers.bell import bell
from workers.settings import make_worker

ROOT = Path(__file__).parents[2]


def start_worker(database_url, redis_url) -> subprocess.Popen:
    """A worker as `arq workers.settings.WorkerSettings` starts it."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "arq", "workers.settings.WorkerSettings"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url, "REDIS_URL": redis_url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


async def until(condition, seconds=60):
    """Wait for what must come; the limit only ends a run that is broken."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 -- other processes set no event
            await asyncio.sleep(0.05)


async def nothing_is_waiting() -> bool:
    return await Job.all().exists() and not await Job.filter(done_at=None).exists()


async def test_five_worker_processes_over_a_missed_month_end_make_one_circular(db, redis_url):
    await make.county()
    today = datetime.now(COUNTY).date()
    last_month = date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 15)
    await sent.item(await make.unit(), last_month)
    workers = [start_worker(db, redis_url) for _ in range(5)]
    try:
        await until(nothing_is_waiting)
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        said = [worker.communicate()[1] for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * 5, said
    monthly = await Circular.filter(kind="monthly").values_list("period", flat=True)
    assert monthly == [f"{last_month:%Y-%m}"]
    assert await AuditEvent.filter(verb="draft", thing_id__isnull=False).count() == (
        await Circular.all().count()
    )


@pytest.mark.parametrize("number", [2, 5])
async def test_workers_racing_for_thirty_six_months_make_each_circular_once(db, number):
    with time_machine.travel(datetime(2020, 3, 1, 6, 30, tzinfo=COUNTY), tick=True):
        await make.county()
        await sent.item(await make.unit(valid_from=date(2017, 1, 1)), date(2017, 3, 2))

        async def one():
            await schedule.note_due()
            await outbox.run_due()

        async with asyncio.TaskGroup() as group:
            for _ in range(number):
                group.create_task(one())
        await outbox.run_due()
        made = await Circular.all().values_list("kind", "period")
    assert len(made) == len(set(made)) == 36 + 12 + 3
    assert {period for kind, period in made if kind == "annual"} == {"2017", "2018", "2019"}


async def test_the_bell_wakes_a_worker_before_the_next_sweep(db, redis_url):
    await make.county()
    await make.unit()
    queue = RedisSettings.from_dsn(redis_url)
    worker = make_worker(queue)
    running = asyncio.create_task(worker.async_run())
    try:
        async with bell(queue):
            await until(nothing_is_waiting)
            async with work():
                job = await jobs.ask("monthly-circular", period="2018-04")
            await until(lambda: Job.filter(id=job.id, done_at__isnull=False).exists(), 14)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await worker.close()
    assert await Circular.filter(period="2018-04").exists()


async def test_a_bell_without_a_queue_delays_nobody(db):
    async with bell(RedisSettings(port=1)), work():
        job = await jobs.ask("nightly-check", period="2018-05-02")
    assert await Job.exists(id=job.id)


async def test_an_emptied_queue_loses_no_work(db, redis_url):
    await make.county()
    await make.unit()
    async with bell(RedisSettings.from_dsn(redis_url)), work():
        await jobs.ask("monthly-circular", period="2018-04")
    with redis.Redis.from_url(redis_url) as queue:
        queue.flushdb()
    worker = start_worker(db, redis_url)
    try:
        await until(nothing_is_waiting)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.communicate()
    assert await Circular.filter(period="2018-04").count() == 1
