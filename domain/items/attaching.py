"""Files under items, and marks in whatever is handed in; used by `actions`."""

import asyncio
from weakref import WeakKeyDictionary

from domain.items import files, marks, queries, uploads
from domain.items.models import Attachment, Item
from domain.items.uploads import Inspected
from domain.kit import audit
from domain.kit.actor import Actor
from domain.kit.db import work

AT_ONCE = 2
"""Files parsed at the same time: a picture of 40 million points takes 160 MB while it is."""
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _turn() -> asyncio.Semaphore:
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))


def is_picture(attachment: Attachment) -> bool:
    return attachment.media_type in uploads.PICTURES


async def refuse_marks(actor: Actor, texts: list[tuple[str, str]]) -> None:
    """Refuse marked content before any of it is kept; the trail notes who, when, which rule.

    Raises MarkedClassified. To be called before the action's own unit of work is opened,
    or the note is undone with it.
    """
    hit = await asyncio.to_thread(marks.first_hit, texts)
    if hit is None:
        return
    field, rule = hit
    async with work():
        audit.record(actor, "refuse-marked", "item", "-", rule=rule)
    raise marks.MarkedClassified(field)


async def inspect(actor: Actor, name: str, content: bytes, caption: str = "") -> Inspected:
    """Judge an upload off the event loop, and refuse marks in its name, caption or words."""
    await refuse_marks(actor, [("content", name), ("caption", caption)])
    async with _turn():
        found = await asyncio.to_thread(uploads.inspect, name, content)
    await refuse_marks(actor, [("content", found.text)])
    return found


async def add(item: Item, found: Inspected, content: bytes, caption: str) -> Attachment:
    """Keep the file and put it under the item, last. Raises TooManyFiles, CaptionMissing."""
    present = await queries.attachments(item.id)
    uploads.check_count(len(present))
    uploads.check_caption(caption, is_picture=found.is_picture)
    return await Attachment.create(
        item_id=item.id,
        sha256=await files.keep(content, found.media_type),
        name=found.name,
        media_type=found.media_type,
        size=len(content),
        caption=caption,
        position=max((each.position for each in present), default=0) + 1,
    )
