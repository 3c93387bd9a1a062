"""What the calendar asks of the offices: months to confirm, drafts to make and to issue."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.circulars import queries, rules
from domain.circulars.models import Circular, CircularState, PeriodClose, Reconciliation
from domain.kit import clock
from domain.kit.actor import Actor, Duty
from domain.kit.clock import Month, Period, Quarter, Year
from domain.kit.errors import DomainError
from domain.units import queries as units

OFFERED = 12
"""Months, counted back from now, whose missing circulars are offered for drafting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMonth:
    """An ended month that is not closed. `mine` are the reader's own offices still silent."""

    month: Month
    confirmed: tuple[str, ...]
    missing: tuple[str, ...]
    mine: frozenset[UUID]


async def closed_months() -> frozenset[Month]:
    closed = await PeriodClose.exclude(closed_at=None)
    return frozenset(Month(row.month) for row in closed)


async def open_months(actor: Actor) -> list[OpenMonth]:
    """Months that have ended and wait for an office's word, oldest first. (R29)"""
    if not rules.sees_drafts(actor):
        return []
    first, last = await queries.first_month(), Month.of(clock.today()).previous
    if first is None:
        return []
    closed = await closed_months()
    months = [month for month in clock.months_between(first, last) if month not in closed]
    said = await _said(months) if months else set()
    offices = [(office.id, office.name) for office in await units.offices()]
    return [_open(actor, month, said, offices) for month in months]


async def _said(months: Sequence[Month]) -> set[tuple[UUID, Month]]:
    rows = Reconciliation.filter(period__month__in=[month.first for month in months])
    pairs = await rows.values_list("office_id", "period__month")
    return {(office_id, Month(first)) for office_id, first in pairs}


def _open(
    actor: Actor,
    month: Month,
    said: set[tuple[UUID, Month]],
    offices: Sequence[tuple[UUID, str]],
) -> OpenMonth:
    silent = [each for each in offices if (each[0], month) not in said]
    return OpenMonth(
        month=month,
        confirmed=tuple(name for id_, name in offices if (id_, month) in said),
        missing=tuple(name for _id, name in silent),
        mine=frozenset(id_ for id_, _name in silent) & actor.offices,
    )


async def ready(actor: Actor) -> list[Circular]:
    """Drafts of closed months that this reader may give a number and a date now. (R30, R31)"""
    if not rules.sees_drafts(actor):
        return []
    drafts = await queries.visible_to(actor).filter(state=CircularState.DRAFT)
    if not drafts:
        return []
    closed = await closed_months()
    offices = [office.id for office in await queries.issuing_offices()]
    return [
        draft
        for draft in drafts
        if closed.issuperset(queries.period_of(draft).months) and may_issue(actor, draft, offices)
    ]


def may_issue(actor: Actor, circular: Circular, offices: Sequence[UUID]) -> bool:
    """Whether the duty is the right one; months still open are another matter."""
    try:
        rules.check_may_issue(actor, circular.kind, offices)
    except DomainError:
        return False
    return True


async def waiting(actor: Actor) -> int:
    """How much of this waits for the reader himself: for the rail."""
    if not actor.has(Duty.OFFICE_EDITOR, Duty.SUPERVISION_OFFICE):
        return 0
    mine = [month for month in await open_months(actor) if month.mine]
    return len(mine) + len(await ready(actor))


async def undrafted(actor: Actor) -> list[Period]:
    """Ended periods of the last year without any circular, for those who may draft them."""
    if not rules.may_draft(actor):
        return []
    first = await queries.first_month()
    if first is None:
        return []
    written = {period for (period,) in await Circular.all().values_list("period")}
    return [each for each in _ended(first) if str(each) not in written]


def _ended(first: Month) -> list[Period]:
    """The months since the first one, latest first, each with the sums that have ended with it."""
    this = Month.of(clock.today())
    months = list(clock.months_between(first, this.previous))[-OFFERED:]
    found: dict[Period, None] = {}
    for month in reversed(months):
        for period in (Year.of(month.first), Quarter.of(month.first), month):
            if period.last < this.first:
                found.setdefault(period)
    return list(found)
