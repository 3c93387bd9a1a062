"""Pages of a list by keyset: nothing is lost or repeated when rows arrive meanwhile.

A cursor is the place of a row in an order, so it needs no memory on the server.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from domain.kit.errors import Invalid

Row = TypeVar("Row", bound=Model)


class BadCursor(Invalid):
    """A cursor that is damaged, or of another list."""

    code = "bad-cursor"

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def columns(order: Sequence[str]) -> list[str]:
    return [name.removeprefix("-") for name in order]


def reverse(order: Sequence[str]) -> list[str]:
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def cursor(row: Any, order: Sequence[str]) -> str:
    """Where a row stands in an order: the values it is sorted by."""
    values = [",".join(order), *(getattr(row, name) for name in columns(order))]
    return base64.urlsafe_b64encode(orjson.dumps(values, default=str)).decode().rstrip("=")


def position(text: str, order: Sequence[str], model: type[Model], name: str) -> list[Any]:
    """The values inside a cursor, as the columns' own types. Raises BadCursor."""
    try:
        padded = text + "=" * (-len(text) % 4)
        mark, *values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if mark != ",".join(order) or len(values) != len(order):
            raise BadCursor(name)
        return [_typed(model, *pair) for pair in zip(columns(order), values, strict=True)]
    except (ValueError, TypeError, binascii.Error):
        raise BadCursor(name) from None


def _moment(text: str) -> datetime:
    """A time with its zone; one without would be another moment on another machine."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


_PARSERS: dict[type, Any] = {
    UUID: UUID,
    datetime: _moment,
    date: date.fromisoformat,
}


def _typed(model: type[Model], column: str, value: Any) -> Any:
    held = model._meta.fields_map[column]  # noqa: SLF001  # Tortoise has no public door
    if parse := _PARSERS.get(held.field_type):
        return parse(value)
    if type(value) is not held.field_type or "\0" in str(value):
        raise ValueError(value)
    bounds = held.constraints
    if isinstance(value, int) and not bounds["ge"] <= value <= bounds["le"]:
        raise ValueError(value)
    return value


def beyond(order: Sequence[str], values: Sequence[Any], *, forward: bool) -> Q:
    """Rows strictly after, or before, a position: (a, b) > (x, y), each column in its direction."""
    found = Q()
    same: dict[str, Any] = {}
    for name, value in zip(order, values, strict=True):
        column = name.removeprefix("-")
        side = "gt" if name.startswith("-") is not forward else "lt"
        found |= Q(**same, **{f"{column}__{side}": value})
        same[column] = value
    return found


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """Some rows of a list, and the cursor of what follows; None on the last page."""

    rows: list[Row]
    after: str | None


async def slice_of(
    query: QuerySet[Row], order: Sequence[str], after: str | None = None, *, size: int = 20
) -> Slice[Row]:
    """The next rows of a list. `order` ends with a unique column. Raises BadCursor."""
    if after:
        query = query.filter(
            beyond(order, position(after, order, query.model, "after"), forward=True)
        )
    rows = list(await query.order_by(*order).limit(size + 1))
    kept = rows[:size]
    return Slice(kept, cursor(kept[-1], order) if len(rows) > size else None)
