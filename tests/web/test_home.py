"""The home page: what waits, by duty."""

import pytest

from domain.items.models import ItemState
from domain.kit import clock
from domain.kit.actor import SYSTEM, Duty
from domain.kit.clock import Month
from domain.notices.models import Message
from domain.outlets import actions as outlets
from domain.points import queries as points
from domain.quotas import actions as quotas
from domain.reception import actions as reception
from tests import make
from tests.web import house
from tests.web.browser import text


@pytest.fixture
async def place(web):
    return await house.build()


async def test_a_correspondent_sees_the_month_of_his_unit(web, place):
    month = Month.of(clock.today())
    await quotas.set_quota(SYSTEM, place.unit.id, from_month=month, count=4)
    await place.submitted("示例通电")
    await web.sign_in(place.correspondent)
    page = text(await web.get("/"))
    for said in ("示例镇的本月", "个工作日", "1 / 任务 4 条", "还欠 3 条", "示例通电", "1/4"):
        assert said in page


async def test_points_lead_to_where_they_come_from(web, place):
    await place.submitted()
    await web.sign_in(place.correspondent)
    page = await web.get("/")
    month = Month.of(clock.today())
    assert f'href="/ranking/{place.unit.id}/{month}"' in page.text
    assert (await points.month_of(place.unit.id, month)).submitted == 1


async def test_a_leader_sees_what_waits_for_his_signature_first(web, place):
    first = await place.laid("先送的")
    await place.laid("后送的")
    await web.sign_in(place.leader)
    page = await web.get("/")
    assert f'class="btn main" href="/approvals/{first.id}"' in page.text
    assert page.text.index("待我审签") < page.text.index("任务完成")
    assert page.text.count('class="btn main"') == 1


async def test_a_message_is_read_and_gone(web, place):
    item = await place.submitted("示例抢通")
    editor = await place.actor(place.editor)
    held = await place.reception(item)
    await reception.return_for_revision(editor, held.id, reason="请补充户数")
    await web.sign_in(place.correspondent)
    page = await web.get("/")
    assert "请补充户数" in page.text and "退回修改" in page.text
    message = await Message.get()
    read = await web.post(f"/messages/{message.id}/read", htmx=True)
    assert ("<html" in read.text, "请补充户数" in read.text, "已阅。" in read.text) == (
        False, False, True,
    )  # fmt: skip
    await message.refresh_from_db()
    assert message.read_at is not None
    assert (await web.post(f"/messages/{message.id}/read")).headers["location"] == "/"


async def test_nobody_reads_the_messages_of_another_unit(web, place):
    item = await place.submitted()
    held = await place.reception(item)
    await reception.reject(await place.actor(place.editor), held.id, reason="重复")
    message = await Message.get()
    await web.be(Duty.CORRESPONDENT)
    assert (await web.post(f"/messages/{message.id}/read")).status_code == 404
    await message.refresh_from_db()
    assert message.read_at is None


async def test_an_editor_sees_the_inbox_and_what_is_to_be_checked(web, place):
    item = await place.submitted("示例补播")
    await web.sign_in(place.editor)
    page = await web.get("/")
    held = await place.reception(item)
    assert f'href="/inbox/{held.id}"' in page.text
    month = Month.of(clock.today()).previous
    assert f'href="/circulars/months/{month}"' in page.text


async def test_the_publicity_department_sees_who_sent_nothing_and_what_to_confirm(web, place):
    silent = await make.unit("示例乡")
    item = await place.submitted()
    outlet = await make.outlet()
    recorder = await place.actor(place.editor)
    await outlets.record(
        recorder, item.id, outlet_id=outlet.id, adopted_on=clock.today(),
        evidence_url="https://example.org/1",
    )  # fmt: skip
    await web.be(Duty.PUBLICITY_DEPARTMENT, unit=place.unit)
    page = await web.get("/")
    assert f'href="/units/{silent.id}"' in page.text
    assert f'href="/units/{place.unit.id}"' not in page.text
    assert "待确认的采用 1 条" in text(page)


@pytest.mark.parametrize("duty", list(Duty))
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_everyone_has_a_home_page(web, duty, language):
    await web.be(duty)
    page = await web.get("/", **{"Accept-Language": language})
    assert (page.status_code, page.text.count("<h1>")) == (200, 1)


async def test_a_returned_item_is_counted_in_the_rail(web, place):
    item = await place.submitted()
    held = await place.reception(item)
    await reception.return_for_revision(
        await place.actor(place.editor), held.id, reason="请补充户数"
    )
    await item.refresh_from_db()
    await web.sign_in(place.correspondent)
    page = text(await web.get("/"))
    assert item.state is ItemState.RETURNED
    assert "稿件 1 件待办" in page
