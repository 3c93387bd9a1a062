"""The clockwork's page: what ran, what went wrong, and trying again."""

from domain.kit import clock
from domain.kit.actor import Duty
from domain.kit.models import Job
from tests import make
from tests.counting import counting
from tests.web.browser import text


async def failed_job(**facts):
    now = clock.now()
    given = {"kind": "monthly-circular", "period": "2018-04", "tries": 5, "last_error": "磁盘已满"}
    return await Job.create(asked_at=now, due_at=now, failed_at=now, **given | facts)


async def test_each_kind_of_work_is_named_with_its_next_run(web):
    await web.be(Duty.ADMINISTRATOR)
    said = text(await web.get("/jobs"))
    for name in ("起草月通报", "起草季通报", "起草年度考核表", "提醒未完成任务的单位"):
        assert name in said
    assert said.count("尚未到时") == 5
    web.client.cookies.set("language", "en", domain="xinbao.test")
    assert "draft the monthly circular" in text(await web.get("/jobs"))


async def test_work_that_was_given_up_is_tried_again_when_asked(web):
    job = await failed_job()
    await web.be(Duty.ADMINISTRATOR)
    page = text(await web.get("/jobs"))
    assert "起草月通报 2018-04 试过 5 次" in page and "磁盘已满" in page
    sent = await web.post(f"/jobs/{job.id}/again")
    assert (sent.status_code, sent.headers["location"]) == (303, "/jobs")
    await job.refresh_from_db()
    assert (job.failed_at, job.tries) == (None, 0)
    assert (await web.post(f"/jobs/{job.id}/again")).status_code == 409


async def test_only_an_administrator_sees_and_restarts_work(web):
    job = await failed_job()
    for duty in (Duty.CORRESPONDENT, Duty.AUDITOR, Duty.OFFICE_EDITOR):
        await web.be(duty)
        assert (await web.get("/jobs")).status_code == 403
        assert (await web.post(f"/jobs/{job.id}/again")).status_code == 403
    await job.refresh_from_db()
    assert job.failed_at is not None
    await web.be(Duty.ADMINISTRATOR)
    assert (await web.post(f"/jobs/{(await make.unit()).id}/again")).status_code == 404


async def test_the_page_costs_the_same_for_any_number_of_jobs(web):
    await web.be(Duty.ADMINISTRATOR)
    costs = []
    for periods in (("2018-01",), ("2018-02", "2018-03")):
        for period in periods:
            await failed_job(period=period)
        with counting() as statements:
            assert (await web.get("/jobs")).status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[1] > 0
