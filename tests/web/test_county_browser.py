"""The county's own pages in a real Chromium: open to everyone, and as wide as the screen."""

from datetime import date, datetime

import pytest
import time_machine

from domain.circulars import actions as circulars
from domain.circulars import queries
from domain.kit.actor import SYSTEM, Duty, Scope
from domain.kit.clock import COUNTY, Month
from tests import make
from tests.domain.points import sent
from tests.web.conftest import carry
from tests.web.test_shell_browser import everywhere, violations

pytestmark = pytest.mark.browser
APRIL = Month.parse("2018-04")
WIDE = "document.documentElement.scrollWidth"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2018, 5, 2, 9, tzinfo=COUNTY), tick=True) as traveller:
        yield traveller


@pytest.fixture
async def office(db):
    """A county with a closed month, its draft and a token."""
    await make.county()
    office = await make.office("中共示例县委办公室", issues_monthly=True)
    await sent.policy(positions=[{"match": "头版", "factor": 1.5}])
    unit = await make.unit("示例人力资源和社会保障局")
    await make.unit("示例乡")
    item = await sent.item(unit, date(2018, 4, 3))
    await sent.adoption(item, (await sent.outlets())["province"], date(2018, 4, 5))
    await circulars.confirm_figures(SYSTEM, APRIL, office_id=office.id)
    await make.token(Scope.READ)
    return office


async def read_by(web, duty, office):
    """Sign in as somebody with this duty; the pages that are his."""
    await web.be(duty, office=office if duty is Duty.OFFICE_EDITOR else None)
    draft = await queries.newest(APRIL)
    pages = {
        Duty.OFFICE_EDITOR: [
            "/circulars", f"/circulars/{draft.id}", "/circulars/months/2018-04",
            "/circulars/months/2018-05", "/ranking?period=2018-04", "/outlets", "/adoptions",
        ],
        Duty.ADMINISTRATOR: ["/policies", "/policies/new", "/imports", "/jobs", "/tokens"],
        Duty.AUDITOR: ["/trail", "/trail/check"],
    }  # fmt: skip
    return pages[duty]


@pytest.mark.parametrize("duty", [Duty.OFFICE_EDITOR, Duty.ADMINISTRATOR, Duty.AUDITOR])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_no_page_runs_off_the_screen_or_shuts_anybody_out(
    office, web, site, window, language, duty
):
    page, paths = await window(language=language), await read_by(web, duty, office)
    await carry(page, web, site)
    too_wide = []
    for path in paths:
        answer = await page.goto(site + path)
        assert answer.status == 200, path
        for width in (320, 360, 640, 1280):
            await page.set_viewport_size({"width": width, "height": 780})
            reached = await page.evaluate(WIDE)
            too_wide += [(path, width, reached)] if reached > width else []
        if language == "zh":
            await everywhere(page, violations)
    assert too_wide == []
