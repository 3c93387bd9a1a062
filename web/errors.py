"""Refusals as pages: the status of each kind, the sentence of each code, said where it belongs."""

import logging
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from jinja2 import Template
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.kit import text
from domain.kit.db import is_away
from domain.kit.errors import (
    Conflict,
    DomainError,
    DutyRequired,
    Invalid,
    NotFound,
    NotPermitted,
    Refusals,
)
from web import render
from web.csrf import Forged
from web.forms import BadInput
from web.i18n import gettext, language, mark

log = logging.getLogger("web")
STATUS: dict[type[DomainError], int] = {
    Invalid: 422, NotPermitted: 403, NotFound: 404, Conflict: 409,
}  # fmt: skip
TITLES = {
    400: mark("无法办理"),
    403: mark("不能这样办理"),
    404: mark("没有找到"),
    409: mark("情况已经变化"),
    422: mark("有几处需要改正"),
    500: mark("系统出了差错"),
    503: mark("正在恢复"),
}
EXPLAINED = {
    400: mark("没有读懂提交的内容。请返回上一页，核对后再试。"),
    404: mark("没有这个页面，或者您无权查看。"),
    405: mark("这个地址不能直接打开。请从页面上的按钮办理。"),
    413: mark("提交的内容过大。单个文件不超过 20 MB，一次提交不超过 64 MB；可以分几次上传。"),
    500: mark("这不是您的操作造成的，已经记录在案。请稍后再试；若仍不行，请把编号告诉系统管理员。"),
    503: mark("数据库暂时连不上，没有办理。几秒钟后再试即可。"),
}


def status(error: DomainError) -> int:
    return next(code for kind, code in STATUS.items() if isinstance(error, kind))


def sentence(error: DomainError) -> str:
    """What is wrong, why, and what to do, in the reader's language."""
    if isinstance(error, BadInput | Forged):
        return error.sentence
    return text.refusal(error, language.get())


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal: the input to blame, if any, and its sentence."""

    field: str | None
    code: str
    sentence: str

    @property
    def label(self) -> str:
        """The input's name, where the words of the domain know it."""
        named = text.words().get("fields", {}).get(self.field or "")
        return named[language.get()] if named else ""


class Problems:
    """The refusals of one answer. `problems['title']` is the sentence for that input, or ''."""

    def __init__(self, found: Iterable[Problem] = ()) -> None:
        self.all = tuple(found)

    @classmethod
    def of(cls, error: DomainError) -> "Problems":
        errors = error.errors if isinstance(error, Refusals) else (error,)
        return cls(Problem(each.field, each.code, sentence(each)) for each in errors)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def __getitem__(self, field: str) -> str:
        return " ".join(each.sentence for each in self.all if each.field == field)


def refuse(
    request: Request,
    error: DomainError,
    template: str | Template | None = None,
    *,
    block: str | None = None,
    **context: Any,
) -> Response:
    """Answer a refusal: the form's own page again, input kept, or a page of its own.

    Without a template htmx puts the sentence into the page's `#problem` and leaves the rest; so
    it is for those whose duty it is not, because their page has no such form.
    """
    problems = Problems.of(error)
    if template is None or isinstance(error, DutyRequired):
        return _alone(request, status(error), problems)
    return render.page(
        request, template, block=block, status=status(error), problems=problems, **context
    )


def _alone(request: Request, code: int, problems: Problems) -> Response:
    response = render.page(
        request, "refused.html", block="problem", status=code,
        title=gettext(TITLES.get(code, TITLES[400])), problems=problems, reference="",
    )  # fmt: skip
    return _in_place(request, response)


def _in_place(request: Request, response: Response) -> Response:
    if render.is_htmx(request):
        response.headers["HX-Retarget"] = "#problem"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


async def on_refusal(request: Request, error: Exception) -> Response:
    """A DomainError that no handler answered itself."""
    assert isinstance(error, DomainError)
    return refuse(request, error)


async def on_http_error(request: Request, error: Exception) -> Response:
    """404, 405, 413 and their like; a redirect keeps its headers."""
    assert isinstance(error, HTTPException)
    response = plain(request, error.status_code)
    response.headers.update(error.headers or {})
    return response


def plain(request: Request, code: int, *, reference: str = "") -> Response:
    """A page that says no more than a status does."""
    problems = Problems([Problem(None, str(code), gettext(EXPLAINED.get(code, EXPLAINED[400])))])
    response = render.page(
        request, "refused.html", block="problem", status=code,
        title=gettext(TITLES.get(code, TITLES[400])), problems=problems, reference=reference,
    )  # fmt: skip
    return _in_place(request, response)


class Calm:
    """The last resort: no traceback ever leaves, a reference number does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:
            if started:
                raise
            response = await self._answer(Request(scope, receive), error)
            await response(scope, receive, send)

    async def _answer(self, request: Request, error: Exception) -> Response:
        if isinstance(error, DomainError):
            return await on_refusal(request, error)
        if isinstance(error, HTTPException):
            return await on_http_error(request, error)
        if is_away(error):
            log.warning("database away: %s %s", request.method, request.url.path)
            response = plain(request, 503)
            response.headers["Retry-After"] = "5"
            return response
        reference = secrets.token_hex(4)
        log.error("%s %s %s", reference, request.method, request.url.path, exc_info=error)
        return plain(request, 500, reference=reference)
