"""Sheets: looked at first, taken in at once, and nothing is lost or doubled."""

import io

import openpyxl

from domain.intake import tray
from domain.intake.models import ImportBatch
from domain.kit.actor import Duty
from domain.units.models import Unit
from tests import make
from tests.counting import counting
from tests.web.browser import text

GOOD = "单位,类别\n示例新镇,乡镇\n示例新局,县级部门\n"
MIXED = GOOD + "示例新站,不知道\n"


def sheet(content, name="单位.csv"):
    return {"file": (name, content.encode() if isinstance(content, str) else content, "text/csv")}


async def previewed(web, content, **form):
    answer = await web.post("/imports", files=sheet(content), **{"kind": "units"} | form)
    assert answer.status_code == 303, text(answer)
    return answer.headers["location"]


async def test_a_look_changes_nothing_and_then_all_rows_are_taken_in(web):
    await web.be(Duty.ADMINISTRATOR)
    before = await Unit.all().count()
    place = await previewed(web, GOOD)
    page = await web.get(place)
    assert "各行都没有问题" in text(page)
    assert await Unit.all().count() == before
    done = await web.post(place)
    assert (done.status_code, await Unit.all().count()) == (303, before + 2)
    assert "导入。" in text(await web.get(place))
    assert (await web.post(place)).status_code == 409
    again = await web.get(await previewed(web, GOOD))
    assert "没有可以新增的行" in text(again)


async def test_refused_rows_are_named_and_left_out_only_when_ticked(web):
    await web.be(Duty.ADMINISTRATOR)
    before = await Unit.all().count()
    place = await previewed(web, MIXED)
    page = await web.get(place)
    assert "4 类别 “类别”的“不知道”不在可选范围内" in text(page)
    refused = await web.post(place)
    assert (refused.status_code, await Unit.all().count()) == (422, before)
    assert "有 1 行有误，未作任何改动" in text(refused)
    done = await web.post(place, skip_bad="on")
    assert (done.status_code, await Unit.all().count()) == (303, before + 2)


async def test_the_list_of_refused_rows_can_be_mended_and_brought_again(web):
    await web.be(Duty.ADMINISTRATOR)
    place = await previewed(web, MIXED)
    answer = await web.get(f"{place}/errors.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[0] == ("单位", "类别", "行号", "有误的列", "原因")
    assert rows[1][:4] == ("示例新站", "不知道", 4, "类别")


async def test_a_file_that_cannot_be_read_is_refused_beside_the_form(web):
    await web.be(Duty.ADMINISTRATOR)
    page = await web.post("/imports", files=sheet(b"\xd0\xcf\x11\xe0old", "旧.xls"), kind="units")
    assert page.status_code == 422 and "旧版 .xls" in text(page)
    page = await web.post("/imports", files=sheet("姓名\n示例\n"), kind="units")
    assert page.status_code == 422 and "没有找到这些列" in text(page)
    page = await web.post("/imports", kind="units")
    assert page.status_code == 422 and 'id="f-file-error"' in page.text
    assert await ImportBatch.all().count() == 0


async def test_each_sheet_is_brought_by_those_who_keep_the_register(web):
    await web.be(Duty.CORRESPONDENT)
    assert (await web.get("/imports")).status_code == 403
    refused = await web.post("/imports", files=sheet(GOOD), kind="units")
    assert refused.status_code == 403
    await web.be(Duty.PUBLICITY_DEPARTMENT)
    page = await web.get("/imports")
    assert 'value="history"' in page.text and 'value="units"' not in page.text
    refused = await web.post("/imports", files=sheet(GOOD), kind="units")
    assert (refused.status_code, await ImportBatch.all().count()) == (403, 0)
    await web.be(Duty.ADMINISTRATOR)
    place = await previewed(web, GOOD)
    before = await Unit.all().count()
    await web.be(Duty.PUBLICITY_DEPARTMENT)
    assert (await web.post(place)).status_code == 403
    await web.be(Duty.CORRESPONDENT)
    assert (await web.get(place)).status_code == 404
    assert (await web.get(f"{place}/errors.xlsx")).status_code == 404
    assert await Unit.all().count() == before + 2


async def test_a_sheet_with_a_classified_row_is_not_held(web):
    await make.unit("示例镇")
    await web.be(Duty.PUBLICITY_DEPARTMENT)
    heads = "单位,标题,正文,事件日期,报送日期,报送人,审签领导,审签职务"
    rest = "2018-04-03,2018-04-03,示例甲,示例乙,镇长"
    rows = f"示例镇,示例修路,,{rest}\n示例镇,示例过桥,机密★1年,{rest}\n"
    place = await previewed(web, f"{heads}\n{rows}", kind="history")
    page = await web.get(place)
    assert "带有密级标志" in text(page) and "请改正后重新上传" in text(page)
    assert "机密★1年" not in page.text
    assert not list(tray.folder().glob(f"{place.rpartition('/')[2]}.sheet"))
    assert (await web.post(place, skip_bad="on")).status_code == 409


async def test_a_sheet_is_held_for_a_day(web):
    await web.be(Duty.ADMINISTRATOR)
    place = await previewed(web, MIXED)
    for path in tray.folder().iterdir():
        path.unlink()
    page = await web.get(place)
    assert "表格已不再保存" in text(page) and "4 类别" in text(page)
    assert (await web.post(place, skip_bad="on")).status_code == 409
    assert (await web.get(f"{place}/errors.xlsx")).status_code == 409


async def test_the_list_costs_the_same_at_one_and_at_three_imports(web):
    await web.be(Duty.ADMINISTRATOR)
    costs = []
    for towns in (("甲",), ("乙", "丙")):
        for town in towns:
            await previewed(web, f"单位,类别\n示例{town}镇,乡镇\n")
        with counting() as statements:
            page = await web.get("/imports")
        costs.append(len(statements))
    assert costs[0] == costs[1] > 0
    assert page.text.count("单位.csv") == 3
