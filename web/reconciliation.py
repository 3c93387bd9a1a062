"""核对: the offices' figures of a month side by side, and their word on them. 二(三)；R29."""

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.circulars import actions, queries
from domain.circulars.review import Difference, seen_by
from domain.kit import clock
from domain.kit.clock import Month
from domain.kit.errors import DomainError, NotFound
from domain.points import queries as points
from web import errors, forms
from web.i18n import gettext as _
from web.render import page, redirect
from web.session import actor


class Word(forms.Fields):
    office_id: UUID
    note: forms.Line = ""


def month_of(request: Request) -> Month:
    """The month in the address. Raises NotFound."""
    try:
        return Month.parse(request.path_params["month"])
    except ValueError:
        raise NotFound from None


async def show(request: Request) -> Response:
    return page(request, "reconciliation/show.html", block="panel", **await _shown(request))


async def _shown(request: Request) -> dict[str, Any]:
    reader, month = actor(request), month_of(request)
    review = await seen_by(reader, month)
    lines = await points.ranking(month, "units")
    silent = [office for office in review.offices if office.confirmed_at is None]
    return {
        "month": month,
        "review": review,
        "has_ended": clock.today() > month.last,
        "earlier": await queries.earliest_open(month),
        "mine": [office for office in silent if office.office_id in reader.offices],
        "is_last": len(silent) == 1,
        "offices_of_mine": reader.offices,
        "uncounted": review.differences.get(Difference.UNCOUNTED, 0),
        "unproven": review.differences.get(Difference.UNPROVEN, 0),
        "unconfirmed": review.differences.get(Difference.UNCONFIRMED, 0),
        "totals": [sum(getattr(line, name) for line in lines) for name in ("submitted", "adopted")],
        "zero": sum(line.is_zero_report for line in lines),
        "circular": await queries.visible_to(reader).filter(period=str(month)).first(),
    }


async def confirm(request: Request) -> Response:
    """An office gives its word; the last word closes the month for good."""
    month = month_of(request)
    try:
        fields = forms.read(request, Word)
        period = await actions.confirm_figures(actor(request), month, **fields.given())
    except DomainError as error:
        context = await _shown(request)
        return errors.refuse(
            request, error, "reconciliation/show.html", block="panel",
            form=forms.of(request), **context,
        )  # fmt: skip
    said = _("已核对。本月已结账，通报草案已定稿。") if period.closed_at else _("已核对。")
    return redirect(request, "reconciliation:show", month=month, said=said)


routes = [
    Route("/circulars/months/{month}", show, name="reconciliation:show"),
    Route("/circulars/months/{month}", confirm, methods=["POST"], name="reconciliation:confirm"),
]
