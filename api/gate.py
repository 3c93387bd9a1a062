"""What a request must be before GraphQL looks at it: a small, sound JSON object."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from domain.kit.text import Language
from schema.errors import say
from schema.inputs import is_unusable

MOST_BYTES = 256 * 1024
MOST_DEPTH = 12
MOST_ITEMS = 100
MOST_DIGITS = 30


class Refused(Exception):
    """The request is not one. Carries the HTTP status and the code of the sentence."""

    def __init__(self, status: int, code: str, **facts: object) -> None:
        super().__init__(status, code)
        self.status, self.code, self.facts = status, code, facts

    def says(self, language: Language) -> str:
        return say(self.code, language, **self.facts)


@dataclass(frozen=True, slots=True)
class Asked:
    """A sound request."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None


async def read(request: Request) -> Asked:
    """The request's body, checked. Raises Refused."""
    _check_type(request.headers.get("content-type", ""))
    return understood(await _body(request))


def _check_type(content_type: str) -> None:
    kind, *options = [part.strip().lower() for part in content_type.split(";")]
    charsets = [option for option in options if option.startswith("charset=")]
    if kind != "application/json" or any(
        charset.partition("=")[2].strip('"') not in ("utf-8", "utf8") for charset in charsets
    ):
        raise Refused(415, "not-json")


async def _body(request: Request) -> bytes:
    announced = request.headers.get("content-length", "0")
    if not announced.isascii() or not announced.isdigit() or int(announced[:12]) > MOST_BYTES:
        raise Refused(413, "body-too-large", most=MOST_BYTES)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise Refused(413, "body-too-large", most=MOST_BYTES)
    return bytes(body)


def understood(body: bytes) -> Asked:
    """Raises Refused with status 400 for whatever is not a GraphQL request."""
    found = _parsed(body)
    if not isinstance(found, dict):
        raise Refused(400, "not-an-object")
    query, name = found.get("query"), found.get("operationName")
    if not isinstance(query, str) or not query.strip() or _has_surrogates(query):
        raise Refused(400, "bad-query")
    if name is not None and not isinstance(name, str):
        raise Refused(400, "bad-operation-name")
    variables = found.get("variables")
    if variables is None:
        variables = {}
    if not isinstance(variables, dict) or not _is_sound(variables):
        raise Refused(400, "bad-variables", depth=MOST_DEPTH, items=MOST_ITEMS)
    return Asked(query, variables, name)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_int=_integer,
        )
    except (ValueError, RecursionError):
        raise Refused(400, "bad-body") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Refused(400, "duplicate-key", key=key[:40])
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(digits[:MOST_DIGITS])
    return int(digits)


def _is_sound(value: Any, depth: int = 1) -> bool:
    """Whether variables are bounded: nesting, lists, numbers and text."""
    if isinstance(value, (dict, list)):
        return depth <= MOST_DEPTH and _are_sound(value, depth)
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, str) or _is_text(value)


def _are_sound(values: dict[str, Any] | list[Any], depth: int) -> bool:
    inner: Iterable[Any] = values
    if isinstance(values, dict):
        if not all(_is_text(key) for key in values):
            return False
        inner = values.values()
    return len(values) <= MOST_ITEMS and all(_is_sound(each, depth + 1) for each in inner)


def _is_text(value: str) -> bool:
    return not is_unusable(value) and not _has_surrogates(value)


def _has_surrogates(value: str) -> bool:
    return any("\ud800" <= mark <= "\udfff" for mark in value)
