"""Telling units, and their having read it."""

from uuid import UUID

import orjson

from domain.kit import audit, clock
from domain.kit.actor import Actor
from domain.kit.db import work
from domain.notices import queries
from domain.notices.models import Message


async def tell(
    unit_id: UUID | str, code: str, *, key: str, item_id: UUID | None = None, **facts: object
) -> bool:
    """Leave a message for a unit, in the transaction of what it tells. (A9, G4)

    `code` is a sentence of [notices], `facts` fill it. `key` names the occasion, e.g.
    "returned:<item>:<office>:<round>": telling it a second time changes nothing and is False.
    """
    message = Message(
        unit_id=unit_id,
        code=code,
        key=key,
        item_id=item_id,
        facts=orjson.loads(orjson.dumps(facts, default=str)),
        created_at=clock.now(),
    )
    async with work():
        await Message.bulk_create([message], ignore_conflicts=True)
        return await Message.exists(id=message.id)


async def read(actor: Actor, message_id: UUID) -> Message:
    """Take a message off the unit's home page. Reading it twice changes nothing."""
    async with work():
        message = await queries.lock(actor, message_id)
        if message.read_at is None:
            message.read_at = clock.now()
            await message.save(update_fields=["read_at"])
            audit.record(actor, "read", "message", message.id, code=message.code)
        return message
