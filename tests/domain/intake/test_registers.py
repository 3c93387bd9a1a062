"""Sheets of units, outlets, tasks and people."""

import pytest

from domain.intake import actions
from domain.intake.models import ImportBatch, ImportedRow, SheetKind
from domain.intake.reports import error_sheet
from domain.intake.rules import EVER, BadRows, ColumnsMissing, SheetEmpty
from domain.intake.verdicts import Outcome
from domain.kit.actor import SYSTEM, Duty
from domain.kit.clock import Month
from domain.kit.errors import DutyRequired
from domain.kit.models import AuditEvent
from domain.outlets.models import MediaOutlet, OutletKind, OutletLevel
from domain.people.models import Appointment, Person
from domain.quotas import queries as quotas
from domain.quotas.models import Quota
from domain.units.models import Unit, UnitKind
from tests import make
from tests.domain.intake import sheet
from tests.domain.intake.sheet import against, outcomes, preview, take_in

NEW, SAME, BAD = Outcome.CREATED, Outcome.UNCHANGED, Outcome.REFUSED


async def test_units_are_entered_with_kind_group_day_and_line(db):
    await take_in(
        SheetKind.UNITS,
        ["示例县单位一览表"],
        ["单位名称", "类 别（乡镇/县级部门）", "排名组", "启用日期", "涉密条线"],
        ["示例镇", "乡镇", None, None, None],
        ["示例公安局", "县级部门", "政法", "2018年1月1日", "是"],
    )
    town, police = await Unit.all().order_by("position")
    assert (town.name, town.kind, town.rank_group, town.valid_from) == (
        "示例镇",
        UnitKind.TOWNSHIP,
        "乡镇",
        EVER,
    )
    assert (police.kind, police.rank_group, police.restricted_line) == (
        UnitKind.COUNTY_DEPARTMENT,
        "政法",
        True,
    )
    assert str(police.valid_from) == "2018-01-01"


async def test_bad_rows_are_named_by_number_column_and_reason(db):
    found = await preview(
        SheetKind.UNITS,
        ["单位", "类别", "启用日期"],
        ["示例镇", "乡镇", None],
        [None, "村", "很久以前"],
        ["示例镇", "县级部门", None],
        ["示例镇", "乡镇", None],
    )
    assert outcomes(found) == [NEW, BAD, BAD, BAD]
    assert against(found) == [
        (3, "单位", "cell-missing"),
        (3, "类别", "unknown-choice"),
        (3, "启用日期", "not-a-date"),
        (4, "类别", "differs-from-record"),
        (5, None, "duplicate-row"),
    ]


async def test_a_preview_changes_nothing_but_says_so(db):
    found = await preview(SheetKind.UNITS, ["单位", "类别"], ["示例镇", "乡镇"])
    assert outcomes(found) == [NEW]
    assert await Unit.all().count() == 0
    batch = await ImportBatch.get()
    assert (batch.rows, batch.created, batch.committed_at) == (1, 1, None)


async def test_with_a_bad_row_nothing_is_taken_in_unless_asked(db):
    rows = (["单位", "类别"], ["示例镇", "乡镇"], ["示例村", "村"])
    with pytest.raises(BadRows) as refused:
        await take_in(SheetKind.UNITS, *rows)
    assert refused.value.count == 1
    assert await Unit.all().count() == 0
    done = await take_in(SheetKind.UNITS, *rows, skip_bad=True)
    assert outcomes(done) == [NEW, BAD]
    assert [unit.name for unit in await Unit.all()] == ["示例镇"]


async def test_the_same_sheet_twice_changes_nothing(db):
    rows = (["单位", "类别"], ["示例镇", "乡镇"], ["示例局", "县级部门"])
    await take_in(SheetKind.UNITS, *rows)
    before = await Unit.all().order_by("position").values()
    again = await take_in(SheetKind.UNITS, *rows)
    assert outcomes(again) == [SAME, SAME]
    assert await Unit.all().order_by("position").values() == before
    assert await ImportedRow.all().count() == 2


async def test_taking_in_leaves_one_line_in_the_trail_with_the_file(db):
    done = await take_in(SheetKind.UNITS, ["单位", "类别"], ["示例镇", "乡镇"])
    event = await AuditEvent.get(thing="sheet", verb="take-in")
    assert event.facts["file"] == done.batch.file_sha256


async def test_bad_rows_come_back_as_a_sheet_that_can_be_mended(db):
    found = await preview(
        SheetKind.UNITS, ["单位", "类别"], ["示例镇", "乡镇"], ["=1+1", "村"], ["示例村", "村"]
    )
    listed = error_sheet(found, "zh")
    again = await actions.preview(SYSTEM, SheetKind.UNITS, file_name="有误.xlsx", content=listed)
    assert [row.shown() for row in again.sheet.rows] == [
        {"单位": "=", "类别": "村"},
        {"单位": "示例村", "类别": "村"},
    ]
    assert against(again) == [(2, "类别", "unknown-choice"), (3, "类别", "unknown-choice")]


async def test_a_sheet_without_its_columns_is_refused_whole(db):
    with pytest.raises(ColumnsMissing) as refused:
        await preview(SheetKind.UNITS, ["单位", "人数"], ["示例镇", 3])
    assert refused.value.columns == ("类别",)
    assert await ImportBatch.all().count() == 0


async def test_a_header_alone_is_no_sheet(db):
    with pytest.raises(SheetEmpty):
        await preview(SheetKind.UNITS, ["单位", "类别"])


async def test_a_sheet_is_brought_by_those_who_keep_the_register(db):
    with pytest.raises(DutyRequired):
        await actions.preview(
            await make.actor(Duty.CORRESPONDENT), SheetKind.UNITS, file_name="表.xlsx",
            content=sheet.xlsx(["单位", "类别"], ["示例镇", "乡镇"]),
        )  # fmt: skip


async def test_outlets_are_entered_with_level_and_kind(db):
    done = await preview(
        SheetKind.OUTLETS,
        ["媒体", "级别", "类型"],
        ["示例日报", "州", "报纸"],
        ["微示例", "县级", "微信公众号"],
        ["示例网", "省级", None],
        ["示例社", "中央", "杂牌"],
        ["示例报", "乡", None],
    )
    assert outcomes(done) == [NEW, NEW, NEW, BAD, BAD]
    assert against(done) == [(5, "类型", "unknown-choice"), (6, "级别", "unknown-choice")]
    await actions.commit(SYSTEM, done, skip_bad=True)
    entered = {outlet.name: (outlet.level, outlet.kind) for outlet in await MediaOutlet.all()}
    assert entered == {
        "示例日报": (OutletLevel.PREFECTURE, OutletKind.NEWSPAPER),
        "微示例": (OutletLevel.COUNTY, OutletKind.SOCIAL_ACCOUNT),
        "示例网": (OutletLevel.PROVINCE, OutletKind.OTHER),
    }


async def test_an_outlet_of_another_level_is_refused(db):
    await make.outlet("示例日报", level=OutletLevel.PREFECTURE)
    found = await preview(SheetKind.OUTLETS, ["媒体", "级别"], ["示例日报", "省"])
    assert against(found) == [(2, "级别", "differs-from-record")]


async def test_a_task_table_sets_the_months_from_its_first_one(db):
    town, bureau = await make.unit("示例镇"), await make.unit("示例局")
    await take_in(
        SheetKind.QUOTAS,
        ["示例县新闻宣传和信息报送任务分解表"],
        ["序号", "单位", "月任务数", "起始月份", "免除", "原因"],
        [1, "示例镇", 3, "2018-04", None, None],
        [2, "示例局", None, "2018年4月", "是", "新组建"],
        [None, "合计", 3, None, None, None],
    )
    april = Month.parse("2018-04")
    assert await quotas.of(town.id, april.previous) == quotas.NONE_SET
    assert (await quotas.of(town.id, april)).count == 3
    assert (await quotas.of(bureau.id, april)).exempt


async def test_a_task_table_by_months_takes_its_year_from_the_title(db):
    town = await make.unit("示例镇")
    months = [f"{number}月" for number in range(1, 13)]
    await take_in(
        SheetKind.QUOTAS,
        ["示例县2018年任务分解表"],
        ["单位", *months],
        ["示例镇", *([2] * 6), *([4] * 6)],
    )
    assert [
        (row.from_month.month, row.count) for row in await Quota.all().order_by("from_month")
    ] == [(1, 2), (7, 4)]
    assert (await quotas.of(town.id, Month.parse("2018-06"))).count == 2


async def test_a_task_table_by_months_without_a_year_is_asked_for_it(db):
    await make.unit("示例镇")
    found = await preview(SheetKind.QUOTAS, ["单位", "1月", "2月"], ["示例镇", 2, 2])
    assert against(found) == [(2, "年度", "cell-missing")]


async def test_tasks_outside_one_to_five_need_a_reason(db):
    await make.unit("示例镇")
    found = await preview(
        SheetKind.QUOTAS, ["单位", "月任务数", "原因"], ["示例镇", 8, None], ["示例镇", 8, "人口多"]
    )
    assert outcomes(found) == [BAD, NEW]
    assert [error.code for error in found.bad[0].refusals] == ["quota-needs-reason"]


async def test_the_same_task_table_again_sets_nothing_and_another_number_does(db):
    town = await make.unit("示例镇")
    first = (["单位", "月任务数"], ["示例镇", 3])
    await take_in(SheetKind.QUOTAS, *first)
    assert outcomes(await take_in(SheetKind.QUOTAS, *first)) == [SAME]
    await take_in(SheetKind.QUOTAS, ["单位", "月任务数"], ["示例镇", 2])
    assert outcomes(await take_in(SheetKind.QUOTAS, *first)) == [NEW]
    assert (await quotas.of(town.id, Month.parse("2018-04"))).count == 3


async def test_a_unit_that_is_not_there_is_answered_with_the_nearest(db):
    await make.unit("邛溪镇")
    found = await preview(SheetKind.QUOTAS, ["单位", "月任务数"], ["邛西镇", 3])
    assert against(found) == [(2, "单位", "misspelt-name")]
    assert found.bad[0].refusals[0].nearest == "邛溪镇"


async def test_a_roster_makes_one_person_of_one_name_in_one_unit(db):
    unit = await make.unit("示例镇")
    await take_in(
        SheetKind.ROSTER,
        ["单位", "姓名", "职务", "类型", "办公电话", "手机"],
        ["示例镇", "示例甲", "党政办干事", "通讯员（网评员）", "0837-0000000", 10000000001],
        ["示例镇", "示例乙", "副镇长", "分管领导", None, None],
        ["示例镇", "示例乙", "副镇长", "保密审查人", None, None],
    )
    assert {(p.name, p.mobile) for p in await Person.all()} == {
        ("示例甲", "10000000001"),
        ("示例乙", ""),
    }
    held = await Appointment.filter(unit=unit).values_list("duty", "post")
    assert sorted(held) == [
        (Duty.CONFIDENTIALITY_REVIEWER, "副镇长"),
        (Duty.CORRESPONDENT, "党政办干事"),
        (Duty.LEADER_IN_CHARGE, "副镇长"),
    ]


async def test_a_roster_row_is_judged_cell_by_cell(db):
    await make.unit("示例镇")
    found = await preview(
        SheetKind.ROSTER,
        ["单位", "姓名", "职务", "类型", "手机"],
        ["示例镇", "示例甲", None, "临时工", "没有"],
        ["示例乡", None, "干事", "通讯员", None],
    )
    assert against(found) == [
        (2, "职务", "cell-missing"),
        (2, "类型", "unknown-choice"),
        (2, "手机", "not-a-number"),
        (3, "单位", "misspelt-name"),
        (3, "姓名", "cell-missing"),
    ]


async def test_another_post_of_the_same_person_is_left_to_the_page(db):
    await make.unit("示例镇")
    rows = ["单位", "姓名", "职务", "类型"]
    await take_in(SheetKind.ROSTER, rows, ["示例镇", "示例甲", "干事", "通讯员"])
    found = await preview(SheetKind.ROSTER, rows, ["示例镇", "示例甲", "主任", "通讯员"])
    assert against(found) == [(2, "职务", "differs-from-record")]
