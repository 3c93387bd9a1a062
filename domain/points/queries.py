"""Rankings, and why a number is what it is. 二(三); R30; I2, I4; F4."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.queryset import QuerySet

from domain.items import queries as items
from domain.kit.actor import Actor
from domain.kit.clock import Month, Period, Year
from domain.points import rules
from domain.points.lines import Line, Order
from domain.points.models import LedgerEntry, ScoringPolicy, UnitMonth
from domain.points.sentences import Reason
from domain.quotas import queries as quotas
from domain.units import queries as units

COUNTS = ("submitted", "same_day", "adopted", "county", "prefecture", "province", "nation")

RANKING = """
with listed as (
  select * from unit where valid_from <= $2 and coalesce(valid_until, 'infinity') >= $1
), figures as (
  select unit_id, sum(points) as points, sum(submitted) as submitted, sum(same_day) as same_day,
    sum(adopted) as adopted, sum(county) as county, sum(prefecture) as prefecture,
    sum(province) as province, sum(nation) as nation
  from unit_month where month between $1 and $2 group by unit_id
), year as (
  select unit_id, sum(points) as points
  from unit_month where month between $3 and $2 group by unit_id
), before as (
  select u.id, rank() over (order by coalesce(m.points, 0) desc) as place
  from unit u left join (
    select unit_id, sum(points) as points
    from unit_month where month between $4 and $5 group by unit_id
  ) m on m.unit_id = u.id
  where u.valid_from <= $5 and coalesce(u.valid_until, 'infinity') >= $4
    and exists (select from unit_month where month between $4 and $5)
)
select u.id, u.name, u.kind, u.rank_group, u.position, u.valid_from, u.valid_until,
  coalesce(f.points, 0) as points, coalesce(f.submitted, 0) as submitted,
  coalesce(f.same_day, 0) as same_day, coalesce(f.adopted, 0) as adopted,
  coalesce(f.county, 0) as county, coalesce(f.prefecture, 0) as prefecture,
  coalesce(f.province, 0) as province, coalesce(f.nation, 0) as nation,
  coalesce(y.points, 0) as total_points, b.place as previous_rank,
  rank() over (order by coalesce(f.points, 0) desc) as place,
  rank() over (partition by u.rank_group order by coalesce(f.points, 0) desc) as group_place
from listed u
  left join figures f on f.unit_id = u.id
  left join year y on y.unit_id = u.id
  left join before b on b.id = u.id
order by u.position, u.id
"""

DIFFERENCES = """
with rebuilt as (
  select unit_id, month, sum(points) as points, sum(submitted) as submitted,
    sum(same_day) as same_day, sum(adopted) as adopted,
    coalesce(sum(adoptions) filter (where level = 'county'), 0) as county,
    coalesce(sum(adoptions) filter (where level = 'prefecture'), 0) as prefecture,
    coalesce(sum(adoptions) filter (where level = 'province'), 0) as province,
    coalesce(sum(adoptions) filter (where level = 'nation'), 0) as nation
  from ledger_entry group by unit_id, month
)
select unit_id, month, to_jsonb(r) - 'unit_id' - 'month' as ledger,
  to_jsonb(m) - 'id' - 'unit_id' - 'month' as rollup
from rebuilt r full join unit_month m using (unit_id, month)
where (r.points, r.submitted, r.same_day, r.adopted, r.county, r.prefecture, r.province, r.nation)
  is distinct from
  (m.points, m.submitted, m.same_day, m.adopted, m.county, m.prefecture, m.province, m.nation)
order by month, unit_id
"""


async def ranking(period: Period, order: Order = "rank") -> list[Line]:
    """Every unit's line for a period, as counted now: competition ranks (1-2-2-4), overall and
    in the unit's group; units that sent nothing too, and units that ended within the period.

    Two statements for a month, whatever the number of units; one more for each further month.
    """
    first, last = period.first, period.last
    start, before = Year.of(first).first, period.previous
    rows = await get_connection("default").execute_query_dict(
        RANKING, [first, last, start, before.first, before.last]
    )
    owed = {month: await quotas.for_month(month) for month in period.months}
    lines = [_line(row, number, owed) for number, row in enumerate(rows, 1)]
    return lines if order == "units" else sorted(lines, key=lambda line: line.rank)


def _line(row: Mapping[str, Any], order: int, owed: Mapping[Month, Mapping[UUID, Any]]) -> Line:
    quota, exempt = _owed(row, owed)
    return Line(
        unit_id=str(row["id"]),
        unit=row["name"],
        kind=row["kind"],
        group=row["rank_group"],
        order=order,
        quota=quota,
        exempt=exempt,
        **{figure: int(row[figure]) for figure in COUNTS},
        points=row["points"],
        total_points=row["total_points"],
        rank=row["place"],
        group_rank=row["group_place"],
        previous_rank=row["previous_rank"],
    )


def _owed(
    row: Mapping[str, Any], owed: Mapping[Month, Mapping[UUID, Any]]
) -> tuple[int | None, bool]:
    """The task of the months in which the unit exists; exempt when it is in all of them."""
    mine = [
        quotas_of[row["id"]]
        for month, quotas_of in owed.items()
        if row["id"] in quotas_of
        and row["valid_from"] <= month.last
        and (row["valid_until"] is None or row["valid_until"] >= month.first)
    ]
    due = [quota.count for quota in mine if not quota.exempt]
    return (sum(due) if mine else None), bool(mine) and not due


async def policy_on(day: date) -> ScoringPolicy | None:
    """The version in force: the latest begun, then the latest entered."""
    fitting = ScoringPolicy.filter(valid_from__lte=day)
    return await fitting.order_by("-valid_from", "-number").first()


def policies(actor: Actor) -> QuerySet[ScoringPolicy]:
    """Every version, the latest entered first, for everyone who is signed in."""
    known = actor.is_system or actor.is_token or actor.person_id is not None
    found = ScoringPolicy.all() if known else ScoringPolicy.filter(id__in=[])
    return found.order_by("-number")


async def month_of(unit_id: UUID, month: Month) -> UnitMonth:
    """One unit's figures of a month; zeros when nothing was counted. (F3, F4)"""
    found = await UnitMonth.get_or_none(unit_id=unit_id, month=month.first)
    return found or UnitMonth(unit_id=unit_id, month=month.first)


async def year_of(unit_id: UUID, year: Year) -> dict[Month, UnitMonth]:
    """One unit's figures of every month of a year in which something was counted."""
    rows = await UnitMonth.filter(unit_id=unit_id, month__gte=year.first, month__lte=year.last)
    return {Month(row.month): row for row in rows}


async def points_of(item_ids: Collection[object]) -> dict[object, Decimal]:
    """What several items brought their unit so far, corrections and reversals included."""
    found: dict[object, Decimal] = {}
    for entry in await LedgerEntry.filter(item_id__in=list(item_ids)):
        found[entry.item_id] = found.get(entry.item_id, Decimal(0)) + entry.points
    return found


async def explain(actor: Actor, unit_id: UUID, month: Month) -> list[Reason]:
    """Why the unit has its number: every line of the month, oldest first. (I2)

    Items that the actor may not see are counted, but not named. Raises NotFound.
    """
    await units.get(actor, unit_id)
    entries = await LedgerEntry.filter(unit_id=unit_id, month=month.first).order_by("seq")
    titles = await _titles(actor, {entry.item_id for entry in entries if entry.item_id})
    return [Reason(entry, titles.get(entry.item_id)) for entry in entries]


async def _titles(actor: Actor, item_ids: Collection[object]) -> dict[object, str]:
    seen = await items.visible_to(actor).filter(id__in=list(item_ids))
    return {item.id: item.title for item in seen}


async def check_reaches_open_months(valid_from: date) -> None:
    """Raises PolicyTooEarly. (AC09)"""
    first_open = await quotas.first_open_month()
    if first_open is not None and valid_from < first_open.first:
        raise rules.PolicyTooEarly(valid_from, first_open.previous.first)


async def next_number() -> int:
    last = await ScoringPolicy.all().order_by("-number").first()
    return last.number + 1 if last else 1


async def rollup_differences() -> list[dict[str, Any]]:
    """Where the monthly rollup is not the sum of the ledger. Always empty, or something is broken.

    Each: unit_id, month, `ledger` and `rollup` figures.
    """
    return list(await get_connection("default").execute_query_dict(DIFFERENCES))
