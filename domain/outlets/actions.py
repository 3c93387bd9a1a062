"""Keeping the register of outlets; recording, confirming and withdrawing adoptions."""

from datetime import date
from typing import TypedDict, Unpack
from uuid import UUID

from tortoise.exceptions import IntegrityError

from domain.items import attaching, files
from domain.items import queries as items
from domain.items import rules as item_rules
from domain.items.models import Item
from domain.kit import audit, clock, hooks
from domain.kit.actor import Actor, Scope, check_person, check_scope
from domain.kit.db import work
from domain.kit.errors import DutyRequired, check_version, together
from domain.kit.hooks import Happening
from domain.notices import actions as notices
from domain.outlets import queries, rules
from domain.outlets.models import (
    Adoption,
    AdoptionMode,
    AdoptionState,
    MediaOutlet,
    OutletKind,
    OutletLevel,
)
from domain.units import queries as units


class OutletChanges(TypedDict, total=False):
    """What may be changed about an outlet; what is left out stays."""

    name: str
    level: OutletLevel
    kind: OutletKind
    owner_id: UUID | None
    weight_class: str
    valid_from: date


async def create_outlet(
    actor: Actor,
    *,
    name: str,
    level: OutletLevel,
    kind: OutletKind = OutletKind.OTHER,
    owner_id: UUID | None = None,
    weight_class: str = "",
    valid_from: date | None = None,
) -> MediaOutlet:
    """Enter an outlet into the register (R26), by default from the first day of this year.

    Raises DutyRequired, ScopeMissing, OutletNameTaken.
    """
    rules.check_keeper(actor)
    async with work():
        outlet = MediaOutlet(
            name=await _free_name(name),
            level=level,
            kind=kind,
            owner_id=await _office(owner_id),
            weight_class=_weight_class(weight_class),
            valid_from=valid_from or clock.Year.of(clock.today()).first,
            position=await queries.next_position(),
        )
        await _keep_under_its_name(outlet, is_new=True)
        audit.record(actor, "create", "outlet", outlet.id, name=outlet.name, level=level)
    return outlet


async def change_outlet(
    actor: Actor,
    outlet_id: UUID,
    *,
    expected_version: int | None = None,
    **changes: Unpack[OutletChanges],
) -> MediaOutlet:
    """Change the register. Adoptions on record keep the level of their day.

    Raises StaleVersion and the refusals of `create_outlet`.
    """
    rules.check_keeper(actor)
    async with work():
        outlet = await queries.lock_outlet(actor, outlet_id)
        check_version(expected_version, outlet.version)
        if "name" in changes:
            changes["name"] = await _free_name(changes["name"], but=outlet.id)
        if "weight_class" in changes:
            changes["weight_class"] = _weight_class(changes["weight_class"])
        await _office(changes.get("owner_id"))
        outlet.update_from_dict(dict(changes))
        rules.check_dates(outlet.valid_from, outlet.valid_until)
        await _save_outlet(outlet)
        audit.record(actor, "change", "outlet", outlet.id, **changes)
    return outlet


async def close_outlet(
    actor: Actor, outlet_id: UUID, *, last_day: date, expected_version: int | None = None
) -> MediaOutlet:
    """The outlet runs no longer after `last_day`; what it adopted stays. Raises OutletDates."""
    rules.check_keeper(actor)
    async with work():
        outlet = await queries.lock_outlet(actor, outlet_id)
        check_version(expected_version, outlet.version)
        rules.check_dates(outlet.valid_from, last_day)
        outlet.valid_until = last_day
        await _save_outlet(outlet)
        audit.record(actor, "close", "outlet", outlet.id, last_day=last_day)
    return outlet


async def keep_evidence(actor: Actor, *, name: str, content: bytes) -> str:
    """Store a clipping or screenshot; gives the SHA-256 that `record` takes.

    Any person with a duty, or a token made for adoptions. Raises the refusals of uploads.
    """
    if actor.is_token:
        check_scope(actor, Scope.ADOPT)
    elif not actor.has(*rules.RECORDERS):
        raise DutyRequired(*rules.RECORDERS)
    found = await attaching.inspect(actor, name, content)
    async with work():
        sha256 = await files.keep(content, found.media_type)
        audit.record(actor, "keep", "evidence", sha256, size=len(content))
    return sha256


async def record(
    actor: Actor,
    item_id: UUID,
    *,
    outlet_id: UUID,
    adopted_on: date,
    position: str = "",
    mode: AdoptionMode = AdoptionMode.SOLE,
    evidence_url: str = "",
    evidence_sha256: str | None = None,
) -> Adoption:
    """Note that an outlet ran an item, with evidence; it counts once another person confirms.

    Also for what a unit sent to a medium directly (R28). Raises NotSubmittedYet,
    AlreadyRecorded naming the record there is, and the refusals of date and evidence at once.
    """
    async with work():
        item = await items.lock(actor, item_id)
        rules.check_recorder(actor, item.unit_id)
        rules.check_submitted(item)
        adoption = Adoption(
            item=item,
            outlet=await queries.get_outlet(actor, outlet_id),
            adopted_on=adopted_on,
            position=item_rules.tidy(position),
            mode=mode,
            evidence_url=evidence_url.strip(),
            evidence_sha256=evidence_sha256,
            recorded_by_id=actor.person_id,
            recorded_by_name=actor.name,
            recorded_at=clock.now(),
        )
        adoption.level = adoption.outlet.level
        _check_record(adoption, item)
        await _check_stored(evidence_sha256)
        await _add(adoption)
        audit.record(actor, "record", "adoption", adoption.id, item=item.id, outlet=outlet_id)
    return adoption


async def confirm(
    actor: Actor, adoption_id: UUID, *, expected_version: int | None = None
) -> Adoption:
    """Confirm what another person recorded (G2): points follow, the unit is told (G4).

    Only a signed-in person of an office or the publicity department. Raises
    ConfirmedByAnother, AdoptionSettled.
    """
    check_person(actor)
    async with work():
        adoption = await queries.lock(actor, adoption_id)
        check_version(expected_version, adoption.version)
        rules.check_confirmer(actor, adoption.recorded_by_id)
        rules.check_waiting(adoption.state)
        adoption.state = AdoptionState.CONFIRMED
        adoption.confirmed_by_id = actor.person_id
        adoption.confirmed_by_name = actor.name
        adoption.confirmed_at = clock.now()
        await _save(adoption)
        audit.record(actor, "confirm", "adoption", adoption.id, item=adoption.item_id)
        await _tell(adoption, "adopted-by-outlet")
        await hooks.fire(Happening.ADOPTION_CONFIRMED, actor=actor, adoption=adoption)
    return adoption


async def withdraw(
    actor: Actor, adoption_id: UUID, *, reason: str, expected_version: int | None = None
) -> Adoption:
    """Take an adoption back, with its reason (G3): nothing is deleted, points are reversed.

    Raises WithdrawalReasonMissing, AdoptionSettled, DutyRequired.
    """
    reason = item_rules.tidy(reason)
    async with work():
        adoption = await queries.lock(actor, adoption_id)
        check_version(expected_version, adoption.version)
        rules.check_withdrawer(actor, adoption)
        rules.check_standing(adoption.state)
        rules.check_reason(reason)
        counted = adoption.state is AdoptionState.CONFIRMED
        adoption.state = AdoptionState.WITHDRAWN
        adoption.withdrawn_at = clock.now()
        adoption.withdrawn_by_name = actor.name
        adoption.withdrawal_reason = reason
        await _save(adoption)
        audit.record(actor, "withdraw", "adoption", adoption.id, reason=reason)
        if counted:
            await _tell(adoption, "adoption-withdrawn", reason=reason)
            await hooks.fire(Happening.ADOPTION_WITHDRAWN, actor=actor, adoption=adoption)
    return adoption


def _check_record(adoption: Adoption, item: Item) -> None:
    with together() as several:
        several.check(
            rules.check_adopted_on,
            adoption.adopted_on,
            occurred_on=item.occurred_on,
            today=clock.today(),
        )
        several.check(rules.check_outlet_ran, adoption.outlet, adoption.adopted_on)
        several.check(rules.check_length, "position", adoption.position, rules.POSITION_LIMIT)
        several.check(
            rules.check_evidence, item.channel, adoption.evidence_url, adoption.evidence_sha256
        )


def _weight_class(given: str) -> str:
    tidied = item_rules.tidy(given)
    rules.check_length("weight_class", tidied, rules.CLASS_LIMIT)
    return tidied


async def _check_stored(sha256: str | None) -> None:
    if sha256 is not None and await items.stored_file(sha256) is None:
        raise rules.EvidenceUnknown


async def _add(adoption: Adoption) -> None:
    """Save a new adoption. Its item is locked, so nobody records the same one in between."""
    existing = await queries.standing(adoption.item_id, adoption.outlet_id)
    if existing is not None:
        raise rules.AlreadyRecorded(
            adoption.outlet.name, existing.adopted_on, existing.recorded_by_name, existing.id
        )
    await adoption.save(force_create=True)


async def _save(adoption: Adoption) -> None:
    adoption.version += 1
    await adoption.save()


async def _save_outlet(outlet: MediaOutlet) -> None:
    outlet.version += 1
    await _keep_under_its_name(outlet, is_new=False)


async def _keep_under_its_name(outlet: MediaOutlet, *, is_new: bool) -> None:
    """Two people may enter the same name at the same moment."""
    try:
        await outlet.save(force_create=is_new)
    except IntegrityError:
        raise rules.OutletNameTaken(outlet.name) from None


async def _free_name(name: str, but: object | None = None) -> str:
    tidied = item_rules.tidy(name)
    rules.check_name(tidied)
    if await queries.is_name_taken(tidied, but):
        raise rules.OutletNameTaken(tidied)
    return tidied


async def _office(office_id: UUID | None) -> UUID | None:
    if office_id is not None:
        await units.office(office_id)
    return office_id


async def _tell(adoption: Adoption, code: str, **facts: object) -> None:
    await notices.tell(
        adoption.item.unit.id,
        code,
        key=f"{code}:{adoption.id}",
        item_id=adoption.item.id,
        title=adoption.item.title,
        outlet=adoption.outlet.name,
        **facts,
    )
