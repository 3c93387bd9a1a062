"""Two circulars that real counties published, counted again from sheets that say the same."""

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import orjson
import pytest
import time_machine

from domain.circulars import actions, queries
from domain.kit.actor import SYSTEM
from domain.kit.clock import COUNTY, Month
from domain.outlets.models import Adoption
from domain.points import actions as points
from domain.points.queries import ranking
from tests import make
from tests.domain.points import sent

DATA = Path(__file__).parents[2] / "data" / "circulars"


def table(name) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


async def taken_in(case: str) -> Month:
    """The sheet's rows as items and adoptions, counted under the case's own policy."""
    await make.county()
    rules = orjson.loads((DATA / f"{case}.policy.json").read_bytes())
    await points.add_policy(SYSTEM, name=case, valid_from=date(2017, 1, 1), rules=rules)
    units = {row["unit"]: await make.unit(row["unit"], valid_from=date(2017, 1, 1))
             for row in table(f"{case}.published")}  # fmt: skip
    outlets, items, adoptions = {}, [], []
    for row in table(f"{case}.history"):
        item = sent.unsaved_item(units[row["单位"]], date.fromisoformat(row["报送日期"]))
        await item.save()
        items.append(item)
        if name := row["采用媒体"]:
            outlets[name] = outlets.get(name) or await make.outlet(name)
            day = date.fromisoformat(row["采用日期"])
            adoptions.append(sent.unsaved_adoption(item, outlets[name], day))
    await Adoption.bulk_create(adoptions)
    await points.count_many(SYSTEM, items, adoptions)
    return Month.parse(case[-7:])


async def test_xining_chengzhong_april_2017_has_its_counts_rates_and_order(db):
    month = await taken_in("xining-chengzhong-2017-04")
    lines = await ranking(month, "units")
    assert [(line.unit, line.submitted, line.adopted) for line in lines] == [
        (row["unit"], int(row["reported"]), int(row["adopted"]))
        for row in table("xining-chengzhong-2017-04.published")
    ]
    assert [line.adoption_rate for line in lines] == [
        Decimal(row["published_rate"].removesuffix("%"))
        for row in table("xining-chengzhong-2017-04.published")
    ]
    by_name = {line.unit: line for line in lines}
    assert by_name["区统计局"].is_zero_report
    assert by_name["区政府办公室"].adoption_rate == 100


async def test_huolinguole_2018_has_its_points_places_and_ties(db):
    month = await taken_in("huolinguole-2018-02")
    lines = await ranking(month)
    published = {
        row["unit"]: Decimal(row["points"]) for row in table("huolinguole-2018-02.published")
    }
    assert {line.unit: line.points for line in lines} == published
    assert [(line.unit, line.rank) for line in lines] == [
        ("珠斯花街道", 1), ("沙尔呼热街道", 2), ("宝日呼吉尔街道", 3),
        ("达来胡硕苏木", 4), ("莫斯台街道", 4),
    ]  # fmt: skip


@pytest.mark.parametrize("case", ["xining-chengzhong-2017-04", "huolinguole-2018-02"])
async def test_counting_the_same_sheet_again_gives_the_same_hash(db, case):
    with time_machine.travel(datetime(2018, 3, 1, 6, tzinfo=COUNTY), tick=True):
        month = await taken_in(case)
        first = await actions.draft(SYSTEM, month)
        again = await queries.live(month)
    assert again.sha256() == first.data_sha256
