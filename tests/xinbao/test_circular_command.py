"""`xinbao circular`: four files of a period, from sheets as a county brings them."""

import asyncio
import csv
import json
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from domain.circulars import actions, queries
from domain.kit.actor import SYSTEM
from domain.kit.clock import Month
from domain.kit.db import open_database
from tests import make
from xinbao.__main__ import main

DATA = Path(__file__).parents[1] / "data" / "circulars"
CASE = "huolinguole-2018-02"
FEBRUARY = Month.parse("2018-02")
FORMATS = {"pdf", "docx", "xlsx", "json"}


@pytest.fixture
def run(given_servers, monkeypatch, capsys):
    def xinbao(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["xinbao", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return xinbao


def units() -> list[str]:
    with (DATA / f"{CASE}.published.csv").open(encoding="utf-8") as file:
        return [row["unit"] for row in csv.DictReader(file)]


@pytest.fixture
def county(given_servers, run):
    """The published case, taken in from its sheets."""

    async def fill() -> None:
        async with open_database(given_servers):
            await make.county()
            await make.office("示例县委办", issues_monthly=True)
            for name in units():
                await make.unit(name)

    asyncio.run(fill())
    assert run("import", "policy", str(DATA / f"{CASE}.policy.json"))[0] == 0
    sheet = str(DATA / f"{CASE}.history.csv")
    code, said, wrong = run("import", "history", sheet, "--create-outlets", "--yes")
    assert code == 0, said + wrong
    return given_servers


async def issue(address: str) -> str:
    async with open_database(address):
        for office in await queries.units.offices():
            await actions.confirm_figures(SYSTEM, FEBRUARY, office_id=office.id)
        draft = await queries.newest(FEBRUARY)
        issued = await actions.issue(
            SYSTEM, draft.id, document_number="示委办〔2018〕9号", issue_date=date(2018, 3, 1)
        )
        return issued.data_sha256


def test_a_published_table_comes_out_of_its_sheets(county, run, tmp_path):
    code, said, _ = run("circular", "2018-02", "--out", str(tmp_path / "out"))
    assert code == 0
    assert "草案" in said
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        f"2018-02.{kind}" for kind in FORMATS
    }
    data = json.loads((tmp_path / "out" / "2018-02.json").read_text("utf-8"))
    assert data["period"] == "2018-02"
    keys = ("unit", "submitted", "adopted", "adoptionRate", "points", "rank", "groupRank")
    assert [[line[key] for key in keys] for line in data["lines"]] == [
        ["珠斯花街道", 15, 5, 33.3, 25, 1, 1],
        ["沙尔呼热街道", 12, 3, 25, 15, 2, 2],
        ["宝日呼吉尔街道", 15, 2, 13.3, 10, 3, 3],
        ["达来胡硕苏木", 2, 1, 50, 5, 4, 4],
        ["莫斯台街道", 1, 1, 100, 5, 4, 4],
    ]
    facts = {key: value for key, value in data.items() if key != "sha256"}
    compact = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert data["sha256"] == sha256(compact.encode()).hexdigest()


def test_lines_may_come_in_the_units_own_order(county, run, tmp_path):
    run("circular", "2018-02", "--out", str(tmp_path), "--order", "units")
    data = json.loads((tmp_path / "2018-02.json").read_text("utf-8"))
    assert [line["unit"] for line in data["lines"]] == units()


def test_an_issued_circular_comes_as_it_was_kept(county, run, tmp_path):
    frozen = asyncio.run(issue(county))
    for folder in ("one", "two"):
        code, said, _ = run("circular", "2018-02", "--out", str(tmp_path / folder))
        assert code == 0
        assert "示委办〔2018〕9号" in said
    for kind in FORMATS:
        files = [tmp_path / folder / f"2018-02.{kind}" for folder in ("one", "two")]
        assert files[0].read_bytes() == files[1].read_bytes()
    assert json.loads((tmp_path / "one" / "2018-02.json").read_bytes())["sha256"] == frozen


@pytest.mark.parametrize("period", ["2018-13", "2018-Q5", "april", "2999-01"])
def test_a_period_that_cannot_be_is_refused_in_one_line(run, tmp_path, period):
    code, _, wrong = run("circular", period, "--out", str(tmp_path / "out"))
    assert (code, len(wrong.strip().splitlines())) == (2, 1)
    assert not (tmp_path / "out").exists()


def test_without_a_county_the_command_says_what_is_missing(given_servers, run, tmp_path):
    code, _, wrong = run("circular", "2018-02", "--out", str(tmp_path / "out"))
    assert code == 2
    assert wrong.strip()
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_named(county, run, tmp_path):
    (tmp_path / "file").write_text("示例", "utf-8")
    code, _, wrong = run("circular", "2018-02", "--out", str(tmp_path / "file" / "out"))
    assert code == 2
    assert str(tmp_path / "file") in wrong
