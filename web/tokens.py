"""Keys for other systems: made for something, for some days, shown once. S4."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.kit import clock
from domain.kit.actor import Duty, Scope
from domain.kit.errors import DomainError
from domain.kit.keyset import slice_of
from domain.people import actions, queries
from domain.people.keys import TOKEN_DAYS
from domain.units import queries as units
from web import errors, forms, nav
from web.i18n import gettext as _
from web.i18n import mark
from web.render import name_of, page, redirect
from web.session import actor

NEWEST = ("-created_at", "-id")


class Filters(forms.Fields):
    after: str = ""


class NewToken(forms.Fields):
    name: forms.Line
    scopes: tuple[Scope, ...] = ()
    unit_id: UUID | None = None
    days: Annotated[int, Field(ge=1, le=TOKEN_DAYS)]


async def list_(request: Request) -> Response:
    return page(request, "tokens/list.html", secret="", **await _listed(request))


async def _listed(request: Request) -> dict[str, Any]:
    found = queries.tokens(actor(request))
    wanted = forms.parse(forms.query(request), Filters)
    slice_ = await slice_of(found, NEWEST, wanted.after)
    return {
        "tokens": [(row, [Scope(scope) for scope in row.scopes]) for row in slice_.rows],
        "after": slice_.after, "is_first": not wanted.after, "now": clock.now(),
        "scopes": [(scope.value, name_of(scope)) for scope in Scope],
        "units": [(unit.id, unit.name) for unit in await units.current()],
        "limit": TOKEN_DAYS,
    }  # fmt: skip


async def create(request: Request) -> Response:
    """The key is on this answer and nowhere else."""
    try:
        fields = forms.read(request, NewToken)
        secret, _token = await actions.new_token(actor(request), **fields.given())
    except DomainError as error:
        context = await _listed(request)
        return errors.refuse(
            request, error, "tokens/list.html", block="making",
            form=forms.of(request), secret="", **context,
        )  # fmt: skip
    context = await _listed(request)
    answer = page(request, "tokens/list.html", block="making", secret=secret, **context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def revoke(request: Request) -> Response:
    token = await actions.revoke_token(actor(request), request.path_params["id"])
    return redirect(request, "tokens:list", said=_("已吊销 {name}。", name=token.name))


ENTRIES = (
    nav.Entry("tokens:list", mark("接口令牌"), order=85, duties=frozenset({Duty.ADMINISTRATOR})),
)
routes = [
    Route("/tokens", list_, name="tokens:list"),
    Route("/tokens", create, methods=["POST"], name="tokens:create"),
    Route("/tokens/{id:uuid}/revoke", revoke, methods=["POST"], name="tokens:revoke"),
]
