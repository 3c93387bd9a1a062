"""The offices' inboxes, and an item's way as its unit may follow it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise.functions import Count
from tortoise.queryset import QuerySet

from domain.items import queries as items
from domain.items.models import Item, ItemRevision, ItemState
from domain.kit.actor import Actor, Duty
from domain.kit.errors import NotFound
from domain.reception import rules
from domain.reception.models import Reception, ReceptionEvent, ReceptionState


def visible_to(actor: Actor) -> QuerySet[Reception]:
    """As its item is visible (R16), with item, unit and office loaded.

    An office's editors see the other offices' states of an item they have themselves.
    """
    seen = Reception.filter(item_id__in=items.visible_ids(actor))
    return seen.select_related("item__unit", "item__topic", "office")


def inbox(actor: Actor, state: ReceptionState | None = None) -> QuerySet[Reception]:
    """What lies at the actor's own offices, longest waiting first."""
    mine = visible_to(actor).filter(office_id__in=list(actor.offices))
    chosen = mine.filter(state=state) if state else mine.exclude(state=ReceptionState.WITHDRAWN)
    return chosen.order_by("submitted_at", "id")


def of_item(actor: Actor, item_id: UUID) -> QuerySet[Reception]:
    """Every office's state of one item, in the offices' order."""
    return visible_to(actor).filter(item_id=item_id).order_by("office__position")


def returned_to(actor: Actor) -> QuerySet[Reception]:
    """What offices sent back to the actor's own units and still waits there (A9)."""
    waiting = visible_to(actor).filter(
        state=ReceptionState.RETURNED, item__unit_id__in=list(items.own_units(actor))
    )
    return waiting.order_by("-updated_at", "-id")


async def get(actor: Actor, reception_id: UUID) -> Reception:
    """Raises NotFound."""
    reception = await visible_to(actor).get_or_none(id=reception_id)
    if reception is None:
        raise NotFound
    return reception


async def lock(actor: Actor, reception_id: UUID) -> Reception:
    """Item first, then reception, for the rest of the transaction. Raises NotFound.

    Everyone who holds both takes them in this order, so that nobody waits in a circle.
    """
    seen = await get(actor, reception_id)
    item = await items.lock(actor, seen.item.id)
    held = visible_to(actor).select_for_update(of=("reception",), no_key=True)
    reception = await held.get_or_none(id=reception_id)
    if reception is None:
        raise NotFound
    reception.item = item
    return reception


async def lock_all(item: Item) -> list[Reception]:
    """Every office's row of a locked item."""
    held = Reception.filter(item_id=item.id).select_for_update(of=("reception",), no_key=True)
    return await held.select_related("office").order_by("id")


async def awaits_leader(reception: Reception) -> bool:
    """Raised to 重大, and the principal leader has not signed the text this office holds."""
    if not reception.item.is_major:
        return False
    return not await Item.exists(
        id=reception.item.id,
        sign_offs__step=Duty.PRINCIPAL_LEADER,
        sign_offs__decision="signed",
        sign_offs__content_sha256=reception.content_sha256,
    )


async def text_held(reception: Reception) -> ItemRevision:
    """Exactly what this office was given, whatever the unit is working on since."""
    return await ItemRevision.get(
        item_id=reception.item_id, content_sha256=reception.content_sha256
    )


async def shown_text(actor: Actor, item: Item) -> dict[str, object] | None:
    """The text of an item as this actor may read it.

    None: read the item itself. Otherwise the unit is revising what it handed in, and others
    read the revision their office holds, or the one handed in last: nothing leaves a unit
    unsigned. Keys as in `items.rules.content_of`.
    """
    if item.state in (ItemState.SUBMITTED, ItemState.WITHDRAWN) or items.is_own(actor, item):
        return None
    held = Reception.filter(item_id=item.id).order_by("-submitted_at", "id")
    mine = await held.filter(office_id__in=list(actor.offices)).first() or await held.first()
    if mine is None:
        return None
    return (await text_held(mine)).content


class StepKind(StrEnum):
    CREATED = "created"
    SUBMITTED = "submitted"
    AT_OFFICE = "at_office"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an item's way, for a timeline."""

    at: datetime
    kind: StepKind
    who: str = ""
    office: str = ""
    state: ReceptionState | None = None
    reason: str = ""


async def way(item: Item) -> list[Step]:
    """From draft to every office's verdict, oldest first; the caller may see the item."""
    steps = [Step(item.created_at, StepKind.CREATED, who=item.reporter)]
    if item.submitted_at:
        steps.append(Step(item.submitted_at, StepKind.SUBMITTED, who=item.unit.name))
    events = await ReceptionEvent.filter(reception__item_id=item.id).select_related(
        "reception__office"
    )
    return sorted(steps + [_step(event) for event in events], key=lambda step: step.at)


def _step(event: ReceptionEvent) -> Step:
    office = event.reception.office.name
    return Step(event.at, StepKind.AT_OFFICE, event.handler_name, office, event.state, event.reason)


def next_states(reception: Reception) -> frozenset[ReceptionState]:
    """What the office may do next, for its buttons."""
    unit_only = {ReceptionState.WITHDRAWN, ReceptionState.SUBMITTED}
    return rules.NEXT[reception.state] - unit_only


async def counts(actor: Actor) -> dict[ReceptionState, int]:
    """How much lies at the actor's own offices in each state. One statement."""
    rows = await (
        Reception.filter(office_id__in=list(actor.offices))
        .annotate(number=Count("id"))
        .group_by("state")
        .values_list("state", "number")
    )
    return {ReceptionState(state): number for state, number in rows}


async def of_items(actor: Actor, item_ids: Collection[object]) -> dict[object, list[Reception]]:
    """Every office's state of several items, in the offices' order. One statement."""
    found: dict[object, list[Reception]] = {}
    rows = visible_to(actor).filter(item_id__in=list(item_ids)).order_by("office__position")
    for reception in await rows:
        found.setdefault(reception.item_id, []).append(reception)
    return found
