"""No act by a stranger's page: where a request comes from, and a token it cannot know.

The token is derived from the cookie of the session (or, before signing in, of the visitor), so
nothing is stored; it is masked anew on every page, because pages are compressed.
"""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from python_multipart.exceptions import FormParserError
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.kit.errors import NotPermitted
from domain.kit.settings import settings
from web.i18n import gettext as _

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD, HEADER = "csrf_token", "x-csrf-token"
VISITOR_BODY, BODY = 64 * 1024, 64 * 1024 * 1024
TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


def cookie(name: str) -> str:
    """A cookie's name: bound to this host alone wherever https allows it."""
    return f"__Host-{name}" if settings().is_secure else name


class Forged(NotPermitted):
    """The form was not sent from a page of this sign-in."""

    code = "form-expired"

    @property
    def sentence(self) -> str:
        return _("这个页面已经过期，没有办理。请返回上一页，留好所写内容，刷新后再办理。")


def token(request: Request) -> str:
    """The token for this page's forms: random pad, then the secret under it."""
    secret: bytes = request.scope.setdefault("csrf", secrets.token_bytes(32))
    request.scope["csrf_used"] = True
    pad = secrets.token_bytes(len(secret))
    return (pad + _xor(pad, secret)).hex()


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _derived(key: str) -> bytes:
    return hashlib.sha256(b"csrf:" + key.encode()).digest()


def is_genuine(sent: str, secret: bytes) -> bool:
    """Whether a token from a form or header carries the secret."""
    try:
        raw = bytes.fromhex(sent)
    except ValueError:
        return False
    half = len(raw) // 2
    return len(raw) == 2 * len(secret) and hmac.compare_digest(_xor(raw[:half], raw[half:]), secret)


def is_from_here(headers: Headers) -> bool:
    """Whether the browser says that one of our own pages sent the request, or says nothing."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin is None:
        return True
    ours = {headers.get("host", ""), urlsplit(settings().origin).netloc}
    return urlsplit(origin).netloc in ours


async def read_form(request: Request, largest: int) -> None:
    """Parse the body once, into scope["form"]. Raises 400, 413 or 415 as HTTPException."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > largest:
        raise HTTPException(413 if declared.isdigit() else 400)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and kind not in TYPES:
        raise HTTPException(415)
    bounded = Request(request.scope, _bounded(request.receive, largest))
    try:
        request.scope["form"] = await bounded.form(max_files=9, max_fields=2000)
    except (FormParserError, ValueError, LookupError):
        raise HTTPException(400) from None


def _bounded(receive: Receive, largest: int) -> Callable[[], Awaitable[Message]]:
    """A body that breaks off when more arrives than was declared or allowed."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > largest:
            raise HTTPException(413)
        return message

    return counted


class Csrf:
    """Checks every request that may change something, before its handler runs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        fresh = self._remember(scope)
        if scope["method"] in SAFE:
            await self.app(scope, receive, self._introduced(scope, send, fresh))
            return
        request = Request(scope, receive)
        if not is_from_here(request.headers):
            raise Forged
        await read_form(request, BODY if scope.get("actor") else VISITOR_BODY)
        form = scope["form"]
        try:
            sent = request.headers.get(HEADER) or form.get(FIELD, "")
            if not is_genuine(str(sent), scope["csrf"]):
                raise Forged
            await self.app(scope, receive, send)
        finally:
            await form.close()

    def _remember(self, scope: Scope) -> str | None:
        """Derive the secret; the name of a new visitor when there is no cookie yet."""
        key, fresh = scope.get("session_token"), None
        if key is None:
            key = HTTPConnection(scope).cookies.get(cookie("visitor"))
        if not key:
            key = fresh = secrets.token_urlsafe(32)
        scope["csrf"] = _derived(key)
        return fresh

    def _introduced(self, scope: Scope, send: Send, fresh: str | None) -> Send:
        async def with_cookie(message: Message) -> None:
            if fresh and scope.get("csrf_used") and message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Set-Cookie", _visitor(fresh))
            await send(message)

        return with_cookie


def _visitor(value: str) -> str:
    secure = "; Secure" if settings().is_secure else ""
    return f"{cookie('visitor')}={value}; Path=/; HttpOnly; SameSite=Lax{secure}"
