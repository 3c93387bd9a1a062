from datetime import datetime
from io import BytesIO

import openpyxl
import time_machine

from domain.circulars.documents import xlsx
from tests.domain.circulars.documents.figures import CHANGE, LATE, april, heading, line


def opened(data):
    return openpyxl.load_workbook(BytesIO(xlsx.write(heading(), data)))


def row(sheet, number: int) -> list:
    return [cell.value for cell in sheet[number]]


def test_there_is_a_sheet_for_all_and_one_for_each_group():
    assert opened(april()).sheetnames == ["总排名", "乡镇", "县级部门"]


def test_late_adoptions_and_corrections_have_sheets_when_there_are_any():
    book = opened(april(late=(LATE,), changes=(CHANGE,)))
    assert book.sheetnames[-2:] == ["迟报", "更正"]
    assert row(book["迟报"], 4) == [
        1, "示例镇", "草原防火宣传进牧户", "示例日报", datetime(2018, 3, 29), "2018年4月",
    ]  # fmt: skip
    assert row(book["更正"], 4) == [1, "2018年4月", "示例镇", "积分", 5, 7.5, "头版采用漏计"]


def test_heads_are_in_two_rows_with_the_levels_together():
    sheet = opened(april())["总排名"]
    assert sheet["A1"].value == "2018年4月新闻宣传和信息报送总排名表"
    assert row(sheet, 2) == [
        "排名", "单位", "任务", "上报", "完成率", "当日率", "采用", "采用率", "各级采用",
        None, None, None, "积分", "累计", "升降",
    ]  # fmt: skip
    assert row(sheet, 3)[8:12] == ["县", "州", "省", "国"]


def test_figures_are_numbers_and_rates_are_percentages():
    sheet = opened(april())["总排名"]
    assert row(sheet, 4) == [1, "堃喆玥乡", 2, 3, 1.5, 0.667, 2, 0.667, 1, 1, 0, 0, 7.5, 20, 2]
    assert [sheet[f"{column}4"].number_format for column in "DEM"] == ["0", "0.0%", "General"]


def test_exempt_and_new_units_are_said_in_words():
    sheet = opened(april())["总排名"]
    assert (sheet["C7"].value, sheet["E7"].value, sheet["O6"].value) == ("免", None, "新")


def test_a_name_that_looks_like_a_formula_stays_a_name():
    odd = april([line(name, n) for n, name in enumerate(("=1+1", "+2", "-3", "@SUM(A1)"))])
    cells = [opened(odd)["总排名"][f"B{number}"] for number in range(4, 8)]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("=1+1", "s"),
        ("+2", "s"),
        ("-3", "s"),
        ("@SUM(A1)", "s"),
    ]


def test_group_names_that_excel_forbids_still_make_sheets():
    groups = ("总排名", "乡镇/街道", "长" * 40, "长" * 41)
    odd = april([line(f"第{n}乡", n, group=group) for n, group in enumerate(groups)])
    assert opened(odd).sheetnames == [
        "总排名",
        "总排名(2)",
        "乡镇_街道",
        "长" * 31,
        "长" * 27 + "(2)",
    ]


def test_sheets_print_on_a4_landscape_with_heads_on_every_page():
    sheet = opened(april())["总排名"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$1:$3", "C4")


def test_the_same_circular_is_the_same_bytes_on_another_day():
    first = xlsx.write(heading(), april())
    with time_machine.travel("2031-01-01"):
        assert xlsx.write(heading(), april()) == first
