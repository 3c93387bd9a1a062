"""The register of media outlets. 二(二)；R26."""

from datetime import date
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.kit import clock
from domain.kit.errors import DomainError
from domain.outlets import actions, queries, rules
from domain.outlets.models import MediaOutlet, OutletKind, OutletLevel
from domain.units import queries as units
from web import errors, forms, nav
from web.i18n import gettext as _
from web.i18n import mark
from web.render import name_of, page, redirect
from web.session import actor


class OutletFields(forms.Fields):
    name: forms.Line
    level: OutletLevel
    kind: OutletKind = OutletKind.OTHER
    owner_id: UUID | None = None
    weight_class: forms.Line = ""
    valid_from: date | None = None


class ChangedOutlet(OutletFields):
    expected_version: int


class Closing(forms.Fields):
    expected_version: int
    last_day: date


async def list_(request: Request) -> Response:
    """Outlets by level, from the county up."""
    reader = actor(request)
    by_level: dict[OutletLevel, list[MediaOutlet]] = {level: [] for level in OutletLevel}
    for outlet in await queries.visible_outlets(reader).select_related("owner"):
        by_level[outlet.level].append(outlet)
    return page(
        request, "outlets/list.html", by_level=by_level, today=clock.today(),
        manages=reader.has(*rules.KEEPERS),
    )  # fmt: skip


async def new(request: Request) -> Response:
    rules.check_keeper(actor(request))
    return page(request, "outlets/form.html", outlet=None, **await _choices())


async def create(request: Request) -> Response:
    try:
        fields = forms.read(request, OutletFields)
        outlet = await actions.create_outlet(actor(request), **fields.given())
    except DomainError as error:
        return await _again(request, error, None)
    return redirect(request, "outlets:list", said=_("已登记 {name}。", name=outlet.name))


async def edit(request: Request) -> Response:
    rules.check_keeper(actor(request))
    outlet = await queries.get_outlet(actor(request), request.path_params["id"])
    form = forms.Form.of(
        name=outlet.name, level=outlet.level, kind=outlet.kind, owner_id=outlet.owner_id,
        weight_class=outlet.weight_class, valid_from=outlet.valid_from,
    )  # fmt: skip
    return page(request, "outlets/form.html", outlet=outlet, form=form, **await _choices())


async def change(request: Request) -> Response:
    outlet = await queries.get_outlet(actor(request), request.path_params["id"])
    try:
        given = forms.read(request, ChangedOutlet).given()
        given["valid_from"] = given["valid_from"] or outlet.valid_from
        await actions.change_outlet(actor(request), outlet.id, **given)
    except DomainError as error:
        return await _again(request, error, outlet)
    return redirect(request, "outlets:list", said=_("已保存。"))


async def close(request: Request) -> Response:
    """The outlet runs no longer; what it adopted stays."""
    outlet = await queries.get_outlet(actor(request), request.path_params["id"])
    try:
        fields = forms.read(request, Closing)
        await actions.close_outlet(actor(request), outlet.id, **fields.given())
    except DomainError as error:
        return await _again(request, error, outlet)
    return redirect(request, "outlets:list", said=_("已停用 {name}。", name=outlet.name))


async def _again(request: Request, error: DomainError, outlet: MediaOutlet | None) -> Response:
    return errors.refuse(
        request, error, "outlets/form.html", block="panel", form=forms.of(request),
        outlet=outlet, **await _choices(),
    )  # fmt: skip


async def _choices() -> dict[str, Any]:
    return {
        "levels": [(level.value, name_of(level)) for level in OutletLevel],
        "kinds": [(kind.value, name_of(kind)) for kind in OutletKind],
        "offices": [(office.id, office.name) for office in await units.offices()],
    }


ENTRIES = (nav.Entry("outlets:list", mark("媒体"), order=65),)
routes = [
    Route("/outlets", list_, name="outlets:list"),
    Route("/outlets", create, methods=["POST"], name="outlets:create"),
    Route("/outlets/new", new, name="outlets:new"),
    Route("/outlets/{id:uuid}", change, methods=["POST"], name="outlets:change"),
    Route("/outlets/{id:uuid}/edit", edit, name="outlets:edit"),
    Route("/outlets/{id:uuid}/close", close, methods=["POST"], name="outlets:close"),
]
