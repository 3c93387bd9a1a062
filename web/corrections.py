"""更正: a new circular that names every change of one that was issued. I8, I9."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.circulars import actions, queries
from domain.circulars.data import Kind
from domain.circulars.models import Circular
from domain.circulars.rules import Correction, check_may_issue
from domain.kit.errors import DomainError, Invalid, NotFound, Refusals
from web import errors, forms
from web.i18n import gettext as _
from web.render import page, redirect
from web.session import actor

ROWS = range(5)
INPUTS = ("unit_id", "points", "submitted", "adopted", "reason")
Places = Annotated[Decimal, Field(ge=-100_000, le=100_000, max_digits=9, decimal_places=2)]
Count = Annotated[int, Field(ge=-999, le=999)]


class Cause(forms.Fields):
    reason: forms.Line


class Row(forms.Fields):
    """One unit's figures, as differences to what was issued."""

    unit_id: UUID
    points: Places = Decimal(0)
    submitted: Count = 0
    adopted: Count = 0
    reason: forms.Line = ""


async def new(request: Request) -> Response:
    circular, context = await _correcting(request)
    check_may_issue(actor(request), circular.kind, context["offices"])
    return page(request, "circulars/correct.html", **context)


async def _correcting(request: Request) -> tuple[Circular, dict[str, Any]]:
    circular = await queries.get(actor(request), request.path_params["id"])
    lines = queries.data_of(circular).by_units
    return circular, {
        "circular": circular,
        "period_": queries.period_of(circular),
        "is_month": circular.kind is Kind.MONTHLY,
        "units": [(line.unit_id, line.unit) for line in lines],
        "rows": ROWS,
        "offices": [office.id for office in await queries.issuing_offices()],
    }


async def create(request: Request) -> Response:
    """Drafts the correction; it is issued like any other circular."""
    form = forms.of(request)
    try:
        why, changes = _read(form)
        circular = await actions.correct(
            actor(request), request.path_params["id"], changes=changes, reason=why
        )
    except NotFound:
        raise
    except DomainError as error:
        _circular, context = await _correcting(request)
        return errors.refuse(
            request, error, "circulars/correct.html", block="panel", form=form, **context
        )
    return redirect(
        request, "circulars:show", id=circular.id, said=_("更正通报已起草，核对后印发。")
    )


def _read(form: forms.Form) -> tuple[str, list[Correction]]:
    """The reason and the rows that were filled in; all that is wrong is said at once."""
    wrong: list[Invalid] = []
    why, changes = "", []
    try:
        why = forms.parse(form, Cause).reason
    except Refusals as error:
        wrong += error.errors
    for number in ROWS:
        try:
            changes += _row(form, number, why)
        except Refusals as error:
            wrong += _numbered(error.errors, number)
    if wrong:
        raise Refusals(wrong)
    return why, changes


def _row(form: forms.Form, number: int, why: str) -> list[Correction]:
    given = {name: form.get(f"{name}_{number}").removeprefix("+") for name in INPUTS}
    if not any(given.values()):
        return []
    row = forms.parse(forms.Form.of(**given), Row)
    return [Correction(**row.given() | {"reason": row.reason or why})]


def _numbered(found: Iterable[Invalid], number: int) -> list[Invalid]:
    return [
        forms.BadInput(f"{each.field}_{number}", each.kind, **each.said)
        for each in found
        if isinstance(each, forms.BadInput)
    ]


routes = [
    Route("/circulars/{id:uuid}/correct", new, name="corrections:new"),
    Route("/circulars/{id:uuid}/correct", create, methods=["POST"], name="corrections:create"),
]
