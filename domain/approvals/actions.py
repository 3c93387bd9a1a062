"""审签: signing the text that was shown, or sending it back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.approvals import queries, rules
from domain.approvals.models import Decision, SignOff, SignOffChain
from domain.items import rules as item_rules
from domain.items.models import Item, ItemState
from domain.kit import audit, clock
from domain.kit.actor import Actor, Duty, Held, check_duty, check_person
from domain.kit.db import work
from domain.kit.errors import check_version
from domain.notices import actions as notices
from domain.reception import actions as reception


async def sign(
    actor: Actor,
    item_id: UUID,
    *,
    content_sha256: str,
    declared_unclassified: bool = True,
    expected_version: int | None = None,
) -> Item:
    """Sign the text that was shown, named by its fingerprint (二(一); R13–R15, B1–B5).

    The signer is the person signed in; name, post and unit are written down as they are now.
    The principal leader may take the step of the leader in charge too; on a major item his
    signature then fulfils both steps, two rows in one act. When the chain is complete the item
    is signed off and, unless its unit said otherwise, submitted.
    Raises TokensMayNot, NotWaiting, TextChanged, StepOfAnother, OwnText, SignedAlready,
    SignerNotDeclared, StaleVersion.
    """
    check_person(actor)
    async with work():
        case = await _open_case(actor, item_id, content_sha256, expected_version)
        item = case.item
        rules.check_declared(declared_unclassified)
        rules.check_not_author(
            rules.signing(actor.person_id, case.seat),
            await queries.writers_of(item),
            self_sign_off=item.unit.self_sign_off,
        )
        rules.check_other_steps(actor.person_id, case.signed, case.seat)
        for step in case.seat.steps:
            await _write(actor, case, step, Decision.SIGNED)
        return await _go_on(actor, case)


async def send_back(
    actor: Actor,
    item_id: UUID,
    *,
    reason: str,
    expected_version: int | None = None,
) -> Item:
    """退回 by the leader whose step it is, with his reason: a draft again; the unit is told.

    Raises TokensMayNot, NotWaiting, StepOfAnother, SendBackReasonMissing, StaleVersion.
    """
    check_person(actor)
    reason = item_rules.tidy(reason)
    async with work():
        case = await _open_case(actor, item_id, None, expected_version)
        rules.check_reason(reason)
        row = await _write(actor, case, case.step, Decision.SENT_BACK, reason)
        item = case.item
        await _to(item, ItemState.RETURNED if item.submitted_at else ItemState.DRAFT)
        await notices.tell(
            item.unit.id,
            "sent-back",
            key=f"sent-back:{row.id}",
            item_id=item.id,
            title=item.title,
            leader=actor.name,
            reason=reason,
        )
    return item


async def set_chain(
    actor: Actor,
    *,
    valid_from: date,
    ordinary: list[Duty],
    major: list[Duty],
    restricted_first: list[Duty],
) -> SignOffChain:
    """Enter a county's own chain from a day on; what was signed before stays signed.

    Raises DutyRequired, ChainInvalid, ChainExists.
    """
    check_duty(actor, Duty.ADMINISTRATOR)
    chain = rules.Chain(
        ordinary=tuple(ordinary), major=tuple(major), restricted_first=tuple(restricted_first)
    )
    rules.check_chain(chain)
    async with work():
        if await SignOffChain.exists(valid_from=valid_from):
            raise rules.ChainExists(valid_from)
        row = await SignOffChain.create(
            valid_from=valid_from,
            ordinary=ordinary,
            major=major,
            restricted_first=restricted_first,
        )
        audit.record(actor, "set", "sign-off-chain", row.id, valid_from=valid_from)
    return row


@dataclass(frozen=True, slots=True)
class _Case:
    """A locked item before its signer."""

    item: Item
    required: tuple[Duty, ...]
    signed: dict[Duty, SignOff]
    step: Duty
    seat: rules.Seat


async def _open_case(
    actor: Actor, item_id: UUID, shown_sha256: str | None, expected_version: int | None
) -> _Case:
    item = await queries.lock(actor, item_id)
    rules.check_waiting(item.state)
    if shown_sha256 is not None:
        rules.check_text(shown_sha256, item)
    check_version(expected_version, item.version)
    required = await queries.required_steps(item)
    signed = rules.valid(await queries.sign_offs_of(item.id), item.content_sha256)
    step = rules.open_step(required, signed)
    has_leader = await queries.has_leader_in_charge(item.unit.id)
    seat = rules.check_signer(actor, item.unit.id, required, step, has_leader=has_leader)
    return _Case(item, required, signed, step, seat)


async def _write(
    actor: Actor, case: _Case, step: Duty, decision: Decision, reason: str = ""
) -> SignOff:
    """One row of the record: who, as what, of which unit, for exactly which text."""
    held: Held = case.seat.held
    absent = case.seat.in_absence and step is Duty.LEADER_IN_CHARGE
    row = await SignOff.create(
        item_id=case.item.id,
        step=step,
        decision=decision,
        reason=reason,
        signer_id=actor.person_id,
        signer_name=actor.name,
        signer_post=held.post,
        signer_unit=held.unit_name,
        on_behalf_of=held.deputy_for,
        in_absence=absent,
        declared_unclassified=decision is Decision.SIGNED,
        content_sha256=case.item.content_sha256,
        signed_at=clock.now(),
    )
    verb = "sign" if decision is Decision.SIGNED else "send-back"
    facts = {"step": step, "post": held.post, "for": held.deputy_for, "reason": reason}
    audit.record(actor, verb, "item", case.item.id, sha256=row.content_sha256, **facts)
    return row


async def _go_on(actor: Actor, case: _Case) -> Item:
    """The next step, or out of the unit."""
    item = case.item
    done = {*case.signed, *case.seat.steps}
    if rules.next_step(case.required, done) is not None:
        await _to(item, ItemState.PENDING_SIGN_OFF)
        return item
    await _to(item, ItemState.SIGNED_OFF)
    return await reception.submit_signed(actor, item) if item.submit_when_signed else item


async def _to(item: Item, state: ItemState) -> None:
    item.state = state
    item.version += 1
    item.updated_at = clock.now()
    await item.save()
