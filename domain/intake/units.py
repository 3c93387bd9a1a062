"""The sheet of units: 单位、类别、排名组、启用日期、涉密条线. 主送; R2, R16."""

from datetime import date
from typing import Any, ClassVar

from domain.intake.desk import Cells, Desk, latest, unit_register
from domain.intake.rules import EVER, Differs
from domain.intake.sheets import Row, may, must
from domain.intake.verdicts import Outcome
from domain.units import actions
from domain.units.models import Unit, UnitKind

KINDS = {
    "乡镇": UnitKind.TOWNSHIP,
    "县级部门": UnitKind.COUNTY_DEPARTMENT,
    "驻县单位": UnitKind.STATIONED_UNIT,
    "企事业单位": UnitKind.ENTERPRISE_INSTITUTION,
    **dict.fromkeys(
        ("镇", "乡", "乡镇街道", "镇街", "镇办", "街道", "街道办", "街道办事处", "办事处", "苏木"),
        UnitKind.TOWNSHIP,
    ),
    **dict.fromkeys(
        (
            "部门",
            "部门单位",
            "县直部门",
            "县直单位",
            "县直机关",
            "县级单位",
            "区级部门",
            "区直部门",
            "区直单位",
            "市级部门",
            "市直部门",
            "市直单位",
            "党委部门",
            "党群部门",
            "政府部门",
        ),
        UnitKind.COUNTY_DEPARTMENT,
    ),
    **dict.fromkeys(
        ("驻县", "省州驻县单位", "省州驻县各单位", "驻区单位", "驻市单位", "驻地单位", "垂管单位"),
        UnitKind.STATIONED_UNIT,
    ),
    **dict.fromkeys(
        ("企业", "国有企业", "事业单位", "企业事业单位", "企事业", "学校", "医院"),
        UnitKind.ENTERPRISE_INSTITUTION,
    ),
}


class Units(Desk):
    """A unit without a first day has been there for ever, so that old sheets find it."""

    columns = (
        must("单位", "单位名称", "报送单位", "名称"),
        must("类别", "单位类别", "类型", limit=20),
        may("排名组", "分组", "组别", limit=40),
        may("启用日期", "启用时间", "成立日期"),
        may("涉密条线", "敏感条线", "涉密", limit=10),
    )
    fields: ClassVar = {
        "name": "单位",
        "kind": "类别",
        "rank_group": "排名组",
        "valid_from": "启用日期",
    }

    async def open(self) -> None:
        self.units = await unit_register(self.actor)

    async def take(self, row: Row) -> Outcome:
        said = self._read(row)
        if said["name"] in self.units.known:
            _check_same(row, latest(self.units.all(said["name"])), said)
            return Outcome.UNCHANGED
        facts = said | {"valid_from": said["valid_from"] or EVER}
        unit = await actions.create(self.actor, **facts)
        self.units.add(unit.name, unit)
        return Outcome.CREATED

    def _read(self, row: Row) -> dict[str, Any]:
        cells = Cells()
        no_day: date | None = None
        said = {
            "name": cells.read("", row.name, "单位"),
            "kind": cells.read(UnitKind.TOWNSHIP, row.choice, "类别", KINDS),
            "rank_group": cells.read("", row.text, "排名组") or None,
            "valid_from": cells.read(no_day, row.date_or_none, "启用日期"),
            "restricted_line": cells.read(False, row.yes, "涉密条线"),
        }
        cells.done()
        return said


def _check_same(row: Row, unit: Unit, said: dict[str, Any]) -> None:
    """A sheet adds units; what is written about one is changed on its page, with a trace."""
    cells = Cells()
    for column, field in (("类别", "kind"), ("排名组", "rank_group"), ("启用日期", "valid_from"),
                          ("涉密条线", "restricted_line")):  # fmt: skip
        if row.has(column) and said[field] != getattr(unit, field):
            cells.errors.append(Differs(column, row.text(column), getattr(unit, field)))
    cells.done()
