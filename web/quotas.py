"""The task table: what each unit owes, month by month. 附件1."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.kit import clock
from domain.kit.actor import Actor, Duty
from domain.kit.errors import DomainError
from domain.quotas import actions, queries
from domain.quotas.rules import NONE_SET, QuotaOf
from domain.units import queries as units
from domain.units.models import Unit
from web import errors, forms
from web.i18n import gettext as _
from web.render import page, redirect
from web.session import actor


class Filters(forms.Fields):
    year: Annotated[int, Field(ge=2000, le=2100)] | None = None


class NewQuota(forms.Fields):
    unit_id: UUID
    from_month: forms.MonthField
    count: Annotated[int, Field(ge=0, le=99)]
    exempt: bool = False
    reason: forms.Line = ""


def manages(reader: Actor) -> bool:
    return reader.has(Duty.ADMINISTRATOR, Duty.PUBLICITY_DEPARTMENT)


async def list_(request: Request) -> Response:
    """A year's table: units down, months across."""
    return page(request, "quotas/list.html", block="table", **await _table(request))


async def _table(request: Request) -> dict[str, Any]:
    wanted = forms.parse(forms.query(request), Filters)
    year = wanted.year or clock.today().year
    months = clock.Year(date(year, 1, 1)).months
    by_month = [await queries.for_month(month) for month in months]
    groups: dict[str, list[tuple[Unit, list[QuotaOf]]]] = {}
    for unit in await units.current():
        row = [found.get(unit.id, NONE_SET) for found in by_month]
        groups.setdefault(unit.rank_group, []).append((unit, row))
    return {
        "groups": groups,
        "months": months,
        "year": year,
        "this_month": clock.Month.of(clock.today()),
        "manages": manages(actor(request)),
        "units": [(unit.id, unit.name) for rows in groups.values() for unit, _row in rows],
    }


async def set_(request: Request) -> Response:
    """From a month on; closed months keep what they were closed with."""
    try:
        fields = forms.read(request, NewQuota)
        given = fields.given()
        await actions.set_quota(actor(request), given.pop("unit_id"), **given)
    except DomainError as error:
        context = await _table(request)
        return errors.refuse(
            request, error, "quotas/list.html", block="setting", form=forms.of(request), **context
        )
    return redirect(
        request, "quotas:list", year=fields.from_month.first.year, said=_("任务已设定。")
    )


routes = [
    Route("/quotas", list_, name="quotas:list"),
    Route("/quotas", set_, methods=["POST"], name="quotas:set"),
]
