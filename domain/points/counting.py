"""Turning events into lines of the 积分台账. Nothing is written here; `actions` adds the lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from domain.items import rules as item_rules
from domain.items.models import Item
from domain.kit import clock
from domain.kit.actor import Actor
from domain.kit.clock import Month
from domain.outlets.models import Adoption
from domain.points import pages, rules
from domain.points.book import Change, Page
from domain.points.models import EntryKind, LedgerEntry, ScoringPolicy
from domain.points.policy import CountBy


def month_of_sending(item: Item) -> Month:
    assert item.submitted_at is not None
    return Month.of(clock.local_date(item.submitted_at))


@dataclass(slots=True)
class Counting:
    """One unit of work's counting: pages are read once, lines gathered in order."""

    actor: Actor
    policies: pages.Policies
    book: dict[UUID, Page]
    calendar: pages.Calendar
    at: datetime
    sending: dict[tuple[UUID, Month], Decimal] = field(default_factory=dict)
    """Points given for sending by unit and month; read when a policy caps them."""
    lines: list[LedgerEntry] = field(default_factory=list)

    @classmethod
    async def of(cls, actor: Actor, items: Iterable[Item]) -> Self:
        """Ready to count for these items, each locked until commit."""
        held = list({item.id: item for item in items}.values())
        await pages.lock_items([item.id for item in held])
        return cls(
            actor, await pages.policies(), await pages.pages(held), pages.Calendar(), clock.now()
        )

    async def send(self, item: Item) -> None:
        """+1 submitted, for the first time the item is sent, in the month it was."""
        page = self.book[item.id]
        if page.sent > 0 or item.submitted_at is None:
            return
        belongs = month_of_sending(item)
        month = await self.calendar.open_from(belongs)
        arrived = item_rules.arrived_at(item) or item.submitted_at
        same_day = item_rules.is_same_day(item.occurred_on, arrived)
        row = self.policies.row_on(clock.local_date(item.submitted_at))
        steps = await self._sending_steps(row, page, month, is_late=not same_day)
        points = sum((step.amount for step in steps), rules.NOTHING)
        given = sum((step.amount for step in steps if step.code != "sent-late"), rules.NOTHING)
        page.sent, page.sent_month, page.sent_same_day = 1, month, int(same_day)
        page.sent_points, page.sent_given = points, given
        self._give(page, month, given)
        self._add(
            page,
            month,
            belongs,
            kind=EntryKind.SUBMISSION,
            rule="sending" if row else "sending-without-policy",
            policy_id=row.id if row else None,
            facts={"steps": [step.as_json() for step in steps], "given": f"{given:f}"},
            points=points,
            submitted=1,
            same_day=int(same_day),
        )

    async def _sending_steps(
        self, row: ScoringPolicy | None, page: Page, month: Month, *, is_late: bool
    ) -> Sequence[rules.Step]:
        if row is None:
            return ()
        policy, counted = pages.parsed(row), rules.NOTHING
        if policy.submission.monthly_cap is not None:
            counted = await self._sent_so_far(page.unit_id, month)
        return rules.for_sending(policy, page.traits, is_late=is_late, counted=counted)

    def _give(self, page: Page, month: Month, points: Decimal) -> None:
        if (page.unit_id, month) in self.sending:
            self.sending[page.unit_id, month] += points

    async def _sent_so_far(self, unit_id: UUID, month: Month) -> Decimal:
        if (unit_id, month) not in self.sending:
            self.sending[unit_id, month] = await pages.sending_points(unit_id, month)
        return self.sending[unit_id, month]

    async def unsend(self, item: Item) -> None:
        """The unit took the item back before any office received it: it was not sent."""
        page = self.book[item.id]
        if page.sent <= 0 or page.sent_month is None:
            return
        month = await self.calendar.open_from(page.sent_month)
        self._add(
            page,
            month,
            page.sent_month,
            kind=EntryKind.REVERSAL,
            rule="sending-withdrawn",
            facts={"given": f"{-page.sent_given:f}"},
            points=-page.sent_points,
            submitted=-1,
            same_day=-page.sent_same_day,
        )
        self._give(page, month, -page.sent_given)
        page.sent, page.sent_same_day = 0, 0
        page.sent_points, page.sent_given = rules.NOTHING, rules.NOTHING

    async def adopt(self, adoption: Adoption, item: Item) -> None:
        """Points as the policy of that day gives them, in the month the policy says."""
        page = self.book[item.id]
        if page.knows(adoption.id):
            return
        row = self.policies.row_on(adoption.adopted_on)
        belongs = self._month_of(adoption, item, row)
        month = await self.calendar.open_from(belongs)
        change = page.adopt(pages.run_of(adoption), month, self.policies.on)
        self._add_adoption(page, month, belongs, adoption, change, row, EntryKind.ADOPTION, "")

    @staticmethod
    def _month_of(adoption: Adoption, item: Item, row: ScoringPolicy | None) -> Month:
        by_sending = row is not None and pages.parsed(row).count_by is CountBy.SUBMISSION
        if by_sending and item.submitted_at is not None:
            return month_of_sending(item)
        return Month.of(adoption.adopted_on)

    async def withdraw(self, adoption: Adoption, item: Item, reason: str) -> None:
        """What the adoption gave is taken back where it was counted, or in the first open month."""
        page = self.book[item.id]
        if adoption.id not in page.runs:
            return
        belongs = page.runs[adoption.id].month
        month = await self.calendar.open_from(belongs)
        change = page.withdraw(adoption.id, self.policies.on)
        row = self.policies.row_on(adoption.adopted_on)
        self._add_adoption(page, month, belongs, adoption, change, row, EntryKind.REVERSAL, reason)

    def _add_adoption(
        self,
        page: Page,
        month: Month,
        belongs: Month,
        adoption: Adoption,
        change: Change,
        row: ScoringPolicy | None,
        kind: EntryKind,
        reason: str,
    ) -> None:
        self._add(
            page,
            month,
            belongs,
            kind=kind,
            rule="withdrawn" if kind is EntryKind.REVERSAL else decisive(change),
            adoption_id=adoption.id,
            policy_id=row.id if row else None,
            facts=facts_of(pages.run_of(adoption), change),
            reason=reason,
            points=change.points,
            adopted=change.adopted,
            level=adoption.level,
            adoptions=-1 if kind is EntryKind.REVERSAL else 1,
        )

    def _add(self, page: Page, month: Month, belongs: Month, **facts: Any) -> None:
        self.lines.append(
            LedgerEntry(
                unit_id=page.unit_id,
                month=month.first,
                item_id=page.item_id,
                late_from=belongs.first if belongs != month else None,
                at=self.at,
                actor_name=self.actor.name,
                **facts,
            )
        )


def decisive(change: Change) -> str:
    """The rule to name first: where the points come from, unless repetition decided them."""
    if change.worth is None or change.score is None:
        return "without-policy"
    if change.points == change.worth.points:
        return change.worth.steps[0].code
    if change.score.left_out:
        return f"repeat-{change.score.repeat}"
    return "together"


def facts_of(run: rules.Run, change: Change) -> dict[str, object]:
    """Everything `queries.explain` needs to say why."""
    facts: dict[str, object] = {
        "outlet": run.outlet,
        "level": run.level.value,
        "position": run.position,
        "mode": run.mode.value,
        "adopted_on": run.adopted_on.isoformat(),
        "before": f"{change.before:f}",
    }
    if change.worth is not None:
        facts["steps"] = [step.as_json() for step in change.worth.steps]
        facts["worth"] = f"{change.worth.points:f}"
    if change.score is not None:
        facts["total"] = f"{change.score.points:f}"
        facts["repeat"] = change.score.repeat.value
        facts["left_out"] = change.score.left_out
        facts["bonus"] = f"{change.score.bonus:f}"
    return facts
