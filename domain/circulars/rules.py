"""When a month closes, who issues what, and how a circular is numbered. 二(三); R29–R32, R63."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.circulars.data import Change, CircularData, Figure, Kind, Line
from domain.circulars.models import CircularState
from domain.kit.actor import Actor, Duty, check_person
from domain.kit.clock import Month, Period, Quarter
from domain.kit.errors import Conflict, DutyRequired, Invalid

MOST_POINTS, MOST_ITEMS = 99_999, 9_999
"""What one line of a correction may change, up or down."""
NUMBER = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,20}〔(\d{4})〕([1-9]\d{0,4})号")
_AS_PRINTED = str.maketrans(
    {
        **dict.fromkeys("[【［﹝〖（(<〈《「", "〔"),
        **dict.fromkeys("]】］﹞〗）)>〉》」", "〕"),
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        "號": "号",
        " ": None,
        "\u3000": None,
    }
)


class MonthNotEnded(Conflict):
    """A month is confirmed after its last local day. (I5)"""

    code = "month-not-ended"
    field = "month"

    def __init__(self, month: Month) -> None:
        super().__init__(month)
        self.month = month


class AlreadyConfirmed(Conflict):
    """An office gives its word on a month once."""

    code = "already-confirmed"

    def __init__(self, office: str, month: Month) -> None:
        super().__init__(office, month)
        self.office, self.month = office, month


class MonthClosed(Conflict):
    """Nothing more is confirmed or counted in a closed month."""

    code = "month-closed"

    def __init__(self, month: Month) -> None:
        super().__init__(month)
        self.month = month


class EarlierMonthOpen(Conflict):
    """Months close in order, so that yearly totals are sums of what was issued. (I9)"""

    code = "earlier-month-open"

    def __init__(self, month: Month) -> None:
        super().__init__(month)
        self.month = month


class MonthsOpen(Conflict):
    """A circular is issued from closed months only."""

    code = "months-open"

    def __init__(self, months: Sequence[Month], offices: Sequence[str]) -> None:
        super().__init__(months, offices)
        self.months, self.offices = tuple(months), tuple(offices)


class AlreadyIssued(Conflict):
    """An issued circular is frozen; a correction is an issue of its own. (I8)"""

    code = "already-issued"

    def __init__(self, number: str | None) -> None:
        super().__init__(number)
        self.number = number


class NotIssuedYet(Conflict):
    """Only what was issued can be corrected; a draft follows the ledger by itself."""

    code = "not-issued-yet"


class CorrectionPending(Conflict):
    """A correction of the same figures waits to be issued first."""

    code = "correction-pending"

    def __init__(self, period: str) -> None:
        super().__init__(period)
        self.period = period


class LaterIssueExists(Conflict):
    """Only the last issue of a period is corrected."""

    code = "later-issue-exists"

    def __init__(self, number: str | None) -> None:
        super().__init__(number)
        self.number = number


class DocumentNumberWrong(Invalid):
    """发文字号: word, 〔year〕, number, 号; no leading zeros. (GB/T 9704)"""

    code = "document-number-wrong"
    field = "document_number"

    def __init__(self, given: str) -> None:
        super().__init__(given)
        self.given = given


class DocumentNumberYear(Invalid):
    """The year in the number is the year of issue."""

    code = "document-number-year"
    field = "document_number"

    def __init__(self, year: int, issued: int) -> None:
        super().__init__(year, issued)
        self.year, self.issued = year, issued


class DocumentNumberTaken(Invalid):
    """Two circulars never share a number."""

    code = "document-number-taken"
    field = "document_number"

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class IssueDateWrong(Invalid):
    """成文日期: not before the period has ended, and not in the future."""

    code = "issue-date-wrong"
    field = "issue_date"

    def __init__(self, first: date, last: date) -> None:
        super().__init__(first, last)
        self.first, self.last = first, last


class NothingCorrected(Invalid):
    """A correction changes at least one figure."""

    code = "nothing-corrected"
    field = "changes"


class OnlyMonthsAreCorrected(Invalid):
    """Quarter and year are sums: the month is corrected, then they are issued again. (I9)"""

    code = "only-months-are-corrected"
    field = "changes"


class UnitNotListed(Invalid):
    """The circular has no line for that unit."""

    code = "unit-not-listed"
    field = "changes"

    def __init__(self, unit_id: UUID) -> None:
        super().__init__(unit_id)
        self.unit_id = unit_id


class CorrectedBelowZero(Invalid):
    """A count cannot become negative."""

    code = "corrected-below-zero"
    field = "changes"

    def __init__(self, unit: str) -> None:
        super().__init__(unit)
        self.unit = unit


class CorrectionTooLarge(Invalid):
    """No number that a county's ledger could hold, or points finer than 0.01."""

    code = "correction-too-large"
    field = "changes"

    def __init__(self, unit: str) -> None:
        super().__init__(unit)
        self.unit, self.points, self.count = unit, MOST_POINTS, MOST_ITEMS


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What one unit's line should have said: differences to what was issued, e.g. points=+5."""

    unit_id: UUID
    points: Decimal = Decimal(0)
    submitted: int = 0
    adopted: int = 0
    reason: str


def kind_of(period: Period) -> Kind:
    if isinstance(period, Month):
        return Kind.MONTHLY
    return Kind.QUARTERLY if isinstance(period, Quarter) else Kind.ANNUAL


def check_may_confirm(actor: Actor, office_id: UUID) -> None:
    """专人负责统计、核对: an editor of that very office. (R29)"""
    if actor.is_system:
        return
    check_person(actor)
    if office_id not in actor.offices:
        raise DutyRequired(Duty.OFFICE_EDITOR)


def check_may_issue(actor: Actor, kind: Kind, issuing_offices: Iterable[UUID]) -> None:
    """每月由两办, 每季度由督查室. (R30, R31)"""
    if actor.is_system:
        return
    check_person(actor)
    if kind is Kind.MONTHLY:
        if not actor.offices & set(issuing_offices):
            raise DutyRequired(Duty.OFFICE_EDITOR)
    elif not actor.has(Duty.SUPERVISION_OFFICE):
        raise DutyRequired(Duty.SUPERVISION_OFFICE)


def sees_drafts(actor: Actor) -> bool:
    """A draft is for those who count, check and issue; units read what was issued."""
    return actor.is_system or actor.has(
        Duty.OFFICE_EDITOR,
        Duty.PUBLICITY_DEPARTMENT,
        Duty.SUPERVISION_OFFICE,
        Duty.ADMINISTRATOR,
        Duty.AUDITOR,
    )


def may_draft(actor: Actor) -> bool:
    """Those who issue, and whoever keeps the county's clockwork running."""
    return actor.is_system or actor.has(
        Duty.OFFICE_EDITOR, Duty.SUPERVISION_OFFICE, Duty.ADMINISTRATOR
    )


def check_may_draft(actor: Actor) -> None:
    """By hand, a draft is made ahead of the clock by those who will work with it."""
    if not may_draft(actor):
        raise DutyRequired(Duty.OFFICE_EDITOR, Duty.SUPERVISION_OFFICE, Duty.ADMINISTRATOR)


def check_ended(month: Month, today: date) -> None:
    if today <= month.last:
        raise MonthNotEnded(month)


def check_draft(state: CircularState, number: str | None) -> None:
    if state is CircularState.ISSUED:
        raise AlreadyIssued(number)


def normal_number(given: str) -> str:
    """As printed: 红委办〔2018〕28号, whatever brackets and blanks were typed."""
    return given.strip().translate(_AS_PRINTED)


def check_number(number: str, issue_date: date) -> None:
    match = NUMBER.fullmatch(number)
    if match is None:
        raise DocumentNumberWrong(number)
    if int(match[1]) != issue_date.year:
        raise DocumentNumberYear(int(match[1]), issue_date.year)


def check_issue_date(issue_date: date, period: Period, today: date) -> None:
    """After the period's last day, today at the latest."""
    if not period.last < issue_date <= today:
        raise IssueDateWrong(period.next.first, today)


def check_corrections(data: CircularData, changes: Sequence[Correction]) -> None:
    lines = {line.unit_id: line for line in data.lines}
    if not any(change.points or change.submitted or change.adopted for change in changes):
        raise NothingCorrected
    for change in changes:
        line = lines.get(str(change.unit_id))
        if line is None:
            raise UnitNotListed(change.unit_id)
        if not _is_of_tolerable_size(change):
            raise CorrectionTooLarge(line.unit)
        if line.submitted + change.submitted < 0 or line.adopted + change.adopted < 0:
            raise CorrectedBelowZero(line.unit)


def _is_of_tolerable_size(change: Correction) -> bool:
    exact = change.points.is_finite() and abs(change.points) <= MOST_POINTS
    return (
        exact
        and change.points == round(change.points, 2)
        and max(abs(change.submitted), abs(change.adopted)) <= MOST_ITEMS
    )


def differences(
    before: CircularData, after: CircularData, reasons: Mapping[str, str], follows: str
) -> tuple[Change, ...]:
    """Every figure that an issue shows otherwise than the one before, unit by unit.

    `reasons` by unit; what merely follows from another unit's change says `follows`.
    """
    shown = {line.unit_id: line for line in before.lines}
    changes: list[Change] = []
    for line in after.by_units:
        old = shown.get(line.unit_id)
        for figure in Figure:
            was, now = _figure(old, figure), _figure(line, figure)
            if was != now:
                reason = reasons.get(line.unit_id, follows)
                changes.append(
                    Change(unit=line.unit, what=figure, before=was, after=now, reason=reason)
                )
    return tuple(changes)


def _figure(line: Line | None, figure: Figure) -> Decimal | None:
    value = getattr(line, figure.value) if line else None
    return None if value is None else Decimal(value)
