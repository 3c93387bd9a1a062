"""Outlets for everyone; adoptions for those who may see their item."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain.items import queries as items
from domain.kit import clock
from domain.kit.actor import Actor
from domain.kit.errors import NotFound
from domain.outlets.models import Adoption, AdoptionState, MediaOutlet


def visible_outlets(actor: Actor) -> QuerySet[MediaOutlet]:
    """The register is open to everyone who is signed in, and to tokens."""
    known = actor.is_system or actor.is_token or actor.person_id is not None
    return (MediaOutlet.all() if known else MediaOutlet.filter(id__in=[])).order_by(
        "position", "id"
    )


def running(actor: Actor, on: date | None = None) -> QuerySet[MediaOutlet]:
    """The outlets that run on a day (default: today)."""
    day = on or clock.today()
    ends = Q(valid_until=None) | Q(valid_until__gte=day)
    return visible_outlets(actor).filter(ends, valid_from__lte=day)


async def get_outlet(actor: Actor, outlet_id: UUID) -> MediaOutlet:
    """Raises NotFound."""
    outlet = await visible_outlets(actor).get_or_none(id=outlet_id)
    if outlet is None:
        raise NotFound
    return outlet


async def lock_outlet(actor: Actor, outlet_id: UUID) -> MediaOutlet:
    """For the rest of the transaction. Raises NotFound."""
    held = visible_outlets(actor).select_for_update(no_key=True)
    outlet = await held.get_or_none(id=outlet_id)
    if outlet is None:
        raise NotFound
    return outlet


async def is_name_taken(name: str, but: object | None = None) -> bool:
    return await MediaOutlet.filter(name=name).exclude(id=but).exists()


def visible_to(actor: Actor) -> QuerySet[Adoption]:
    """Visible as its item is (R16), with item, its unit and the outlet loaded."""
    seen = Adoption.filter(item_id__in=items.visible_ids(actor))
    return seen.select_related("item__unit", "outlet")


def waiting(actor: Actor) -> QuerySet[Adoption]:
    """Recorded and not yet confirmed, the oldest first; one's own wait for somebody else."""
    return visible_to(actor).filter(state=AdoptionState.RECORDED).order_by("recorded_at", "id")


def of_item(actor: Actor, item_id: UUID) -> QuerySet[Adoption]:
    """An item's adoptions, withdrawn ones too, in order of their day."""
    return visible_to(actor).filter(item_id=item_id).order_by("adopted_on", "id")


async def get(actor: Actor, adoption_id: UUID) -> Adoption:
    """Raises NotFound."""
    adoption = await visible_to(actor).get_or_none(id=adoption_id)
    if adoption is None:
        raise NotFound
    return adoption


async def lock(actor: Actor, adoption_id: UUID) -> Adoption:
    """For the rest of the transaction, with item and outlet loaded. Raises NotFound."""
    held = visible_to(actor).select_for_update(of=("adoption",), no_key=True)
    adoption = await held.get_or_none(id=adoption_id)
    if adoption is None:
        raise NotFound
    return adoption


async def standing(item_id: object, outlet_id: object) -> Adoption | None:
    """The adoption of an item by an outlet that was not withdrawn."""
    return await Adoption.exclude(state=AdoptionState.WITHDRAWN).get_or_none(
        item_id=item_id, outlet_id=outlet_id
    )


async def has_adoptions(item_id: object) -> bool:
    """Whether any outlet is on record as having run it."""
    return await Adoption.filter(item_id=item_id).exclude(state=AdoptionState.WITHDRAWN).exists()


async def next_position() -> int:
    last = await MediaOutlet.all().order_by("-position").first()
    return last.position + 1 if last else 1


async def confirmed(item_ids: Collection[object]) -> dict[object, list[Adoption]]:
    """The adoptions of several items that count, first one first; the caller may see the items."""
    found: dict[object, list[Adoption]] = {}
    rows = Adoption.filter(item_id__in=list(item_ids), state=AdoptionState.CONFIRMED)
    for adoption in await rows.order_by("adopted_on", "id"):
        found.setdefault(adoption.item_id, []).append(adoption)
    return found
