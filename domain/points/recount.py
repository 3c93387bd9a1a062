"""Counting open months again under a new policy: the ledger replayed, the difference as lines."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from domain.items.models import Item
from domain.kit import clock
from domain.kit.actor import Actor
from domain.kit.clock import Month
from domain.points import pages, rules
from domain.points.book import Page
from domain.points.models import EntryKind, LedgerEntry, ScoringPolicy

Key = tuple[UUID, str, Month]


@dataclass(slots=True)
class Replay:
    """The same events as in the ledger, counted by today's policies; `drift` is the difference."""

    policies: pages.Policies
    items: dict[UUID, Item]
    runs: dict[UUID, rules.Run]
    book: dict[UUID, Page]
    drift: defaultdict[Key, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    given: defaultdict[Key, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    caps: defaultdict[tuple[UUID, Month], Decimal] = field(
        default_factory=lambda: defaultdict(Decimal)
    )

    def enter(self, entry: LedgerEntry) -> None:
        assert isinstance(entry.item_id, UUID)
        page, month = self.book[entry.item_id], Month(entry.month)
        rule = "sending-recounted" if pages.is_for_sending(entry) else "recounted"
        self.drift[page.item_id, rule, month] -= entry.points
        if pages.is_for_sending(entry):
            self.given[page.item_id, rule, month] -= Decimal(str(entry.facts.get("given", 0)))
            self._sending(page, month, rule, entry)
        elif isinstance(entry.adoption_id, UUID):
            self.drift[page.item_id, rule, month] += self._adoption(page, month, entry)

    def _sending(self, page: Page, month: Month, rule: str, entry: LedgerEntry) -> None:
        if entry.kind is EntryKind.SUBMISSION:
            page.sent_points, page.sent_given = self._sent(page, month, late=not entry.same_day)
            points, given = page.sent_points, page.sent_given
        elif entry.kind is EntryKind.REVERSAL:
            points, given = -page.sent_points, -page.sent_given
        else:
            return
        self.drift[page.item_id, rule, month] += points
        self.given[page.item_id, rule, month] += given
        self.caps[page.unit_id, month] += given

    def _sent(self, page: Page, month: Month, *, late: bool) -> tuple[Decimal, Decimal]:
        submitted_at = self.items[page.item_id].submitted_at
        policy = submitted_at and self.policies.on(clock.local_date(submitted_at))
        if not policy:
            return rules.NOTHING, rules.NOTHING
        counted = self.caps[page.unit_id, month]
        steps = rules.for_sending(policy, page.traits, is_late=late, counted=counted)
        given = sum((step.amount for step in steps if step.code != "sent-late"), rules.NOTHING)
        return sum((step.amount for step in steps), rules.NOTHING), given

    def _adoption(self, page: Page, month: Month, entry: LedgerEntry) -> Decimal:
        assert isinstance(entry.adoption_id, UUID)
        if entry.kind is EntryKind.ADOPTION:
            return page.adopt(self.runs[entry.adoption_id], month, self.policies.on).points
        return page.withdraw(entry.adoption_id, self.policies.on).points


async def recounted(actor: Actor, row: ScoringPolicy) -> list[LedgerEntry]:
    """The lines that bring open months to what the policies in force now give."""
    calendar, policies = pages.Calendar(), await pages.policies()
    items = {item.id: item for item in await _items_counted_since(row)}
    entries = await pages.entries_of(list(items))
    blank = {item.id: pages.blank(item) for item in items.values()}
    replay = Replay(policies, items, await pages.runs_of(entries), blank)
    for entry in sorted(entries, key=lambda entry: entry.seq):
        replay.enter(entry)
    first, lines = Month.of(row.valid_from), []
    for (item_id, rule, month), points in replay.drift.items():
        given = replay.given[item_id, rule, month]
        touched = month >= first and bool(points or given)
        if touched and await calendar.open_from(month) == month:
            line = _line(actor, row, blank[item_id], month)
            line.rule, line.points = rule, points
            line.facts |= {"given": f"{given:f}"}
            lines.append(line)
    return lines


def _line(actor: Actor, row: ScoringPolicy, page: Page, month: Month) -> LedgerEntry:
    return LedgerEntry(
        unit_id=page.unit_id,
        month=month.first,
        kind=EntryKind.CORRECTION,
        item_id=page.item_id,
        policy_id=row.id,
        facts={"number": row.number, "name": row.name},
        at=clock.now(),
        actor_name=actor.name,
    )


async def _items_counted_since(row: ScoringPolicy) -> list[Item]:
    """Items with a line in a month that the new policy may touch."""
    first = Month.of(row.valid_from).first
    counted = LedgerEntry.filter(month__gte=first, item_id__not_isnull=True).distinct()
    ids = await counted.values_list("item_id", flat=True)
    found: list[Item] = []
    for start in range(0, len(ids), pages.BATCH):
        found += await Item.filter(id__in=ids[start : start + pages.BATCH])
    return found
