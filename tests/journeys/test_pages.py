"""The chain's pages by day and night, in both languages, on a phone and a desk."""

import pytest

from domain.items import actions
from domain.kit.actor import Duty
from domain.reception import actions as reception
from tests import make
from tests.journeys.test_chain import Seat
from tests.web import house
from tests.web.browser import Browser
from tests.web.conftest import carry
from tests.web.test_shell_browser import everywhere, violations
from web.app import create_app

pytestmark = pytest.mark.browser


async def too_wide(page):
    width = page.viewport_size["width"]
    reached = await page.evaluate("document.documentElement.scrollWidth")
    return [(page.url, reached)] if reached > width else []


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_page_of_the_chain_is_open_to_everyone(site, window, language):
    place = await house.build()
    laid = await place.laid("示例镇开通牧道", is_major=True)
    item = await place.submitted("示例镇草原补播完成")
    held = await place.reception(item)
    back = await place.submitted("示例镇水毁路段抢通")
    editor = await place.actor(place.editor)
    await reception.return_for_revision(
        editor, (await place.reception(back)).id, reason="请补充受灾户数与安置措施。"
    )
    visits = {
        place.correspondent: [
            "/", "/items", "/items/new", f"/items/{item.id}", f"/items/{back.id}",
            f"/items/{back.id}/edit", f"/items/{item.id}/print",
        ],
        place.leader: ["/", "/approvals", f"/approvals/{laid.id}"],
        place.editor: ["/", "/inbox", f"/inbox/{held.id}", "/items"],
    }  # fmt: skip
    async with Browser(create_app()) as browser:
        for person, paths in visits.items():
            page = await window(language=language)
            await browser.sign_in(person)
            await carry(page, browser, site)
            for path in paths:
                await page.goto(site + path)
                await everywhere(page, violations)
                await everywhere(page, too_wide)


async def test_the_later_of_two_writers_sees_both_texts_and_loses_nothing(site, window):
    place = await house.build()
    item = await place.draft("示例镇开通牧道")
    page = await window()
    seat = Seat(page, site, scripted=True)
    await seat.sign_in(place.correspondent)
    await seat.go(f"/items/{item.id}/edit")
    other = await make.actor(Duty.CORRESPONDENT, unit=place.unit)
    await actions.save(other, item.id, title="别人的题")
    await page.fill("#f-title", "我的题")
    await page.fill("#f-body", "我的话。")
    await seat.follow("保存", ".compare")
    assert await page.input_value("#f-title") == "我的题"
    assert await page.inner_text("#f-body") == "我的话。"
    assert "别人的题" in await page.inner_text(".compare")
    await seat.follow("保存", ".way")
    await item.refresh_from_db()
    assert (item.title, item.body) == ("我的题", "<p>我的话。</p>")


async def test_a_message_read_under_htmx_leaves_the_rest_of_the_page_alone(site, window):
    place = await house.build()
    item = await place.submitted("示例镇开通牧道")
    held = await place.reception(item)
    await reception.reject(await place.actor(place.editor), held.id, reason="重复报送")
    page = await window()
    seat = Seat(page, site, scripted=True)
    await seat.sign_in(place.correspondent)
    await page.evaluate("window.stayed = true")
    await page.click("text=已阅")
    await page.wait_for_selector("#notices .card", state="detached")
    assert await page.evaluate("window.stayed")
    assert await page.inner_text("#said") == "已阅。"
