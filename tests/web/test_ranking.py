"""The ranking as everyone reads it, why a number is what it is, and the table for a spreadsheet."""

from datetime import date, datetime
from uuid import UUID

import pytest
import time_machine

from domain.circulars import actions as circulars
from domain.circulars import queries as issued
from domain.kit.actor import SYSTEM, Duty
from domain.kit.clock import COUNTY, Month
from domain.people.models import Appointment
from tests import make
from tests.counting import counting
from tests.domain.points import sent
from tests.web.browser import text

NOBODY = UUID(int=0)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2018, 5, 2, 9, tzinfo=COUNTY), tick=True) as traveller:
        yield traveller


@pytest.fixture
async def april(db):
    """Three units: one adopted, one that only sent, one silent."""
    await make.county()
    await sent.policy(submission={"points": 1})
    first, second, third = [await make.unit(name) for name in ("示例甲镇", "示例乙镇", "示例丙镇")]
    item = await sent.item(first, date(2018, 4, 3), title="示例修路")
    await sent.adoption(item, (await sent.outlets())["province"], date(2018, 4, 5))
    await sent.item(second, date(2018, 4, 4))
    return first, second, third


async def test_every_unit_stands_in_its_place_and_silence_is_named(web, april):
    await web.be(Duty.CORRESPONDENT, unit=april[1])
    page = await web.get("/ranking?period=2018-04")
    said = text(page).partition("累计")[2]
    assert said.index("示例甲镇") < said.index("示例乙镇") < said.index("示例丙镇")
    assert "零报送单位 示例丙镇" in said
    assert page.text.count('<tr class="mine">') == 1
    by_units = text(await web.get("/ranking?period=2018-04&order=units"))
    assert "随时变动，以月末核对后的通报为准。" in by_units
    assert (await web.get("/ranking?period=2018-99")).status_code == 422


async def test_a_quarter_and_a_year_are_ranked_too(web, april):
    await web.be(Duty.CORRESPONDENT)
    assert "2018年第2季度排名" in text(await web.get("/ranking?period=2018-Q2"))
    assert "2018年排名" in text(await web.get("/ranking?period=2018"))


async def test_what_was_issued_is_named_because_it_holds(web, april):
    office = await make.office(issues_monthly=True)
    await circulars.confirm_figures(SYSTEM, Month.parse("2018-04"), office_id=office.id)
    draft = await issued.newest(Month.parse("2018-04"))
    await circulars.issue(
        SYSTEM, draft.id, document_number="示委办〔2018〕28号", issue_date=date(2018, 5, 2)
    )
    await web.be(Duty.CORRESPONDENT)
    page = text(await web.get("/ranking?period=2018-04"))
    assert "已通报：示委办〔2018〕28号，以通报为准。" in page


async def test_each_line_of_the_ledger_is_a_sentence(web, april):
    first, _second, third = april
    await web.be(Duty.PUBLICITY_DEPARTMENT)
    page = await web.get(f"/ranking/{first.id}/2018-04")
    assert "〈示例修路〉" in text(page) and "计分办法：示例计分办法（第 1 版） 示例" in text(page)
    assert "这个月还没有入账" in text(await web.get(f"/ranking/{third.id}/2018-04"))
    assert (await web.get(f"/ranking/{first.id}/april")).status_code == 404
    assert (await web.get(f"/ranking/{NOBODY}/2018-04")).status_code == 404


async def test_an_item_one_may_not_see_is_counted_but_not_named(web, april):
    _first, second, _third = april
    await sent.item(second, date(2018, 4, 9), title="示例秘事", restricted=True)
    await web.be(Duty.CORRESPONDENT)
    page = text(await web.get(f"/ranking/{second.id}/2018-04"))
    assert "（不公开的信息）" in page and "示例秘事" not in page


async def test_the_table_opens_in_a_spreadsheet_and_runs_nothing_there(web, april):
    await make.unit("=HYPERLINK(示例)")
    await web.be(Duty.CORRESPONDENT, unit=april[0])
    answer = await web.get("/ranking.csv?period=2018-04")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-disposition"] == 'attachment; filename="ranking-2018-04.csv"'
    assert lines[0].startswith("名次,组内名次,单位,排名组")
    assert lines[1] == "1,1,示例甲镇,乡镇,,1,1,1,0,0,1,0,100.0,6.00,6.00"
    assert [line.split(",")[2] for line in lines[1:]][-1] == "'=HYPERLINK(示例)"


async def test_the_ranking_costs_the_same_for_any_number_of_units(web, april):
    person = await web.be(Duty.CORRESPONDENT, unit=april[0])
    costs = []
    for more in (0, 3):
        for _ in range(more):
            await sent.item(await make.unit(), date(2018, 4, 6))
            await sent.item(april[0], date(2018, 4, 7))
        for path in ("/ranking?period=2018-04", f"/ranking/{april[0].id}/2018-04"):
            with counting() as statements:
                assert (await web.get(path)).status_code == 200
            costs.append(len(statements))
    assert costs[:2] == costs[2:]
    assert await Appointment.filter(person_id=person.id).count() == 1
