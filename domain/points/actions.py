"""Adding to the 积分台账, and the policies it rests on. 二(三); R30; I1, I2."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.items.models import Item
from domain.kit import audit, clock
from domain.kit.actor import Actor, Duty
from domain.kit.clock import Month
from domain.kit.db import work
from domain.kit.inputs import one_line
from domain.outlets.models import Adoption
from domain.points import pages, queries
from domain.points.counting import Counting
from domain.points.models import EntryKind, LedgerEntry, ScoringPolicy
from domain.points.month_end import settled
from domain.points.reading import read_policy
from domain.points.recount import recounted
from domain.points.rules import NOTHING
from domain.units import rules as unit_rules

AT_ONCE = 1_000


async def count_submission(actor: Actor, item: Item) -> None:
    """Count an item as sent, once, however often it is sent again. (R18, R19)"""
    async with work():
        counting = await Counting.of(actor, [item])
        await counting.send(item)
        await _add(counting.lines)


async def reverse_submission(actor: Actor, item: Item) -> None:
    """The unit took the item back before any office received it."""
    async with work():
        counting = await Counting.of(actor, [item])
        await counting.unsend(item)
        await _add(counting.lines)


async def count_adoption(actor: Actor, adoption: Adoption) -> None:
    """Add what a confirmed adoption gives its unit: all adoptions of the item, less what it has."""
    async with work():
        item = await Item.get(id=adoption.item_id)
        await adoption.fetch_related("outlet")
        counting = await Counting.of(actor, [item])
        await counting.adopt(adoption, item)
        await _add(counting.lines)


async def reverse_adoption(actor: Actor, adoption: Adoption) -> None:
    """Take back what a withdrawn adoption gave. Nothing is deleted. (G3)"""
    async with work():
        item = await Item.get(id=adoption.item_id)
        await adoption.fetch_related("outlet")
        counting = await Counting.of(actor, [item])
        await counting.withdraw(adoption, item, adoption.withdrawal_reason)
        await _add(counting.lines)


async def count_many(
    actor: Actor, submissions: Sequence[Item], adoptions: Sequence[Adoption]
) -> int:
    """Count thousands at once, with the same result as one by one in the given order.

    Every adoption's item is among the submissions or known to the ledger; outlets are fetched.
    Returns the number of lines added.
    """
    async with work():
        items = {item.id: item for item in submissions}
        missing = [each.item_id for each in adoptions if each.item_id not in items]
        items |= {item.id: item for item in await Item.filter(id__in=missing)}
        counting = await Counting.of(actor, items.values())
        for item in submissions:
            await counting.send(item)
        for adoption in adoptions:
            assert isinstance(adoption.item_id, UUID)
            await counting.adopt(adoption, items[adoption.item_id])
        await _add(counting.lines)
        return len(counting.lines)


async def add_policy(
    actor: Actor,
    *,
    name: str,
    valid_from: date,
    rules: object,
    is_example: bool = False,
    document: str = "",
) -> ScoringPolicy:
    """Put a new version of the 计分办法 in force from a day of an open month. (I1, AC09)

    `rules` is parsed JSON as docs/policy.md describes it. What was counted in open months from
    that day on is counted again under it, by added lines; closed months stay as they are.
    """
    unit_rules.check_manages(actor, Duty.ADMINISTRATOR)
    policy = read_policy(rules)
    async with work():
        await pages.stop_counting()
        await queries.check_reaches_open_months(valid_from)
        row = await ScoringPolicy.create(
            number=await queries.next_number(),
            name=one_line(name, field="name", limit=120),
            valid_from=valid_from,
            is_example=is_example,
            rules=policy.model_dump(mode="json", exclude_unset=True),
            document=one_line(document, field="document", limit=200, required=False),
            created_at=clock.now(),
            created_by_name=actor.name,
        )
        lines = await recounted(actor, row)
        await _add(lines)
        audit.record(
            actor, "add", "policy", row.id, number=row.number, name=row.name, recounted=len(lines)
        )
    return row


async def settle_month(actor: Actor, month: Month) -> int:
    """Count what the policy gives or takes at a month's end; again only what has changed since.

    The caller keeps the month from being closed meanwhile. Returns the number of lines added.
    """
    async with work():
        lines = await settled(actor, month)
        await _add(lines)
        return len(lines)


async def correct(
    actor: Actor,
    unit_id: UUID,
    month: Month,
    *,
    reason: str,
    points: Decimal = NOTHING,
    submitted: int = 0,
    adopted: int = 0,
) -> LedgerEntry:
    """Put a closed month's figures right by a line of its own; all are differences. (I8)

    `circulars.actions.correct` calls this and names the change in the next issue.
    """
    async with work():
        return await LedgerEntry.create(
            unit_id=unit_id,
            month=month.first,
            kind=EntryKind.CORRECTION,
            rule="corrected",
            reason=reason,
            points=points,
            submitted=submitted,
            adopted=adopted,
            at=clock.now(),
            actor_name=actor.name,
        )


async def _add(lines: Sequence[LedgerEntry]) -> None:
    """In the order counted, so that the ledger can be replayed."""
    for start in range(0, len(lines), AT_ONCE):
        await LedgerEntry.bulk_create(lines[start : start + AT_ONCE])
