"""The ranking as it stands, and why each number is what it is. 二(三)；R30；I2, I4."""

import csv
import io
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.circulars import queries as circulars
from domain.kit import clock
from domain.kit.clock import Month, Period, Quarter, Year
from domain.kit.errors import NotFound
from domain.points import queries
from domain.points.lines import Line
from domain.units import queries as units
from web import forms, nav
from web.i18n import gettext as _
from web.i18n import language, mark
from web.render import page
from web.session import actor

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _period(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return clock.parse_period(value)
    except ValueError:
        raise PydanticCustomError("month", "") from None


class Filters(forms.Fields):
    period: Annotated[Period, BeforeValidator(_period)] | None = None
    order: Literal["rank", "units"] = "rank"


async def show(request: Request) -> Response:
    """Every unit, zero-reporters too, in its group's table."""
    wanted = forms.parse(forms.query(request), Filters)
    period = wanted.period or Month.of(clock.today())
    lines = await queries.ranking(period, wanted.order)
    mine = {str(held.unit_id) for held in actor(request).held}
    return page(
        request, "ranking/show.html", block="table", period_=period, order=wanted.order,
        groups=_groups(lines), mine=mine, best=_best(lines), totals=_totals(lines),
        has_ended=period.last < clock.today(), issued=await circulars.latest_issued(period),
        spans=_spans(period),
    )  # fmt: skip


def _groups(lines: list[Line]) -> dict[str, list[Line]]:
    """Tables in the units' fixed order, whoever leads; the lines inside as they were sorted."""
    first: dict[str, int] = {}
    for line in lines:
        first[line.group] = min(line.order, first.get(line.group, line.order))
    return {
        group: [line for line in lines if line.group == group]
        for group in sorted(first, key=lambda name: first[name])
    }


def _spans(period: Period) -> list[Period]:
    """A month, its quarter and its year; of a longer period the latest month that has begun."""
    begun = [month for month in period.months if month.first <= clock.today()]
    month = begun[-1] if begun else period.months[0]
    return [month, Quarter.of(month.first), Year.of(month.first)]


def _best(lines: list[Line]) -> list[tuple[str, Decimal]]:
    scored = sorted((line for line in lines if line.points), key=lambda line: line.rank)
    return [(line.unit, line.points) for line in scored[:6]]


def _totals(lines: list[Line]) -> dict[str, Any]:
    return {
        "units": len(lines),
        "submitted": sum(line.submitted for line in lines),
        "adopted": sum(line.adopted for line in lines),
        "zero": [line for line in lines if line.is_zero_report],
    }


async def why(request: Request) -> Response:
    """The ledger lines behind one unit's points, in words."""
    reader = actor(request)
    try:
        period = clock.parse_period(request.path_params["period"])
    except ValueError:
        raise NotFound from None
    unit = await units.get(reader, request.path_params["unit_id"])
    months = [
        (month, await queries.month_of(unit.id, month), await _reasons(request, unit.id, month))
        for month in period.months
        if month.first <= clock.today()
    ]
    return page(
        request, "ranking/why.html", unit=unit, period_=period, months=months,
        policy=await queries.policy_on(period.last),
    )  # fmt: skip


async def _reasons(request: Request, unit_id: Any, month: Month) -> list[Any]:
    found = await queries.explain(actor(request), unit_id, month)
    return [(reason.entry, reason.sentence(language.get())) for reason in found]


async def sheet(request: Request) -> Response:
    """The same table for Excel: CSV with a byte order mark, no cell a formula (S7)."""
    wanted = forms.parse(forms.query(request), Filters)
    period = wanted.period or Month.of(clock.today())
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_heads())
    for line in await queries.ranking(period, wanted.order):
        writer.writerow(_cells(line))
    headers = {"Content-Disposition": f'attachment; filename="ranking-{period}.csv"'}
    body = "\ufeff" + out.getvalue()
    return Response(body.encode("utf-8"), headers=headers, media_type="text/csv; charset=utf-8")


def _heads() -> list[str]:
    return [
        _("名次"), _("组内名次"), _("单位"), _("排名组"), _("任务"), _("报送"), _("当日报送"),
        _("采用"), _("县级"), _("州级"), _("省级"), _("国家级"), _("采用率"), _("积分"),
        _("累计积分"),
    ]  # fmt: skip


def _cells(line: Line) -> list[object]:
    return [
        line.rank, line.group_rank, _safe(line.unit), _safe(line.group),
        "" if line.quota is None else line.quota, line.submitted, line.same_day, line.adopted,
        line.county, line.prefecture, line.province, line.nation, line.adoption_rate, line.points,
        line.total_points,
    ]  # fmt: skip


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


ENTRIES = (nav.Entry("ranking:show", mark("排名"), order=30),)
routes = [
    Route("/ranking", show, name="ranking:show"),
    Route("/ranking.csv", sheet, name="ranking:sheet"),
    Route("/ranking/{unit_id:uuid}/{period}", why, name="ranking:why"),
]
