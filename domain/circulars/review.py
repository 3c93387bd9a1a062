"""核对: what each office has of a month, and where that and the ledger disagree. R29."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

from domain.circulars import rules
from domain.circulars.models import PeriodClose, Reconciliation
from domain.kit import clock
from domain.kit.actor import Actor
from domain.kit.clock import Month
from domain.kit.errors import NotFound
from domain.units import queries as units

FIGURES = """
select office_id, count(*) as received,
  count(*) filter (where state = 'adopted') as adopted,
  count(*) filter (where state in ('not_adopted', 'rejected')) as not_adopted,
  count(*) filter (where state in ('submitted', 'received', 'in_editing', 'returned')) as open
from reception where submitted_at >= $1 and submitted_at < $2 and state <> 'withdrawn'
group by office_id
"""

# One statement for all: what is in the offices' books but not in the ledger, and the reverse.
DIFFERENCES = """
select
  (select count(distinct item_id) from reception
   where submitted_at >= $1 and submitted_at < $2 and state <> 'withdrawn'
     and not exists (select from ledger_entry l
       where l.item_id = reception.item_id and l.kind = 'submission')) as uncounted,
  (select count(distinct r.item_id) from reception r
   where r.state = 'adopted' and r.submitted_at >= $1 and r.submitted_at < $2
     and not exists (select from adoption a
       where a.item_id = r.item_id and a.state = 'confirmed')) as unproven,
  (select count(*) from adoption
   where state = 'recorded' and adopted_on between $3 and $4) as unconfirmed
"""


class Difference(StrEnum):
    """Where the books disagree; sentences in [notices] as difference-<value>."""

    UNCOUNTED = "uncounted"
    """Items at an office that the ledger has not counted as sent."""
    UNPROVEN = "unproven"
    """Items an office marked 已采用, without any confirmed adoption."""
    UNCONFIRMED = "unconfirmed"
    """Adoptions of the month that were recorded, but that nobody has confirmed yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFigures:
    """One office's month. Counts are items at that office."""

    office_id: UUID
    office: str
    received: int
    adopted: int
    not_adopted: int
    open: int
    confirmed_at: datetime | None = None
    confirmed_by: str = ""
    note: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "received": self.received,
            "adopted": self.adopted,
            "notAdopted": self.not_adopted,
            "open": self.open,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A month as the three offices see it before they confirm."""

    month: Month
    closed_at: datetime | None
    offices: tuple[OfficeFigures, ...]
    differences: dict[Difference, int]
    """Only those that are not zero."""

    @property
    def open_items(self) -> int:
        """Items at an office that still awaits a decision: a warning, no obstacle."""
        return sum(office.open for office in self.offices)


async def seen_by(actor: Actor, month: Month) -> Review:
    """The same for a reader who checks or issues; for others there is none. Raises NotFound."""
    if not rules.sees_drafts(actor):
        raise NotFound
    return await review(month)


async def review(month: Month) -> Review:
    """Everything the page of a month shows."""
    period = await PeriodClose.get_or_none(month=month.first)
    said = {}
    if period is not None:
        rows = await Reconciliation.filter(period_id=period.id)
        said = {row.office_id: row for row in rows}
    counted = await _counted(month)
    offices = await units.offices()
    return Review(
        month=month,
        closed_at=period.closed_at if period else None,
        offices=tuple(
            _figures(office.id, office.name, counted.get(office.id, {}), said.get(office.id))
            for office in offices
        ),
        differences=await _differences(month),
    )


async def figures_of(office_id: UUID, office: str, month: Month) -> OfficeFigures:
    """One office's counts, as it is about to confirm them."""
    counted = await _counted(month)
    return _figures(office_id, office, counted.get(office_id, {}), None)


def _bounds(month: Month) -> list[object]:
    return [clock.at(month.first), clock.at(month.last + timedelta(days=1))]


async def _counted(month: Month) -> dict[UUID, dict[str, Any]]:
    rows = await get_connection("default").execute_query_dict(FIGURES, _bounds(month))
    return {row["office_id"]: row for row in rows}


async def _differences(month: Month) -> dict[Difference, int]:
    bounds = [*_bounds(month), month.first, month.last]
    rows = await get_connection("default").execute_query_dict(DIFFERENCES, bounds)
    return {kind: rows[0][kind] for kind in Difference if rows[0][kind]}


def _figures(
    office_id: UUID, office: str, counted: dict[str, Any], said: Reconciliation | None
) -> OfficeFigures:
    """What was confirmed stays as it was confirmed."""
    figures: dict[str, Any] = dict(said.figures) if said else counted
    return OfficeFigures(
        office_id=office_id,
        office=office,
        received=figures.get("received", 0),
        adopted=figures.get("adopted", 0),
        not_adopted=figures.get("notAdopted", figures.get("not_adopted", 0)),
        open=figures.get("open", 0),
        confirmed_at=said.confirmed_at if said else None,
        confirmed_by=said.confirmed_by_name if said else "",
        note=said.note if said else "",
    )
