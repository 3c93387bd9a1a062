"""Languages of the pages: Chinese as written in the source, English from `locale/en/*.po`."""

from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from domain.kit.text import Language

LOCALE = Path(__file__).parent / "locale"
COOKIE: Final = "language"
TAGS: Final[dict[Language, str]] = {"zh": "zh-Hans", "en": "en"}

language: ContextVar[Language] = ContextVar("language", default="zh")
"""The language of the request being answered."""


def messages() -> Iterator[tuple[Path, Message]]:
    """Every translated message, with the file it stands in."""
    for path in sorted((LOCALE / "en").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en", abort_invalid=True):
                if message.id:
                    yield path, message


@cache
def catalogue() -> dict[str, tuple[str, ...]]:
    """English by Chinese: one form, or the singular and the plural."""
    return {source(message): forms(message) for _path, message in messages()}


def source(message: Message) -> str:
    """The Chinese, as it stands in a template or a module."""
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> tuple[str, ...]:
    """The English: one form, or the singular and the plural."""
    said = message.string or ""
    return (said,) if isinstance(said, str) else tuple(said)


def mark(message: str) -> str:
    """A message named here and said later, e.g. the label of a place in the rail."""
    return message


def gettext(message: str, /, **facts: object) -> str:
    """The message in the reader's language, `{names}` filled with facts: `_("共 {n} 条", n=3)`."""
    said = catalogue().get(message) if language.get() == "en" else None
    return _fill(said[0] if said else message, facts)


def ngettext(message: str, n: int, /, **facts: object) -> str:
    """As gettext, where English tells one from many: `_n("{n} 条信息", 3)`."""
    said = catalogue().get(message) if language.get() == "en" else None
    chosen = said[0 if n == 1 else -1] if said else message
    return _fill(chosen, facts | {"n": n})


def _fill(text: str, facts: dict[str, object]) -> str:
    return text.format(**facts) if facts else text


def negotiate(cookie: str | None, accept: str) -> Language:
    """What the reader chose, else what his browser prefers, else Chinese."""
    if cookie in TAGS:
        return "en" if cookie == "en" else "zh"
    for tag in _preferred(accept):
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return "zh"


def _preferred(accept: str) -> Sequence[str]:
    weighed = [_weight(part) for part in accept[:500].lower().split(",")]
    return [tag for weight, tag in sorted(weighed, key=lambda pair: -pair[0]) if weight > 0]


def _weight(part: str) -> tuple[float, str]:
    tag, _, rest = part.partition(";")
    try:
        return (float(rest.strip().removeprefix("q=")) if rest else 1.0, tag.strip())
    except ValueError:
        return (0.0, tag.strip())


class Negotiation:
    """Sets the language before anything is answered, refusals included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            cookies = HTTPConnection(scope).cookies
            accept = Headers(scope=scope).get("accept-language", "")
            chosen = negotiate(cookies.get(COOKIE), accept)
            scope["language"] = chosen
            language.set(chosen)
        await self.app(scope, receive, send)
