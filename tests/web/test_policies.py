"""The scoring policies: read by everyone, put in force by an administrator after a look."""

import json
from datetime import date

from domain.kit import clock
from domain.kit.actor import Duty
from domain.points.models import ScoringPolicy
from tests.counting import counting
from tests.domain.points import sent
from tests.web.browser import text

RULES = {
    "levels": {"县": 1, "州": 3, "省": 5, "国": 10},
    "positions": [{"match": "头版", "factor": 1.5}],
    "repeat": {"rule": "top_n_levels", "n": 2, "further": 0.5},
    "submission": {"points": 1, "monthly_cap": 5, "late": -0.5},
    "types": {"research": {"bonus": 1}},
    "month_end": {"quota_missed": -2, "adoption_rate": {"below": 30, "points": -1}},
}


def given(**facts):
    return {"name": "示例办法", "valid_from": clock.today().isoformat(), "is_example": "on"} | facts


async def test_everyone_reads_the_values_in_words(web):
    await sent.policy(**RULES | {"levels": sent.LEVELS})
    await web.be(Duty.CORRESPONDENT)
    page = await web.get("/policies")
    said = text(page)
    for sentence in (
        "示例计分办法 第 1 版", "施行中", "示例", "国家级 10", "含“头版” 1.5 倍",
        "同一信息被多家采用，只计最高的几级（2 级），其余按 0.5 倍", "每月最多 5",
        "动态信息未当日报送 -0.5", "调研性信息 另加 1 分", "采用率低于 30% -1",
    ):  # fmt: skip
        assert sentence in said, sentence
    assert "/policies/new" not in page.text
    assert (await web.get("/policies/new")).status_code == 403


async def test_a_policy_is_looked_at_before_it_is_in_force(web):
    await web.be(Duty.ADMINISTRATOR)
    file = {"file": ("办法.json", json.dumps(RULES).encode(), "application/json")}
    page = await web.post("/policies", files=file, **given(step="look"))
    assert page.status_code == 200 and "读作下面这样" in text(page)
    assert await ScoringPolicy.all().count() == 0
    done = await web.post("/policies", **given(step="add", rules=json.dumps(RULES)))
    assert (done.status_code, done.headers["location"]) == (303, "/policies")
    row = await ScoringPolicy.get()
    assert (row.number, row.name, row.is_example) == (1, "示例办法", True)
    assert row.rules["levels"]["nation"] == "10"


async def test_what_is_wrong_is_said_with_its_place(web):
    await web.be(Duty.ADMINISTRATOR)
    wrong = {"levels": {"county": "一"}, "stars": 5}
    page = await web.post("/policies", **given(step="look", rules=json.dumps(wrong)))
    assert page.status_code == 422
    assert "levels.county 处应填数字" in text(page) and "没有“stars”这一项" in text(page)
    assert "&#34;stars&#34;" in page.text
    page = await web.post("/policies", **given(step="add", rules='{"levels": '))
    assert page.status_code == 422 and "不是有效的 JSON" in text(page)
    page = await web.post("/policies", **given(step="add"))
    assert page.status_code == 422 and 'id="f-file-error"' in page.text
    assert await ScoringPolicy.all().count() == 0


async def test_only_an_administrator_puts_a_policy_in_force(web):
    await web.be(Duty.PUBLICITY_DEPARTMENT)
    refused = await web.post("/policies", **given(step="add", rules=json.dumps(RULES)))
    assert (refused.status_code, await ScoringPolicy.all().count()) == (403, 0)


async def test_the_list_costs_the_same_at_one_and_at_three_versions(web):
    await web.be(Duty.CORRESPONDENT)
    costs = []
    for years in ((2016,), (2017, 2018)):
        for year in years:
            await sent.policy(date(year, 1, 1))
        with counting() as statements:
            assert (await web.get("/policies")).status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[1] > 0
