"""Which units there are, and when. 主送；三(二)；信息报送邮箱；R2, R12, R16, R61."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from domain.kit.actor import Actor, Duty, Scope, check_duty, check_scope
from domain.kit.errors import Conflict, Invalid, ScopeMissing
from domain.units.models import Unit, UnitKind

NAME_LIMIT = 80
GROUP_LIMIT = 40
LINE_ORDERS = ("rank", "units")

_GROUPS = {
    UnitKind.TOWNSHIP: "乡镇",
    UnitKind.COUNTY_DEPARTMENT: "县级部门",
    UnitKind.STATIONED_UNIT: "驻县单位",
    UnitKind.ENTERPRISE_INSTITUTION: "企事业单位",
}


class UnitNameTaken(Invalid):
    """Two existing units may not share a name: an item could not be laid at one door (三)."""

    code = "unit-name-taken"
    field = "name"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class EndsBeforeItBegins(Invalid):
    """The last day lies before the first."""

    code = "ends-before-it-begins"
    field = "last_day"

    def __init__(self, first_day: date, last_day: date) -> None:
        super().__init__(first_day, last_day)
        self.first_day, self.last_day = first_day, last_day


class UnitClosed(Conflict):
    """The unit exists no more; its records stay as they are."""

    code = "unit-closed"

    def __init__(self, name: str, last_day: date) -> None:
        super().__init__(name, last_day)
        self.name, self.last_day = name, last_day


class SuccessorGoesInCircles(Invalid):
    """Following successors must end at a unit that has none."""

    code = "successor-goes-in-circles"
    field = "successor_id"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class SuccessorNotThere(Invalid):
    """The successor must exist on the day after the last."""

    code = "successor-not-there"
    field = "successor_id"

    def __init__(self, name: str, day: date) -> None:
        super().__init__(name, day)
        self.name, self.day = name, day


class LineOrderUnknown(Invalid):
    """Circulars list units by rank or in the units' fixed order."""

    code = "line-order-unknown"
    field = "line_order"

    def __init__(self, given: str) -> None:
        super().__init__(given)
        self.given = given


class TopicTaken(Invalid):
    """A topic of that name is there already."""

    code = "topic-taken"
    field = "name"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class OfficeTaken(Invalid):
    """A receiving office of that name is there already."""

    code = "office-taken"
    field = "name"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NoCountyYet(Conflict):
    """The installation has not been told which county it serves."""

    code = "no-county-yet"


def check_manages(actor: Actor, *duties: Duty) -> None:
    """Who keeps registers: people with one of the duties, or a county-wide ADMINISTER token."""
    check_scope(actor, Scope.ADMINISTER)
    if actor.is_token:
        if actor.unit_id is not None:
            raise ScopeMissing(Scope.ADMINISTER)
        return
    check_duty(actor, *duties)


def default_group(kind: UnitKind) -> str:
    """The table of the circular in which units of a kind are ranked, unless told otherwise."""
    return _GROUPS[kind]


def group_after(unit: Unit, kind: UnitKind, given: str | None) -> str:
    """A unit that stood in its kind's own group follows its kind; others keep theirs."""
    if given:
        return given
    follows = unit.rank_group == default_group(unit.kind)
    return default_group(kind) if follows else unit.rank_group


def is_current(unit: Unit, on: date) -> bool:
    """Whether the unit exists on a day."""
    return unit.valid_from <= on and not is_over(unit, on)


def is_over(unit: Unit, on: date) -> bool:
    """Whether the unit's last day has passed."""
    return unit.valid_until is not None and unit.valid_until < on


def check_not_over(unit: Unit, on: date) -> None:
    if unit.valid_until is not None and unit.valid_until < on:
        raise UnitClosed(unit.name, unit.valid_until)


def check_days(first_day: date, last_day: date | None) -> None:
    if last_day is not None and last_day < first_day:
        raise EndsBeforeItBegins(first_day, last_day)


def check_open_end(unit: Unit) -> None:
    """A unit is closed once; its last day is history afterwards."""
    if unit.valid_until is not None:
        raise UnitClosed(unit.name, unit.valid_until)


def check_successor(unit: Unit, successor: Unit, heirs: Collection[UUID], last_day: date) -> None:
    """`heirs`: the ids met when following successors from the successor on, itself included."""
    if unit.id in heirs:
        raise SuccessorGoesInCircles(successor.name)
    day = min(last_day, date.max - timedelta(days=1)) + timedelta(days=1)
    if not is_current(successor, day):
        raise SuccessorNotThere(successor.name, day)


def check_line_order(order: str) -> None:
    if order not in LINE_ORDERS:
        raise LineOrderUnknown(order)
