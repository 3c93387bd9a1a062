"""An invented county's April, small or whole, for the tests of its papers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from domain.circulars.data import (
    Change,
    CircularData,
    Figure,
    Heading,
    Kind,
    LateEntry,
    Line,
    Policy,
)
from domain.circulars.documents.body import title

JOINT = ("中共示例县委办公室", "示例县人民政府办公室")
TOWNSHIPS, DEPARTMENTS = "乡镇", "县级部门"


def line(unit: str, order: int, *, group: str = TOWNSHIPS, **figures) -> Line:
    """A unit that owed two items, sent three (two the same day) and got two adopted."""
    usual = {
        "quota": 2,
        "exempt": False,
        "submitted": 3,
        "same_day": 2,
        "adopted": 2,
        "county": 1,
        "prefecture": 1,
        "province": 0,
        "nation": 0,
        "points": Decimal("7.5"),
        "total_points": Decimal(20),
        "rank": 1,
        "group_rank": 1,
        "previous_rank": 3,
    }
    kind = "township" if group == TOWNSHIPS else "county_department"
    return Line(
        unit_id=f"0190-{order:04}", unit=unit, kind=kind, group=group, order=order,
        **usual | figures,
    )  # fmt: skip


NOTHING = {
    "submitted": 0, "same_day": 0, "adopted": 0, "county": 0, "prefecture": 0,
    "points": Decimal(0), "total_points": Decimal(0),
}  # fmt: skip
UNADOPTED = {**NOTHING, "submitted": 1}
FOUR = (
    line("示例镇", 1, rank=2, group_rank=2, points=Decimal(5), previous_rank=1),
    line("堃喆玥乡", 2),
    line("县教育局", 3, group=DEPARTMENTS, rank=3, previous_rank=None, **NOTHING),
    line("县统计局", 4, group=DEPARTMENTS, rank=3, quota=None, exempt=True, **UNADOPTED),
)
LATE = LateEntry(
    unit="示例镇",
    title="草原防火宣传进牧户",
    outlet="示例日报",
    adopted_on=date(2018, 3, 29),
    counted_in="2018-04",
)
CHANGE = Change(
    unit="示例镇",
    what=Figure.POINTS,
    before=Decimal(5),
    after=Decimal("7.5"),
    reason="头版采用漏计",
    period="2018-04",
)


def april(lines: Sequence[Line] = FOUR, **facts) -> CircularData:
    usual = {
        "kind": Kind.MONTHLY,
        "period": "2018-04",
        "first": date(2018, 4, 1),
        "last": date(2018, 4, 30),
        "county": "示例县",
        "lines": tuple(lines),
        "late": (),
        "changes": (),
        "unconfirmed": (),
        "policy": Policy(name="示例县信息计分办法", version=1, is_example=True),
        "ledger_seq": 42,
        "order": "rank",
    }
    return CircularData(**usual | facts)


def county(units: int = 105, **facts) -> CircularData:
    """As many units as a county has, in four groups; every eighth sends nothing, some tie."""
    groups = (TOWNSHIPS, DEPARTMENTS, "驻县单位", "企事业单位")
    lines = [
        replace(
            line(f"示例{groups[order % 4]}第{order}号单位", order, group=groups[order % 4]),
            **(NOTHING if order % 8 == 0 else {"points": Decimal(order // 3)}),
        )
        for order in range(1, units + 1)
    ]
    return april([_ranked(each, lines) for each in lines], **facts)


def _ranked(each: Line, lines: Sequence[Line]) -> Line:
    better = [other for other in lines if other.points > each.points]
    within = [other for other in better if other.group == each.group]
    return replace(each, rank=len(better) + 1, group_rank=len(within) + 1)


def heading(issuers: Sequence[str] = JOINT, **facts) -> Heading:
    usual = {
        "title": title(issuers, Kind.MONTHLY, date(2018, 4, 1), correction="corrects" in facts),
        "issuers": tuple(issuers),
        "document_number": "示委办〔2018〕31号",
        "issue_date": date(2018, 5, 4),
        "addressees": "各乡镇党委、人民政府，县级各部门",
        "copy_recipients": "县委、县政府领导，县督查室",
        "is_draft": False,
        "corrects": None,
        "signatures": tuple(issuers),
    }
    return Heading(**usual | facts)


def draft() -> Heading:
    return heading(is_draft=True, document_number=None, issue_date=None)
