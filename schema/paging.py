"""Relay connections over keyset cursors: nothing is lost or repeated when rows arrive meanwhile."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions.field_extension import AsyncExtensionResolver, FieldExtension
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain.kit.errors import Invalid
from domain.kit.keyset import beyond, cursor, position, reverse
from schema.nodes import told

MOST = 100
"""Rows a page, at most; the default too is no more than this."""
DEFAULT = 20

Item = TypeVar("Item")
Method = TypeVar("Method", bound=Callable[..., Any])

ARGUMENTS = {
    "first": (int, "The next rows, 1 to 100; 20 unless said. 之后几条"),
    "after": (str, "A cursor to go on from. 起点游标"),
    "last": (int, "The last rows instead, 1 to 100. 之前几条"),
    "before": (str, "A cursor to go back from. 终点游标"),
}


class BadPage(Invalid):
    """Neither or both of `first` and `last`, or a size out of bounds."""

    code = "bad-page"

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field, self.most = field, MOST


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is asked for. Raises BadPage."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None:
            raise BadPage("last")
        for name, size in (("first", self.first), ("last", self.last)):
            if size is not None and not 1 <= size <= MOST:
                raise BadPage(name)

    @property
    def size(self) -> int:
        return self.first or self.last or DEFAULT

    @property
    def is_backward(self) -> bool:
        return self.last is not None


@dataclass(slots=True)
class Page:
    """The rows of one window, read once, when the first field that needs them is asked for."""

    query: QuerySet[Any]
    order: Sequence[str]
    window: Window
    _read: asyncio.Future[tuple[list[Any], bool]] | None = field(default=None, init=False)

    def rows(self) -> asyncio.Future[tuple[list[Any], bool]]:
        """The rows, and whether there are more beyond them."""
        if self._read is None:
            self._read = asyncio.ensure_future(self._fetch())
        return self._read

    async def _fetch(self) -> tuple[list[Any], bool]:
        window, back = self.window, self.window.is_backward
        query = self.query.filter(self._bound("after", forward=True))
        query = query.filter(self._bound("before", forward=False))
        order = reverse(self.order) if back else self.order
        rows = await query.order_by(*order).limit(window.size + 1)
        kept = list(rows[: window.size])
        return (kept[::-1] if back else kept), len(rows) > window.size

    def _bound(self, name: str, *, forward: bool) -> Q:
        text = getattr(self.window, name)
        if text is None:
            return Q()
        return beyond(
            self.order, position(text, self.order, self.query.model, name), forward=forward
        )


@strawberry.type(description="Where a page lies in its list. 分页信息")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Rows follow. 后面还有")
    has_previous_page: bool = strawberry.field(description="Rows come before. 前面还有")
    start_cursor: str | None = strawberry.field(description="Of the first row. 首条游标")
    end_cursor: str | None = strawberry.field(description="Of the last row. 末条游标")


@strawberry.type(description="A row in its place. 列表中的一条")
class Edge(Generic[Item]):
    node: Item = strawberry.field(description="The row. 记录")
    cursor: str = strawberry.field(description="Its place, for `after` and `before`. 游标")


async def _edges(root: strawberry.Parent["Connection[Any]"]) -> list[Edge[Any]]:
    rows, _ = await root.page.rows()
    return [Edge(node=row, cursor=cursor(row, root.page.order)) for row in rows]


async def _nodes(root: strawberry.Parent["Connection[Any]"]) -> list[Any]:
    return (await root.page.rows())[0]


async def _page_info(root: strawberry.Parent["Connection[Any]"]) -> PageInfo:
    rows, more = await root.page.rows()
    window = root.page.window
    ends = [cursor(row, root.page.order) for row in rows[:1] + rows[-1:]]
    return PageInfo(
        has_next_page=window.before is not None if window.is_backward else more,
        has_previous_page=more if window.is_backward else window.after is not None,
        start_cursor=ends[0] if ends else None,
        end_cursor=ends[-1] if ends else None,
    )


async def _total(root: strawberry.Parent["Connection[Any]"]) -> int:
    return await root.page.query.count()


@strawberry.type(description="A list in pages. 分页列表")
class Connection(Generic[Item]):
    page: strawberry.Private[Page]
    edges: list[Edge[Item]] = told(_edges, "The rows with their cursors. 记录及游标")
    nodes: list[Item] = told(_nodes, "The rows alone. 记录")
    page_info: PageInfo = told(_page_info, "Whether to go on, and from where. 分页信息")
    total_count: int = told(_total, "How many the viewer may see: a count of its own. 总数")


def page(query: QuerySet[Any], order: Sequence[str], window: Window) -> Connection[Any]:
    """A connection over a query. `order` names columns and ends with a unique one."""
    return Connection(page=Page(query, order, window))


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list's resolver gives: its rows, in an order of its own choice."""

    query: QuerySet[Any]
    order: Sequence[str]


class _Paged(FieldExtension):
    """Gives a field the four arguments of a connection, and pages what its resolver gives."""

    def apply(self, field: StrawberryField) -> None:
        field.arguments = field.arguments + [
            StrawberryArgument(
                python_name=name,
                graphql_name=None,
                type_annotation=StrawberryAnnotation(kind | None),
                description=description,
                default=None,
            )
            for name, (kind, description) in ARGUMENTS.items()
        ]

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Any, info: strawberry.Info, **kwargs: Any
    ) -> Connection[Any]:
        window = Window(**{name: kwargs.pop(name, None) for name in ARGUMENTS})
        listed = await next_(source, info, **kwargs)
        return page(listed.query, listed.order, window)


def by(column: str, *, ascending: bool = False) -> tuple[str, ...]:
    """An order by a column, made definite by the key."""
    sign = "" if ascending else "-"
    return tuple(dict.fromkeys((sign + column, f"{sign}id")))


def listed(kind: Any, description: str) -> Callable[[Method], Method]:
    """A list in pages. Its resolver gives the rows the viewer may see, as `Listed`."""

    def declare(method: Method) -> Method:
        connection = Connection[kind]
        field: Any = strawberry.field(
            graphql_type=connection, description=description, extensions=[_Paged()]
        )
        made: Method = field(method)
        return made

    return declare
