"""The audit trail: read by the auditor, checked link by link."""

from tortoise.connection import get_connection

from domain.kit import clock
from domain.kit.actor import Duty
from domain.kit.models import AuditEvent
from tests import make
from tests.counting import counting
from tests.web.browser import text


async def test_only_the_auditor_reads_the_trail(web):
    await make.unit()
    for duty in (Duty.CORRESPONDENT, Duty.ADMINISTRATOR, Duty.PUBLICITY_DEPARTMENT):
        await web.be(duty)
        assert (await web.get("/trail")).status_code == 403
        assert (await web.get("/trail/check")).status_code == 403
    await web.be(Duty.AUDITOR)
    assert (await web.get("/trail")).status_code == 200


async def test_acts_are_told_newest_first_and_found_by_act_person_day_and_thing(web):
    unit = await make.unit("示例镇")
    await make.person("示例证人")
    await web.be(Duty.AUDITOR)
    said = text(await web.get("/trail"))
    assert said.index("任职") < said.index("登记人员") < said.index("登记单位")

    def rows(page):
        return page.text.count("<tr><td class=")

    assert rows(await web.get("/trail?act=create-unit")) == 2
    assert rows(await web.get(f"/trail?thing_id={unit.id}")) == 1
    assert rows(await web.get(f"/trail?day={clock.today()}")) == await AuditEvent.all().count()
    assert rows(await web.get("/trail?day=2018-01-01")) == 0
    assert rows(await web.get("/trail?who=没有这个人")) == 0
    assert (await web.get("/trail?day=昨天")).status_code == 422


async def test_the_chain_is_whole_until_a_row_is_changed(web):
    await make.unit()
    await web.be(Duty.AUDITOR)
    total = await AuditEvent.all().count()
    assert f"全部 {total} 条完好" in text(await web.get("/trail/check"))
    connection = get_connection("default")
    await connection.execute_script(
        "alter table audit_event disable trigger all;"
        "update audit_event set actor = '别人' where seq = 2;"
        "alter table audit_event enable trigger all;"
    )
    assert "记录在第 2 条断开" in text(await web.get("/trail/check"))


async def test_the_trail_goes_on_page_by_page(web):
    await web.be(Duty.AUDITOR)
    with counting() as few:
        await web.get("/trail")
    for _ in range(60):
        await make.unit()
    with counting() as many:
        page = await web.get("/trail")
    assert len(few) == len(many) > 0
    following = page.text.split('rel="next"')[0].rpartition('href="')[2].rstrip('" ')
    assert page.text.count("登记单位") >= 50
    assert (await web.get(following.replace("&amp;", "&"))).status_code == 200
