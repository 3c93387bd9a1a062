"""What comes in: text that a record can hold, and the county's own periods."""

from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.types.scalar import ScalarDefinition
from strawberry.types.unset import UNSET

from domain.kit import clock
from domain.kit.clock import Month

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


def given(**facts: Any) -> dict[str, Any]:
    """Those inputs that the client gave, so that an action's own defaults stand for the rest."""
    return {name: fact for name, fact in facts.items() if fact is not UNSET and fact is not None}


def said(**facts: Any) -> dict[str, Any]:
    """As `given`, but null is kept: it clears what stood there."""
    return {name: fact for name, fact in facts.items() if fact is not UNSET}


def _month(text: object) -> Month:
    try:
        return Month.parse(str(text))
    except ValueError:
        raise ValueError("A month is written 2018-04") from None


def _period(text: object) -> clock.Period:
    try:
        return clock.parse_period(str(text))
    except ValueError:
        raise ValueError("A period is written 2018-04, 2018-Q2 or 2018") from None


def _spell_month(month: Month | date) -> str:
    return str(Month.of(month) if isinstance(month, date) else month)


class AnyPeriod:
    """The scalar Period in annotations: a month, a quarter or a year."""


SCALARS: dict[object, ScalarDefinition] = {
    Month: strawberry.scalar(
        name="Month",
        description="A calendar month of the county, written `2018-04`. 月份",
        serialize=_spell_month,
        parse_value=_month,
    ),
    AnyPeriod: strawberry.scalar(
        name="Period",
        description="A month `2018-04`, a quarter `2018-Q2` or a year `2018`. 期间",
        serialize=str,
        parse_value=_period,
    ),
}
