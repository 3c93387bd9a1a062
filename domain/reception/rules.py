"""An office's own way with an item: 接收、采编、采用、退回、退稿. R29; A6, A9."""

from collections.abc import Collection, Iterable

from domain.items import rules as items
from domain.items.models import Item, ItemState
from domain.kit.actor import Actor, Duty
from domain.kit.errors import Conflict, DutyRequired, Invalid
from domain.reception.models import Reception, ReceptionState

State = ReceptionState
NEXT: dict[ReceptionState, frozenset[ReceptionState]] = {
    State.SUBMITTED: frozenset({State.RECEIVED, State.RETURNED, State.REJECTED, State.WITHDRAWN}),
    State.RECEIVED: frozenset(
        {State.IN_EDITING, State.ADOPTED, State.NOT_ADOPTED, State.RETURNED, State.REJECTED}
    ),
    State.IN_EDITING: frozenset({State.ADOPTED, State.NOT_ADOPTED, State.RETURNED, State.REJECTED}),
    State.NOT_ADOPTED: frozenset({State.ADOPTED}),  # used after all
    State.RETURNED: frozenset({State.SUBMITTED}),  # by the unit, signed anew
    State.ADOPTED: frozenset(),
    State.REJECTED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
"""What may follow what, office by office. 退回 may come again, 退稿 is final."""

SETTLED = frozenset({State.ADOPTED, State.NOT_ADOPTED, State.REJECTED, State.WITHDRAWN})
EXPLAINED = frozenset({State.NOT_ADOPTED, State.RETURNED, State.REJECTED})
"""The unit is owed the reason."""
NEEDS_SIGNED_TEXT = frozenset({State.IN_EDITING, State.ADOPTED, State.NOT_ADOPTED})
"""What an office does not do while a raised item waits for the principal leader (R14)."""
REASON_LIMIT = 500


class ReasonMissing(Invalid):
    code, field = "reason-missing", "reason"


class ReasonTooLong(Invalid):
    code, field = "reason-too-long", "reason"

    def __init__(self) -> None:
        super().__init__()
        self.limit = REASON_LIMIT


class StepRefused(Conflict):
    """From this state the office cannot go there."""

    code = "step-refused"

    def __init__(self, state: ReceptionState, wanted: ReceptionState) -> None:
        super().__init__(state, wanted)
        self.state, self.wanted = state, wanted


class AwaitsPrincipalLeader(Conflict):
    """重大信息 without the principal leader's signature is not published (R14)."""

    code = "awaits-principal-leader"


class NotSignedOff(Conflict):
    """Nothing leaves the unit without its leaders' signatures on this very text (二(一))."""

    code = "not-signed-off"

    def __init__(self, state: ItemState) -> None:
        super().__init__(state)
        self.state = state


class AlreadyReceived(Conflict):
    """Withdrawal ends where an office has begun."""

    code = "already-received"

    def __init__(self, offices: Collection[str]) -> None:
        super().__init__(offices)
        self.offices = tuple(offices)


class NotWithdrawable(Conflict):
    code = "not-withdrawable"

    def __init__(self, state: ItemState) -> None:
        super().__init__(state)
        self.state = state


class AdoptedSomewhere(Conflict):
    """An outlet is on record as having run it."""

    code = "adopted-somewhere"


class AlreadyMajor(Conflict):
    code = "already-major"


def check_step(state: ReceptionState, wanted: ReceptionState) -> None:
    if wanted not in NEXT[state]:
        raise StepRefused(state, wanted)


def check_editor(actor: Actor, office_id: object) -> None:
    """The editors of that very office; an editor elsewhere does not even see it."""
    if office_id not in actor.offices and not actor.is_system:
        raise DutyRequired(Duty.OFFICE_EDITOR)


def check_reason(reason: str) -> None:
    if not reason:
        raise ReasonMissing
    check_reason_length(reason)


def check_reason_length(reason: str) -> None:
    if len(reason) > REASON_LIMIT:
        raise ReasonTooLong


def check_signed_text(wanted: ReceptionState, *, awaits_leader: bool) -> None:
    if awaits_leader and wanted in NEEDS_SIGNED_TEXT:
        raise AwaitsPrincipalLeader


def check_can_submit(state: ItemState) -> None:
    if state is not ItemState.SIGNED_OFF:
        raise NotSignedOff(state)


def check_can_withdraw(
    state: ItemState, offices: Iterable[tuple[str, Reception]], *, has_adoptions: bool
) -> None:
    """Only while no office has begun on it, ever, and no outlet has run it."""
    if state is not ItemState.SUBMITTED:
        raise NotWithdrawable(state)
    begun = [name for name, reception in offices if _has_begun(reception)]
    if begun:
        raise AlreadyReceived(begun)
    if has_adoptions:
        raise AdoptedSomewhere


def _has_begun(reception: Reception) -> bool:
    return reception.state is not State.SUBMITTED or reception.received_at is not None


def check_can_raise(item: Item, state: ReceptionState) -> None:
    if item.is_major:
        raise AlreadyMajor
    if item.state is not ItemState.SUBMITTED:
        raise NotWithdrawable(item.state)
    if state in SETTLED or state is State.RETURNED:
        raise StepRefused(state, State.SUBMITTED)


def goes_again(reception: Reception, item: Item, *, awaits_leader: bool) -> bool:
    """Whether a resubmitted text is handed to an office that had the item before.

    It goes to the offices that returned it, and to those that waited for the principal
    leader's signature on a text that was changed meanwhile. The others keep their revision:
    their work is not undone because a colleague asked for changes.
    """
    if reception.state is State.RETURNED:
        return True
    changed = reception.content_sha256 != item.content_sha256
    return awaits_leader and changed and reception.state not in SETTLED


def state_after_return(item: Item, returned_sha256: str) -> ItemState:
    """Returned, unless the unit is at work on a newer text already."""
    waits_with_this_text = (
        item.content_sha256 == returned_sha256 and item.state in items.IN_THE_UNIT
    )
    if item.state is ItemState.SUBMITTED or waits_with_this_text:
        return ItemState.RETURNED
    return item.state
