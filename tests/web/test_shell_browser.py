"""The shell in a real Chromium: reachable for everyone, on any screen, with and without htmx."""

import pytest
from axe_playwright_python.async_playwright import Axe

from domain.kit.actor import Duty
from tests.web.conftest import carry

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def violations(page):
    """What axe finds: rule and place."""
    found = await Axe().run(page, options={"runOnly": TAGS})
    return [
        (each["id"], node["target"], node["any"][:1])
        for each in found.response["violations"]
        for node in each["nodes"]
    ]


async def everywhere(page, check):
    """Run a check on a phone and a desk, by day and by night."""
    for width in (360, 1280):
        await page.set_viewport_size({"width": width, "height": 780})
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            assert await check(page) == [], (width, scheme)


@pytest.mark.parametrize("path", ["/sign-in", "/sample/guide", "/account", "/nowhere"])
async def test_every_page_is_open_to_everyone(shell, shell_site, window, path):
    page = await window()
    if path != "/sign-in":
        await shell.be(Duty.CORRESPONDENT)
        await carry(page, shell, shell_site)
    await page.goto(shell_site + path)
    await everywhere(page, violations)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_nothing_runs_off_the_screen(shell, shell_site, window, language):
    """640 px is what 1280 px leave at 200 % zoom."""
    page = await window(language=language)
    too_wide = []
    for path in ("/sign-in", "/sample/guide", "/account", "/nowhere"):
        if path == "/sample/guide":
            await shell.be(Duty.CORRESPONDENT)
            await carry(page, shell, shell_site)
        await page.goto(shell_site + path)
        for width in (320, 360, 640, 768, 1280):
            await page.set_viewport_size({"width": width, "height": 780})
            reached = await page.evaluate("document.documentElement.scrollWidth")
            too_wide += [(path, width, reached)] if reached > width else []
    assert too_wide == []


async def test_acts_stay_above_the_bar_and_large_enough_for_a_thumb(shell, shell_site, window):
    page = await window(width=360)
    await shell.be(Duty.CORRESPONDENT)
    await carry(page, shell, shell_site)
    await page.goto(f"{shell_site}/sample/guide")
    await page.locator("#f-title").scroll_into_view_if_needed()
    act = await page.locator(".acts .btn.main").bounding_box()
    bar = await page.locator(".rail").bounding_box()
    assert act["height"] >= 48
    assert act["y"] + act["height"] <= bar["y"]
    assert bar["y"] + bar["height"] == 780


async def test_a_refusal_is_shown_in_place_with_the_typing_kept(shell, shell_site, window):
    page = await window(width=360)
    await shell.be(Duty.CORRESPONDENT)
    await carry(page, shell, shell_site)
    await page.goto(f"{shell_site}/sample/new")
    await page.fill("#f-body", "第一段")
    await page.evaluate("window.stayed = true")
    await page.click("text=存")
    await page.wait_for_selector("#f-title-error")
    assert await page.input_value("#f-body") == "第一段"
    assert await page.evaluate("window.stayed")
    assert await page.evaluate("document.activeElement.className") == "problems"
    await page.click(".problems a >> nth=0")
    assert await page.evaluate("document.activeElement.id") == "f-title"
    await page.fill("#f-title", "标题")
    await page.fill("#f-occurred_on", "2018-04-20")
    await page.click("text=存")
    await page.wait_for_selector(".told")


async def test_a_form_works_without_javascript(shell, shell_site, window):
    page = await window(java_script_enabled=False)
    await shell.be(Duty.CORRESPONDENT)
    await carry(page, shell, shell_site)
    await page.goto(f"{shell_site}/sample/new")
    await page.fill("#f-body", "第一段")
    await page.click("text=存")
    assert await page.input_value("#f-body") == "第一段"
    await page.fill("#f-title", "标题")
    await page.fill("#f-occurred_on", "2018-04-20")
    await page.click("text=存")
    assert page.url == f"{shell_site}/sample/new"
    assert await page.locator(".told").is_visible()


async def test_a_server_out_of_reach_is_said_and_nothing_typed_is_lost(shell, shell_site, window):
    page = await window()
    await shell.be(Duty.CORRESPONDENT)
    await carry(page, shell, shell_site)
    await page.goto(f"{shell_site}/sample/new")
    await page.fill("#f-body", "第一段")
    await page.route("**/sample", lambda route: route.abort())
    await page.click("text=存")
    await page.wait_for_selector("#problem:not(:empty)")
    assert "没有连上服务器" in await page.inner_text("#problem")
    assert await page.input_value("#f-body") == "第一段"


async def test_further_places_open_and_close_by_keyboard(shell, shell_site, window):
    page = await window(width=360)
    await shell.be(Duty.CORRESPONDENT)
    await carry(page, shell, shell_site)
    await page.goto(f"{shell_site}/sample/guide")
    await page.focus(".rest > summary")
    await page.keyboard.press("Enter")
    assert await page.is_visible(".rest .leave button")
    await page.keyboard.press("Escape")
    assert not await page.is_visible(".rest .leave button")


async def test_the_first_tab_leads_past_the_rail(shell, shell_site, window):
    page = await window()
    await shell.be(Duty.CORRESPONDENT)
    await carry(page, shell, shell_site)
    await page.goto(f"{shell_site}/sample/guide")
    await page.keyboard.press("Tab")
    assert await page.inner_text(":focus") == "跳到正文"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"


async def test_pages_need_no_other_host_once_htmx_is_in_the_data_folder(
    own_htmx, shell, shell_site, window
):
    page = await window()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    await shell.be(Duty.CORRESPONDENT)
    await carry(page, shell, shell_site)
    await page.goto(f"{shell_site}/sample/new")
    assert await page.evaluate("htmx.version") == "2.0.11"
    assert [url for url in asked if not url.startswith(shell_site)] == []


async def test_a_page_restored_from_history_is_whole(shell, shell_site):
    await shell.be(Duty.CORRESPONDENT)
    headers = {"HX-History-Restore-Request": "true"}
    answer = await shell.get("/sample/new", htmx=True, **headers)
    assert answer.text.startswith("<!doctype html>")
