"""Two published circulars, brought in as a county would, come out as they were printed."""

import csv
import json
from pathlib import Path

import pytest

from tests.domain.intake.sheet import text
from xinbao.__main__ import main

CASES = Path(__file__).parents[1] / "data" / "circulars"


def published(case: str) -> list[dict[str, str]]:
    with (CASES / f"{case}.published.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def run(given_servers, monkeypatch, capsys):
    def xinbao(*arguments) -> None:
        monkeypatch.setattr("sys.argv", ["xinbao", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code in (0, None), capsys.readouterr()

    return xinbao


@pytest.fixture
def bring_in(run, tmp_path):
    """Import a case's units, outlets, policy and history; the lines of its circular."""

    def bring(case: str, outlets: list[str], order: str):
        run("init", "--preset", "empty", "--county", "示例区")
        sheet = tmp_path / "单位.csv"
        names = [row["unit"] for row in published(case)]
        sheet.write_bytes(
            text(
                ["单位", "类别", "排名组"], *([name, "县级部门", "全区"] for name in names)
            ).encode("gb18030")
        )
        run("import", "units", sheet, "--yes")
        sheet = tmp_path / "媒体.csv"
        sheet.write_text(text(["媒体", "级别"], *([name, "县"] for name in outlets)), "utf-8-sig")
        run("import", "outlets", sheet, "--yes")
        run("import", "policy", CASES / f"{case}.policy.json")
        run("import", "history", CASES / f"{case}.history.csv", "--yes")
        run("import", "history", CASES / f"{case}.history.csv", "--yes")
        month = case[-7:]
        run("circular", month, "--out", tmp_path, "--order", order)
        return json.loads((tmp_path / f"{month}.json").read_bytes())["lines"]

    return bring


def test_chengzhong_of_xining_in_april_2017(bring_in):
    rows = published("xining-chengzhong-2017-04")
    lines = bring_in("xining-chengzhong-2017-04", ["城中信息"], "units")
    assert [
        (line["unit"], line["submitted"], line["adopted"], line["adoptionRate"]) for line in lines
    ] == [
        (
            row["unit"],
            int(row["reported"]),
            int(row["adopted"]),
            float(row["published_rate"].removesuffix("%")),
        )
        for row in rows
    ]
    assert [line["unit"] for line in lines if line["zeroReport"]] == ["区统计局"]


def test_huolinguole_in_the_spring_of_2018(bring_in):
    rows = published("huolinguole-2018-02")
    outlets = ["普发", "微信公众号", "参阅", "约稿", "上报"]
    lines = bring_in("huolinguole-2018-02", outlets, "rank")
    expected = {
        row["unit"]: (
            int(row["reported"]),
            sum(int(row[name]) for name in outlets),
            int(row["points"]),
        )
        for row in rows
    }
    found = {line["unit"]: (line["submitted"], line["adopted"], line["points"]) for line in lines}
    assert found == expected
    assert [(line["unit"], line["rank"], line["groupRank"]) for line in lines] == [
        ("珠斯花街道", 1, 1),
        ("沙尔呼热街道", 2, 2),
        ("宝日呼吉尔街道", 3, 3),
        ("达来胡硕苏木", 4, 4),
        ("莫斯台街道", 4, 4),
    ]
