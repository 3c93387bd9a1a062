from datetime import date, datetime, timedelta

import pytest
import time_machine

from domain.circulars.models import Circular
from domain.kit import actions, jobs, queries, text
from domain.kit.actor import Duty
from domain.kit.clock import COUNTY
from domain.kit.db import work
from domain.kit.errors import DutyRequired
from domain.kit.models import AuditEvent, Job
from domain.notices import actions as notices
from domain.notices.models import Message
from domain.points.models import UnitMonth
from domain.units.models import Unit
from tests import make
from tests.domain.points import sent
from workers import kinds, outbox, schedule

SECOND_OF_MAY = datetime(2018, 5, 2, 9, tzinfo=COUNTY)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(SECOND_OF_MAY, tick=True) as traveller:
        yield traveller


@pytest.fixture
def broken(monkeypatch):
    """A kind of work that leaves a trace and then fails."""

    async def run(job):
        unit = await Unit.all().first()
        await notices.tell(unit.id, "still-owed", key=f"{job.id}:{job.tries}")
        raise ZeroDivisionError("示例故障")

    monkeypatch.setitem(kinds.KINDS, "broken", kinds.KindOfWork(run))


async def ask(kind, **facts):
    async with work():
        return await jobs.ask(kind, **facts)


async def test_a_missed_month_end_is_caught_up_on(db):
    await make.county()
    unit = await make.unit()
    await sent.item(unit, date(2018, 2, 3))
    await schedule.note_due()
    noted = await Job.filter(kind="monthly-circular").order_by("period")
    assert [job.period for job in noted] == ["2018-02", "2018-03", "2018-04"]
    assert await schedule.note_due() == 0
    await outbox.run_due()
    assert await Circular.all().order_by("kind", "period").values_list("kind", "period") == [
        ("monthly", "2018-02"), ("monthly", "2018-03"), ("monthly", "2018-04"),
        ("quarterly", "2018-Q1"),
    ]  # fmt: skip


async def test_three_days_without_a_worker_lose_nothing(db, clock):
    await make.county()
    await sent.item(await make.unit(), date(2018, 5, 3))
    clock.move_to(datetime(2018, 5, 31, 20, tzinfo=COUNTY))
    await schedule.note_due()
    await outbox.run_due()
    assert await Circular.all().count() == 0
    clock.move_to(datetime(2018, 6, 3, 20, tzinfo=COUNTY))
    await schedule.note_due()
    await outbox.run_due()
    (circular,) = await Circular.all()
    assert circular.period == "2018-05"


async def test_a_county_that_has_counted_nothing_yet_begins_with_last_month(db):
    await schedule.note_due()
    assert await Job.all().count() == 0
    await make.county()
    await make.unit()
    await schedule.note_due()
    assert await Job.filter(kind="monthly-circular").values_list("period", flat=True) == ["2018-04"]


async def test_failed_work_leaves_nothing_behind_and_is_tried_again_later(db, broken, clock):
    await make.unit()
    job = await ask("broken")
    assert await outbox.run_due() == 1
    assert await outbox.run_due() == 0
    job = await Job.get(id=job.id)
    assert (job.tries, job.last_error, job.done_at) == (1, "ZeroDivisionError: 示例故障", None)
    assert timedelta(seconds=5) < job.due_at - datetime.now(COUNTY) < timedelta(seconds=15)
    assert await Message.all().count() == 0


async def test_work_is_given_up_after_five_tries_and_stays_visible(db, broken, clock):
    unit = await make.unit()
    job = await ask("broken")
    for hours in range(1, 9):
        clock.move_to(SECOND_OF_MAY + timedelta(hours=hours))
        await outbox.run_due()
    job = await Job.get(id=job.id)
    assert (job.tries, job.failed_at is not None) == (5, True)
    state = {each.kind: each for each in (await queries.overview()).kinds}["broken"]
    assert (state.given_up, state.waiting, state.last_error) == (
        1, 0, "ZeroDivisionError: 示例故障",
    )  # fmt: skip
    with pytest.raises(DutyRequired):
        await actions.ask_again(await make.actor(Duty.CORRESPONDENT, unit=unit), job.id)
    administrator = await make.actor(Duty.ADMINISTRATOR, unit=unit)
    await actions.ask_again(administrator, job.id)
    with pytest.raises(actions.JobNotGivenUp):
        await actions.ask_again(administrator, job.id)
    assert await outbox.run_due() == 1
    assert await AuditEvent.filter(verb="retry", thing="job").count() == 1


async def test_work_that_kills_its_worker_is_given_up_too(db):
    job = await ask("quota-reminders", period="2018-05")
    await Job.filter(id=job.id).update(tries=outbox.MOST_TRIES)
    await outbox.run_due()
    job = await Job.get(id=job.id)
    assert job.failed_at is not None
    assert job.last_error.startswith("WorkerDied")


async def test_a_kind_nobody_knows_is_an_error_on_its_row(db):
    job = await ask("no-such-kind")
    await outbox.run_due()
    assert (await Job.get(id=job.id)).last_error == "UnknownKind: no-such-kind"


async def test_units_that_owe_are_told_once(db, clock):
    await make.county()
    owing, done, free = [await make.unit() for _ in range(3)]
    for unit in (owing, done):
        await make.quota(unit, 1)
    await make.quota(free, 2, exempt=True, reason="示例")
    await sent.item(done, date(2018, 5, 2))
    clock.move_to(datetime(2018, 5, 29, 8, tzinfo=COUNTY))
    await schedule.note_due()
    await outbox.run_due()
    await ask("quota-reminders", period="2018-05")
    await outbox.run_due()
    (message,) = await Message.all()
    assert (message.unit_id, message.code) == (owing.id, "still-owed")
    assert (
        text.say("notices", message.code, "zh", **message.facts)
        == "2018-05任务1条，已报送0条，尚欠1条，距月底还有3个工作日。"
    )


async def test_the_nightly_check_finds_a_figure_that_was_written_by_hand(db):
    await make.county()
    unit = await make.unit()
    await sent.item(unit, date(2018, 4, 3))
    await ask("nightly-check", period="2018-05-02")
    await outbox.run_due()
    job = await Job.get(kind="nightly-check")
    assert job.done_at is not None
    await UnitMonth.all().update(submitted=5)
    job = await ask("nightly-check", period="2018-05-03")
    await outbox.run_due()
    job = await Job.get(id=job.id)
    assert job.done_at is None
    assert job.last_error.startswith("LedgerDamaged")


async def test_every_scheduled_kind_is_shown_with_its_next_run_and_named_in_both_languages(db):
    shown = (await queries.overview()).kinds
    assert [state.kind for state in shown] == list(kinds.KINDS)
    for state in shown:
        assert state.next_due > datetime.now(COUNTY)
        for language in ("zh", "en"):
            assert text.say("jobs", state.kind, language)


async def test_asking_outside_a_worker_is_enough_and_the_bell_is_only_rung_after_the_commit(db):
    heard = []

    async def ring():
        heard.append(await Job.all().count())

    jobs.set_bell(ring)
    try:
        async with work():
            await jobs.ask("nightly-check", period="2018-05-02")
            assert heard == []
        assert heard == [1]
    finally:
        jobs.set_bell(None)
