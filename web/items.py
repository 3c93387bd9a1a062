"""稿件: what a unit writes and hands in, and what others may read. 一；二(一)；R5–R19, R60."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.approvals import queries as approvals
from domain.items import actions, queries, rules
from domain.items.models import InformationType, Item, ItemState
from domain.kit import clock
from domain.kit.actor import Actor, Duty
from domain.kit.errors import DomainError, NotFound
from domain.kit.keyset import slice_of
from domain.outlets import rules as outlet_rules
from domain.points import queries as points
from domain.reception import actions as reception
from domain.reception.models import ReceptionState
from domain.units import queries as units
from web import errors, files, forms, items_editing, nav, sheet
from web.i18n import gettext as _
from web.i18n import mark
from web.item_rows import rows
from web.render import is_htmx, name_of, page, redirect
from web.session import actor

NEWEST = ("-created_at", "-id")
COUNTY_SIDE = (Duty.OFFICE_EDITOR, Duty.PUBLICITY_DEPARTMENT, Duty.SUPERVISION_OFFICE)
READERS = frozenset({*rules.UNIT_DUTIES, *COUNTY_SIDE})
Verb = Callable[..., Awaitable[object]]


class Filters(forms.Fields):
    state: ItemState | None = None
    month: forms.MonthField | None = None
    information_type: InformationType | None = None
    unit_id: UUID | None = None
    major: bool = False
    q: forms.Line = ""
    after: str = ""


class Step(forms.Fields):
    expected_version: int | None = None


class Withdrawal(Step):
    reason: forms.Prose = ""


@dataclass(frozen=True, slots=True)
class Acts:
    """What the reader may do with an item now; the actions check it all again."""

    edit: bool
    lay: bool
    take_back: bool
    submit: bool
    withdraw: bool
    record: bool
    sign: bool


async def list_(request: Request) -> Response:
    """Newest first. One's own unit's, or what was handed in to the county."""
    return page(request, "items/list.html", block="rows", **await _listed(request))


async def _listed(request: Request) -> dict[str, Any]:
    reader = actor(request)
    form = forms.query(request)
    wanted = forms.parse(form, Filters)
    slice_ = await slice_of(_found(reader, wanted), NEWEST, wanted.after)
    is_wide = reader.has(*COUNTY_SIDE)
    return {
        "rows": await rows(reader, slice_.rows),
        "after": slice_.after,
        "is_first": not wanted.after,
        "is_filtered": any(key != "after" for key in form),
        "form": form,
        "may_write": reader.has(*rules.AUTHORS),
        "is_wide": is_wide,
        "units": [(each.id, each.name) for each in await units.visible_to(reader)],
        "states": [(each.value, name_of(each)) for each in ItemState],
        "types": [(each.value, name_of(each)) for each in InformationType],
    }


def _found(reader: Actor, wanted: Filters) -> Any:
    found = queries.visible_to(reader)
    exact: dict[str, object] = {
        "state": wanted.state,
        "information_type": wanted.information_type,
        "unit_id": wanted.unit_id,
        "is_major": wanted.major or None,
        "title__icontains": wanted.q or None,
    }
    if wanted.month:
        exact["submitted_at__gte"] = clock.at(wanted.month.first)
        exact["submitted_at__lt"] = clock.at(wanted.month.next.first)
    return found.filter(**{key: value for key, value in exact.items() if value is not None})


async def show(request: Request) -> Response:
    """The whole sheet: text, who answers for it, its way, adoptions and points."""
    item = await queries.get(actor(request), request.path_params["id"])
    return page(request, "items/show.html", block="panel", **await _shown(request, item))


async def _shown(request: Request, item: Item) -> dict[str, Any]:
    reader = actor(request)
    context = await sheet.read(reader, item)
    earned = (await points.points_of([item.id])).get(item.id)
    acts = await _acts(reader, item, [held.state for held in context["receptions"]])
    return context | {
        "row": (await rows(reader, [item]))[0],
        "points": earned,
        "counted_in": _counted_in(item),
        "signature": sheet.signature,
        "acts": acts,
        "is_own": queries.is_own(reader, item),
        "is_revised": item.state is ItemState.RETURNED and not queries.is_own(reader, item),
    }


def _counted_in(item: Item) -> str:
    """The month in which it was handed in, as the ranking's address has it."""
    return str(clock.Month.of(clock.local_date(item.submitted_at))) if item.submitted_at else ""


async def _acts(reader: Actor, item: Item, held: list[ReceptionState]) -> Acts:
    state = item.state
    writes = _may(rules.check_may_write, reader, item.unit_id)
    untouched = all(each is ReceptionState.SUBMITTED for each in held)
    signs = state is ItemState.PENDING_SIGN_OFF and item.id in await approvals.waiting_for(reader)
    return Acts(
        edit=writes and state in rules.IN_THE_UNIT,
        lay=writes and state in (ItemState.DRAFT, ItemState.RETURNED),
        take_back=writes and state in (ItemState.PENDING_SIGN_OFF, ItemState.SIGNED_OFF),
        submit=writes and state is ItemState.SIGNED_OFF,
        withdraw=writes and state is ItemState.SUBMITTED and untouched,
        record=item.submitted_at is not None
        and state is not ItemState.WITHDRAWN
        and _may(outlet_rules.check_recorder, reader, item.unit_id),
        sign=signs,
    )


def _may(rule: Callable[..., None], *facts: Any) -> bool:
    try:
        rule(*facts)
    except DomainError:
        return False
    return True


async def printed(request: Request) -> Response:
    """The sign-off sheet for the file: text, names, posts and times (R15)."""
    item = await queries.get(actor(request), request.path_params["id"])
    return page(request, "items/print.html", **await _shown(request, item))


async def attachment(request: Request) -> Response:
    """A picture or document, to those who see its item."""
    found = await queries.attachment(actor(request), request.path_params["id"])
    return await files.answer(found.sha256, media_type=found.media_type, name=found.name)


async def lay(request: Request) -> Response:
    """送审签. What is missing is said on the form where it is put right."""
    reader, item_id = actor(request), request.path_params["id"]
    item = await queries.get(reader, item_id)
    try:
        step = forms.read(request, Step)
        await actions.lay_for_sign_off(reader, item_id, **step.given())
    except DomainError as error:
        if not acts_on_form(error):
            return await _refused(request, error, item)
        return await items_editing.again(request, error, item, await items_editing.filled(item))
    return await _done(request, _("已送审签，等待领导审签。"))


def acts_on_form(error: DomainError) -> bool:
    """Whether it is for the writer to fill something in."""
    return errors.status(error) == 422


def step(verb: Verb, said: str, fields: type[Step] = Step) -> Callable[[Request], Any]:
    """A handler for one of the unit's verbs; refusals are said on the same page."""

    async def handle(request: Request) -> Response:
        reader, item_id = actor(request), request.path_params["id"]
        item = await queries.get(reader, item_id)
        try:
            await verb(reader, item_id, **forms.read(request, fields).given())
        except NotFound:
            raise
        except DomainError as error:
            return await _refused(request, error, item)
        return await _done(request, _(said))

    return handle


async def _refused(request: Request, error: DomainError, item: Item) -> Response:
    context = await _shown(request, await queries.get(actor(request), item.id))
    return errors.refuse(
        request, error, "items/show.html", block="panel", form=forms.of(request), **context
    )


async def _done(request: Request, said: str) -> Response:
    if not is_htmx(request):
        return redirect(request, "items:show", id=request.path_params["id"], said=said)
    item = await queries.get(actor(request), request.path_params["id"])
    context = await _shown(request, item)
    return page(request, "items/show.html", block="panel", said=said, **context)


async def returned(reader: Actor) -> int:
    """What came back to the reader's own unit and waits to be revised."""
    back = queries.with_state(reader, ItemState.RETURNED)
    return await back.filter(unit_id__in=list(queries.own_units(reader))).count()


ENTRIES = (
    nav.Entry("items:list", mark("稿件"), order=20, duties=READERS, count=returned),
)  # fmt: skip
routes = [
    Route("/items", list_, name="items:list"),
    *items_editing.routes,
    Route("/items/{id:uuid}", show, name="items:show"),
    Route("/items/{id:uuid}/print", printed, name="items:print"),
    Route("/items/{id:uuid}/lay", lay, methods=["POST"], name="items:lay"),
    Route(
        "/items/{id:uuid}/take-back", step(actions.take_back, mark("已取回，可以修改。")),
        methods=["POST"], name="items:take-back",
    ),
    Route(
        "/items/{id:uuid}/submit", step(reception.submit, mark("已报送。")),
        methods=["POST"], name="items:submit",
    ),
    Route(
        "/items/{id:uuid}/withdraw", step(reception.withdraw, mark("已撤回。"), Withdrawal),
        methods=["POST"], name="items:withdraw",
    ),
    Route("/attachments/{id:uuid}", attachment, name="items:attachment"),
]  # fmt: skip
