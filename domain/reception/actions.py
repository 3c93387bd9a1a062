"""Submitting an item to its offices, and what each office does with it."""

from uuid import UUID

from domain.items import queries as items
from domain.items import rules as item_rules
from domain.items.models import Item, ItemState
from domain.kit import audit, clock, hooks
from domain.kit.actor import Actor
from domain.kit.db import work
from domain.kit.errors import check_version
from domain.kit.hooks import Happening
from domain.notices import actions as notices
from domain.outlets import queries as outlets
from domain.reception import queries, rules
from domain.reception.models import Reception, ReceptionEvent, ReceptionState

NAME_LIMIT = 40
"""Of people; an integration's own name may be longer."""


async def submit(actor: Actor, item_id: UUID, *, expected_version: int | None = None) -> Item:
    """Hand a signed item to the offices it names (R12–R15); its text there is this revision.

    The first time counts as the unit's submission (R18, R19). After a return the new text goes
    to the offices that returned it (`rules.goes_again`) and to newly named ones.
    Raises NotSignedOff.
    """
    async with work():
        item = await items.lock(actor, item_id)
        item_rules.check_may_write(actor, item.unit_id)
        return await _submit(actor, item, expected_version)


async def submit_signed(actor: Actor, item: Item) -> Item:
    """Submit a locked item because its last signature was just given; the signer need not write."""
    async with work():
        return await _submit(actor, item, None)


async def receive(
    actor: Actor, reception_id: UUID, *, expected_version: int | None = None
) -> Reception:
    """签收. Raises StepRefused."""
    return await _step(actor, reception_id, ReceptionState.RECEIVED, "", expected_version)


async def start_editing(
    actor: Actor, reception_id: UUID, *, expected_version: int | None = None
) -> Reception:
    """采编. Raises StepRefused, AwaitsPrincipalLeader."""
    return await _step(actor, reception_id, ReceptionState.IN_EDITING, "", expected_version)


async def mark_adopted(
    actor: Actor, reception_id: UUID, *, expected_version: int | None = None
) -> Reception:
    """采用: the office's verdict; which outlet ran it is an adoption record. The unit is told.

    Raises StepRefused, AwaitsPrincipalLeader.
    """
    return await _step(actor, reception_id, ReceptionState.ADOPTED, "", expected_version)


async def mark_not_adopted(
    actor: Actor, reception_id: UUID, *, reason: str, expected_version: int | None = None
) -> Reception:
    """未采用, with its reason (G4). Raises ReasonMissing, StepRefused."""
    return await _step(actor, reception_id, ReceptionState.NOT_ADOPTED, reason, expected_version)


async def reject(
    actor: Actor, reception_id: UUID, *, reason: str, expected_version: int | None = None
) -> Reception:
    """退稿: final at this office, with its reason. Raises ReasonMissing, StepRefused."""
    return await _step(actor, reception_id, ReceptionState.REJECTED, reason, expected_version)


async def return_for_revision(
    actor: Actor, reception_id: UUID, *, reason: str, expected_version: int | None = None
) -> Reception:
    """退回修改: the unit may edit, have it signed anew and submit again; the round counts up (A9).

    Other offices are not touched. Raises ReasonMissing, StepRefused.
    """
    async with work():
        reception = await _step(
            actor, reception_id, ReceptionState.RETURNED, reason, expected_version
        )
        item = reception.item
        item.round += 1
        await _to(item, rules.state_after_return(item, reception.content_sha256))
    return reception


async def raise_to_major(
    actor: Actor, reception_id: UUID, *, reason: str, expected_version: int | None = None
) -> Reception:
    """Raise to 重大 (R14): the chain reopens for the principal leader.

    The signature of the leader in charge on the same text stays. Every office keeps its state
    and waits with adopting (`queries.awaits_leader`). The unit is told.
    Raises AlreadyMajor, ReasonMissing, StepRefused.
    """
    reason = item_rules.tidy(reason)
    async with work():
        reception = await _locked(actor, reception_id, expected_version)
        item = reception.item
        rules.check_can_raise(item, reception.state)
        rules.check_reason(reason)
        item.is_major = True
        await _to(item, ItemState.PENDING_SIGN_OFF)
        reception.reason = reason
        await _save(actor, reception, reason)
        audit.record(actor, "raise-to-major", "item", item.id, reason=reason)
        await _tell(reception, "raised-to-major", reason)
    return reception


async def withdraw(
    actor: Actor, item_id: UUID, *, reason: str = "", expected_version: int | None = None
) -> Item:
    """撤回, for good, while no office has begun on it; the submission counts no more.

    Raises NotWithdrawable, AlreadyReceived naming the offices, AdoptedSomewhere.
    """
    reason = item_rules.tidy(reason)
    rules.check_reason_length(reason)
    async with work():
        item = await items.lock(actor, item_id)
        item_rules.check_may_write(actor, item.unit_id)
        check_version(expected_version, item.version)
        receptions = await queries.lock_all(item)
        rules.check_can_withdraw(
            item.state,
            [(each.office.name, each) for each in receptions],
            has_adoptions=await outlets.has_adoptions(item.id),
        )
        for reception in receptions:
            reception.state, reception.settled_at = ReceptionState.WITHDRAWN, clock.now()
            await _save(actor, reception, reason)
        await _to(item, ItemState.WITHDRAWN)
        audit.record(actor, "withdraw", "item", item.id, reason=reason)
        await hooks.fire(Happening.ITEM_WITHDRAWN, actor=actor, item=item)
    return item


async def _submit(actor: Actor, item: Item, expected_version: int | None) -> Item:
    check_version(expected_version, item.version)
    rules.check_can_submit(item.state)
    is_first = item.submitted_at is None
    item.submitted_at = item.submitted_at or clock.now()
    await _to(item, ItemState.SUBMITTED)
    await _hand_over(item)
    audit.record(actor, "submit", "item", item.id, sha256=item.content_sha256, round=item.round)
    if is_first:
        await hooks.fire(Happening.ITEM_SUBMITTED, actor=actor, item=item)
    return item


async def _hand_over(item: Item) -> None:
    """A row for each office that lacks one; the new text for those it is meant for."""
    receptions = {reception.office_id: reception for reception in await queries.lock_all(item)}
    for office_id in await items.office_ids(item.id):
        reception = receptions.get(office_id)
        if reception is None:
            await _give(Reception(item_id=item.id, office_id=office_id), item, is_new=True)
            continue
        reception.item = item
        waits = await queries.awaits_leader(reception)
        if rules.goes_again(reception, item, awaits_leader=waits):
            await _give(reception, item, is_new=False)


async def _give(reception: Reception, item: Item, *, is_new: bool) -> None:
    reception.state = ReceptionState.SUBMITTED
    reception.round = item.round
    reception.content_sha256 = item.content_sha256
    reception.submitted_at = reception.updated_at = clock.now()
    reception.settled_at, reception.reason = None, ""
    reception.version += 0 if is_new else 1
    await reception.save(force_create=is_new)
    await _note(reception, item.reporter, "")


async def _step(
    actor: Actor,
    reception_id: UUID,
    wanted: ReceptionState,
    reason: str,
    expected_version: int | None,
) -> Reception:
    """One office's step to another state, noted, and told to the unit where it concerns it."""
    reason = item_rules.tidy(reason)
    async with work():
        reception = await _locked(actor, reception_id, expected_version)
        rules.check_step(reception.state, wanted)
        waits = wanted in rules.NEEDS_SIGNED_TEXT and await queries.awaits_leader(reception)
        rules.check_signed_text(wanted, awaits_leader=waits)
        if wanted in rules.EXPLAINED:
            rules.check_reason(reason)
        reception.state, reception.reason = wanted, reason
        reception.received_at = reception.received_at or clock.now()
        reception.settled_at = clock.now() if wanted in rules.SETTLED else None
        await _save(actor, reception, reason)
        audit.record(actor, wanted.value, "reception", reception.id, reason=reason)
        if wanted in rules.EXPLAINED or wanted is ReceptionState.ADOPTED:
            await _tell(reception, f"office-{wanted.value.replace('_', '-')}", reason)
    return reception


async def _locked(actor: Actor, reception_id: UUID, expected_version: int | None) -> Reception:
    reception = await queries.lock(actor, reception_id)
    rules.check_editor(actor, reception.office_id)
    check_version(expected_version, reception.version)
    return reception


async def _save(actor: Actor, reception: Reception, reason: str) -> None:
    """Keep a changed row and the line of its way."""
    if reception.office_id in actor.offices:
        reception.handler_id, reception.handler_name = actor.person_id, actor.name
    reception.version += 1
    reception.updated_at = clock.now()
    await reception.save()
    await _note(reception, actor.name, reason)


async def _note(reception: Reception, who: str, reason: str) -> None:
    await ReceptionEvent.create(
        reception_id=reception.id,
        state=reception.state,
        reason=reason,
        handler_name=who[:NAME_LIMIT],
        at=clock.now(),
    )


async def _to(item: Item, state: ItemState) -> None:
    item.state = state
    item.version += 1
    item.updated_at = clock.now()
    await item.save()


async def _tell(reception: Reception, code: str, reason: str) -> None:
    item = reception.item
    await notices.tell(
        item.unit.id,
        code,
        key=f"{code}:{item.id}:{reception.office_id}:{reception.round}:{reception.version}",
        item_id=item.id,
        title=item.title,
        office=reception.office.name,
        reason=reason,
    )
