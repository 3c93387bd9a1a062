"""计分办法 as data: what a county may write into a policy file. Documented in docs/policy.md.

The notice gives no point values (二(三)), so every number here is the county's own.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from domain.items.models import Genre, InformationType
from domain.outlets.models import OutletLevel

LARGEST = Decimal(100_000)
LEVEL_NAMES = {
    "县": OutletLevel.COUNTY,
    "州": OutletLevel.PREFECTURE,
    "省": OutletLevel.PROVINCE,
    "国": OutletLevel.NATION,
}


class CountBy(StrEnum):
    """The month in which an adoption counts."""

    ADOPTION = "adoption"
    SUBMISSION = "submission"


class RepeatRule(StrEnum):
    """What counts when several outlets ran one item."""

    HIGHEST = "highest"
    SUM = "sum"
    ONCE_PER_LEVEL = "once_per_level"
    TOP_N_LEVELS = "top_n_levels"


def _at_least_zero(value: Decimal) -> Decimal:
    if value < 0:
        raise PydanticCustomError("not-negative", "")
    return value


def _at_most_zero(value: Decimal) -> Decimal:
    if value > 0:
        raise PydanticCustomError("not-positive", "")
    return value


def _of_tolerable_size(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) > LARGEST or value != round(value, 4):
        raise PydanticCustomError("number-out-of-range", "")
    return value


def _exact(given: Any) -> Any:
    """JSON numbers, and the texts they are stored as; 0.1 is one tenth."""
    if isinstance(given, bool) or not isinstance(given, int | float | str | Decimal):
        raise PydanticCustomError("not-a-number", "")
    return str(given)


def _named_levels(given: Any) -> Any:
    """县、州、省、国 are as good as county, prefecture, province, nation."""
    if not isinstance(given, dict):
        return given
    named = {LEVEL_NAMES.get(key, key): value for key, value in given.items()}
    if len(named) != len(given):
        raise PydanticCustomError("level-twice", "")
    return named


def _as_rule(given: Any) -> Any:
    """`"highest"` is short for `{"rule": "highest"}`."""
    return {"rule": given} if isinstance(given, str) else given


Number = Annotated[Decimal, BeforeValidator(_exact), AfterValidator(_of_tolerable_size)]
Points = Annotated[Number, AfterValidator(_at_least_zero)]
Penalty = Annotated[Number, AfterValidator(_at_most_zero)]
ByLevel = Annotated[dict[OutletLevel, Points], BeforeValidator(_named_levels)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Submission(_Part):
    """Points for sending an item, whatever becomes of it."""

    points: Points = Decimal(0)
    types: dict[InformationType, Points] = {}
    monthly_cap: Points | None = None
    """At most so many points for sending, a unit and month."""
    late: Penalty = Decimal(0)
    """For ordinary news that was not sent on the day of the event. (二(一))"""


class Modifier(_Part):
    """A factor on the points, or other points in their place."""

    factor: Points | None = None
    points: Points | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.factor is None) == (self.points is None):
            raise PydanticCustomError("factor-or-points", "")
        return self


class Merged(_Part):
    """综合采用: a factor, or points by level."""

    factor: Points | None = None
    points: ByLevel | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.factor is None) == (self.points is None):
            raise PydanticCustomError("factor-or-points", "")
        return self


class Position(Modifier):
    """版面: holds when `match` occurs in the position of the adoption; the first one that does."""

    match: Annotated[str, Field(min_length=1, max_length=60)]


class Kind(_Part):
    """What an information type or genre is worth: other points by level, a factor, a bonus."""

    points: ByLevel | None = None
    factor: Points = Decimal(1)
    bonus: Points = Decimal(0)
    """Once an item, when it is adopted at all."""


class Repeat(_Part):
    """重复采用. `further` is the factor for adoptions that the rule leaves out."""

    rule: RepeatRule = RepeatRule.HIGHEST
    n: Annotated[int, Field(strict=True, ge=1, le=4)] | None = None
    further: Points = Decimal(0)

    @model_validator(mode="after")
    def _n_where_it_belongs(self) -> Self:
        if (self.rule is RepeatRule.TOP_N_LEVELS) != (self.n is not None):
            raise PydanticCustomError("n-with-top-n-levels", "")
        return self


class AdoptionRate(_Part):
    """Points taken off when less than `below` percent of the month's items were adopted."""

    below: Annotated[Points, Field(le=100)]
    points: Penalty


class MonthEnd(_Part):
    """What is counted once a month has ended, by task and by adoption rate."""

    quota_met: Points = Decimal(0)
    quota_missed: Penalty = Decimal(0)
    missing_item: Penalty = Decimal(0)
    """For each item short of the task."""
    adoption_rate: AdoptionRate | None = None
    floor: Number | None = None
    """Deductions take a month's points no lower than this."""


class Policy(_Part):
    """A whole 计分办法. Only `levels` must be there; what is left out counts nothing."""

    submission: Submission = Submission()
    levels: ByLevel
    outlets: dict[str, Points] = {}
    weight_classes: dict[str, Points] = {}
    merged: Merged = Merged(factor=Decimal(1))
    positions: tuple[Position, ...] = ()
    types: dict[InformationType, Kind] = {}
    genres: dict[Genre, Kind] = {}
    repeat: Annotated[Repeat, BeforeValidator(_as_rule)] = Repeat()
    item_cap: Points | None = None
    """At most so many points for one item's adoptions together."""
    rounding: Annotated[Number, AfterValidator(_at_least_zero)] = Decimal("0.1")
    count_by: CountBy = CountBy.ADOPTION
    month_end: MonthEnd = MonthEnd()

    @model_validator(mode="after")
    def _rounding_is_known(self) -> Self:
        if self.rounding not in (Decimal(1), Decimal("0.1"), Decimal("0.01")):
            raise PydanticCustomError("rounding-unknown", "")
        return self
