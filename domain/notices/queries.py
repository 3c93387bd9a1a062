"""Messages of one's own units."""

from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain.kit import text
from domain.kit.actor import Actor, Duty
from domain.kit.errors import NotFound
from domain.notices.models import Message

WORKING_ON_ITEMS = (
    Duty.CORRESPONDENT,
    Duty.CONFIDENTIALITY_REVIEWER,
    Duty.LEADER_IN_CHARGE,
    Duty.PRINCIPAL_LEADER,
)


def visible_to(actor: Actor) -> QuerySet[Message]:
    """What the actor's own units were told. Tokens are told nothing: titles may be restricted.

    Of items only those are told whose work they are, not whoever else is appointed there.
    """
    if actor.is_system:
        return Message.all()
    if actor.person_id is None:
        return Message.filter(id__in=[])
    working = {held.unit_id for held in actor.held if held.duty in WORKING_ON_ITEMS}
    return Message.filter(
        Q(unit_id__in=working)
        | Q(unit_id__in={held.unit_id for held in actor.held}, item_id__isnull=True)
    )


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
