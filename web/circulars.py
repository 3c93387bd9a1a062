"""通报: what was issued, what is drafted, what must be done first. 二(三)；R30–R32；I8."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.circulars import actions, agenda, queries, rendering, rules
from domain.circulars.data import CircularData, Kind
from domain.circulars.documents.content import Content, content
from domain.circulars.documents.phrases import phrase
from domain.circulars.documents.tables import written
from domain.circulars.models import Circular, CircularState, FileFormat
from domain.kit import clock
from domain.kit.clock import Period, parse_period
from domain.kit.errors import DomainError, NotFound
from domain.kit.keyset import slice_of
from domain.units import queries as units
from web import errors, forms, nav
from web.i18n import gettext as _
from web.i18n import mark
from web.render import page, redirect
from web.session import actor

LATEST = ("-period", "-issue", "-id")
MEDIA_TYPES = {
    FileFormat.PDF: "application/pdf",
    FileFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.JSON: "application/json",
}
WIDE = frozenset({
    "quota", "completion_rate", "same_day_rate", "adoption_rate", "county", "prefecture",
    "province", "nation", "levels", "total_points", "overall_rank", "movement", "number",
    "counted_in", "period", "reason",
})  # fmt: skip
"""Columns that a phone leaves out."""


class Filters(forms.Fields):
    kind: Kind | None = None
    year: Annotated[int, Field(ge=2000, le=2100)] | None = None
    after: str = ""


class Draft(forms.Fields):
    period: forms.Line


class Issuing(forms.Fields):
    document_number: forms.Line
    issue_date: date
    expected_version: int


async def list_(request: Request) -> Response:
    """Drafts and issued ones by kind and year, below what waits at the month's end."""
    return page(request, "circulars/list.html", block="rows", **await _listed(request))


async def _listed(request: Request) -> dict[str, Any]:
    reader, form = actor(request), forms.query(request)
    wanted = forms.parse(form, Filters)
    found = queries.visible_to(reader)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.year:
        found = found.filter(period__startswith=str(wanted.year))
    slice_ = await slice_of(found, LATEST, wanted.after)
    return {
        "rows": [(each, queries.period_of(each)) for each in slice_.rows],
        "after": slice_.after, "is_first": not wanted.after,
        "kind": wanted.kind, "kinds": list(Kind), "form": form,
        "open_months": await agenda.open_months(reader),
        "ready": [(each, queries.period_of(each)) for each in await agenda.ready(reader)],
        "undrafted": await agenda.undrafted(reader),
    }  # fmt: skip


async def show(request: Request) -> Response:
    """The circular as it is printed, with its files, and the acts that are due."""
    return page(request, "circulars/show.html", block="issuing", **await _shown(request))


async def _shown(request: Request) -> dict[str, Any]:
    reader = actor(request)
    circular = await queries.get(reader, request.path_params["id"])
    data = queries.data_of(circular)
    period = queries.period_of(circular)
    offices = [office.id for office in await queries.issuing_offices()]
    is_draft = circular.state is CircularState.DRAFT
    same = await queries.issues(reader, circular)
    open_ = [] if not is_draft else await _open_months(period)
    may = agenda.may_issue(reader, circular, offices)
    context: dict[str, Any] = {
        "circular": circular, "period_": period, "is_draft": is_draft, "data": data,
        "paper": _paper(circular, data), "said_on_paper": phrase,
        "written": written, "wide": WIDE, "formats": list(FileFormat),
        "files": [] if is_draft else await queries.files(reader, circular.id),
        "issues": same, "open_months": open_, "may_issue": is_draft and may,
        "may_correct": not is_draft and may and same[-1].id == circular.id,
        "checks": rules.sees_drafts(reader),
    }  # fmt: skip
    if is_draft and may:
        context["form"] = await _proposed(period)
    return context


def _paper(circular: Circular, data: CircularData) -> Content:
    return content(queries.heading_of(circular), data)


async def _open_months(period: Period) -> Sequence[Period]:
    closed = await agenda.closed_months()
    return [month for month in period.months if month not in closed]


async def _proposed(period: Period) -> forms.Form:
    """The county's own word and the year; the number is the document office's to give."""
    today, county = clock.today(), await units.county()
    number = f"{county.document_word}〔{today.year}〕号" if county.document_word else ""
    day = today if today > period.last else None
    return forms.Form.of(document_number=number, issue_date=day)


async def issue(request: Request) -> Response:
    """Number, date, and from then on nothing changes any more. (I8)"""
    circular_id = request.path_params["id"]
    try:
        fields = forms.read(request, Issuing)
        await actions.issue(actor(request), circular_id, **fields.given())
    except NotFound:
        raise
    except DomainError as error:
        context = await _shown(request) | {"form": forms.of(request)}
        return errors.refuse(request, error, "circulars/show.html", block="issuing", **context)
    return redirect(request, "circulars:show", id=circular_id, said=_("已印发，正文和附件已定稿。"))


async def draft(request: Request) -> Response:
    """Now instead of at the set time; the same draft as the clock would make."""
    reader = actor(request)
    try:
        wanted = forms.read(request, Draft).period
        offered = {str(period): period for period in await agenda.undrafted(reader)}
        if wanted not in offered:
            rules.check_may_draft(reader)
            raise forms.BadInput("period", "choice")
        circular = await actions.draft(reader, offered[wanted])
    except DomainError as error:
        context = await _listed(request) | {"form": forms.of(request)}
        return errors.refuse(request, error, "circulars/list.html", block="drafting", **context)
    return redirect(request, "circulars:show", id=circular.id, said=_("草案已起草。"))


async def file(request: Request) -> Response:
    """Of an issued circular the frozen bytes; of a draft the present state, marked 草案."""
    kind = _format(request.path_params["format"])
    circular = await queries.get(actor(request), request.path_params["id"])
    if circular.state is CircularState.ISSUED:
        kept = await queries.file(actor(request), circular.id, kind)
        return _sent(circular, kind, kept.content, {"ETag": f'"{kept.sha256}"'})
    heading, data = queries.heading_of(circular), queries.data_of(circular)
    made = await rendering.one(heading, data, kind)
    return _sent(circular, kind, made, {"Cache-Control": "no-store"})


def _format(given: str) -> FileFormat:
    try:
        return FileFormat(given)
    except ValueError:
        raise NotFound from None


def _sent(circular: Circular, kind: FileFormat, body: bytes, headers: dict[str, str]) -> Response:
    draft_mark = phrase("head", "draft_mark")
    number = circular.document_number or f"{circular.period}{draft_mark}"
    how = "inline" if kind is FileFormat.PDF else "attachment"
    name = quote(f"{number}.{kind.value}", safe="")
    headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{name}"
    return Response(body, headers=headers, media_type=MEDIA_TYPES[kind])


def period_or_404(text: str) -> Period:
    """A period in an address. Raises NotFound."""
    try:
        return parse_period(text)
    except ValueError:
        raise NotFound from None


async def newest(request: Request) -> Response:
    """The last issue of a period that the reader may see, by its period."""
    period = period_or_404(request.path_params["period"])
    same = queries.visible_to(actor(request)).filter(period=str(period))
    found = await same.first()
    if found is None:
        raise NotFound
    return redirect(request, "circulars:show", id=UUID(str(found.id)))


ENTRIES = (
    nav.Entry(
        "circulars:list", mark("通报"), order=40, count=agenda.waiting,
        inside=("reconciliation:", "corrections:"),
    ),
)  # fmt: skip
routes = [
    Route("/circulars", list_, name="circulars:list"),
    Route("/circulars/draft", draft, methods=["POST"], name="circulars:draft"),
    Route("/circulars/of/{period}", newest, name="circulars:newest"),
    Route("/circulars/{id:uuid}", show, name="circulars:show"),
    Route("/circulars/{id:uuid}/issue", issue, methods=["POST"], name="circulars:issue"),
    Route("/circulars/{id:uuid}/files/{format}", file, name="circulars:file"),
]
