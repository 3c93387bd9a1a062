"""What a unit does with its own items, until they are signed."""

from collections.abc import Collection
from datetime import date
from typing import Any, Unpack
from uuid import UUID

from domain.items import attaching, completeness, inputs, queries, rules
from domain.items.models import (
    Attachment,
    InformationType,
    Item,
    ItemOffice,
    ItemRevision,
    ItemState,
    SubmissionChannel,
)
from domain.kit import audit, clock
from domain.kit.actor import Actor
from domain.kit.db import work
from domain.kit.errors import NotFound
from domain.units import queries as units
from domain.units.models import Unit


async def create(
    actor: Actor,
    *,
    title: str,
    occurred_on: date,
    unit_id: UUID | None = None,
    reporter: str = "",
    channel: SubmissionChannel = SubmissionChannel.WEB,
    **fields: Unpack[inputs.Fields],
) -> Item:
    """Begin a draft of the actor's own unit (A3). It may be incomplete.

    The reporter is the person who writes; a token names him (R60) and writes for its unit.
    `unit_id` chooses among several units of one's own. Marked texts are refused and not kept.
    Raises DutyRequired, ScopeMissing, RestrictedByToken, MarkedClassified, Invalid.
    """
    changes = inputs.tidied(
        {"title": title, "occurred_on": occurred_on, "reporter": reporter, **fields}
    )
    await attaching.refuse_marks(actor, inputs.texts(changes))
    own = rules.authoring_unit(actor, unit_id)
    async with work():
        unit = await units.get(actor, own)
        rules.check_unit_open(unit, clock.today())
        item = _blank(actor, unit, SubmissionChannel.API if actor.is_token else channel)
        if actor.person_id is not None:
            changes.pop("reporter")
        completeness.check_reporter(item.reporter or changes["reporter"])
        await inputs.apply(item, changes, offices_before=set())
        rules.check_token_may_hold(actor, restricted=item.restricted)
        item.content_sha256 = rules.content_sha256(rules.content_of(item, []))
        await item.save(force_create=True)
        await _address(item, changes.get("office_ids"))
        audit.record(actor, "create", "item", item.id, sha256=item.content_sha256)
    return item


async def save(
    actor: Actor,
    item_id: UUID,
    *,
    expected_version: int | None = None,
    **changes: Unpack[inputs.Changes],
) -> Item:
    """Change an item that is in the unit's hands; what is not named stays as it is.

    Signed text that changes is void: the item is a draft again (or stays returned), its
    `content_sha256` no longer matches any signature, and the trail says so. The result's
    `state` tells the caller. Raising to 重大 keeps the text and its first signature.
    Raises ItemChanged with both texts when somebody saved in between, NotInHand, MajorStays,
    OfficeHoldsIt, MarkedClassified and the refusals of `create`.
    """
    given = inputs.tidied(dict(changes))
    await attaching.refuse_marks(actor, inputs.texts(given))
    async with work():
        item = await queries.lock(actor, item_id)
        rules.check_may_write(actor, item.unit_id)
        _check_unchanged(item, expected_version, given)
        rules.check_in_hand(item.state)
        await _change(actor, item, given)
    return item


async def lay_for_sign_off(
    actor: Actor, item_id: UUID, *, expected_version: int | None = None
) -> Item:
    """Lay the finished text before the unit's leaders (二(一)); its revision is kept for good.

    Raises every missing field at once (A2), AlreadyLaid, NotInHand.
    """
    async with work():
        item = await queries.lock(actor, item_id)
        rules.check_may_write(actor, item.unit_id)
        _check_unchanged(item, expected_version, {})
        rules.check_can_be_laid(item.state)
        attachments = await queries.attachments(item.id)
        completeness.check_complete(
            item,
            office_ids=await queries.office_ids(item.id),
            has_picture=any(attaching.is_picture(each) for each in attachments),
            today=clock.today(),
        )
        content = rules.content_of(item, attachments)
        item.content_sha256 = rules.content_sha256(content)
        await _keep_revision(item, content)
        await _to(item, ItemState.PENDING_SIGN_OFF)
        audit.record(actor, "lay-for-sign-off", "item", item.id, sha256=item.content_sha256)
    return item


async def take_back(actor: Actor, item_id: UUID, *, expected_version: int | None = None) -> Item:
    """Take an item back from the leaders before it was submitted, to work on it.

    Raises NotPending.
    """
    async with work():
        item = await queries.lock(actor, item_id)
        rules.check_may_write(actor, item.unit_id)
        _check_unchanged(item, expected_version, {})
        rules.check_can_be_taken_back(item.state)
        await _to(item, ItemState.RETURNED if item.submitted_at else ItemState.DRAFT)
        audit.record(actor, "take-back", "item", item.id)
    return item


async def attach(
    actor: Actor,
    item_id: UUID,
    *,
    name: str,
    content: bytes,
    caption: str = "",
    expected_version: int | None = None,
) -> Attachment:
    """Put a picture or document under an item: JPG, PNG, WebP, PDF, DOCX, XLSX or TXT.

    Signed text includes its attachments: adding one voids the signatures. At most 9 of 20 MB;
    pictures need a caption (A5). Raises the refusals of `uploads`, MarkedClassified, NotInHand.
    """
    found = await attaching.inspect(actor, name, content, caption)
    async with work():
        item = await queries.lock(actor, item_id)
        rules.check_may_write(actor, item.unit_id)
        _check_unchanged(item, expected_version, {})
        rules.check_in_hand(item.state)
        attachment = await attaching.add(item, found, content, rules.tidy(caption))
        await _text_changed(actor, item, "attach")
    return attachment


async def detach(
    actor: Actor, item_id: UUID, attachment_id: UUID, *, expected_version: int | None = None
) -> Item:
    """Take a file from under an item; revisions that were laid with it keep it.

    Voids the signatures, as `attach`. Raises NotFound, NotInHand.
    """
    async with work():
        item = await queries.lock(actor, item_id)
        rules.check_may_write(actor, item.unit_id)
        _check_unchanged(item, expected_version, {})
        rules.check_in_hand(item.state)
        if not await Attachment.filter(id=attachment_id, item_id=item.id).delete():
            raise NotFound
        await _text_changed(actor, item, "detach")
    return item


def _blank(actor: Actor, unit: Unit, channel: SubmissionChannel) -> Item:
    moment = clock.now()
    is_person = actor.person_id is not None
    return Item(
        unit=unit,
        author_id=actor.person_id,
        reporter=actor.name if is_person else "",
        information_type=InformationType.DYNAMIC,
        channel=channel,
        content_sha256="",
        created_at=moment,
        updated_at=moment,
    )


def _check_unchanged(item: Item, expected: int | None, mine: dict[str, Any]) -> None:
    if expected is not None and expected != item.version:
        theirs = {key: getattr(item, key) for key in mine if key != "office_ids"}
        raise rules.ItemChanged(expected, item.version, mine, theirs)


async def _change(actor: Actor, item: Item, given: dict[str, Any]) -> None:
    was_major, was_restricted = item.is_major, item.restricted
    laid = await queries.was_laid(item.id)
    rules.check_weight(was=was_major, becomes=given.get("is_major", was_major), laid=laid)
    if item.author_id is not None:
        given.pop("reporter", None)
    before = await queries.office_ids(item.id) if item.submitted_at else set()
    await inputs.apply(item, given, offices_before=before)
    rules.check_token_may_hold(actor, restricted=item.restricted or was_restricted)
    await _address(item, given.get("office_ids"))
    await _text_changed(actor, item, "save", raised=item.is_major and not was_major)


async def _address(item: Item, office_ids: Collection[UUID] | None) -> None:
    """Have exactly these offices addressed; None leaves them as they are."""
    if office_ids is None:
        return
    await ItemOffice.filter(item_id=item.id).exclude(office_id__in=list(office_ids)).delete()
    rows = [ItemOffice(item_id=item.id, office_id=each) for each in set(office_ids)]
    await ItemOffice.bulk_create(rows, ignore_conflicts=True)


async def _text_changed(actor: Actor, item: Item, verb: str, *, raised: bool = False) -> None:
    """Settle fingerprint and state after a change, save, and note it in the trail."""
    sha256 = rules.content_sha256(rules.content_of(item, await queries.attachments(item.id)))
    changed, was = sha256 != item.content_sha256, item.state
    item.content_sha256 = sha256
    state = rules.state_after_edit(
        was, text_changed=changed, raised=raised, submitted_before=item.submitted_at is not None
    )
    await _to(item, state)
    audit.record(actor, verb, "item", item.id, sha256=sha256, text_changed=changed)
    if changed and was in (ItemState.PENDING_SIGN_OFF, ItemState.SIGNED_OFF):
        audit.record(actor, "void-sign-off", "item", item.id, sha256=sha256)


async def _to(item: Item, state: ItemState) -> None:
    item.state = state
    item.version += 1
    item.updated_at = clock.now()
    await item.save()


async def _keep_revision(item: Item, content: dict[str, object]) -> None:
    row = ItemRevision(
        item_id=item.id,
        round=item.round,
        content=content,
        content_sha256=item.content_sha256,
        created_at=clock.now(),
    )
    await ItemRevision.bulk_create([row], ignore_conflicts=True)
