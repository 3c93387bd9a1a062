"""Points follow what reception and outlets do, in the same transaction."""

from domain.items.models import Item
from domain.kit.actor import Actor
from domain.kit.hooks import Happening, on
from domain.outlets.models import Adoption
from domain.points import actions


async def item_submitted(*, actor: Actor, item: Item) -> None:
    await actions.count_submission(actor, item)


async def item_withdrawn(*, actor: Actor, item: Item) -> None:
    await actions.reverse_submission(actor, item)


async def adoption_confirmed(*, actor: Actor, adoption: Adoption) -> None:
    await actions.count_adoption(actor, adoption)


async def adoption_withdrawn(*, actor: Actor, adoption: Adoption) -> None:
    await actions.reverse_adoption(actor, adoption)


on(Happening.ITEM_SUBMITTED, item_submitted)
on(Happening.ITEM_WITHDRAWN, item_withdrawn)
on(Happening.ADOPTION_CONFIRMED, adoption_confirmed)
on(Happening.ADOPTION_WITHDRAWN, adoption_withdrawn)
