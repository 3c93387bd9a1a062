"""How a type is declared: over a table, by the names of its columns, with what joins it to others.

@node(Item, queries.visible_to, description="…")
class Item(Node):
    title: str = says("…")                      # the column of that name
    unit: Unit = one(Unit, "unit_id", "…")      # the row it points to
    sign_offs: list[SignOff] = many(SignOff, "item_id", "…", order=("signed_at",))
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import MISSING
from typing import Any, TypeVar
from uuid import UUID

import strawberry
from tortoise.models import Model

from schema import loaders
from schema.context import Context, Info
from schema.errors import BadId
from schema.loaders import Visible

Kind = TypeVar("Kind", bound=type)
Method = TypeVar("Method", bound=Callable[..., Any])

SHORT_LIST = 5
"""What a list inside a row counts for in the cost of a document."""

_models: dict[str, type[Model]] = {}


def encode(kind: str, key: object) -> strawberry.ID:
    return strawberry.ID(base64.urlsafe_b64encode(f"{kind}:{key}".encode()).decode())


def decode(id: str) -> tuple[str, UUID]:
    """The kind and the key inside a global id. Raises ValueError when it is none."""
    try:
        kind, _, key = base64.b64decode(id, altchars=b"-_", validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError) as error:
        raise ValueError(id) from error
    return kind, UUID(key)


def key(kind: str, id: str) -> UUID:
    """The key inside an id of this kind. Raises BadId."""
    try:
        found, inner = decode(id)
    except ValueError:
        raise BadId(id, kind) from None
    if found != kind:
        raise BadId(id, kind)
    return inner


def keys(kind: str, ids: list[strawberry.ID]) -> list[UUID]:
    return [key(kind, each) for each in ids]


def key_or_none(kind: str, id: str | None) -> UUID | None:
    return None if id is None else key(kind, id)


def _id(root: strawberry.Parent[Any], info: Info) -> strawberry.ID:
    return encode(info.path.typename or "", root.pk)


@strawberry.interface(description="Anything that `node(id)` finds again. 有编号的记录")
class Node:
    id: strawberry.ID = strawberry.field(
        resolver=_id, description="Opaque, the same for ever. 编号"
    )


def node(
    model: type[Model], visible: Visible, *, description: str, name: str | None = None
) -> Callable[[Kind], Kind]:
    """A type over a table, seen through its feature's `visible_to` wherever it is met."""

    def declare(kind: Kind) -> Kind:
        _models[name or kind.__name__] = model
        loaders.show(model, visible)
        return part(model, description=description, name=name)(kind)

    return declare


def part(model: type, *, description: str, name: str | None = None) -> Callable[[Kind], Kind]:
    """A type over rows, or other values, that are only met beneath a node that is seen."""

    def declare(kind: Kind) -> Kind:
        def is_type_of(value: object, _info: object) -> bool:
            return isinstance(value, model)

        setattr(kind, "is_type_of", staticmethod(is_type_of))  # noqa: B010  # mypy knows no such attribute
        made: Kind = strawberry.type(kind, name=name, description=description)
        return made

    return declare


async def find(context: Context, id: str) -> Model | None:
    """The node of an id; None when there is none, or none the viewer may see."""
    try:
        kind, inner = decode(id)
    except ValueError:
        return None
    model = _models.get(kind)
    return None if model is None else await context.loaders.one(model).load(inner)


async def find_one(context: Context, kind: str, id: str) -> Model | None:
    """As `find`, of one kind."""
    try:
        return await find(context, id) if decode(id)[0] == kind else None
    except ValueError:
        return None


def says(description: str, *, default: object = MISSING, most: int | None = None) -> Any:
    """A column, under its own name. `most` is what a list counts for in a document's cost."""
    return strawberry.field(description=description, default=default, metadata=_cost(most))


def told(resolver: Callable[..., Any], description: str, *, most: int | None = None) -> Any:
    """What a function makes of the row, its parameter `root: strawberry.Parent[…]`."""
    return strawberry.field(resolver=resolver, description=description, metadata=_cost(most))


def asks(description: str, kind: Any = None) -> Callable[[Method], Method]:
    """A question at the root. `kind` where the method gives rows that stand for a type."""

    def declare(method: Method) -> Method:
        field: Any = strawberry.field(graphql_type=kind, description=description)
        made: Method = field(method)
        return made

    return declare


def _cost(most: int | None) -> dict[str, int]:
    return {} if most is None else {"most": most}


def own_id(kind: str) -> Any:
    """The id of a row that is met beneath others only, for the verbs that name it."""

    def resolve(root: strawberry.Parent[Any]) -> strawberry.ID:
        return encode(kind, root.pk)

    return strawberry.field(resolver=resolve, description="Opaque, the same for ever. 编号")


def one(model: type[Model], column: str, description: str) -> Any:
    """The row that a column points to. Nullable wherever the viewer may not see it."""

    async def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        inner = getattr(root, column)
        return None if inner is None else await info.context.loaders.one(model).load(inner)

    return strawberry.field(resolver=resolve, description=description)


def many(model: type[Model], column: str, description: str, *, order: tuple[str, ...]) -> Any:
    """The rows whose column points here: short lists by nature, such as three offices."""

    async def resolve(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context.loaders.many(model, column, *order).load(root.pk)

    return strawberry.field(resolver=resolve, description=description, metadata=_cost(SHORT_LIST))
