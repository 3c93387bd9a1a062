"""Setting quotas. Rows are only added, so history stays."""

from collections.abc import Iterable
from uuid import UUID

from domain.kit import audit, clock
from domain.kit.actor import Actor, Duty
from domain.kit.clock import Month
from domain.kit.db import work
from domain.kit.inputs import one_line
from domain.quotas import queries, rules
from domain.quotas.models import Quota
from domain.quotas.rules import QuotaRow
from domain.units import queries as units
from domain.units.rules import check_manages, check_not_over


async def set_quota(
    actor: Actor,
    unit_id: UUID,
    *,
    from_month: Month,
    count: int,
    exempt: bool = False,
    reason: str = "",
) -> Quota:
    """Say what a unit owes from an open month on; later rows keep counting from their month.

    Setting what is set already adds no row.
    """
    check_manages(actor, Duty.ADMINISTRATOR, Duty.PUBLICITY_DEPARTMENT)
    why = one_line(reason, field="reason", limit=200, required=False)
    rules.check_count(count, exempt=exempt, reason=why)
    async with work():
        unit = await units.lock(actor, unit_id)
        rules.check_not_closed(from_month, await queries.first_open_month())
        check_not_over(unit, from_month.first)
        present = await queries.row_of(unit.id, from_month)
        if present is not None and _says(present, from_month, count, exempt, why):
            return present
        quota = await Quota.create(
            unit=unit,
            from_month=from_month.first,
            count=count,
            exempt=exempt,
            reason=why,
            set_by_name=actor.name,
            set_at=clock.now(),
        )
        facts = {"from_month": from_month, "count": count, "exempt": exempt, "reason": why}
        audit.record(actor, "set", "quota", quota.id, unit=unit.name, **facts)
    return quota


async def set_many(actor: Actor, rows: Iterable[QuotaRow]) -> list[Quota]:
    """The whole task table at once, or nothing of it."""
    async with work():
        return [
            await set_quota(
                actor,
                row.unit_id,
                from_month=row.from_month,
                count=row.count,
                exempt=row.exempt,
                reason=row.reason,
            )
            for row in rows
        ]


def _says(row: Quota, month: Month, count: int, exempt: bool, reason: str) -> bool:
    present = (row.from_month, row.count, row.exempt, row.reason)
    return present == (month.first, count, exempt, reason)
