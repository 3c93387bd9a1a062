"""Which items an actor may see, and named selections of them. One door: `visible_to`."""

import re
from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from domain.items import rules
from domain.items.models import Attachment, Item, ItemOffice, ItemRevision, ItemState
from domain.kit import clock
from domain.kit.actor import Actor, Duty, Scope
from domain.kit.errors import NotFound
from domain.kit.models import StoredFile

RELATED = ("unit", "topic")
NOTHING = Q(id__in=[])
SHA256 = re.compile("[0-9a-f]{64}")


def visible_to(actor: Actor) -> QuerySet[Item]:
    """The items an actor may see (R12, R16; C2). Unknown and forbidden look the same.

    One's own unit: everything, for those whose duty is its items. Offices: what was submitted
    to them. Publicity department: what was submitted; supervision office: of that, what is not
    restricted. Tokens never see restricted items, not even their own unit's.
    """
    return Item.filter(_seen_by(actor)).select_related(*RELATED)


def visible_ids(actor: Actor) -> Subquery:
    """For what hangs on items and is visible as they are: `filter(item_id__in=visible_ids(…))`."""
    return Subquery(Item.filter(_seen_by(actor)).values("id"))


def _seen_by(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    return _seen_by_token(actor) if actor.is_token else _seen_by_person(actor)


def _seen_by_person(actor: Actor) -> Q:
    seen = Q(unit_id__in=own_units(actor)) if own_units(actor) else NOTHING
    if actor.offices:
        seen |= Q(id__in=_received_at(actor.offices))
    if actor.has(Duty.PUBLICITY_DEPARTMENT):
        seen |= Q(submitted_at__isnull=False)
    if actor.has(Duty.SUPERVISION_OFFICE):
        seen |= Q(submitted_at__isnull=False, restricted=False)
    return seen


def _seen_by_token(actor: Actor) -> Q:
    if actor.unit_id is not None:
        mine = actor.has_scope(Scope.READ) or actor.has_scope(Scope.SUBMIT)
        may_adopt = actor.has_scope(Scope.ADOPT)
        submitted = Q() if mine else Q(submitted_at__isnull=False)
        return (
            Q(unit_id=actor.unit_id, restricted=False) & submitted if mine or may_adopt else NOTHING
        )
    if actor.has_scope(Scope.READ) or actor.has_scope(Scope.ADOPT):
        return Q(submitted_at__isnull=False, restricted=False)
    return NOTHING


def _received_at(offices: Iterable[UUID]) -> Subquery:
    """Submitted to an office, not only addressed to it: a new addressee waits for the signature."""
    return Subquery(Item.filter(receptions__office_id__in=list(offices)).values("id"))


def own_units(actor: Actor) -> frozenset[UUID]:
    """The units whose drafts the actor works on or signs."""
    return frozenset(held.unit_id for held in actor.held if held.duty in rules.UNIT_DUTIES)


def is_own(actor: Actor, item: Item) -> bool:
    """Whether the actor reads the unit's working text, not only what the unit handed in."""
    if actor.is_token:
        works = actor.has_scope(Scope.READ) or actor.has_scope(Scope.SUBMIT)
        return works and item.unit_id == actor.unit_id
    return actor.is_system or item.unit_id in own_units(actor)


async def get(actor: Actor, item_id: UUID) -> Item:
    """With unit and topic loaded. Raises NotFound."""
    item = await visible_to(actor).get_or_none(id=item_id)
    if item is None:
        raise NotFound
    return item


async def lock(actor: Actor, item_id: UUID) -> Item:
    """For the rest of the transaction, with unit and topic loaded. Raises NotFound."""
    held = visible_to(actor).select_for_update(of=("item",), no_key=True)
    item = await held.get_or_none(id=item_id)
    if item is None:
        raise NotFound
    return item


def with_state(actor: Actor, *states: ItemState) -> QuerySet[Item]:
    """Visible items in these states, latest change first."""
    return visible_to(actor).filter(state__in=states).order_by("-updated_at", "-id")


def of_unit(actor: Actor, unit_id: UUID) -> QuerySet[Item]:
    """A unit's visible items, newest first."""
    return visible_to(actor).filter(unit_id=unit_id).order_by("-created_at", "-id")


def month_of(actor: Actor, unit_id: UUID, month: clock.Month) -> QuerySet[Item]:
    """What a unit first submitted in a month of the county's calendar, oldest first."""
    return (
        visible_to(actor)
        .filter(
            unit_id=unit_id,
            submitted_at__gte=clock.at(month.first),
            submitted_at__lt=clock.at(month.next.first),
        )
        .order_by("submitted_at", "id")
    )


async def attachments(item_id: UUID) -> list[Attachment]:
    return await Attachment.filter(item_id=item_id).order_by("position")


async def office_ids(item_id: UUID) -> set[object]:
    return set(await ItemOffice.filter(item_id=item_id).values_list("office_id", flat=True))


async def was_laid(item_id: UUID) -> bool:
    """Whether any text of the item was ever laid before a leader."""
    return await ItemRevision.exists(item_id=item_id)


async def revision(item: Item, sha256: str) -> ItemRevision | None:
    """The text as it was laid under that fingerprint; the caller may see the item."""
    return await ItemRevision.get_or_none(item_id=item.id, content_sha256=sha256)


async def revisions(item: Item) -> list[ItemRevision]:
    """Every text that was laid before a leader, oldest first."""
    return await ItemRevision.filter(item_id=item.id).order_by("created_at", "id")


async def shown_attachments(actor: Actor, item: Item) -> list[Attachment]:
    """The files this actor may open: others than the unit only what was handed in, signed."""
    present = await attachments(item.id)
    if is_own(actor, item):
        return present
    signed = await _files_handed_in(item.id)
    return [each for each in present if each.sha256 in signed]


async def attachment(actor: Actor, attachment_id: UUID) -> Attachment:
    """Raises NotFound, also when the item may not be seen or the file was not handed in yet."""
    found = await Attachment.get_or_none(id=attachment_id, item_id__in=visible_ids(actor))
    if found is None:
        raise NotFound
    await found.fetch_related("item")
    if not is_own(actor, found.item) and found.sha256 not in await _files_handed_in(found.item_id):
        raise NotFound
    return found


async def file_of(actor: Actor, item_id: UUID, sha256: str) -> StoredFile:
    """A file of a text that was laid or handed in, also when it was taken off since.

    Raises NotFound.
    """
    item = await get(actor, item_id)
    if is_own(actor, item):
        revised = await ItemRevision.filter(item_id=item.id)
        allowed = {each.sha256 for each in await attachments(item.id)} | _files_in(revised)
    else:
        allowed = await _files_handed_in(item.id)
    stored = await stored_file(sha256) if sha256 in allowed else None
    if stored is None:
        raise NotFound
    return stored


async def _files_handed_in(item_id: object) -> set[str]:
    """The files of every revision that some office was given."""
    held = Item.filter(id=item_id).values_list("receptions__content_sha256", flat=True)
    given = [str(sha256) for sha256 in await held if sha256]
    return _files_in(await ItemRevision.filter(item_id=item_id, content_sha256__in=given))


def _files_in(revised: Iterable[ItemRevision]) -> set[str]:
    listed = [cast("list[Any]", each.content["attachments"]) for each in revised]
    return {file["sha256"] for files in listed for file in files}


async def stored_file(sha256: str) -> StoredFile | None:
    """What is known of a kept file; whoever asks has checked the right to it."""
    if not SHA256.fullmatch(sha256):
        return None
    return await StoredFile.get_or_none(sha256=sha256)
