"""The register of reporting units: who they are, who answers for them, what they owe."""

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
from domain.people import queries as people
from domain.quotas import queries as quotas
from domain.units import actions, queries, rules
from domain.units.models import Unit, UnitKind
from web import errors, forms, nav
from web.i18n import gettext as _
from web.i18n import mark
from web.render import name_of, page, redirect
from web.session import actor


class Filters(forms.Fields):
    kind: UnitKind | None = None
    past: bool = False


class UnitFields(forms.Fields):
    name: forms.Line
    kind: UnitKind
    rank_group: forms.Line = ""
    restricted_line: bool = False
    self_sign_off: bool = False
    valid_from: date | None = None
    position: Annotated[int, Field(ge=0, le=100_000)] | None = None


class ChangedUnit(UnitFields):
    expected_version: int


class Closing(forms.Fields):
    expected_version: int
    last_day: date
    successor_id: UUID | None = None


def manages(reader: Actor) -> bool:
    return reader.has(Duty.ADMINISTRATOR)


async def list_(request: Request) -> Response:
    """All units in their fixed order, by rank group; past ones on request."""
    form = forms.query(request)
    wanted = forms.parse(form, Filters)
    found = queries.visible_to(actor(request))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    units = [unit for unit in await found if wanted.past or not rules.is_over(unit, clock.today())]
    groups: dict[str, list[Unit]] = {}
    for unit in units:
        groups.setdefault(unit.rank_group, []).append(unit)
    return page(
        request, "units/list.html", block="rows", form=form, groups=groups, kinds=_kinds(),
        quotas=await quotas.for_month(clock.Month.of(clock.today())),
        manages=manages(actor(request)),
    )  # fmt: skip


async def show(request: Request) -> Response:
    """One unit: leaders and correspondents, the task table, and its dates."""
    return page(request, "units/show.html", **await _shown(request))


async def _shown(request: Request) -> dict[str, Any]:
    reader = actor(request)
    unit = await queries.get(reader, request.path_params["id"])
    held = await people.current_appointments().filter(unit_id=unit.id)
    others = [each for each in await queries.current() if each.id != unit.id]
    return {
        "unit": unit,
        "held": held,
        "quotas": await quotas.history(reader, unit.id),
        "others": [(each.id, each.name) for each in others],
        "manages": manages(reader),
        "is_over": rules.is_over(unit, clock.today()),
    }


async def new(request: Request) -> Response:
    rules.check_manages(actor(request), Duty.ADMINISTRATOR)
    return page(request, "units/form.html", unit=None, kinds=_kinds())


async def create(request: Request) -> Response:
    try:
        fields = forms.read(request, UnitFields)
        unit = await actions.create(actor(request), **fields.given())
    except DomainError as error:
        return _form_again(request, error, None)
    return redirect(request, "units:show", id=unit.id, said=_("已登记 {name}。", name=unit.name))


async def edit(request: Request) -> Response:
    rules.check_manages(actor(request), Duty.ADMINISTRATOR)
    unit = await queries.get(actor(request), request.path_params["id"])
    return page(request, "units/form.html", unit=unit, kinds=_kinds(), form=_filled(unit))


async def change(request: Request) -> Response:
    unit = await queries.get(actor(request), request.path_params["id"])
    try:
        fields = forms.read(request, ChangedUnit)
        unit = await actions.change(actor(request), unit.id, **fields.given())
    except DomainError as error:
        return _form_again(request, error, unit)
    return redirect(request, "units:show", id=unit.id, said=_("已保存。"))


async def close(request: Request) -> Response:
    """End a unit after its last day; what it did stays under its name."""
    try:
        fields = forms.read(request, Closing)
        unit = await actions.close(actor(request), request.path_params["id"], **fields.given())
    except DomainError as error:
        context = await _shown(request)
        return errors.refuse(
            request, error, "units/show.html", block="closing", form=forms.of(request), **context
        )
    return redirect(request, "units:show", id=unit.id, said=_("已停用 {name}。", name=unit.name))


def _form_again(request: Request, error: DomainError, unit: Unit | None) -> Response:
    return errors.refuse(
        request, error, "units/form.html", block="panel",
        form=forms.of(request), unit=unit, kinds=_kinds(),
    )  # fmt: skip


def _filled(unit: Unit) -> forms.Form:
    return forms.Form.of(
        name=unit.name, kind=unit.kind, rank_group=unit.rank_group, valid_from=unit.valid_from,
        restricted_line=unit.restricted_line, self_sign_off=unit.self_sign_off,
        position=unit.position,
    )  # fmt: skip


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, name_of(kind)) for kind in UnitKind]


ENTRIES = (
    nav.Entry("units:list", mark("单位"), order=60, inside=("units:", "people:", "quotas:")),
)
routes = [
    Route("/units", list_, name="units:list"),
    Route("/units", create, methods=["POST"], name="units:create"),
    Route("/units/new", new, name="units:new"),
    Route("/units/{id:uuid}", show, name="units:show"),
    Route("/units/{id:uuid}", change, methods=["POST"], name="units:change"),
    Route("/units/{id:uuid}/edit", edit, name="units:edit"),
    Route("/units/{id:uuid}/close", close, methods=["POST"], name="units:close"),
]
