"""What the media adopted: recorded with evidence by one, confirmed by another. R27, R28；G2, G3."""

from datetime import date
from typing import Any
from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.items import queries as items
from domain.items.models import Item
from domain.kit import clock
from domain.kit.actor import Actor
from domain.kit.db import work
from domain.kit.errors import DomainError, NotFound
from domain.kit.keyset import slice_of
from domain.outlets import actions, queries, rules
from domain.outlets.models import AdoptionMode, AdoptionState, OutletLevel
from web import errors, files, forms, nav
from web.i18n import gettext as _
from web.i18n import mark
from web.render import is_htmx, name_of, page, redirect
from web.session import actor

NEWEST = ("-recorded_at", "-id")


class Filters(forms.Fields):
    state: AdoptionState = AdoptionState.RECORDED
    level: OutletLevel | None = None
    after: str = ""


class NewAdoption(forms.Fields):
    outlet_id: UUID
    adopted_on: date
    position: forms.Line = ""
    mode: AdoptionMode = AdoptionMode.SOLE
    evidence_url: forms.Address = ""
    evidence: UploadFile | None = None


class Withdrawal(forms.Fields):
    reason: forms.Prose = ""
    expected_version: int | None = None


class Confirmation(forms.Fields):
    expected_version: int | None = None


async def list_(request: Request) -> Response:
    """By default what waits to be confirmed; all states on request."""
    return page(request, "adoptions/list.html", block="rows", **await _listed(request))


async def _listed(request: Request) -> dict[str, Any]:
    reader = actor(request)
    wanted = forms.parse(forms.query(request), Filters)
    found = queries.visible_to(reader).filter(state=wanted.state)
    if wanted.level:
        found = found.filter(level=wanted.level)
    slice_ = await slice_of(found, NEWEST, wanted.after)
    return {
        "adoptions": slice_.rows,
        "after": slice_.after,
        "is_first": not wanted.after,
        "state": wanted.state,
        "states": list(AdoptionState),
        "levels": [(level.value, name_of(level)) for level in OutletLevel],
        "form": forms.query(request),
        "confirms": reader.has(*rules.CONFIRMERS),
    }


async def show(request: Request) -> Response:
    return page(request, "adoptions/show.html", block="panel", **await _shown(request))


async def _shown(request: Request) -> dict[str, Any]:
    reader = actor(request)
    adoption = await queries.get(reader, request.path_params["id"])
    return {
        "adoption": adoption,
        "may_confirm": _may(rules.check_confirmer, reader, adoption.recorded_by_id),
        "may_withdraw": _may(rules.check_withdrawer, reader, adoption),
        "is_mine": adoption.recorded_by_id == reader.person_id,
    }


def _may(rule: Any, *facts: Any) -> bool:
    try:
        rule(*facts)
    except DomainError:
        return False
    return True


async def new(request: Request) -> Response:
    item = await items.get(actor(request), request.path_params["id"])
    rules.check_recorder(actor(request), item.unit_id)
    form = forms.Form.of(adopted_on=clock.today(), mode=AdoptionMode.SOLE)
    return page(request, "adoptions/new.html", form=form, **await _recording(request, item))


async def create(request: Request) -> Response:
    reader = actor(request)
    item = await items.get(reader, request.path_params["id"])
    try:
        fields = forms.read(request, NewAdoption)
        given = fields.given()
        async with work():  # what is refused keeps no file either
            given["evidence_sha256"] = await _evidence(reader, given.pop("evidence"))
            adoption = await actions.record(reader, item.id, **given)
    except DomainError as error:
        context = await _recording(request, item)
        return errors.refuse(
            request, error, "adoptions/new.html", block="panel", form=forms.of(request), **context
        )
    return redirect(request, "adoptions:show", id=adoption.id, said=_("已登记，待另一人确认。"))


async def _evidence(reader: Actor, file: UploadFile | None) -> str | None:
    if file is None:
        return None
    content = await forms.content(file, "evidence")
    return await actions.keep_evidence(reader, name=file.filename or "", content=content)


async def _recording(request: Request, item: Item) -> dict[str, Any]:
    outlets = await queries.running(actor(request)).order_by("level", "position")
    return {
        "item": item,
        "outlets": [(each.id, f"{each.name}（{name_of(each.level)}）") for each in outlets],
        "modes": [(mode.value, name_of(mode)) for mode in AdoptionMode],
        "recorded": await queries.of_item(actor(request), item.id),
    }


async def confirm(request: Request) -> Response:
    """Points follow at once; the unit is told."""
    fields = forms.read(request, Confirmation)
    adoption = await actions.confirm(
        actor(request), request.path_params["id"], expected_version=fields.expected_version
    )
    said = _("已确认，积分已入账。")
    if is_htmx(request):
        return page(
            request, "adoptions/show.html", block="panel", said=said, **await _shown(request)
        )
    return redirect(request, "adoptions:show", id=adoption.id, said=said)


async def withdraw(request: Request) -> Response:
    """Nothing is deleted: the ledger gets a reversal."""
    try:
        fields = forms.read(request, Withdrawal)
        adoption = await actions.withdraw(
            actor(request), request.path_params["id"], **fields.given()
        )
    except NotFound:
        raise
    except DomainError as error:
        context = await _shown(request)
        return errors.refuse(
            request, error, "adoptions/show.html", block="panel", form=forms.of(request), **context
        )
    return redirect(request, "adoptions:show", id=adoption.id, said=_("已撤销，积分已冲回。"))


async def evidence(request: Request) -> Response:
    """The clipping or screenshot, to those who see the adoption."""
    adoption = await queries.get(actor(request), request.path_params["id"])
    stored = await items.stored_file(adoption.evidence_sha256 or "")
    if stored is None:
        raise NotFound
    return await files.answer(stored.sha256, media_type=stored.media_type)


async def waiting(reader: Actor) -> int:
    """What others recorded and this person could confirm."""
    return await queries.waiting(reader).exclude(recorded_by_id=reader.person_id).count()


ENTRIES = (
    nav.Entry(
        "adoptions:list", mark("采用"), order=25, duties=frozenset(rules.CONFIRMERS), count=waiting
    ),
)
routes = [
    Route("/adoptions", list_, name="adoptions:list"),
    Route("/adoptions/{id:uuid}", show, name="adoptions:show"),
    Route("/adoptions/{id:uuid}/evidence", evidence, name="adoptions:evidence"),
    Route("/adoptions/{id:uuid}/confirm", confirm, methods=["POST"], name="adoptions:confirm"),
    Route("/adoptions/{id:uuid}/withdraw", withdraw, methods=["POST"], name="adoptions:withdraw"),
    Route("/items/{id:uuid}/adoptions/new", new, name="adoptions:new"),
    Route("/items/{id:uuid}/adoptions", create, methods=["POST"], name="adoptions:create"),
]
