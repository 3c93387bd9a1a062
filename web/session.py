"""Who is asking: the session cookie becomes `scope["actor"]`, or a way to the sign-in page."""

from typing import Final
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from domain.kit.actor import Actor
from domain.kit.settings import settings
from domain.people import queries as people
from web import nav
from web.csrf import cookie
from web.render import go, is_htmx

NAME: Final = "session"
OPEN: Final = ("/sign-in", "/language", "/favicon.ico")
OPEN_FOLDERS: Final = ("/static/",)
FIRST: Final = ("/account", "/account/password", "/sign-in", "/sign-out", "/language")
ABSOLUTE: Final = 12 * 3600


def actor(request: Request) -> Actor:
    """The signed-in person; pages other than the open ones always have one."""
    found = request.scope["actor"]
    assert isinstance(found, Actor)
    return found


def is_open(path: str) -> bool:
    """Whether a visitor may see a path."""
    return path in OPEN or path.startswith(OPEN_FOLDERS)


def local(path: str | None) -> str:
    """A path of our own to go on to, or the home page: never another host, never sign-in again."""
    if not path or len(path) > 1000 or not path.startswith("/") or path.startswith(("//", "/\\")):
        return "/"
    if any(ord(letter) < 0x21 or letter in "\\\x7f" for letter in path):
        return "/"
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or parts.path in ("/sign-in", "/sign-out", "/language"):
        return "/"
    return path


def remember(response: Response, token: str) -> None:
    """Give the browser its session."""
    response.set_cookie(
        cookie(NAME), token, max_age=ABSOLUTE, path="/", httponly=True, samesite="lax",
        secure=settings().is_secure,
    )  # fmt: skip


def forget(response: Response) -> None:
    """Take the session, and what the browser kept of it, away."""
    response.delete_cookie(
        cookie(NAME), path="/", httponly=True, samesite="lax", secure=settings().is_secure
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def to_sign_in(request: Request) -> Response:
    """Send a visitor to the sign-in page, and later back to where he was going."""
    if is_htmx(request):
        current = urlsplit(request.headers.get("HX-Current-URL", ""))
        wanted = current.path + (f"?{current.query}" if current.query else "")
        return Response(status_code=401, headers={"HX-Redirect": _with_next(wanted)})
    wanted = request.url.path if request.method in ("GET", "HEAD") else ""
    if wanted and request.url.query:
        wanted += f"?{request.url.query}"
    return RedirectResponse(_with_next(wanted), 303)


def _with_next(wanted: str) -> str:
    path = local(wanted)
    return "/sign-in" if path == "/" else f"/sign-in?next={quote(path, safe='')}"


async def _is_new(found: Actor) -> bool:
    """Whether the one-time password is still to be changed; until then nothing else is open."""
    return await people.must_change_password(found)


class Session:
    """Looks the session up on every request, so that a right taken away is gone at once."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(OPEN_FOLDERS):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        token = request.cookies.get(cookie(NAME))
        scope["actor"] = found = await people.actor_by_session(token) if token else None
        if found is not None:
            scope["session_token"] = token
            if not found.held and scope["path"] not in FIRST and await _is_new(found):
                await go(request, "/account")(scope, receive, send)
                return
            if not is_htmx(request):
                scope["counts"] = await nav.counts(found, scope["app"].state.entries)
        elif not is_open(scope["path"]):
            await to_sign_in(request)(scope, receive, send)
            return
        await self.app(scope, receive, send)
