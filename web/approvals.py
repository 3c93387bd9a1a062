"""审签: made for a leader with a phone and two minutes. 二(一)；R13–R15."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.approvals import actions, queries, rules
from domain.items import queries as items
from domain.items.models import Item, ItemState
from domain.kit.actor import Actor
from domain.kit.errors import DomainError, NotFound
from web import errors, forms, nav, sheet
from web.i18n import gettext as _
from web.i18n import mark
from web.render import page, redirect
from web.session import actor


class Signing(forms.Fields):
    content_sha256: forms.Line
    expected_version: int
    declared_unclassified: bool = False


class SendingBack(forms.Fields):
    reason: forms.Prose = ""
    expected_version: int


async def inbox(request: Request) -> Response:
    """What waits for this person's own signature, what he could sign for an absent leader, and
    what waits for other leaders of the unit.
    """
    reader = actor(request)
    seats = await queries.waiting_for(reader)
    pending = await queries.pending(reader)
    waiting = [item for item in pending if item.id in seats and seats[item.id].is_mine]
    standing_in = [item for item in pending if item.id in seats and not seats[item.id].is_mine]
    others = [item for item in pending if item.id not in seats]
    return page(
        request, "approvals/inbox.html", waiting=waiting, standing_in=standing_in, others=others
    )


async def show(request: Request) -> Response:
    """One text, its signatures so far, and two acts."""
    item = await items.get(actor(request), request.path_params["id"])
    return page(request, "approvals/show.html", block="panel", **await _shown(request, item))


async def _shown(request: Request, item: Item) -> dict[str, Any]:
    reader = actor(request)
    seats = await queries.waiting_for(reader)
    ids = [item_id for item_id, each in seats.items() if each.is_mine]
    return await sheet.read(reader, item) | {
        "nth": ids.index(item.id) + 1 if item.id in ids else 0,
        "total": len(ids),
        "signature": sheet.signature,
        "seat": seats[item.id].seat if item.id in seats else None,
        "is_waiting": item.state is ItemState.PENDING_SIGN_OFF,
    }


async def sign(request: Request) -> Response:
    """Sign exactly the text that was on the screen, then go on to the next one."""
    return await _act(request, actions.sign, Signing, _("已审签。"))


async def send_back(request: Request) -> Response:
    """Back to the writer with a reason."""
    return await _act(request, actions.send_back, SendingBack, _("已退回。"))


async def _act(request: Request, act: Any, fields: type[forms.Fields], said: str) -> Response:
    reader, item_id = actor(request), request.path_params["id"]
    try:
        given = forms.read(request, fields).given()
        await act(reader, item_id, **given)
    except NotFound:
        raise
    except DomainError as error:
        item = await items.get(reader, item_id)
        context = await _shown(request, item)
        return errors.refuse(
            request, error, "approvals/show.html", block="panel", form=forms.of(request), **context
        )
    return await _next(request, said)


async def _next(request: Request, said: str) -> Response:
    ids = await queries.inbox_ids(actor(request))
    if ids:
        left = _("还有 {n} 件。", n=len(ids))
        return redirect(request, "approvals:show", id=ids[0], said=said + left)
    return redirect(request, "approvals:inbox", said=said + _("没有待审签的稿件了。"))


async def count(reader: Actor) -> int:
    return len(await queries.inbox_ids(reader))


ENTRIES = (
    nav.Entry("approvals:inbox", mark("待审签"), order=10, duties=rules.SIGNING, count=count),
)
routes = [
    Route("/approvals", inbox, name="approvals:inbox"),
    Route("/approvals/{id:uuid}", show, name="approvals:show"),
    Route("/approvals/{id:uuid}/sign", sign, methods=["POST"], name="approvals:sign"),
    Route("/approvals/{id:uuid}/send-back", send_back, methods=["POST"], name="approvals:back"),
]
