"""What is done to units, receiving offices, topics and the county's own row."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from tortoise.exceptions import IntegrityError

from domain.kit import audit, clock
from domain.kit.actor import Actor, Duty
from domain.kit.db import work
from domain.kit.errors import NotFound, check_version
from domain.kit.inputs import one_line
from domain.units import queries, rules
from domain.units.models import County, PolicyDocument, ReceivingOffice, Topic, Unit, UnitKind


async def create(
    actor: Actor,
    *,
    name: str,
    kind: UnitKind,
    rank_group: str | None = None,
    restricted_line: bool = False,
    self_sign_off: bool = False,
    valid_from: date | None = None,
    position: int | None = None,
) -> Unit:
    """Enter a unit; by default from today, last in order, ranked with its kind (R2, R16)."""
    rules.check_manages(actor, Duty.ADMINISTRATOR)
    unit = Unit(
        name=one_line(name, field="name", limit=rules.NAME_LIMIT),
        kind=kind,
        rank_group=_group(rank_group) or rules.default_group(kind),
        restricted_line=restricted_line,
        self_sign_off=self_sign_off,
        valid_from=valid_from or clock.today(),
    )
    async with work():
        unit.position = await queries.next_position() if position is None else position
        await _keep_under_its_name(unit)
        audit.record(actor, "create", "unit", unit.id, name=unit.name, kind=kind)
    return unit


async def change(
    actor: Actor,
    unit_id: UUID,
    *,
    expected_version: int | None = None,
    name: str | None = None,
    kind: UnitKind | None = None,
    rank_group: str | None = None,
    restricted_line: bool | None = None,
    self_sign_off: bool | None = None,
    valid_from: date | None = None,
    position: int | None = None,
) -> Unit:
    """Put a unit's entry right; what is None stays. A closed unit's entry stays as it is."""
    rules.check_manages(actor, Duty.ADMINISTRATOR)
    async with work():
        unit = await queries.lock(actor, unit_id)
        check_version(expected_version, unit.version)
        rules.check_not_over(unit, clock.today())
        given: dict[str, object] = {
            "name": None if name is None else one_line(name, field="name", limit=rules.NAME_LIMIT),
            "rank_group": rules.group_after(unit, kind or unit.kind, _group(rank_group)),
            "kind": kind,
            "restricted_line": restricted_line,
            "self_sign_off": self_sign_off,
            "valid_from": valid_from,
            "position": position,
        }
        changed = _apply(unit, given)
        rules.check_days(unit.valid_from, unit.valid_until)
        if changed:
            unit.version += 1
            await _keep_under_its_name(unit)
            audit.record(actor, "change", "unit", unit.id, **changed)
    return unit


async def close(
    actor: Actor,
    unit_id: UUID,
    *,
    last_day: date,
    successor_id: UUID | None = None,
    expected_version: int | None = None,
) -> Unit:
    """End a unit; its rights end with the last day, its records stay under its name."""
    rules.check_manages(actor, Duty.ADMINISTRATOR)
    async with work():
        unit = await queries.lock(actor, unit_id)
        check_version(expected_version, unit.version)
        rules.check_open_end(unit)
        rules.check_days(unit.valid_from, last_day)
        if successor_id is not None:
            successor = await queries.lock(actor, successor_id)
            heirs = await queries.heirs_of(successor)
            rules.check_successor(unit, successor, heirs, last_day)
        unit.valid_until, unit.successor_id = last_day, successor_id
        unit.version += 1
        await unit.save(update_fields=["valid_until", "successor_id", "version"])
        audit.record(actor, "close", "unit", unit.id, last_day=last_day, successor=successor_id)
    return await queries.get(actor, unit.id)


async def set_office(
    actor: Actor,
    office_id: UUID | None = None,
    *,
    name: str,
    mailbox: str,
    unit_id: UUID | None = None,
    issues_monthly: bool = False,
    position: int = 1,
    active: bool = True,
) -> ReceivingOffice:
    """Enter a receiving office, or replace what is written about it (R29, R61)."""
    rules.check_manages(actor, Duty.ADMINISTRATOR)
    facts = {
        "name": one_line(name, field="name", limit=80),
        "mailbox": one_line(mailbox, field="mailbox", limit=120, required=False),
        "issues_monthly": issues_monthly,
        "position": position,
        "active": active,
    }
    async with work():
        if unit_id is not None:
            await queries.get(actor, unit_id)
        try:
            office = await _put_office(office_id, facts | {"unit_id": unit_id})
        except IntegrityError:
            raise rules.OfficeTaken(name) from None
        audit.record(actor, "set", "office", office.id, **facts)
    return await queries.office(office.id)


async def set_county(
    actor: Actor,
    *,
    name: str,
    document_word: str,
    is_example: bool = False,
    line_order: str = "rank",
) -> County:
    """Say which county this is and how its circulars are numbered and ordered."""
    rules.check_manages(actor, Duty.ADMINISTRATOR)
    rules.check_line_order(line_order)
    facts = {
        "name": one_line(name, field="name", limit=40),
        "document_word": one_line(document_word, field="document_word", limit=20),
        "is_example": is_example,
        "line_order": line_order,
    }
    async with work():
        county, _ = await County.update_or_create(id=queries.COUNTY_ID, defaults=facts)
        audit.record(actor, "set", "county", str(queries.COUNTY_ID), **facts)
    return county


async def add_topic(
    actor: Actor, *, name: str, valid_from: date | None = None, position: int = 0
) -> Topic:
    """Enter a focus topic, by default from today (R7)."""
    rules.check_manages(actor, Duty.PUBLICITY_DEPARTMENT, Duty.ADMINISTRATOR)
    line = one_line(name, field="name", limit=40)
    async with work():
        try:
            topic = await Topic.create(
                name=line, valid_from=valid_from or clock.today(), position=position
            )
        except IntegrityError:
            raise rules.TopicTaken(line) from None
        audit.record(actor, "create", "topic", topic.id, name=line)
    return topic


async def close_topic(actor: Actor, topic_id: UUID, *, last_day: date) -> Topic:
    """Offer a topic no longer after a day; items keep it."""
    rules.check_manages(actor, Duty.PUBLICITY_DEPARTMENT, Duty.ADMINISTRATOR)
    async with work():
        topic = await Topic.select_for_update().get_or_none(id=topic_id)
        if topic is None:
            raise NotFound
        rules.check_days(topic.valid_from, last_day)
        topic.valid_until = last_day
        await topic.save(update_fields=["valid_until"])
        audit.record(actor, "close", "topic", topic.id, last_day=last_day)
    return topic


async def add_document(
    actor: Actor,
    *,
    title: str,
    issuers: Sequence[str],
    document_number: str | None = None,
    issue_date: date | None = None,
    annexes: Sequence[str] = (),
) -> PolicyDocument:
    """Enter a paper that quotas, points or fees rest on (R1)."""
    rules.check_manages(actor, Duty.ADMINISTRATOR, Duty.PUBLICITY_DEPARTMENT)
    async with work():
        document = await PolicyDocument.create(
            title=one_line(title, field="title", limit=200),
            document_number=document_number
            and one_line(document_number, field="document_number", limit=60),
            issuers=[one_line(issuer, field="issuers", limit=80) for issuer in issuers],
            issue_date=issue_date,
            annexes=[one_line(annex, field="annexes", limit=200) for annex in annexes],
        )
        audit.record(actor, "create", "document", document.id, title=document.title)
    return document


def _group(rank_group: str | None) -> str | None:
    if rank_group is None:
        return None
    return one_line(rank_group, field="rank_group", limit=rules.GROUP_LIMIT, required=False)


def _apply(unit: Unit, given: dict[str, object]) -> dict[str, object]:
    """Write what was given and differs; say what it was."""
    changed = {
        key: value
        for key, value in given.items()
        if value is not None and value != getattr(unit, key)
    }
    unit.update_from_dict(changed)
    return changed


async def _keep_under_its_name(unit: Unit) -> None:
    """Save a unit that no other existing one shares its name with."""
    if await queries.is_name_taken(unit.name, unit.valid_from, but=unit.id):
        raise rules.UnitNameTaken(unit.name)
    try:
        await unit.save()
    except IntegrityError:
        raise rules.UnitNameTaken(unit.name) from None


async def _put_office(office_id: UUID | None, facts: dict[str, Any]) -> ReceivingOffice:
    if office_id is None:
        return await ReceivingOffice.create(**facts)
    office = await ReceivingOffice.select_for_update().get_or_none(id=office_id)
    if office is None:
        raise NotFound
    office.update_from_dict(facts)
    await office.save()
    return office
