"""Messages of one's own units."""

from uuid import UUID

from tortoise.queryset import QuerySet

from domain.kit import text
from domain.kit.actor import Actor
from domain.kit.errors import NotFound
from domain.notices.models import Message


def visible_to(actor: Actor) -> QuerySet[Message]:
    """What the actor's own units were told. Tokens are told nothing: titles may be restricted."""
    if actor.is_system:
        return Message.all()
    if actor.person_id is None:
        return Message.filter(id__in=[])
    return Message.filter(unit_id__in={held.unit_id for held in actor.held})


def unread(actor: Actor) -> QuerySet[Message]:
    """Newest first, until somebody of the unit has read them."""
    return visible_to(actor).filter(read_at=None).order_by("-created_at", "-id")


async def lock(actor: Actor, message_id: UUID) -> Message:
    """For the rest of the transaction. Raises NotFound."""
    message = await visible_to(actor).select_for_update().get_or_none(id=message_id)
    if message is None:
        raise NotFound
    return message


def sentence(message: Message, language: text.Language) -> str:
    """What the message says, e.g. 「〈牧场通电〉被退回修改：请补充数据。」."""
    return text.say("notices", message.code, language, **message.facts)
