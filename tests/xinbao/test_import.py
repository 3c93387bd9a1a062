"""`xinbao import` and `xinbao init`, as scripts and clerks see them."""

import asyncio
import json
from datetime import date

import pytest
from openpyxl import load_workbook

from domain.approvals import queries as approvals
from domain.kit.actor import Duty
from domain.kit.clock import Month
from domain.kit.db import open_database
from domain.outlets.models import MediaOutlet, OutletLevel
from domain.people.models import Person
from domain.points.models import ScoringPolicy
from domain.quotas import queries as quotas
from domain.units.models import County, PolicyDocument, ReceivingOffice, Topic, Unit, UnitKind
from tests.domain.intake.sheet import HISTORY, entry, text, xlsx
from xinbao import counties
from xinbao.__main__ import main

UNITS = [["单位", "类别"], ["示例镇", "乡镇"], ["示例局", "县级部门"]]
BAD_UNITS = [*UNITS, ["示例村", "村"]]


@pytest.fixture
def run(given_servers, monkeypatch, capsys):
    """Run `xinbao …`; the exit code, what was said, and what was complained about."""

    def xinbao(*arguments) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["xinbao", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return xinbao


@pytest.fixture
def inside(given_servers):
    """Run a coroutine function on the open database."""

    def do(work):
        async def opened():
            async with open_database(given_servers, pool=1):
                return await work()

        return asyncio.run(opened())

    return do


@pytest.fixture
def unit_names(inside):
    async def names():
        return [unit.name for unit in await Unit.all().order_by("position")]

    return lambda: inside(names)


def test_a_sheet_is_shown_first_and_taken_in_when_confirmed(run, tmp_path, unit_names, monkeypatch):
    file = tmp_path / "单位.xlsx"
    file.write_bytes(xlsx(*UNITS))
    monkeypatch.setattr("typer.confirm", lambda question: False)
    code, said, _ = run("import", "units", file)
    assert (code, unit_names()) == (1, [])
    assert "新增 2，已有 0，有误 0" in said
    monkeypatch.setattr("typer.confirm", lambda question: True)
    code, said, _ = run("import", "units", file)
    assert (code, unit_names()) == (0, ["示例镇", "示例局"])
    assert "已导入：新增 2 行" in said


def test_the_same_file_again_says_that_nothing_is_new(run, tmp_path, unit_names):
    file = tmp_path / "单位.csv"
    file.write_bytes(text(*UNITS).encode("gb18030"))
    assert run("import", "units", file, "--yes")[0] == 0
    code, said, _ = run("import", "units", file, "--yes")
    assert (code, unit_names()) == (0, ["示例镇", "示例局"])
    assert "没有新增内容" in said


def test_bad_rows_stop_a_script_and_are_listed(run, tmp_path, unit_names):
    file, errors = tmp_path / "单位.xlsx", tmp_path / "有误.xlsx"
    file.write_bytes(xlsx(*BAD_UNITS))
    code, said, _ = run("import", "units", file, "--yes", "--errors", errors)
    assert (code, unit_names()) == (1, [])
    assert "--skip-bad" in said
    rows = list(load_workbook(errors).active.iter_rows(values_only=True))
    assert rows[0] == ("单位", "类别", "行号", "有误的列", "原因")
    assert rows[1][:4] == ("示例村", "村", 4, "类别")
    assert "乡镇、县级部门、驻县单位、企事业单位" in rows[1][4]


def test_bad_rows_are_left_out_when_asked(run, tmp_path, unit_names):
    file = tmp_path / "单位.xlsx"
    file.write_bytes(xlsx(*BAD_UNITS))
    code, said, _ = run("import", "units", file, "--yes", "--skip-bad")
    assert (code, unit_names()) == (0, ["示例镇", "示例局"])
    assert "未导入 1 行" in said


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xlsx"),
        ("名称不对\n示例镇\n".encode(), "单位、类别"),
        ("单位,类别\n".encode(), "没有数据行"),
    ],
)
def test_a_file_that_is_no_such_sheet_is_one_line_and_code_2(run, tmp_path, content, says):
    file = tmp_path / "表.csv"
    file.write_bytes(content)
    code, said, complained = run("import", "units", file, "--yes")
    assert (code, said) == (2, "")
    assert says in complained
    assert complained.count("\n") == 1


def test_a_missing_file_is_code_2(run, tmp_path):
    code, _, complained = run("import", "units", tmp_path / "没有.xlsx", "--yes")
    assert code == 2
    assert "没有.xlsx" in complained


def test_a_policy_holds_for_everything_still_open(run, tmp_path, inside):
    file = tmp_path / "计分办法.json"
    file.write_text(json.dumps({"levels": {"县": 5}}), "utf-8")
    assert run("import", "policy", file)[0] == 0
    code, said, _ = run("import", "policy", file)
    assert code == 0
    assert "未作任何改动" in said

    async def policies():
        return await ScoringPolicy.all().values_list("number", "name", "valid_from")

    assert inside(policies) == [(1, "计分办法", date(2000, 1, 1))]


def test_a_policy_may_begin_later(run, tmp_path, inside):
    file = tmp_path / "p.json"
    file.write_text(json.dumps({"levels": {"county": 5}}), "utf-8")
    assert run("import", "policy", file, "--from", "2018-04-01", "--name", "新办法")[0] == 0
    assert run("import", "policy", file, "--from", "四月")[0] == 2

    async def policy():
        return await ScoringPolicy.get()

    assert (inside(policy).name, inside(policy).valid_from) == ("新办法", date(2018, 4, 1))


@pytest.mark.parametrize("rules", ["{", "{}", '{"levels": {"县": -1}, "级别": 2}'])
def test_a_policy_that_cannot_be_used_is_code_2_and_not_entered(run, tmp_path, inside, rules):
    file = tmp_path / "p.json"
    file.write_text(rules, "utf-8")
    assert run("import", "policy", file)[0] == 2

    async def count():
        return await ScoringPolicy.all().count()

    assert inside(count) == 0


def test_hongyuan_of_2018_is_ready_and_has_no_people(run, inside, tmp_path):
    assert run("init", "--preset", "hongyuan-2018")[0] == 0

    async def look():
        county, document = await County.get(), await PolicyDocument.get()
        assert (county.name, county.document_word, county.is_example) == ("红原县", "红委办", False)
        assert document.document_number == "红委办〔2018〕28号"
        assert await Unit.filter(kind=UnitKind.TOWNSHIP).count() == 11
        assert await Topic.all().count() == 12
        assert await ReceivingOffice.all().count() == 3
        assert await ReceivingOffice.exclude(mailbox__endswith="@example.org").count() == 0
        assert await Person.all().count() == 0
        levels = [outlet.level for outlet in await MediaOutlet.all()]
        assert (levels.count(OutletLevel.COUNTY), levels.count(OutletLevel.PREFECTURE)) == (2, 5)
        assert (await ScoringPolicy.get()).is_example
        owed = (await quotas.for_month(Month.parse("2018-04"))).values()
        assert {quota.count for quota in owed} == {1, 2, 3, 4, 5}
        assert len(owed) == await Unit.all().count()
        restricted = {unit.name for unit in await Unit.filter(restricted_line=True)}
        assert {
            "县委政法委",
            "县委统战部",
            "县公安局",
            "县民族宗教局",
            "县寺庙管理委员会",
        } == restricted
        chain = await approvals.chain_on(date(2018, 4, 1))
        assert chain.major == (Duty.LEADER_IN_CHARGE, Duty.PRINCIPAL_LEADER)

    inside(look)
    file = tmp_path / "补录.xlsx"
    file.write_bytes(
        xlsx(HISTORY, entry(单位="邛溪镇", 采用媒体="微红原", 采用级别="县", 采用日期="2018-4-6"))
    )
    assert run("import", "history", file, "--yes")[0] == 0


def test_an_empty_county_bears_the_name_it_is_given(run, inside):
    assert run("init", "--preset", "empty")[0] == 2
    assert run("init", "--preset", "empty", "--county", "示例县")[0] == 0

    async def names():
        offices = [office.name for office in await ReceivingOffice.all().order_by("position")]
        return offices, await Unit.all().count()

    assert inside(names) == (
        ["中共示例县委办公室", "示例县人民政府办公室", "示例县委宣传部新闻中心"],
        0,
    )


def test_a_county_is_set_up_once(run, inside):
    assert run("init", "--preset", "empty", "--county", "示例县")[0] == 0
    code, _, complained = run("init")
    assert (code, complained.count("\n")) == (2, 1)

    async def name():
        return (await County.get()).name

    assert inside(name) == "示例县"


def test_an_unknown_preset_names_the_known_ones(run):
    code, _, complained = run("init", "--preset", "没有")
    assert code == 2
    assert "empty、hongyuan-2018" in complained


@pytest.mark.parametrize("name", counties.names())
def test_every_preset_can_be_read(name):
    preset = counties.read(name, county="示例县", word="示委办")
    names = [unit for group in preset.units for unit in group.names]
    assert len(names) == len(set(names))
    assert {office.unit for office in preset.offices} - {None} <= set(names)
    assert all(office.mailbox.endswith("@example.org") for office in preset.offices)
