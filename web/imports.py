"""Sheets brought in: looked at row by row first, then taken in at once. F1."""

from typing import Any
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.intake import actions, queries, tray
from domain.intake.models import ImportBatch, SheetKind
from domain.intake.verdicts import Options
from domain.kit.actor import Actor, check_duty
from domain.kit.errors import DomainError, NotFound
from domain.kit.keyset import slice_of
from web import errors, forms, nav
from web.i18n import gettext as _
from web.i18n import language, mark
from web.render import name_of, page, redirect
from web.session import actor

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEEPERS = frozenset(actions.KEEPERS.values())
NEWEST = ("-previewed_at", "-id")
COLUMNS = {
    SheetKind.UNITS: mark("单位、类别、排名组、启用日期"),
    SheetKind.OUTLETS: mark("媒体、级别、类型"),
    SheetKind.QUOTAS: mark("单位、月任务数、起始月份、免除、原因，或单位和1月至12月"),
    SheetKind.ROSTER: mark("单位、姓名、职务、类型、办公电话、手机"),
    SheetKind.HISTORY: mark("一条信息的一次采用为一行：单位、标题、日期、审签、媒体、采用日期等"),
}


class Filters(forms.Fields):
    after: str = ""


class Sheet(forms.Fields):
    kind: SheetKind
    file: UploadFile
    create_outlets: bool = False


class Taking(forms.Fields):
    skip_bad: bool = False


def kinds_of(reader: Actor) -> list[SheetKind]:
    """The sheets that this reader may bring."""
    return [kind for kind, duty in actions.KEEPERS.items() if reader.has(duty)]


async def list_(request: Request) -> Response:
    """Upload, and what was brought before."""
    return page(request, "imports/list.html", **await _listed(request))


async def _listed(request: Request) -> dict[str, Any]:
    reader = actor(request)
    check_duty(reader, *KEEPERS)
    wanted = forms.parse(forms.query(request), Filters)
    slice_ = await slice_of(queries.visible_to(reader), NEWEST, wanted.after)
    kinds = kinds_of(reader)
    return {
        "batches": slice_.rows, "after": slice_.after, "is_first": not wanted.after,
        "kinds": [(kind.value, name_of(kind)) for kind in kinds],
        "columns": [(kind, _(COLUMNS[kind])) for kind in kinds],
        "has_history": SheetKind.HISTORY in kinds,
    }  # fmt: skip


async def preview(request: Request) -> Response:
    """Every row is tried and undone; only the verdicts remain."""
    reader = actor(request)
    try:
        fields = forms.read(request, Sheet)
        content = await forms.content(fields.file, "file")
        found = await actions.preview(
            reader, fields.kind, file_name=forms.filename(fields.file), content=content,
            options=Options(create_outlets=fields.create_outlets),
        )  # fmt: skip
        await tray.put(found, content, language.get())
    except DomainError as error:
        context = await _listed(request)
        return errors.refuse(
            request, error, "imports/list.html", block="upload", form=forms.of(request), **context
        )
    return redirect(request, "imports:show", id=found.batch.id)


async def show(request: Request) -> Response:
    return page(request, "imports/show.html", block="panel", **await _shown(request))


async def _shown(request: Request) -> dict[str, Any]:
    reader = actor(request)
    batch = await queries.get(reader, request.path_params["id"])
    rows = await tray.bad_rows(batch)
    holds = await tray.holds(batch)
    return {
        "batch": batch,
        "rows": rows,
        "recorded": _recorded(batch) if not rows else [],
        "can_take": holds and reader.has(actions.KEEPERS[batch.kind]),
        "is_marked": not holds and tray.was_marked(batch),
        "is_gone": not holds and batch.committed_at is None,
    }


def _recorded(batch: ImportBatch) -> list[tuple[object, str]]:
    """What stays on record of refused rows: numbers and columns."""
    return [(row["row"], _columns(row["reasons"])) for row in batch.verdicts]


def _columns(reasons: Any) -> str:
    return _("、").join(dict.fromkeys(each["column"] for each in reasons if each["column"]))


async def take_in(request: Request) -> Response:
    """One transaction. Bad rows are left out only when that was ticked."""
    reader = actor(request)
    batch = await queries.get(reader, request.path_params["id"])
    try:
        check_duty(reader, actions.KEEPERS[batch.kind])
        fields = forms.read(request, Taking)
        done = await actions.commit(reader, await tray.take_up(batch), skip_bad=fields.skip_bad)
        await tray.clear(batch)
    except NotFound:
        raise
    except DomainError as error:
        context = await _shown(request)
        return errors.refuse(
            request, error, "imports/show.html", block="panel", form=forms.of(request), **context
        )
    said = _("已导入：新增 {n} 行。", n=done.batch.created)
    return redirect(request, "imports:show", id=batch.id, said=said)


async def bad_rows(request: Request) -> Response:
    """The refused rows with their reasons, to mend and bring again."""
    batch = await queries.get(actor(request), request.path_params["id"])
    content = await tray.error_sheet(batch)
    name = quote(_("有误的行") + ".xlsx", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(content, headers=headers, media_type=XLSX)


ENTRIES = (nav.Entry("imports:list", mark("导入"), order=70, duties=KEEPERS),)
routes = [
    Route("/imports", list_, name="imports:list"),
    Route("/imports", preview, methods=["POST"], name="imports:preview"),
    Route("/imports/{id:uuid}", show, name="imports:show"),
    Route("/imports/{id:uuid}", take_in, methods=["POST"], name="imports:commit"),
    Route("/imports/{id:uuid}/errors.xlsx", bad_rows, name="imports:errors"),
]
