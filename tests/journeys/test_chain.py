"""From a correspondent's desk to points on his unit's home page, with and without a script."""

from datetime import date

import pytest
from axe_playwright_python.async_playwright import Axe

from domain.items.models import Item
from domain.kit.actor import SYSTEM
from domain.outlets.models import Adoption
from domain.points import actions as points
from tests import make
from tests.web import house

pytestmark = pytest.mark.browser
RULES = {
    "levels": {"county": 3, "prefecture": 5, "province": 10, "nation": 20},
    "submission": {"points": 1},
}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Seat:
    """Somebody at his own screen, who looks at every page he comes to."""

    def __init__(self, page, site, *, scripted) -> None:
        self.page, self.site, self.scripted = page, site, scripted

    async def sign_in(self, person) -> None:
        account = await make.account(person)
        await self.page.goto(self.site + "/")
        await self.page.fill("#f-login", account.login)
        await self.page.fill("#f-password", make.PASSWORD)
        await self.press("登录")
        await self.page.wait_for_url(self.site + "/")
        await self.look()

    async def go(self, path) -> None:
        await self.page.goto(self.site + path)
        await self.look()

    async def press(self, label) -> None:
        """The button or link of that name on the page itself, then the page that follows."""
        named = self.page.locator(f'main .btn:visible:text-is("{label}")')
        await named.first.click()

    async def follow(self, label, wanted) -> None:
        await self.press(label)
        await self.page.wait_for_selector(wanted)
        await self.look()

    async def look(self) -> None:
        """Open to everyone, and nothing runs off a phone's screen."""
        if self.scripted:
            found = await Axe().run(self.page, options={"runOnly": TAGS})
            wrong = [
                (each["id"], node["target"])
                for each in found.response["violations"]
                for node in each["nodes"]
            ]
            assert wrong == [], self.page.url
        size = self.page.viewport_size
        await self.page.set_viewport_size({"width": 360, "height": 780})
        reached = await self.page.evaluate("document.documentElement.scrollWidth")
        await self.page.set_viewport_size(size)
        assert reached <= 360, self.page.url


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
async def seats(request, site, window):
    async def seat(**given):
        page = await window(java_script_enabled=request.param, **given)
        return Seat(page, site, scripted=request.param)

    return seat


async def test_an_item_goes_from_the_desk_to_points(seats):
    place = await house.build()
    outlet = await make.outlet("示例日报")
    await points.add_policy(SYSTEM, name="示例", valid_from=date(2018, 1, 1), rules=RULES)

    writer = await seats()
    await writer.sign_in(place.correspondent)
    await writer.follow("写一条信息", "#f-title")
    await writer.page.fill("#f-title", "示例镇开通牧道")
    await writer.page.fill("#f-body", "今天，示例镇开通了通村牧道。")
    await writer.follow("送审签", ".problems")
    assert await writer.page.input_value("#f-title") == "示例镇开通牧道"
    await writer.page.select_option("#f-topic_id", str(place.topic.id))
    await writer.page.check("#f-declared_unclassified")
    await writer.follow("送审签", ".way")
    item = await Item.get()
    assert writer.page.url.endswith(f"/items/{item.id}")
    assert item.body == "<p>今天，示例镇开通了通村牧道。</p>"

    leader = await seats(width=360)
    await leader.sign_in(place.leader)
    await leader.follow("去审签", "text=将署名：示例甲 副镇长")
    await leader.follow("同意并签字", ".problems")
    await leader.page.check("#f-declared_unclassified")
    await leader.follow("同意并签字", "text=没有待审签的稿件了。")

    editor = await seats()
    await editor.sign_in(place.editor)
    await editor.page.click("text=示例镇开通牧道")
    await editor.page.wait_for_selector("main .acts")
    await editor.look()
    for verb, following in (("接收", "采编"), ("采编", "采用")):
        await editor.follow(verb, f'.acts .btn.main:text-is("{following}")')
    await editor.follow("采用", '.head .tag:text-is("已采用")')

    await writer.go(f"/items/{item.id}")
    await writer.follow("登记采用", "#f-outlet_id")
    await writer.page.select_option("#f-outlet_id", str(outlet.id))
    await writer.page.fill("#f-evidence_url", "https://example.org/1")
    await writer.follow("登记", "text=须由另一人确认")

    adoption = await Adoption.get()
    await editor.go("/adoptions")
    await editor.page.click(f'a[href="/adoptions/{adoption.id}"]')
    await editor.page.wait_for_selector("main .acts")
    await editor.follow("确认采用", 'main .tag:text-is("已确认")')

    await writer.go("/")
    tiles = await writer.page.inner_text(".tiles")
    assert [line for line in tiles.split("\n") if line.strip()][:2] == ["报送", "1 条"]
    assert await writer.page.inner_text(".tiles .tile:nth-child(3) b") == "4"
    assert await writer.page.locator('main .tag:text-is("县级采用")').count() == 1


async def test_a_sent_back_text_is_revised_and_signed_anew(seats):
    place = await house.build()
    item = await place.laid("示例镇开通牧道")

    leader = await seats(width=360)
    await leader.sign_in(place.leader)
    await leader.go(f"/approvals/{item.id}")
    await leader.page.click("summary:text-is('退回')")
    await leader.page.fill("#f-reason", "请补充户数")
    await leader.follow("退回修改", "text=没有待审签的稿件了。")

    writer = await seats()
    await writer.sign_in(place.correspondent)
    await writer.go(f"/items/{item.id}")
    assert await writer.page.locator("text=请补充户数").count() == 1
    await writer.follow("修改", "#f-title")
    await writer.page.fill("#f-body", "今天，示例镇开通了通村牧道，惠及32户。")
    await writer.follow("送审签", ".way")
    await item.refresh_from_db()
    assert item.body == "<p>今天，示例镇开通了通村牧道，惠及32户。</p>"

    await leader.go("/approvals")
    await leader.page.click("text=示例镇开通牧道")
    await leader.page.wait_for_selector("text=惠及32户")
    await leader.page.check("#f-declared_unclassified")
    await leader.follow("同意并签字", "text=没有待审签的稿件了。")


async def test_a_pasted_word_table_is_kept_without_its_rubbish(site, window):
    place = await house.build()
    page = await window()
    seat = Seat(page, site, scripted=True)
    await seat.sign_in(place.correspondent)
    await seat.go("/items/new")
    await page.fill("#f-title", "示例镇受灾统计")
    await page.focus("#f-body")
    await page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/html", `<style>p{color:red}</style><p class="MsoNormal">
            <span style="color:red">统计如下：</span></p><table border=1><tr><td width=9>户数</td>
            <td colspan=2>32</td></tr></table><b>注</b>：以上为初报。<script>alert(1)</script>`);
          data.setData("text/plain", "统计如下");
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    await seat.follow("存草稿", ".way")
    body = (await Item.get()).body
    assert body.endswith("<p><strong>注</strong>：以上为初报。</p>")
    assert "统计如下：" in body and '<td colspan="2">32</td>' in body
    assert [word for word in ("style", "Mso", "<span", "alert", "border") if word in body] == []
