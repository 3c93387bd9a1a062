"""What comes in: text that a record can hold, and the county's own periods."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, TypeVar

import strawberry
from strawberry.types.scalar import ScalarDefinition
from strawberry.types.unset import UNSET

from domain.kit import clock
from domain.kit.clock import Month
from domain.kit.errors import Invalid
from domain.kit.inputs import one_line

MOST_DECIMAL = 1_000_000_000
MOST_SMALL = 32_767
YEARS = range(1900, 3000)
AnyTime = TypeVar("AnyTime", bound=clock.Period)

Expected = Annotated[
    int | None,
    strawberry.argument(
        description="The version that was seen: refused as Stale when somebody saved since. "
        "Null: whatever it is now. 所见版本"
    ),
]


def is_unusable(value: str) -> bool:
    """Whether text holds control characters other than tab and line ends."""
    return "\x7f" in value or any(mark < " " and mark not in "\t\n\r" for mark in value)


class OutOfRange(Invalid):
    """A number that no column of the county's records can hold."""

    code = "out-of-range"

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field, self.most = field, MOST_SMALL


def small(number: int, field: str = "position") -> int:
    """A number between 0 and 32,767. Raises OutOfRange."""
    if not 0 <= number <= MOST_SMALL:
        raise OutOfRange(field)
    return number


def given(**facts: Any) -> dict[str, Any]:
    """Those inputs that the client gave, so that an action's own defaults stand for the rest."""
    return {name: fact for name, fact in facts.items() if fact is not UNSET and fact is not None}


def said(**facts: Any) -> dict[str, Any]:
    """As `given`, but null is kept: it clears what stood there."""
    return {name: fact for name, fact in facts.items() if fact is not UNSET}


def sought(text: str | None, field: str, limit: int) -> str | None:
    """A text that a list is narrowed to, no longer than its column. Raises InputTooLong."""
    return text and one_line(text, field=field, limit=limit, required=False)


def _month(text: object) -> Month:
    try:
        return _usual(Month.parse(str(text)))
    except ValueError:
        raise ValueError("A month is written 2018-04") from None


def _usual(period: AnyTime) -> AnyTime:
    """A period that has neighbours; the calendar ends in 9999. Raises ValueError."""
    if period.first.year not in YEARS:
        raise ValueError(period)
    return period


def _period(text: object) -> clock.Period:
    try:
        return _usual(clock.parse_period(str(text)))
    except ValueError:
        raise ValueError("A period is written 2018-04, 2018-Q2 or 2018") from None


def _spell_month(month: Month | date) -> str:
    return str(Month.of(month) if isinstance(month, date) else month)


def _spell_decimal(value: Decimal | int) -> str:
    """10.50 as `10.5`, 10.00 as `10`: one spelling, wherever a figure comes from.

    The sum of no lines is the whole number 0.
    """
    return f"{Decimal(value).normalize():f}"


def _decimal(text: object) -> Decimal:
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= MOST_DECIMAL:
        raise ValueError("A decimal is written 10.5 and smaller than a billion")
    return value


def _date(text: object) -> date:
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        day = date.min
    if not clock.is_usual(day):
        raise ValueError("A day is written 2018-04-10")
    return day


def _moment(text: object) -> datetime:
    message = "A time is written 2018-04-10T09:00:00+08:00, with its zone"
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise ValueError(message) from None
    if moment.tzinfo is None or not clock.is_usual(moment.date()):
        raise ValueError(message)
    return moment


def _spell_moment(moment: datetime) -> str:
    return moment.astimezone(clock.COUNTY).isoformat()


class AnyPeriod:
    """The scalar Period in annotations: a month, a quarter or a year."""


SCALARS: dict[object, ScalarDefinition] = {
    Month: strawberry.scalar(
        name="Month",
        description="A calendar month of the county, written `2018-04`. 月份",
        serialize=_spell_month,
        parse_value=_month,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day of the county's calendar, `2018-04-10`. 日期",
        serialize=date.isoformat,
        parse_value=_date,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="A time with its zone, the county's own: `2018-04-10T09:00:00+08:00`. 时间",
        serialize=_spell_moment,
        parse_value=_moment,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='An exact number as text, `"10.5"`; numbers are taken too. 小数',
        serialize=_spell_decimal,
        parse_value=_decimal,
    ),
    AnyPeriod: strawberry.scalar(
        name="Period",
        description="A month `2018-04`, a quarter `2018-Q2` or a year `2018`. 期间",
        serialize=str,
        parse_value=_period,
    ),
}
