"""The points ledger, its rankings, and why a number is what it is."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import strawberry
from strawberry.scalars import JSON
from tortoise.expressions import Subquery

from domain.circulars.data import Line
from domain.items import queries as items
from domain.kit.clock import Month, Period
from domain.outlets.models import OutletLevel
from domain.points import actions, queries
from domain.points import models as rows
from domain.points.models import EntryKind
from domain.points.sentences import Reason
from domain.quotas import queries as quotas
from schema.context import Info
from schema.enums import enum
from schema.inputs import AnyPeriod, given
from schema.items import Item, item_rows
from schema.nodes import Node, asks, find_one, key, key_or_none, node, one, own_id, part, says, told
from schema.outlets import Adoption, outlet_rows
from schema.paging import Listed, listed
from schema.units import Unit, unit_rows
from schema.verbs import result, verb

enum(EntryKind, "What a line of the ledger is for. 台账类别")
MOST_UNITS = 150
"""What a table of all units counts for in the cost of a document."""


@node(
    rows.ScoringPolicy,
    lambda _: rows.ScoringPolicy.all(),
    description="A numbered version of how points are counted. Everyone signed in sees it. "
    "计分办法",
)
class ScoringPolicy(Node):
    number: int = says("版本号")
    name: str = says("名称")
    valid_from: date = says("First day. 启用日期")
    is_example: bool = says("Values the notice does not give. 示例")
    rules: JSON = says("As docs/policy.md describes. 规则")
    document: str = says("The paper it rests on. 依据文件")
    created_at: datetime = says("创建时间")
    created_by_name: str = says("创建人")


async def _explanation(root: strawberry.Parent[rows.LedgerEntry], info: Info) -> str:
    item: Any = None
    if root.item_id is not None:
        item = await info.context.loaders.one(item_rows.Item).load(UUID(str(root.item_id)))
    return Reason(root, item and item.title).sentence(info.context.language)


async def _unit(root: strawberry.Parent[Line], info: Info) -> object:
    return await info.context.loaders.one(unit_rows.Unit).load(UUID(root.unit_id))


def _unit_name(root: strawberry.Parent[Line]) -> str:
    return root.unit


@part(Line, description="One unit's row of a ranking. Counts are items. 排名行")
class RankingLine:
    unit: Unit | None = told(_unit, "单位")
    unit_name: str = told(_unit_name, "The name as it stood. 单位名称")
    group: str = says("排名组")
    quota: int | None = says("Null when none was set. 任务数")
    exempt: bool = says("Owes nothing. 免报")
    submitted: int = says("上报数")
    same_day: int = says("当日报送数")
    adopted: int = says("采用数")
    county: int = says("Adoptions by county outlets. 县级采用")
    prefecture: int = says("Adoptions by prefecture outlets. 州级采用")
    province: int = says("Adoptions by provincial outlets. 省级采用")
    nation: int = says("Adoptions by national outlets. 国家级采用")
    completion_rate: Decimal = says("Submitted of the quota, percent to one decimal. 完成率")
    adoption_rate: Decimal = says("Adopted of submitted, percent to one decimal. 采用率")
    same_day_rate: Decimal = says("Of submitted, percent to one decimal. 当日报送率")
    points: Decimal = says("Of the period. 积分")
    total_points: Decimal = says("Of the year up to the period's end. 累计积分")
    rank: int = says("1-2-2-4 among all. 总排名")
    group_rank: int = says("1-2-2-4 in its group. 组内排名")
    previous_rank: int | None = says("Of the period before. 上期排名")
    is_zero_report: bool = says("Sent nothing though it owed reports. 零报送")


@dataclass(frozen=True, slots=True)
class Standing:
    """A period whose ranking is asked for."""

    period: Period


async def _policy(root: strawberry.Parent[Standing]) -> object:
    return await queries.policy_on(root.period.last)


async def _lines(root: strawberry.Parent[Standing]) -> list[Line]:
    return await queries.ranking(root.period)


@part(Standing, description="Every unit's line of a period, as the ledger has it now. 排名")
class Ranking:
    period: AnyPeriod = says("期间")
    policy: ScoringPolicy | None = told(_policy, "In force at its end. 计分办法")
    lines: list[RankingLine] = told(_lines, "By rank, everyone. 排名行", most=MOST_UNITS)


@part(rows.LedgerEntry, description="One line of the points ledger; only ever added. 积分台账")
class PointsEntry:
    id: strawberry.ID = own_id("PointsEntry")
    unit: Unit | None = one(unit_rows.Unit, "unit_id", "单位")
    month: Month = says("The month it counts in. 计入月份")
    late_from: Month | None = says("The closed month it belonged to. 原属月份")
    kind: EntryKind = says("类别")
    rule: str = says("Code of the rule applied. 规则")
    points: Decimal = says("积分")
    submitted: int = says("±1. 上报数增减")
    same_day: int = says("±1. 当日报送增减")
    adopted: int = says("±1. 采用数增减")
    level: OutletLevel | None = says("级别")
    at: datetime = says("记账时间")
    actor_name: str = says("记账人")
    item: Item | None = one(item_rows.Item, "item_id", "Null where you may not see it. 稿件")
    adoption: Adoption | None = one(
        outlet_rows.Adoption, "adoption_id", "Null where you may not see it. 采用"
    )
    policy: ScoringPolicy | None = one(rows.ScoringPolicy, "policy_id", "计分办法")

    explanation: str = told(_explanation, "Why, in the language of the request. 计分说明")


async def _quota(root: strawberry.Parent[rows.UnitMonth]) -> int:
    return (await quotas.of(UUID(str(root.unit_id)), Month(root.month))).count


@part(rows.UnitMonth, description="What a unit owes, sent and had adopted in a month. 单位月度")
class UnitMonth:
    month: Month = says("月份")
    unit: Unit | None = one(unit_rows.Unit, "unit_id", "单位")
    quota: int = told(_quota, "任务数")
    submitted: int = says("上报数")
    same_day: int = says("当日报送数")
    adopted: int = says("采用数")
    points: Decimal = says("积分")


@strawberry.type
class PointsQuery:
    @asks("The live ranking of a period. Everyone signed in. 实时排名", Ranking)
    async def ranking(self, period: AnyPeriod) -> Standing:
        return Standing(cast("Period", period))

    @asks("One unit's month. Everyone signed in. 单位月度", UnitMonth | None)
    async def unit_month(
        self, info: Info, unit_id: strawberry.ID, month: Month
    ) -> rows.UnitMonth | None:
        unit: Any = await find_one(info.context, "Unit", unit_id)
        return unit and await queries.month_of(unit.id, month)

    @listed(PointsEntry, "Why this number: the ledger's lines, oldest first. 积分明细")
    async def points_entries(
        self,
        info: Info,
        unit_id: strawberry.ID | None = None,
        month: Month | None = None,
        item_id: strawberry.ID | None = None,
    ) -> Listed:
        found = rows.LedgerEntry.filter(
            **given(unit_id=key_or_none("Unit", unit_id), month=month and month.first)
        )
        if item_id is not None:
            seen = items.visible_to(info.context.actor).filter(id=key("Item", item_id))
            found = found.filter(item_id__in=Subquery(seen.values("id")))
        return Listed(found, ("seq",))

    @listed(ScoringPolicy, "Every version, the latest first. 计分办法列表")
    async def scoring_policies(self) -> Listed:
        return Listed(rows.ScoringPolicy.all(), ("-number",))


ScoringPolicyResult = result("ScoringPolicyResult", ScoringPolicy)


@strawberry.type
class PointsMutation:
    @verb(ScoringPolicyResult, "Put a version in force from a day of an open month. 启用计分办法")
    async def add_scoring_policy(
        self,
        info: Info,
        name: str,
        valid_from: date,
        rules: JSON,
        is_example: bool = False,
        document: str = "",
    ) -> rows.ScoringPolicy:
        return await actions.add_policy(
            info.context.actor,
            name=name,
            valid_from=valid_from,
            rules=rules,
            is_example=is_example,
            document=document,
        )
