"""One action = one transaction = change + audit rows + job rows."""

import asyncio

import pytest
from tortoise import connections

from domain.kit import audit, hooks, jobs
from domain.kit.actor import SYSTEM
from domain.kit.db import attempt, work
from domain.kit.models import AuditEvent, AuditHead, Job


class Undone(Exception):
    pass


async def act(verb="note"):
    async with work():
        audit.record(SYSTEM, verb, "thing", "1", count=3)
        await jobs.ask("greet", unit="示例乡")


async def broken():
    return [seq async for seq in audit.broken_links()]


async def test_an_act_and_its_job_are_written_together(db):
    await act()
    assert await AuditEvent.all().values_list("seq", "actor", "verb") == [(1, "信报", "note")]
    assert await Job.all().values_list("kind", "facts") == [("greet", {"unit": "示例乡"})]


async def test_nothing_stays_of_an_act_that_fails(db):
    with pytest.raises(Undone):
        async with work():
            audit.record(SYSTEM, "note", "thing", "1")
            await jobs.ask("greet")
            raise Undone
    assert (await AuditEvent.all().count(), await Job.all().count()) == (0, 0)
    assert (await AuditHead.get(id=1)).seq == 0


async def test_inner_work_joins_the_outer_one(db):
    with pytest.raises(Undone):
        async with work():
            await act()
            raise Undone
    assert await Job.all().count() == 0


async def test_an_attempt_is_undone_alone(db):
    async with work():
        await act("kept")
        with pytest.raises(Undone):
            async with attempt():
                await act("lost")
                raise Undone
    assert await AuditEvent.all().values_list("verb", flat=True) == ["kept"]
    assert await Job.all().count() == 1
    assert await broken() == []


async def test_acts_outside_work_are_refused(db):
    with pytest.raises(RuntimeError):
        audit.record(SYSTEM, "note", "thing", "1")
    with pytest.raises(RuntimeError):
        await jobs.ask("greet")


async def test_concurrent_acts_form_one_unbroken_chain(db):
    await asyncio.gather(*(act(f"verb-{number}") for number in range(12)))
    assert await broken() == []
    assert (await AuditHead.get(id=1)).seq == 12


@pytest.mark.parametrize(
    ("forgery", "seen"),
    [
        ("update audit_event set facts = '{\"count\": 4}' where seq = 2", [2]),
        ("update audit_event set actor = '别人' where seq = 3", [3]),
        ("delete from audit_event where seq = 2", [3]),
        ("delete from audit_event where seq = 3", [3]),
    ],
)
async def test_a_forged_row_is_found(db, forgery, seen):
    for _ in range(3):
        await act()
    async with work():
        connection = connections.get("default")
        await connection.execute_query("set local session_replication_role = replica")
        await connection.execute_query(forgery)
    assert await broken() == seen


async def test_the_bell_rings_after_the_commit_and_only_then(db):
    heard = []

    async def bell():
        heard.append(await Job.all().count())

    jobs.set_bell(bell)
    try:
        await act()
        with pytest.raises(Undone):
            async with work():
                await jobs.ask("greet")
                raise Undone
    finally:
        jobs.set_bell(None)
    assert heard == [1]


async def test_scheduled_work_exists_once_a_period(db):
    async with work():
        job = await jobs.ask("other")
    made = [await jobs.schedule("circular", "2018-04", job.due_at) for _ in range(3)]
    assert made == [True, False, False]
    assert await Job.filter(kind="circular").count() == 1


async def test_features_listen_to_one_another_wherever_the_database_is_opened(db):
    assert set(hooks._listeners) == set(hooks.Happening)
    assert all(hooks._listeners.values())
