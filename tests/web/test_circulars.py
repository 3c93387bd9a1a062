"""核对, 印发 and 更正 as the offices do them, and what units read of it."""

from datetime import date, datetime
from hashlib import sha256

import pytest
import time_machine

from domain.circulars import actions, queries
from domain.circulars.models import Circular, CircularFile, CircularState, Reconciliation
from domain.kit.actor import SYSTEM, Duty
from domain.kit.clock import COUNTY, Month
from domain.points.models import EntryKind, LedgerEntry
from tests import make
from tests.counting import counting
from tests.domain.points import sent
from tests.web.browser import text
from tests.web.conftest import carry

APRIL = Month.parse("2018-04")
NUMBER = "示委办〔2018〕28号"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2018, 5, 2, 9, tzinfo=COUNTY), tick=True) as traveller:
        yield traveller


@pytest.fixture
async def offices(db):
    await make.county()
    two = [await make.office(name, issues_monthly=True) for name in ("示例县委办", "示例县政府办")]
    return [*two, await make.office("示例新闻中心")]


@pytest.fixture
async def april(offices):
    """Two units, one of which sent an item that a provincial outlet ran."""
    await sent.policy()
    busy, silent = await make.unit("示例甲镇"), await make.unit("示例乙镇")
    item = await sent.item(busy, date(2018, 4, 3))
    await sent.adoption(item, (await sent.outlets())["province"], date(2018, 4, 5))
    return busy, silent


async def close(offices):
    for office in offices:
        await actions.confirm_figures(SYSTEM, APRIL, office_id=office.id)
    return await queries.newest(APRIL)


async def issued(offices, number=NUMBER):
    circular = await close(offices)
    return await actions.issue(
        SYSTEM, circular.id, document_number=number, issue_date=date(2018, 5, 2)
    )


async def test_a_draft_is_for_those_who_check_and_issue(web, offices, april):
    draft = await actions.draft(SYSTEM, APRIL)
    await web.be(Duty.CORRESPONDENT)
    assert (await web.get(f"/circulars/{draft.id}")).status_code == 404
    assert (await web.get(f"/circulars/{draft.id}/files/json")).status_code == 404
    assert "2018年4月" not in text(await web.get("/circulars"))
    await web.be(Duty.AUDITOR)
    page = await web.get(f"/circulars/{draft.id}")
    assert page.status_code == 200
    assert "（草案，未编文号，核对后印发）" in text(page)
    assert f"/circulars/{draft.id}/issue" not in page.text


async def test_the_page_says_the_same_sentences_as_the_paper(web, offices, april):
    circular = await issued(offices)
    await web.be(Duty.CORRESPONDENT)
    said = text(await web.get(f"/circulars/{circular.id}"))
    paper = queries.data_of(circular)
    assert "全县2个单位共上报信息1条" in said
    assert "以下1个单位本月未上报信息：示例乙镇。" in said
    assert all(line.unit in said for line in paper.lines)
    assert "2018年4月新闻宣传和信息报送总排名表" in said
    assert NUMBER in said


async def test_the_list_names_what_waits_for_the_reader_first(web, offices, april):
    first, second, third = offices
    await web.be(Duty.OFFICE_EDITOR, office=first)
    said = text(await web.get("/circulars"))
    assert "核对2018年4月数据 待核对：示例县委办、示例县政府办、示例新闻中心 等您核对" in said
    await actions.confirm_figures(SYSTEM, APRIL, office_id=first.id)
    said = text(await web.get("/circulars"))
    assert "已核对：示例县委办；待核对：示例县政府办、示例新闻中心 等其他单位" in said
    for office in (second, third):
        await actions.confirm_figures(SYSTEM, APRIL, office_id=office.id)
    said = text(await web.get("/circulars"))
    assert "印发2018年4月通报" in said and "等您印发" in said
    await web.be(Duty.CORRESPONDENT)
    assert "先办这些" not in text(await web.get("/circulars"))


async def test_an_office_confirms_its_own_figures_and_the_last_word_closes(web, offices, april):
    for number, office in enumerate(offices, 1):
        person = await web.be(Duty.OFFICE_EDITOR, office=office)
        page = await web.get("/circulars/months/2018-04")
        assert "核对无误" in text(page)
        sent_ = await web.post("/circulars/months/2018-04", office_id=office.id, note="示例说明")
        assert sent_.headers["location"] == "/circulars/months/2018-04"
        said = await Reconciliation.get(office_id=office.id)
        assert (said.confirmed_by_name, said.note) == (person.name, "示例说明")
        assert ("已结账" in text(await web.get("/circulars/months/2018-04"))) == (number == 3)
    assert (await queries.close_of(APRIL)).closed_at is not None


async def test_nobody_confirms_for_another_office(web, offices, april):
    await web.be(Duty.OFFICE_EDITOR, office=offices[0])
    refused = await web.post("/circulars/months/2018-04", office_id=offices[1].id)
    assert refused.status_code == 403 and "须由接收单位编辑办理" in text(refused)
    await web.be(Duty.CORRESPONDENT)
    assert (await web.get("/circulars/months/2018-04")).status_code == 404
    refused = await web.post("/circulars/months/2018-04", office_id=offices[0].id)
    assert (refused.status_code, await Reconciliation.all().count()) == (404, 0)


async def test_a_running_month_is_shown_but_not_confirmed(web, offices, april):
    await web.be(Duty.OFFICE_EDITOR, office=offices[0])
    page = await web.get("/circulars/months/2018-05")
    assert "2018年6月1日起可以核对" in text(page) and "office_id" not in page.text
    refused = await web.post("/circulars/months/2018-05", office_id=offices[0].id)
    assert (refused.status_code, await Reconciliation.all().count()) == (409, 0)
    assert (await web.get("/circulars/months/2018-13")).status_code == 404


async def test_issuing_proposes_the_countys_word_and_freezes_the_files(web, offices, april):
    circular = await close(offices)
    await web.be(Duty.OFFICE_EDITOR, office=offices[0])
    page = await web.get(f"/circulars/{circular.id}")
    assert 'value="示委办〔2018〕号"' in page.text and 'value="2018-05-02"' in page.text
    sent_ = await web.post(
        f"/circulars/{circular.id}/issue", document_number="示委办[2018]28号",
        issue_date="2018-05-02", expected_version=circular.version,
    )  # fmt: skip
    assert (sent_.status_code, sent_.headers["location"]) == (303, f"/circulars/{circular.id}")
    await circular.refresh_from_db()
    assert (circular.state, circular.document_number) == (CircularState.ISSUED, NUMBER)
    for file in await CircularFile.filter(circular_id=circular.id):
        answer = await web.get(f"/circulars/{circular.id}/files/{file.format.value}")
        assert sha256(answer.content).hexdigest() == file.sha256
        assert answer.headers["etag"] == f'"{file.sha256}"'
        assert file.sha256 in (await web.get(f"/circulars/{circular.id}")).text


async def test_a_refused_issue_changes_nothing_and_keeps_what_was_typed(web, offices, april):
    circular = await close(offices)
    await web.be(Duty.OFFICE_EDITOR, office=offices[0])
    wrong = {"issue_date": "2018-05-02", "expected_version": circular.version}
    refused = await web.post(f"/circulars/{circular.id}/issue", document_number="28号", **wrong)
    assert refused.status_code == 422
    assert 'id="f-document_number-error"' in refused.text and 'value="28号"' in refused.text
    await web.be(Duty.OFFICE_EDITOR, office=offices[2])
    refused = await web.post(f"/circulars/{circular.id}/issue", document_number=NUMBER, **wrong)
    assert refused.status_code == 403
    await web.be(Duty.CORRESPONDENT)
    refused = await web.post(f"/circulars/{circular.id}/issue", document_number=NUMBER, **wrong)
    assert refused.status_code == 404
    await circular.refresh_from_db()
    assert (circular.state, await CircularFile.all().count()) == (CircularState.DRAFT, 0)


async def test_an_open_month_is_named_instead_of_the_issue_form(web, offices, april):
    draft = await actions.draft(SYSTEM, APRIL)
    await web.be(Duty.OFFICE_EDITOR, office=offices[0])
    page = await web.get(f"/circulars/{draft.id}")
    assert "结账后才能印发。尚未结账： 2018年4月" in text(page)
    assert 'name="document_number"' not in page.text


async def test_a_drafts_file_is_made_on_the_spot_and_says_so(web, offices, april):
    draft = await actions.draft(SYSTEM, APRIL)
    await web.be(Duty.SUPERVISION_OFFICE)
    answer = await web.get(f"/circulars/{draft.id}/files/json")
    assert answer.json()["period"] == "2018-04"
    assert answer.headers["cache-control"] == "no-store"
    assert "%E8%8D%89%E6%A1%88.json" in answer.headers["content-disposition"]
    pdf = await web.get(f"/circulars/{draft.id}/files/pdf")
    assert pdf.content.startswith(b"%PDF")
    assert (await web.get(f"/circulars/{draft.id}/files/exe")).status_code == 404
    assert await CircularFile.all().count() == 0


async def test_a_correction_names_the_change_and_stands_on_both_pages(web, offices, april):
    circular = await issued(offices)
    _busy, silent = april
    await web.be(Duty.OFFICE_EDITOR, office=offices[0])
    assert (await web.get(f"/circulars/{circular.id}/correct")).status_code == 200
    sent_ = await web.post(
        f"/circulars/{circular.id}/correct", reason="采用登记遗漏",
        unit_id_1=silent.id, points_1="+2.5", adopted_1="", submitted_1="1", reason_1="",
    )  # fmt: skip
    draft = await Circular.get(issue=2)
    assert (sent_.status_code, sent_.headers["location"]) == (303, f"/circulars/{draft.id}")
    entry = await LedgerEntry.get(kind=EntryKind.CORRECTION)
    assert (entry.unit_id, str(entry.points), entry.submitted) == (silent.id, "2.50", 1)
    assert entry.reason == "采用登记遗漏"
    page = text(await web.get(f"/circulars/{draft.id}"))
    assert f"更正{NUMBER}：采用登记遗漏" in page and "积分由0更正为2.5" in page
    assert "正在更正，更正通报尚未印发。" in text(await web.get(f"/circulars/{circular.id}"))
    await actions.issue(
        SYSTEM, draft.id, document_number="示委办〔2018〕29号", issue_date=date(2018, 5, 2)
    )
    await web.be(Duty.CORRESPONDENT)
    old = text(await web.get(f"/circulars/{circular.id}"))
    assert "已由示委办〔2018〕29号更正，以更正后的为准。" in old


async def test_a_refused_correction_keeps_every_row(web, offices, april):
    circular = await issued(offices)
    busy, silent = april
    await web.be(Duty.OFFICE_EDITOR, office=offices[0])
    before = await LedgerEntry.all().count()
    refused = await web.post(
        f"/circulars/{circular.id}/correct", reason="", unit_id_0=busy.id, points_0="两分",
        unit_id_4=silent.id, submitted_4="-5", reason_4="示例说明",
    )  # fmt: skip
    assert refused.status_code == 422
    assert 'id="f-reason-error"' in refused.text and 'id="f-points_0-error"' in refused.text
    assert 'value="两分"' in refused.text and 'value="示例说明"' in refused.text
    refused = await web.post(
        f"/circulars/{circular.id}/correct", reason="示例", unit_id_4=silent.id, submitted_4="-5"
    )
    assert refused.status_code == 422 and 'id="f-changes-error"' in refused.text
    await web.be(Duty.SUPERVISION_OFFICE)
    assert (await web.get(f"/circulars/{circular.id}/correct")).status_code == 403
    refused = await web.post(f"/circulars/{circular.id}/correct", reason="示例")
    assert refused.status_code == 403
    assert (await LedgerEntry.all().count(), await Circular.all().count()) == (before, 1)


async def test_a_draft_can_be_made_before_the_clock_makes_it(web, offices, april):
    await web.be(Duty.OFFICE_EDITOR, office=offices[0])
    assert "现在起草" in text(await web.get("/circulars"))
    sent_ = await web.post("/circulars/draft", period="2018-04")
    draft = await Circular.get(period="2018-04")
    assert (sent_.status_code, sent_.headers["location"]) == (303, f"/circulars/{draft.id}")
    again = await web.post("/circulars/draft", period="2018-04")
    assert (again.status_code, await Circular.all().count()) == (422, 1)
    refused = await web.post("/circulars/draft", period="2031-01")
    assert refused.status_code == 422
    await web.be(Duty.CORRESPONDENT)
    refused = await web.post("/circulars/draft", period="2018-Q1")
    assert (refused.status_code, await Circular.all().count()) == (403, 1)


async def test_the_list_is_by_kind_and_year(web, offices, april):
    await issued(offices)
    await web.be(Duty.CORRESPONDENT)
    for query, shown in (
        ("kind=monthly", True), ("kind=quarterly", False), ("year=2018", True), ("year=2017", False)
    ):  # fmt: skip
        assert (NUMBER in text(await web.get(f"/circulars?{query}"))) == shown
    newest = await web.get("/circulars/of/2018-04")
    assert newest.headers["location"] == f"/circulars/{(await Circular.get()).id}"
    assert (await web.get("/circulars/of/2018-03")).status_code == 404


async def test_lists_cost_the_same_at_one_and_at_three_rows(web, offices, april):
    await web.be(Duty.OFFICE_EDITOR, office=offices[0])
    await actions.draft(SYSTEM, APRIL)
    costs = []
    for more in ((), ("2018-03", "2018-02")):
        for month in more:
            unit = await make.unit()
            await sent.item(unit, Month.parse(month).first)
            await actions.draft(SYSTEM, Month.parse(month))
        for path in ("/circulars", "/circulars/months/2018-04"):
            with counting() as statements:
                assert (await web.get(path)).status_code == 200
            costs.append(len(statements))
    assert costs[:2] == costs[2:]
    assert min(costs) > 0


@pytest.mark.browser
async def test_in_a_browser_a_refusal_stays_in_place_and_issuing_goes_on(
    web, site, window, offices, april
):
    circular = await close(offices)
    await web.be(Duty.OFFICE_EDITOR, office=offices[0])
    page = await window(width=360)
    await carry(page, web, site)
    await page.goto(f"{site}/circulars/{circular.id}")
    await page.fill("[name=document_number]", "28号")
    await page.click("#issuing button")
    await page.wait_for_selector("#f-document_number-error")
    assert await page.input_value("[name=document_number]") == "28号"
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(width) == 0
    await page.fill("[name=document_number]", NUMBER)
    await page.click("#issuing button")
    await page.wait_for_selector(".told")
    assert await page.inner_text(".document-number") == NUMBER
