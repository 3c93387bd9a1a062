from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.circulars.data import Figure, Kind, Policy
from domain.circulars.documents.body import Style, body, title
from domain.circulars.documents.phrases import numeral, written_period
from domain.circulars.documents.tables import annexes
from tests.domain.circulars.documents.figures import CHANGE, FOUR, LATE, april, draft, heading, line


def texts(data, head=None) -> list[str]:
    return [each.label + each.text for each in body(head or heading(), data)]


def headings(data) -> list[str]:
    return [each.text for each in body(heading(), data) if each.style is Style.HEADING]


def test_the_month_is_told_in_full():
    assert texts(april()) == [
        "各乡镇党委、人民政府，县级各部门：",
        "现将2018年4月新闻宣传和信息报送工作情况通报如下。",
        "一、总体情况",
        (
            "2018年4月1日至4月30日，全县4个单位共上报信息7条，当日报送4条，当日报送率57.1%；"
            "采用4条，采用率57.1%。"
            "各级媒体采用共4条次，其中县级2条次、州级2条次、省级0条次、国家级0条次。"
        ),
        "二、任务完成情况",
        (
            "本月承担报送任务的单位3个，任务6条；完成任务的单位2个，未完成任务的单位1个。"
            "免予报送任务的单位1个：县统计局。"
        ),
        "（一）零报送单位。以下1个单位本月未上报信息：县教育局。",
        "（二）有上报而未被采用的单位。以下1个单位本月上报的信息均未被采用：县统计局。",
        "请上述单位查找原因，改进工作，按照任务分解要求及时、准确、全面报送信息。",
        "三、积分排名",
        "积分按照《示例县信息计分办法》（第1版，示例）计算，积分相同的名次并列。",
        "乡镇。本月积分居前的单位是：堃喆玥乡（7.5分）、示例镇（5分）。",
        "各单位上报数量、采用情况和积分排名见附件。",
    ]


def test_a_month_without_zero_reporters_says_so():
    assert texts(april(FOUR[:2]))[6] == "本月没有零报送单位。"


def test_a_month_nobody_wrote_in_still_makes_a_circular():
    nothing = {"submitted": 0, "same_day": 0, "adopted": 0, "county": 0, "prefecture": 0}
    silent = april([replace(each, points=each.points * 0, **nothing) for each in FOUR])
    assert texts(silent)[3] == (
        "2018年4月1日至4月30日，全县4个单位共上报信息0条，当日报送0条，当日报送率0%；"
        "采用0条，采用率0%。本月没有信息被各级媒体采用。"
    )
    assert not [text for text in texts(silent) if "居前" in text]


def test_without_quotas_no_task_is_claimed():
    assert texts(april([line("示例镇", 1, quota=None)]))[5] == "本月未下达报送任务。"


def test_ties_at_the_third_place_are_all_named():
    four = [line(f"第{n}乡", n, group_rank=min(n, 3), rank=min(n, 3)) for n in range(1, 5)]
    best = "本月积分居前的单位是："
    assert best + "第1乡（7.5分）、第2乡（7.5分）、第3乡（7.5分）、第4乡（7.5分）。" in texts(
        april(four)
    )


def test_late_adoptions_are_named_and_point_to_their_annex():
    assert headings(april(late=(LATE,)))[2] == "三、迟报采用"
    assert "以下1条采用在所属期结账后登记，按规定计入2018年4月：示例镇1条。明细见附件3。" in texts(
        april(late=(LATE,))
    )


def test_a_correction_names_the_corrected_circular_and_each_change_first():
    written = texts(april(changes=(CHANGE,)), heading(corrects="示委办〔2018〕31号"))
    assert written[1:4] == [
        (
            "经核对，示委办〔2018〕31号通报有关数据需要更正，现将更正内容和更正后的情况通报如下。"
            "原通报与本通报不一致的，以本通报为准。"
        ),
        "一、更正情况",
        "2018年4月通报中，示例镇积分由5更正为7.5。原因：头版采用漏计。",
    ]


def test_changes_of_several_units_are_numbered_and_those_of_one_unit_stand_together():
    total = replace(CHANGE, what=Figure.TOTAL_POINTS, before=Decimal(20), after=Decimal("22.5"))
    unknown = replace(CHANGE, unit="县教育局", before=None, period=None, reason="漏列。")
    assert texts(april(changes=(CHANGE, total, unknown)))[3:6] == [
        "1. 2018年4月通报中，示例镇积分由5更正为7.5，累计积分由20更正为22.5。原因：头版采用漏计。",
        "2. 县教育局积分由未列更正为7.5。原因：漏列。",
        "更正明细见附件3。",
    ]


def test_units_whose_place_merely_moved_are_counted_and_listed_in_the_annex():
    moved = replace(CHANGE, unit="县教育局", what=Figure.RANK, reason="随其他数据更正")
    assert texts(april(changes=(CHANGE, moved)))[3:5] == [
        "2018年4月通报中，示例镇积分由5更正为7.5。原因：头版采用漏计。",
        "因数据更正，1个单位的名次相应变化。更正明细见附件3。",
    ]
    assert [row[2:6] for row in annexes(april(changes=(CHANGE, moved)))[2].tables[0].rows] == [
        ("示例镇", "积分", Decimal(5), Decimal("7.5")),
        ("县教育局", "总排名", Decimal(5), Decimal("7.5")),
    ]


def test_without_a_scoring_policy_none_is_named():
    policy = Policy(name="尚未制定的计分办法", version=0, is_example=True)
    assert "本月尚未制定计分办法，不计积分。" in texts(april(policy=policy))


def test_a_draft_names_the_offices_that_have_not_confirmed():
    assert texts(april(unconfirmed=("县委办公室", "县委宣传部新闻中心")), draft())[2] == (
        "本件为草案。截至起草时，县委办公室、县委宣传部新闻中心尚未核对确认，以下数据以核对确认后为准。"
    )


def test_a_quarter_speaks_of_the_quarter():
    quarter = april(kind=Kind.QUARTERLY, period="2018-Q2", last=date(2018, 6, 30))
    assert texts(quarter)[1] == "现将2018年第二季度新闻宣传和信息报送工作情况通报如下。"
    assert texts(quarter)[6] == "（一）零报送单位。以下1个单位本季度未上报信息：县教育局。"


@pytest.mark.parametrize(
    ("period", "name"),
    [("2018-04", "2018年4月"), ("2018-Q4", "2018年第四季度"), ("2018", "2018年度")],
)
def test_periods_are_written_as_offices_write_them(period, name):
    assert written_period(period) == name


@pytest.mark.parametrize(
    ("count", "word"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (23, "二十三")]
)
def test_headings_count_in_chinese(count, word):
    assert numeral(count) == word


def test_a_title_names_issuers_subject_and_kind():
    assert title(("甲办", "乙办"), Kind.ANNUAL, date(2018, 1, 1), correction=True) == (
        "甲办 乙办关于更正2018年度新闻宣传和信息报送工作情况通报的通报"
    )
