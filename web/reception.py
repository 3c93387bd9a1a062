"""收件: each receiving office's own inbox, and its verdict on each item. R29；A6, A9."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.items.models import InformationType
from domain.kit.actor import Actor, Duty
from domain.kit.errors import DomainError, NotFound
from domain.kit.keyset import slice_of
from domain.outlets import queries as outlets
from domain.outlets import rules as outlet_rules
from domain.reception import actions, queries
from domain.reception.models import Reception, ReceptionState
from web import errors, forms, nav, sheet
from web.i18n import gettext as _
from web.i18n import mark
from web.render import is_htmx, name_of, page, redirect
from web.session import actor

EDITORS = frozenset({Duty.OFFICE_EDITOR})
OLDEST = ("submitted_at", "id")
Verb = Callable[..., Awaitable[object]]


class Filters(forms.Fields):
    state: ReceptionState = ReceptionState.SUBMITTED
    information_type: InformationType | None = None
    major: bool = False
    q: forms.Line = ""
    after: str = ""


class Step(forms.Fields):
    expected_version: int


class ReasonedStep(Step):
    reason: forms.Prose = ""


async def inbox(request: Request) -> Response:
    """By state, longest waiting first; an editor of two offices sees both, each row its own."""
    return page(request, "reception/inbox.html", block="rows", **await _listed(request))


async def _listed(request: Request) -> dict[str, Any]:
    reader = actor(request)
    form = forms.query(request)
    wanted = forms.parse(form, Filters)
    found = queries.inbox(reader, wanted.state)
    if wanted.information_type:
        found = found.filter(item__information_type=wanted.information_type)
    if wanted.major:
        found = found.filter(item__is_major=True)
    if wanted.q:
        found = found.filter(item__title__icontains=wanted.q)
    slice_ = await slice_of(found, OLDEST, wanted.after)
    return {
        "receptions": slice_.rows,
        "after": slice_.after,
        "is_first": not wanted.after,
        "state": wanted.state,
        "counts": await queries.counts(reader),
        "states": list(ReceptionState),
        "types": [(each.value, name_of(each)) for each in InformationType],
        "form": form,
    }


async def show(request: Request) -> Response:
    """The text this office was given, and what it may do next."""
    held = await queries.get(actor(request), request.path_params["id"])
    return page(request, "reception/show.html", block="panel", **await _shown(request, held))


async def _shown(request: Request, held: Reception) -> dict[str, Any]:
    reader = actor(request)
    mine = held.office.id in reader.offices
    return await sheet.read_held(reader, held) | {
        "held": held,
        "mine": mine,
        "next": queries.next_states(held) if mine else frozenset(),
        "awaits_leader": await queries.awaits_leader(held),
        "signature": sheet.signature,
        "adoptions": await outlets.of_item(reader, held.item.id),
        "may_record": reader.has(*outlet_rules.RECORDERS),
        "State": ReceptionState,
        "tried": "",
    }


def step(name: str, verb: Verb, said: str, fields: type[Step] = Step) -> Callable[[Request], Any]:
    """A handler for one of the office's verbs; refusals are said on the same page."""

    async def handle(request: Request) -> Response:
        reader, reception_id = actor(request), request.path_params["id"]
        try:
            await verb(reader, reception_id, **forms.read(request, fields).given())
        except NotFound:
            raise
        except DomainError as error:
            held = await queries.get(reader, reception_id)
            context = await _shown(request, held) | {"tried": name}
            return errors.refuse(
                request, error, "reception/show.html", block="panel",
                form=forms.of(request), **context,
            )  # fmt: skip
        return await _done(request, _(said))

    return handle


async def _done(request: Request, said: str) -> Response:
    """Stay on the page; it now shows what may be done next."""
    if not is_htmx(request):
        return redirect(request, "reception:show", id=request.path_params["id"], said=said)
    held = await queries.get(actor(request), request.path_params["id"])
    context = await _shown(request, held)
    return page(request, "reception/show.html", block="panel", said=said, **context)


async def count(reader: Actor) -> int:
    """What has not been received yet."""
    return await queries.inbox(reader, ReceptionState.SUBMITTED).count()


VERBS = (
    ("receive", actions.receive, mark("已接收。"), Step),
    ("edit", actions.start_editing, mark("已转采编。"), Step),
    ("adopt", actions.mark_adopted, mark("已采用，单位已收到告知。"), Step),
    (
        "decline",
        actions.mark_not_adopted,
        mark("已标为不采用，单位已收到告知。"),
        ReasonedStep,
    ),
    (
        "return",
        actions.return_for_revision,
        mark("已退回修改，单位已收到告知。"),
        ReasonedStep,
    ),
    ("reject", actions.reject, mark("已退稿，单位已收到告知。"), ReasonedStep),
    (
        "raise",
        actions.raise_to_major,
        mark("已升为重大信息，待主要领导审签。"),
        ReasonedStep,
    ),
)

ENTRIES = (nav.Entry("reception:inbox", mark("收件"), order=10, duties=EDITORS, count=count),)
routes = [
    Route("/inbox", inbox, name="reception:inbox"),
    Route("/inbox/{id:uuid}", show, name="reception:show"),
    *(
        Route(
            f"/inbox/{{id:uuid}}/{verb[0]}", step(*verb),
            methods=["POST"], name=f"reception:{verb[0]}",
        )
        for verb in VERBS
    ),
]  # fmt: skip
