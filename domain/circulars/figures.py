"""Counting a period as it stands now: `CircularData` from the ledger. Reads only."""

from dataclasses import replace
from datetime import date

from domain.circulars.data import Change, CircularData, LateEntry, Line, Policy
from domain.circulars.documents.phrases import phrase
from domain.circulars.models import Circular, CircularState, PeriodClose, Reconciliation
from domain.circulars.rules import kind_of
from domain.kit import text
from domain.kit.clock import Month, Period
from domain.points import queries as points
from domain.points.lines import Order
from domain.points.models import EntryKind, LedgerEntry
from domain.units import queries as units


async def live(period: Period) -> CircularData:
    """A period's figures as of this moment, whatever was issued before."""
    county = await units.county()
    order: Order = "units" if county.line_order == "units" else "rank"
    lines = await points.ranking(period, "units")
    return CircularData(
        kind=kind_of(period),
        period=str(period),
        first=period.first,
        last=period.last,
        county=county.name,
        lines=tuple(lines),
        late=tuple(await _late(period)),
        changes=tuple(await _corrected_months(period)),
        unconfirmed=tuple(await unconfirmed(period)),
        policy=await _policy(period.last),
        ledger_seq=await last_seq(period),
        order=order,
    )


async def last_seq(period: Period) -> int:
    """The last line of the ledger counted in a period."""
    entries = LedgerEntry.filter(month__gte=period.first, month__lte=period.last)
    last = await entries.order_by("-seq").first()
    return last.seq if last else 0


async def open_months(period: Period) -> list[Month]:
    """Those of its months that the offices have not closed."""
    closed = await PeriodClose.filter(
        month__gte=period.first, month__lte=period.last, closed_at__isnull=False
    ).values_list("month", flat=True)
    return [month for month in period.months if month.first not in closed]


async def unconfirmed(period: Period) -> list[str]:
    """The offices whose word is still missing for one of its months."""
    months = await open_months(period)
    if not months:
        return []
    offices = await units.offices()
    said = set(
        await Reconciliation.filter(
            period__month__in=[month.first for month in months]
        ).values_list("office_id", "period__month")
    )
    return [
        office.name
        for office in offices
        if any((office.id, month.first) not in said for month in months)
    ]


async def _late(period: Period) -> list[LateEntry]:
    """Adoptions of closed months that count in this period, with a mark. (I5)"""
    entries = (
        await LedgerEntry.filter(
            month__gte=period.first,
            month__lte=period.last,
            late_from__isnull=False,
            kind=EntryKind.ADOPTION,
        )
        .select_related("unit", "item", "adoption__outlet")
        .order_by("seq")
    )
    return [_late_entry(entry) for entry in entries]


def _late_entry(entry: LedgerEntry) -> LateEntry:
    """A restricted item's title is not told, nor its outlet, which would say too much. (R16)"""
    item, adoption = entry.item, entry.adoption
    assert item is not None
    assert adoption is not None
    return LateEntry(
        unit=entry.unit.name,
        title=phrase("usual", "not_public") if item.restricted else item.title,
        outlet=text.name(adoption.level, "zh") if item.restricted else adoption.outlet.name,
        adopted_on=adoption.adopted_on,
        counted_in=str(Month(entry.month)),
    )


async def _corrected_months(period: Period) -> list[Change]:
    """For quarter and year: what corrections changed in their months, named once more. (I9)"""
    if isinstance(period, Month):
        return []
    months = [str(month) for month in period.months]
    corrections = await Circular.filter(
        period__in=months, issue__gt=1, state=CircularState.ISSUED
    ).order_by("period", "issue")
    return [
        replace(change, period=circular.period)
        for circular in corrections
        for change in CircularData.from_json(circular.data).changes
    ]


async def _policy(day: date) -> Policy:
    row = await points.policy_on(day)
    if row is None:
        return Policy(name=phrase("usual", "no_policy"), version=0, is_example=True)
    return Policy(name=row.name, version=row.number, is_example=row.is_example)


def line_of(data: CircularData, unit_id: object) -> Line | None:
    """One unit's line in frozen or live figures."""
    return next((line for line in data.lines if line.unit_id == str(unit_id)), None)
