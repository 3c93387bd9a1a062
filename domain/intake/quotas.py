"""The task breakdown table 「…任务分解表」. 附件1; R21, R22, F1.

One row per unit: one number from a month on, or twelve columns 1月 … 12月 for a year.
"""

import re
from datetime import date
from typing import ClassVar

from domain.intake.cells import as_year
from domain.intake.desk import Cells, Desk, latest, unit_register
from domain.intake.rules import EVER, CellMissing
from domain.intake.sheets import Row, Sheet, may, must
from domain.intake.verdicts import Options, Outcome
from domain.kit.actor import Actor
from domain.kit.clock import Month
from domain.quotas import actions, queries
from domain.units.models import Unit

MONTHS = tuple(f"{number}月" for number in range(1, 13))
TOTALS = {"合计", "总计", "小计"}

Step = tuple[Month, int]


class Quotas(Desk):
    """The same table again changes nothing; another number sets the task anew from its month."""

    columns = (
        must("单位", "单位名称", "报送单位", "名称"),
        may(
            "月任务数",
            "每月任务数",
            "任务数",
            "月任务",
            "月任务条数",
            "每月条数",
            "任务条数",
            limit=20,
        ),
        may("起始月份", "起始月", "开始月份", limit=20),
        may("年度", "年份", limit=10),
        may("免除", "免除任务", "是否免除", limit=10),
        may("原因", "备注", "说明"),
        *(may(month, limit=20) for month in MONTHS),
    )
    one_of = ("月任务数", *MONTHS)
    fields: ClassVar = {
        "count": "月任务数",
        "from_month": "起始月份",
        "exempt": "免除",
        "reason": "原因",
    }
    remembers = False

    def __init__(self, actor: Actor, sheet: Sheet, options: Options) -> None:
        super().__init__(actor, _without_totals(sheet), options)

    async def open(self) -> None:
        self.units = await unit_register(self.actor)

    async def take(self, row: Row) -> Outcome:
        cells = Cells()
        found: list[Unit] = cells.read([], self.units.named, row)
        exempt = cells.read(False, row.yes, "免除")
        reason = cells.read("", row.text, "原因")
        steps: list[Step] = []
        steps = cells.read(steps, self._steps, row, exempt)
        cells.done()
        return await self._set(latest(found), steps, exempt=exempt, reason=reason)

    async def _set(self, unit: Unit, steps: list[Step], *, exempt: bool, reason: str) -> Outcome:
        outcome = Outcome.UNCHANGED
        for month, count in steps:
            now = await queries.row_of(unit.id, month)
            if now is None or (now.count, now.exempt) != (count, exempt):
                await actions.set_quota(
                    self.actor,
                    unit.id,
                    from_month=month,
                    count=count,
                    exempt=exempt,
                    reason=reason,
                )
                outcome = Outcome.CREATED
        return outcome

    def _steps(self, row: Row, exempt: bool) -> list[Step]:
        """The months from which another number holds."""
        if any(row.has(month) for month in MONTHS):
            return self._monthly(row)
        count = 0 if exempt and not row.has("月任务数") else row.count("月任务数")
        return [(self._first_month(row), count)]

    def _first_month(self, row: Row) -> Month:
        """As given; else the year's January; else for ever."""
        if row.has("起始月份"):
            return row.month("起始月份")
        year = self._year(row)
        return Month(date(year, 1, 1)) if year else Month.of(EVER)

    def _monthly(self, row: Row) -> list[Step]:
        year = self._year(row)
        if year is None:
            raise CellMissing("年度")
        cells = Cells()
        steps: list[Step] = []
        for number, column in enumerate(MONTHS, 1):
            if row.has(column):
                count = cells.read(0, row.count, column)
                if not steps or steps[-1][1] != count:
                    steps.append((Month(date(year, number, 1)), count))
        cells.done()
        return steps

    def _year(self, row: Row) -> int | None:
        """From its column, the first month, or the title: 「红原县2018年…任务分解表」."""
        if row.has("年度"):
            return as_year("年度", row.raw("年度"))
        if row.has("起始月份"):
            return row.month("起始月份").first.year
        found = re.search(r"(20\d\d)年", self.sheet.title)
        return int(found[1]) if found else None


def _without_totals(sheet: Sheet) -> Sheet:
    """合计 under a table is no unit."""
    rows = tuple(row for row in sheet.rows if row.shown().get("单位", "") not in TOTALS)
    return Sheet(sheet.title, sheet.columns, rows)
