"""Who asks: a token in the Authorization header, or our own pages' session cookie."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request

from api.gate import Refused
from domain.kit.actor import Actor
from domain.kit.settings import settings
from domain.people import queries as people

LONGEST_TOKEN = 200
SAME_ORIGIN = ("same-origin", "none")


@dataclass(frozen=True, slots=True)
class Credential:
    """A token as it came; `is_ambient` when a browser sent it without being asked."""

    token: str
    is_ambient: bool


def credential(request: Request) -> Credential | None:
    """The header if there is one, else the cookie. None when the request brings neither."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme:
        return Credential(token.strip() if scheme.lower() == "bearer" else "", is_ambient=False)
    name = "__Host-session" if settings().is_secure else "session"
    cookie = request.cookies.get(name)
    return Credential(cookie, is_ambient=True) if cookie else None


async def viewer(request: Request) -> Actor | None:
    """The actor of the request, None for a stranger.

    Raises Refused: 401 for a token that is wrong or over, 403 for a cookie from another site.
    """
    found = credential(request)
    if found is None:
        return None
    if found.is_ambient:
        _check_same_site(request)
        return await people.actor_by_session(found.token)
    actor = await _by_header(found.token, address(request))
    if actor is None:
        raise Refused(401, "sign-in-required")
    return actor


async def _by_header(token: str, address: str) -> Actor | None:
    if not token or len(token) > LONGEST_TOKEN:
        return None
    return await people.actor_by_session(token) or await people.actor_by_token(
        token, address=address
    )


def _check_same_site(request: Request) -> None:
    """A browser says where a request comes from; a stranger's page cannot change that."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in SAME_ORIGIN:
            raise Refused(403, "cross-site")
    elif urlsplit(request.headers.get("origin", "")).netloc != request.headers.get("host"):
        raise Refused(403, "cross-site")


def address(request: Request) -> str:
    return request.client.host if request.client else ""
