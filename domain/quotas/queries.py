"""Reading quotas. They are printed in circulars, so everyone who is signed in sees them."""

from datetime import date
from uuid import UUID

from tortoise import connections

from domain.kit.actor import Actor
from domain.kit.clock import Month
from domain.quotas.models import Quota
from domain.quotas.rules import NONE_SET, QuotaOf
from domain.units import queries as units

IN_FORCE = """
select distinct on (unit_id) unit_id, count, exempt from quota
where from_month <= $1 order by unit_id, from_month desc, set_at desc, id desc
"""
# `period_close` belongs to circulars, which stands on quotas and cannot be imported here.
LAST_CLOSED = "select max(month) as month from period_close where closed_at is not null"


async def for_month(month: Month) -> dict[UUID, QuotaOf]:
    """Every unit's quota of a month, by unit; units without one are left out. One statement."""
    rows = await connections.get("default").execute_query_dict(IN_FORCE, [month.first])
    return {_uuid(row["unit_id"]): QuotaOf(row["count"], row["exempt"]) for row in rows}


async def of(unit_id: UUID, month: Month) -> QuotaOf:
    """One unit's quota of a month; `NONE_SET` before it has one."""
    found = await row_of(unit_id, month)
    return QuotaOf(found.count, found.exempt) if found else NONE_SET


async def row_of(unit_id: UUID, month: Month) -> Quota | None:
    """The row that counts for a unit in a month."""
    rows = Quota.filter(unit_id=unit_id, from_month__lte=month.first)
    return await rows.order_by("-from_month", "-set_at", "-id").first()


async def history(actor: Actor, unit_id: UUID) -> list[Quota]:
    """All that was ever set for a unit, what counts first. Raises NotFound."""
    unit = await units.get(actor, unit_id)
    return await Quota.filter(unit_id=unit.id).order_by("-from_month", "-set_at", "-id")


async def first_open_month() -> Month | None:
    """The month after the last closed one; None when none was closed."""
    rows = await connections.get("default").execute_query_dict(LAST_CLOSED)
    last: date | None = rows[0]["month"]
    return Month(last).next if last else None


def _uuid(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))
