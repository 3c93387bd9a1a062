"""What units owe each month."""

from datetime import datetime

import strawberry

from domain.kit.clock import Month
from domain.quotas import actions
from domain.quotas import models as rows
from schema.context import Info
from schema.inputs import given
from schema.nodes import Node, key, key_or_none, node, one, says
from schema.paging import Listed, listed
from schema.units import Unit, unit_rows
from schema.verbs import result, verb


@node(
    rows.Quota,
    lambda _: rows.Quota.all(),
    description="How many items a unit owes each month, from a month on. Rows are only added: "
    "the latest month counts, then the row set last. Everyone signed in sees it. 任务分解",
)
class Quota(Node):
    unit: Unit | None = one(unit_rows.Unit, "unit_id", "单位")
    from_month: Month = says("The first month it holds for. 起始月份")
    count: int = says("Items a month. 每月条数")
    exempt: bool = says("Owes nothing. 免报")
    reason: str = says("事由")
    set_by_name: str = says("下达人")
    set_at: datetime = says("下达时间")


@strawberry.input(description="Which quotas; everything given must hold. 任务筛选")
class QuotaFilter:
    unit_id: strawberry.ID | None = says("单位", default=None)
    from_month: Month | None = says("起始月份", default=None)


@strawberry.type
class QuotaQuery:
    @listed(Quota, "All that was ever set, what counts first. 任务历史")
    async def quotas(self, filter: QuotaFilter | None = None) -> Listed:
        chosen = filter or QuotaFilter()
        month = chosen.from_month
        found = rows.Quota.filter(
            **given(unit_id=key_or_none("Unit", chosen.unit_id), from_month=month and month.first)
        )
        return Listed(found, ("-from_month", "-set_at", "-id"))


QuotaResult = result("QuotaResult", Quota)


@strawberry.type
class QuotaMutation:
    @verb(QuotaResult, "Say what a unit owes from an open month on. 下达任务")
    async def set_quota(
        self,
        info: Info,
        unit_id: strawberry.ID,
        from_month: Month,
        count: int,
        exempt: bool = False,
        reason: str = "",
    ) -> rows.Quota:
        return await actions.set_quota(
            info.context.actor,
            key("Unit", unit_id),
            from_month=from_month,
            count=count,
            exempt=exempt,
            reason=reason,
        )
