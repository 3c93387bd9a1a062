"""Rows by key, gathered over a whole answer: one statement a kind, however long the list.

Loaders belong to one request and one viewer. They go through the feature's `visible_to`, so a
nested path shows no more than a list does.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any
from uuid import UUID

from strawberry.dataloader import DataLoader
from tortoise.models import Model
from tortoise.queryset import QuerySet

from domain.kit.actor import Actor

Row = Model
Visible = Callable[[Actor], QuerySet[Any]]
Batch = Callable[[Actor, list[Any]], Awaitable[list[Any]]]

_visible: dict[type[Model], Visible] = {}


def show(model: type[Model], visible: Visible) -> None:
    """State once how rows of a table are seen; parts of a visible row need no statement."""
    _visible[model] = visible


def visible_to(actor: Actor, model: type[Model]) -> QuerySet[Any]:
    return _visible[model](actor) if model in _visible else model.all()


class Loaders:
    """What one request has asked for so far."""

    def __init__(self, viewer: Actor | None) -> None:
        self._viewer = viewer
        self._made: dict[Hashable, DataLoader[Any, Any]] = {}

    def clear(self) -> None:
        """Forget everything: a mutation has changed what was read."""
        self._made.clear()

    def by(self, batch: Batch) -> DataLoader[Any, Any]:
        """A loader over `batch(actor, keys)`, which answers in the order of the keys."""
        return self._loader(batch, batch)

    def one(self, model: type[Model]) -> DataLoader[UUID, Row | None]:
        """Rows by primary key; None where the viewer sees none."""

        async def batch(actor: Actor, keys: list[Any]) -> list[Row | None]:
            rows = await visible_to(actor, model).filter(pk__in=keys)
            found = {row.pk: row for row in rows}
            return [found.get(key) for key in keys]

        return self._loader(("one", model), batch)

    def many(self, model: type[Model], key: str, *order: str) -> DataLoader[UUID, list[Row]]:
        """The rows that point to each key, in order."""

        async def batch(actor: Actor, keys: list[Any]) -> list[list[Row]]:
            rows = await visible_to(actor, model).filter(**{f"{key}__in": keys}).order_by(*order)
            found: dict[Any, list[Row]] = defaultdict(list)
            for row in rows:
                found[getattr(row, key)].append(row)
            return [found[each] for each in keys]

        return self._loader(("many", model, key, order), batch)

    def _loader(self, name: Hashable, batch: Batch) -> DataLoader[Any, Any]:
        if name not in self._made:
            self._made[name] = DataLoader(load_fn=lambda keys: self._load(batch, keys))
        return self._made[name]

    async def _load(self, batch: Batch, keys: list[Any]) -> list[Any]:
        return [None] * len(keys) if self._viewer is None else await batch(self._viewer, keys)
