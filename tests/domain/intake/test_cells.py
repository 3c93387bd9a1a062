"""Cells as people write them."""

from datetime import date, datetime

import pytest

from domain.intake import cells
from domain.intake.rules import (
    Misspelt,
    NotADate,
    NotAMonth,
    NotANumber,
    NotYesOrNo,
    UnknownChoice,
    UnknownName,
    unknown,
)
from domain.intake.units import KINDS
from domain.units.models import UnitKind


@pytest.mark.parametrize(
    "written",
    [
        "2018-4-3", "2018-04-03", "2018/4/3", "2018.4.3", "2018年4月3日", "2018年04月03日", "20180403",
        "２０１８－４－３", " 2018-4-3 ", "2018-4-3 15:30", "2018-04-03 00:00:00", 20180403, 43193,
        datetime(2018, 4, 3), date(2018, 4, 3), datetime(2018, 4, 3, 9, 5),
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(written):
    assert cells.as_date("日期", written) == date(2018, 4, 3)


@pytest.mark.parametrize(
    "written", ["2018-13-1", "2018-2-30", "4月3日", "昨天", "2018", 3, "43193x"]
)
def test_what_is_no_date_is_refused(written):
    with pytest.raises(NotADate) as refused:
        cells.as_date("日期", written)
    assert refused.value.field == "日期"


def test_the_time_of_day_is_kept():
    assert cells.as_moment("日期", "2018-4-3 15:30").strftime("%H:%M") == "15:30"
    assert cells.as_moment("日期", "2018-4-3").strftime("%H:%M %z") == "12:00 +0800"


@pytest.mark.parametrize(
    "written", ["2018-04", "2018年4月", "201804", "2018-4-1", datetime(2018, 4, 9)]
)
def test_a_month_is_read(written):
    assert str(cells.as_month("起始月份", written)) == "2018-04"


def test_a_thirteenth_month_is_refused():
    with pytest.raises(NotAMonth):
        cells.as_month("起始月份", "2018-13")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("是", True),
        ("√", True),
        ("否", False),
        (None, False),
        ("×", False),
        (True, True),
        (1, True),
        ("", False),
    ],
)
def test_yes_and_no(written, meant):
    assert cells.as_bool("重大", written) is meant


def test_perhaps_is_neither_yes_nor_no():
    with pytest.raises(NotYesOrNo):
        cells.as_bool("重大", "也许")


@pytest.mark.parametrize("written", ["3", "3条", 3, 3.0, "３"])
def test_a_count_is_read(written):
    assert cells.as_count("月任务数", written) == 3


@pytest.mark.parametrize("written", ["三", "-1", "2.5", 2.5, "12345"])
def test_what_is_no_count_is_refused(written):
    with pytest.raises(NotANumber):
        cells.as_count("月任务数", written)


@pytest.mark.parametrize("written", ["乡镇", " 乡 镇 ", "乡镇（街道）", "乡镇(含管委会)"])
def test_a_choice_is_read_in_any_spacing_and_width(written):
    assert cells.as_choice("类别", written, KINDS) is UnitKind.TOWNSHIP


def test_an_unknown_choice_names_the_choices():
    with pytest.raises(UnknownChoice) as refused:
        cells.as_choice("类别", "村", KINDS)
    assert refused.value.choices == ("乡镇", "县级部门", "驻县单位", "企事业单位")


def test_long_numbers_stay_digits():
    assert cells.as_text(13800000000.0) == "13800000000"


def test_a_slip_is_answered_with_the_nearest_name():
    refused = unknown("单位", "县教育剧", ["县财政局", "县教育局"])
    assert isinstance(refused, Misspelt)
    assert refused.nearest == "县教育局"


def test_a_strange_name_is_answered_with_none():
    assert type(unknown("单位", "无关", ["县财政局"])) is UnknownName
