"""Reading what counting needs: policies, open months and the items' pages, in few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

import orjson
from tortoise.connection import get_connection

from domain.items.models import Item
from domain.kit.clock import Month
from domain.outlets.models import Adoption
from domain.points import rules
from domain.points.book import Counted, Page
from domain.points.models import EntryKind, LedgerEntry, ScoringPolicy
from domain.points.policy import Policy
from domain.points.reading import read_policy

MONTH_LOCK, POLICY_LOCK = 8152, 8153
BATCH = 5_000

CLOSED = (
    "select exists (select from period_close where month = $1 and closed_at is not null) as closed"
)


@lru_cache(maxsize=64)
def _read(stored: bytes) -> Policy:
    return read_policy(orjson.loads(stored))


def parsed(row: ScoringPolicy) -> Policy:
    """A stored policy, ready to be applied."""
    return _read(orjson.dumps(row.rules))


@dataclass(slots=True)
class Policies:
    """All versions; of those in force on a day the latest begun counts, then the latest number."""

    rows: list[ScoringPolicy]

    def row_on(self, day: date) -> ScoringPolicy | None:
        fitting = [row for row in self.rows if row.valid_from <= day]
        return max(fitting, key=lambda row: (row.valid_from, row.number), default=None)

    def on(self, day: date) -> Policy | None:
        row = self.row_on(day)
        return parsed(row) if row else None


async def policies() -> Policies:
    """As they are now, and will be until commit."""
    await get_connection("default").execute_query(
        f"select pg_advisory_xact_lock_shared({POLICY_LOCK}, 0)"
    )
    return Policies(await ScoringPolicy.all().order_by("number"))


async def stop_counting() -> None:
    """Wait until nothing is being counted, and let nothing begin, until commit."""
    await get_connection("default").execute_query(f"select pg_advisory_xact_lock({POLICY_LOCK}, 0)")


async def hold_month(month: Month) -> None:
    """Keep a month from being closed until this transaction ends."""
    await _lock("pg_advisory_xact_lock_shared", month)


async def stop_month(month: Month) -> None:
    """Wait until nothing is being counted in a month, and let nothing begin, until commit."""
    await _lock("pg_advisory_xact_lock", month)


async def _lock(function: str, month: Month) -> None:
    number = month.first.year * 12 + month.first.month
    await get_connection("default").execute_query(
        f"select {function}({MONTH_LOCK}, $1::int)", [number]
    )


async def is_closed(month: Month) -> bool:
    rows = await get_connection("default").execute_query_dict(CLOSED, [month.first])
    return bool(rows[0]["closed"])


@dataclass(slots=True)
class Calendar:
    """The open months, each held open from the first look until commit."""

    known: dict[Month, Month] = field(default_factory=dict)

    async def open_from(self, month: Month) -> Month:
        """The month itself, or the first one after it that is not closed. (I5)"""
        if month not in self.known:
            candidate = month
            await hold_month(candidate)
            while await is_closed(candidate):
                candidate = candidate.next
                await hold_month(candidate)
            self.known[month] = candidate
        return self.known[month]


async def lock_items(item_ids: Sequence[UUID]) -> None:
    """One count at a time for each item."""
    await get_connection("default").execute_query(
        "select id from item where id = any($1::uuid[]) order by id for no key update",
        [list(item_ids)],
    )


def traits_of(item: Item) -> rules.Traits:
    return rules.Traits(information_type=item.information_type, genre=item.genre)


def run_of(adoption: Adoption) -> rules.Run:
    return rules.Run(
        adoption_id=adoption.id,
        outlet=adoption.outlet.name,
        level=adoption.level,
        adopted_on=adoption.adopted_on,
        weight_class=adoption.outlet.weight_class,
        position=adoption.position,
        mode=adoption.mode,
    )


def blank(item: Item) -> Page:
    unit_id = item.unit_id
    assert isinstance(unit_id, UUID)
    return Page(item.id, unit_id, traits_of(item))


async def pages(items: Iterable[Item]) -> dict[UUID, Page]:
    """Each item's page as the ledger has it."""
    found = {item.id: blank(item) for item in items}
    entries = await entries_of(list(found))
    runs = await runs_of(entries)
    for entry in entries:
        if isinstance(entry.item_id, UUID):
            _enter(found[entry.item_id], entry, runs)
    return found


async def entries_of(item_ids: Sequence[UUID]) -> list[LedgerEntry]:
    entries: list[LedgerEntry] = []
    for start in range(0, len(item_ids), BATCH):
        batch = item_ids[start : start + BATCH]
        entries += await LedgerEntry.filter(item_id__in=batch).order_by("seq")
    return entries


async def runs_of(entries: Iterable[LedgerEntry]) -> dict[UUID, rules.Run]:
    ids = list({entry.adoption_id for entry in entries if entry.adoption_id is not None})
    runs: dict[UUID, rules.Run] = {}
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        adoptions = await Adoption.filter(id__in=batch).select_related("outlet")
        runs |= {adoption.id: run_of(adoption) for adoption in adoptions}
    return runs


def is_for_sending(entry: LedgerEntry) -> bool:
    return entry.rule.startswith("sen")


def _enter(page: Page, entry: LedgerEntry, runs: dict[UUID, rules.Run]) -> None:
    if is_for_sending(entry):
        page.sent += entry.submitted
        page.sent_same_day += entry.same_day
        page.sent_points += entry.points
        page.sent_given += Decimal(str(entry.facts.get("given", 0)))
        page.sent_month = Month(entry.month) if entry.submitted > 0 else page.sent_month
        return
    page.points += entry.points
    if not isinstance(entry.adoption_id, UUID):
        return
    if entry.kind is EntryKind.ADOPTION:
        page.runs[entry.adoption_id] = Counted(runs[entry.adoption_id], Month(entry.month))
    elif entry.kind is EntryKind.REVERSAL:
        page.runs.pop(entry.adoption_id, None)
        page.closed_runs.add(entry.adoption_id)


SENT_POINTS = """
select coalesce(sum((facts ->> 'given')::numeric), 0) as points from ledger_entry
where unit_id = $1 and month = $2 and rule in ('sending', 'sending-withdrawn', 'sending-recounted')
"""


async def sending_points(unit_id: UUID, month: Month) -> Decimal:
    """What a unit was given for sending in a month, for the cap; held until commit."""
    connection = get_connection("default")
    lock = "select pg_advisory_xact_lock(hashtextextended($1, 0))"
    await connection.execute_query(lock, [f"sending:{unit_id}:{month}"])
    rows = await connection.execute_query_dict(SENT_POINTS, [unit_id, month.first])
    points = rows[0]["points"]
    assert isinstance(points, Decimal)
    return points
