"""What counts as an adoption, who may record one and who confirms it. 二(二)；R26–R28；G1–G3."""

from datetime import date
from urllib.parse import urlsplit

from domain.items.models import Item, ItemState, SubmissionChannel
from domain.kit.actor import Actor, Duty, Scope, check_scope
from domain.kit.errors import Conflict, DutyRequired, Invalid, NotPermitted
from domain.outlets.models import Adoption, AdoptionState, MediaOutlet

KEEPERS = (Duty.ADMINISTRATOR, Duty.PUBLICITY_DEPARTMENT)
"""Who keeps the register of outlets."""
CONFIRMERS = (Duty.OFFICE_EDITOR, Duty.PUBLICITY_DEPARTMENT)
RECORDERS = (*CONFIRMERS, Duty.CORRESPONDENT)
NAME_LIMIT = 80
CLASS_LIMIT = 20
POSITION_LIMIT = 60
URL_LIMIT = 500
REASON_LIMIT = 500


class OutletNameMissing(Invalid):
    code, field = "outlet-name-missing", "name"


class OutletNameTaken(Invalid):
    code, field = "outlet-name-taken", "name"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class OutletDates(Invalid):
    """The last day lies before the first."""

    code, field = "outlet-dates", "valid_until"


class OutletNotActive(Invalid):
    """On that day the outlet did not run, according to the register."""

    code, field = "outlet-not-active", "adopted_on"

    def __init__(self, outlet: str, adopted_on: date) -> None:
        super().__init__(outlet, adopted_on)
        self.outlet, self.adopted_on = outlet, adopted_on


class EvidenceMissing(Invalid):
    """凭证: a link or a stored clipping (G2)."""

    code, field = "evidence-missing", "evidence_url"


class EvidenceNotALink(Invalid):
    code, field = "evidence-not-a-link", "evidence_url"


class EvidenceUnknown(Invalid):
    """No file is kept under that SHA-256."""

    code, field = "evidence-unknown", "evidence_sha256"


class AdoptedInFuture(Invalid):
    code, field = "adopted-in-future", "adopted_on"

    def __init__(self, adopted_on: date) -> None:
        super().__init__(adopted_on)
        self.adopted_on = adopted_on


class AdoptedBeforeItHappened(Invalid):
    code, field = "adopted-before-it-happened", "adopted_on"

    def __init__(self, adopted_on: date, occurred_on: date) -> None:
        super().__init__(adopted_on, occurred_on)
        self.adopted_on, self.occurred_on = adopted_on, occurred_on


class TooLong(Invalid):
    code = "adoption-text-too-long"

    def __init__(self, field: str, limit: int) -> None:
        super().__init__(field, limit)
        self.field, self.limit = field, limit

    @property
    def facts(self) -> dict[str, object]:
        return {"limit": self.limit}


class WithdrawalReasonMissing(Invalid):
    code, field = "withdrawal-reason-missing", "reason"


class NotSubmittedYet(Conflict):
    """What has not left its unit signed cannot have been adopted."""

    code = "not-submitted-yet"


class AlreadyRecorded(Conflict):
    """One item counts once at one outlet."""

    code, field = "adoption-already-recorded", "outlet_id"

    def __init__(
        self, outlet: str, adopted_on: date, recorded_by: str, adoption_id: object
    ) -> None:
        super().__init__(outlet, adopted_on)
        self.outlet, self.adopted_on, self.recorded_by = outlet, adopted_on, recorded_by
        self.adoption_id = adoption_id


class ConfirmedByAnother(NotPermitted):
    """Who recorded an adoption does not confirm it (G2)."""

    code = "confirmed-by-another"


class AdoptionSettled(Conflict):
    code = "adoption-settled"

    def __init__(self, state: AdoptionState) -> None:
        super().__init__(state)
        self.state = state


def check_keeper(actor: Actor) -> None:
    """Administrators, the publicity department, and tokens made for administration."""
    if actor.is_token:
        check_scope(actor, Scope.ADMINISTER)
    elif not actor.is_system and not actor.has(*KEEPERS):
        raise DutyRequired(*KEEPERS)


def check_recorder(actor: Actor, item_unit: object) -> None:
    """Office editors, the publicity department, the own unit's correspondents (R28), tokens."""
    if actor.is_token:
        check_scope(actor, Scope.ADOPT)
    elif not actor.is_system and not _may_record(actor, item_unit):
        raise DutyRequired(*RECORDERS)


def _may_record(actor: Actor, item_unit: object) -> bool:
    writes_for = {held.unit_id for held in actor.held if held.duty is Duty.CORRESPONDENT}
    return actor.has(*CONFIRMERS) or item_unit in writes_for


def check_confirmer(actor: Actor, recorded_by: object | None) -> None:
    """Another person than the one who recorded it, of an office or the publicity department."""
    if not actor.has(*CONFIRMERS):
        raise DutyRequired(*CONFIRMERS)
    if recorded_by is not None and recorded_by == actor.person_id:
        raise ConfirmedByAnother


def check_withdrawer(actor: Actor, adoption: Adoption) -> None:
    """Offices and the publicity department; whoever recorded it, until it is confirmed."""
    own = adoption.recorded_by_id is not None and adoption.recorded_by_id == actor.person_id
    slip = own and adoption.state is AdoptionState.RECORDED
    if not actor.is_system and not slip and not actor.has(*CONFIRMERS):
        raise DutyRequired(*CONFIRMERS)


def check_submitted(item: Item) -> None:
    """What its unit has withdrawn counts no more, neither as sent nor as adopted."""
    if item.submitted_at is None or item.state is ItemState.WITHDRAWN:
        raise NotSubmittedYet


def check_adopted_on(adopted_on: date, *, occurred_on: date, today: date) -> None:
    if adopted_on > today:
        raise AdoptedInFuture(adopted_on)
    if adopted_on < occurred_on:
        raise AdoptedBeforeItHappened(adopted_on, occurred_on)


def check_outlet_ran(outlet: MediaOutlet, day: date) -> None:
    if day < outlet.valid_from or (outlet.valid_until is not None and day > outlet.valid_until):
        raise OutletNotActive(outlet.name, day)


def check_evidence(channel: SubmissionChannel, url: str, sha256: str | None) -> None:
    """一经采用: never without evidence (R27). What a history sheet brings in says it in words."""
    if url:
        check_link(url)
    elif not sha256 and channel is not SubmissionChannel.LATE_ENTRY:
        raise EvidenceMissing


def check_link(url: str) -> None:
    """A web address somebody can open: http or https, with a host."""
    if len(url) > URL_LIMIT:
        raise TooLong("evidence_url", URL_LIMIT)
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        raise EvidenceNotALink from error
    unseen = any(char.isspace() or not char.isprintable() for char in url)
    if parts.scheme not in ("http", "https") or not host or unseen:
        raise EvidenceNotALink


def check_length(field: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise TooLong(field, limit)


def check_waiting(state: AdoptionState) -> None:
    if state is not AdoptionState.RECORDED:
        raise AdoptionSettled(state)


def check_standing(state: AdoptionState) -> None:
    if state is AdoptionState.WITHDRAWN:
        raise AdoptionSettled(state)


def check_reason(reason: str) -> None:
    if not reason:
        raise WithdrawalReasonMissing
    check_length("reason", reason, REASON_LIMIT)


def check_name(name: str) -> None:
    if not name:
        raise OutletNameMissing
    check_length("name", name, NAME_LIMIT)


def check_dates(valid_from: date, valid_until: date | None) -> None:
    if valid_until is not None and valid_until < valid_from:
        raise OutletDates
