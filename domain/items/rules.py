"""What makes an item complete, restricted or late, and what a signature covers. 一；二(一)."""

import hashlib
import unicodedata
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from domain.items.models import Attachment, InformationType, Item, ItemState
from domain.kit import clock
from domain.kit.actor import Actor, Duty, Scope, check_scope
from domain.kit.errors import (
    Conflict,
    DutyRequired,
    Invalid,
    NotPermitted,
    StaleVersion,
)
from domain.units.models import Unit

AUTHORS = (Duty.CORRESPONDENT, Duty.LEADER_IN_CHARGE, Duty.PRINCIPAL_LEADER)
UNIT_DUTIES = (*AUTHORS, Duty.CONFIDENTIALITY_REVIEWER)
"""The duties whose work is their own unit's items; only they see its drafts."""

IN_THE_UNIT = (
    ItemState.DRAFT,
    ItemState.PENDING_SIGN_OFF,
    ItemState.SIGNED_OFF,
    ItemState.RETURNED,
)
"""The states in which the unit has the text in hand."""


class OfficeUnknown(Invalid):
    """An office that does not exist, or receives nothing any more."""

    code, field = "office-unknown", "office_ids"


class OfficeHoldsIt(Invalid):
    """What an office has received is not taken from it by leaving it out."""

    code, field = "office-holds-it", "office_ids"


class TopicUnknown(Invalid):
    code, field = "topic-unknown", "topic_id"


class MajorStays(Invalid):
    """重大 may be raised, never lowered, once the item has been laid before a leader."""

    code, field = "major-stays", "is_major"


class UnitReportsNoLonger(Invalid):
    code, field = "unit-reports-no-longer", "unit_id"

    def __init__(self, unit: str, last_day: date) -> None:
        super().__init__(unit, last_day)
        self.unit, self.last_day = unit, last_day


class RestrictedByToken(NotPermitted):
    """敏感条线、涉稳、问题类信息不经接口 (R16): a signed-in person enters them."""

    code = "restricted-by-token"


class NotInHand(Conflict):
    """The item lies with the offices, or was withdrawn: the unit cannot change it."""

    code = "not-in-hand"

    def __init__(self, state: ItemState) -> None:
        super().__init__(state)
        self.state = state


class NotPending(Conflict):
    code = "not-pending"

    def __init__(self, state: ItemState) -> None:
        super().__init__(state)
        self.state = state


class AlreadyLaid(Conflict):
    code = "already-laid"

    def __init__(self, state: ItemState) -> None:
        super().__init__(state)
        self.state = state


class ItemChanged(StaleVersion):
    """A late save: both texts are given back, nothing is lost."""

    code = "item-changed"

    def __init__(
        self, expected: int, current: int, mine: dict[str, Any], theirs: dict[str, Any]
    ) -> None:
        super().__init__(expected, current)
        self.mine, self.theirs = mine, theirs

    @property
    def facts(self) -> dict[str, Any]:
        return {"expected": self.expected, "current": self.current}


def tidy(text: str) -> str:
    """One line of text as it is kept: composed, without control or format characters."""
    return " ".join(_printable(text).split())


def tidy_lines(text: str) -> str:
    """Several lines of text, each as `tidy` keeps it."""
    return "\n".join(tidy(line) for line in text.splitlines()).strip()


def _printable(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        " " if char in "\t\n\r\u2028\u2029" else char
        for char in composed
        if char in "\t\n\r\u2028\u2029" or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    )


def content_of(item: Item, attachments: Iterable[Attachment]) -> dict[str, object]:
    """Everything a signature covers, in one fixed spelling; unit and topic must be loaded.

    重大 is deliberately not in it: it is the item's weight, not its text. When an office
    raises an item, the leader in charge has still read these very words, so his signature
    stays and only the principal leader's is added (R14). Nor are the offices addressed.
    """
    ordered = sorted(attachments, key=lambda attachment: attachment.position)
    return {
        "title": item.title,
        "body": item.body,
        "information_type": item.information_type.value,
        "genre": item.genre.value,
        "topic": item.topic.name if item.topic_id and item.topic else None,
        "field": item.field.value if item.field else None,
        "counter_measure": item.counter_measure,
        "occurred_on": item.occurred_on.isoformat(),
        "stability_related": item.stability_related,
        "reporter": item.reporter,
        "unit": item.unit.name,
        "attachments": [{"sha256": each.sha256, "caption": each.caption} for each in ordered],
    }


def content_sha256(content: dict[str, object]) -> str:
    """The fingerprint that binds a signature to its text (B2, B3)."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def is_restricted(
    unit: Unit, information_type: InformationType, *, stability_related: bool
) -> bool:
    """敏感条线 (R16), 涉稳 (R17), 问题性信息 (R8): kept from other units and integrations."""
    return needs_confidentiality_review(unit, stability_related=stability_related) or (
        information_type is InformationType.PROBLEM
    )


def stays_restricted(item: Item) -> bool:
    """What offices hold under restriction is not opened by an edit nobody has signed (R16)."""
    return item.restricted and item.submitted_at is not None


def needs_confidentiality_review(unit: Unit, *, stability_related: bool) -> bool:
    """执行保密制度；按照涉稳要求 (二(一), R16, R17).

    Problems of ordinary units are restricted in sight (R8), but need no reviewer.
    """
    return unit.restricted_line or stability_related


def arrived_at(item: Item) -> datetime | None:
    """When it reached the county by its own channel; None while it has not."""
    return item.original_at or item.submitted_at


def is_same_day(occurred_on: date, submitted_at: datetime) -> bool:
    """一般性新闻信息要求当天上报 (二(一), R19): the county's calendar day."""
    return clock.local_date(submitted_at) == occurred_on


def days_late(occurred_on: date, submitted_at: datetime) -> int:
    """Calendar days after the event; 0 for the same day (D1)."""
    return max(0, (clock.local_date(submitted_at) - occurred_on).days)


def authoring_unit(actor: Actor, unit_id: UUID | None = None) -> UUID:
    """The unit whose item it will be: from the appointment, never typed (A3).

    `unit_id` chooses among several of one's own. Jobs and imports name it.
    Raises DutyRequired, ScopeMissing.
    """
    own = _units_written_for(actor)
    default = actor.unit_id if actor.unit_id in own else next(iter(own), None)
    chosen = unit_id or default
    if chosen is None:
        raise DutyRequired(*AUTHORS)
    check_may_write(actor, chosen)
    return chosen


def check_may_write(actor: Actor, unit_id: object) -> None:
    """Correspondents and leaders of the unit, its tokens, and imports."""
    if actor.is_token:
        check_scope(actor, Scope.SUBMIT)
    if not actor.is_system and unit_id not in _units_written_for(actor):
        raise DutyRequired(*AUTHORS)


def _units_written_for(actor: Actor) -> list[UUID]:
    if actor.is_token:
        return [actor.unit_id] if actor.unit_id else []
    return [held.unit_id for held in actor.held if held.duty in AUTHORS]


def check_token_may_hold(actor: Actor, *, restricted: bool) -> None:
    if actor.is_token and restricted:
        raise RestrictedByToken


def check_unit_open(unit: Unit, today: date) -> None:
    if unit.valid_until is not None and unit.valid_until < today:
        raise UnitReportsNoLonger(unit.name, unit.valid_until)


def check_offices_kept(before: Collection[object], after: Collection[object]) -> None:
    """For items that were submitted once: offices may be added, not left out."""
    if not set(before) <= set(after):
        raise OfficeHoldsIt


def check_in_hand(state: ItemState) -> None:
    if state not in IN_THE_UNIT:
        raise NotInHand(state)


def check_can_be_laid(state: ItemState) -> None:
    check_in_hand(state)
    if state not in (ItemState.DRAFT, ItemState.RETURNED):
        raise AlreadyLaid(state)


def check_can_be_taken_back(state: ItemState) -> None:
    if state not in (ItemState.PENDING_SIGN_OFF, ItemState.SIGNED_OFF):
        raise NotPending(state)


def check_weight(*, was: bool, becomes: bool, laid: bool) -> None:
    """重大信息 stays one (R14): no way round the principal leader by unticking it."""
    if laid and was and not becomes:
        raise MajorStays


def state_after_edit(
    state: ItemState, *, text_changed: bool, raised: bool, submitted_before: bool
) -> ItemState:
    """Signed text that changes is a draft again; a raised item waits for one more signature.

    An item an office returned stays marked so until it is laid again.
    """
    if text_changed and state in (ItemState.PENDING_SIGN_OFF, ItemState.SIGNED_OFF):
        return ItemState.RETURNED if submitted_before else ItemState.DRAFT
    if raised and state is ItemState.SIGNED_OFF:
        return ItemState.PENDING_SIGN_OFF
    return state
