"""The words of an item: to its unit as they stand now, to everyone else as last handed in."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import strawberry

from domain.items import queries as items
from domain.items.models import Item, ItemRevision, ItemState
from domain.kit.actor import Actor
from domain.reception.models import Reception
from schema.context import Info

AS_HANDED_IN = (ItemState.SUBMITTED, ItemState.WITHDRAWN)


async def _handed_in(actor: Actor, keys: Sequence[UUID]) -> list[dict[str, Any]]:
    """As `reception.queries.shown_text`, for many: what one's office holds, else the latest."""
    held = await Reception.filter(item_id__in=keys).order_by("submitted_at", "-id")
    ranked = sorted(held, key=lambda row: row.office_id in actor.offices)
    hashes = {row.item_id: row.content_sha256 for row in ranked}
    laid = await ItemRevision.filter(item_id__in=keys, content_sha256__in=list(hashes.values()))
    texts = {(row.item_id, row.content_sha256): row.content for row in laid}
    return [texts.get((each, hashes.get(each, "")), {}) for each in keys]


def text_of(column: str) -> Callable[..., Awaitable[str]]:
    """A resolver for one of an item's texts."""

    async def resolve(root: strawberry.Parent[Item], info: Info) -> str:
        if root.state in AS_HANDED_IN or items.is_own(info.context.actor, root):
            return str(getattr(root, column))
        content = await info.context.loaders.by(_handed_in).load(root.id)
        return str(content.get(column, ""))

    return resolve
