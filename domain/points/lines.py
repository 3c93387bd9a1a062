"""One unit's row of a ranking: counts, rates, points and places. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, Self

Order = Literal["rank", "units"]

LEVELS = ("county", "prefecture", "province", "nation")


def percent(part: int, whole: int) -> Decimal:
    """Part of whole in percent, to one decimal, halves up; 0 when there is no whole."""
    if whole == 0:
        return Decimal(0)
    exact = Decimal(part) * 100 / Decimal(whole)
    return exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One unit's row. Counts are items, levels are adoptions by outlet level, points to 0.01."""

    unit_id: str
    unit: str
    kind: str
    group: str
    order: int
    quota: int | None
    exempt: bool
    submitted: int
    same_day: int
    adopted: int
    county: int
    prefecture: int
    province: int
    nation: int
    points: Decimal
    total_points: Decimal
    rank: int
    group_rank: int
    previous_rank: int | None

    @property
    def owed(self) -> int:
        """Items still missing from the task; an exempt unit owes none. (R22)"""
        return 0 if self.exempt else max((self.quota or 0) - self.submitted, 0)

    @property
    def completion_rate(self) -> Decimal:
        """完成率: submitted of the quota, percent. (附件1)"""
        return percent(self.submitted, self.quota or 0)

    @property
    def same_day_rate(self) -> Decimal:
        """当日报送率: sent on the day of the event, percent of submitted. (二(一))"""
        return percent(self.same_day, self.submitted)

    @property
    def adoption_rate(self) -> Decimal:
        """采用率: adopted of submitted, percent."""
        return percent(self.adopted, self.submitted)

    @property
    def is_zero_report(self) -> bool:
        """零报送: nothing sent by a unit that owes reports."""
        return self.submitted == 0 and not self.exempt

    @property
    def movement(self) -> int | None:
        """Places gained since the previous period; negative when lost, None when new."""
        return None if self.previous_rank is None else self.previous_rank - self.rank

    def as_json(self) -> dict[str, Any]:
        return {
            "unitId": self.unit_id,
            "unit": self.unit,
            "kind": self.kind,
            "group": self.group,
            "order": self.order,
            "quota": self.quota,
            "exempt": self.exempt,
            "submitted": self.submitted,
            "sameDay": self.same_day,
            "adopted": self.adopted,
            "completionRate": number(self.completion_rate),
            "sameDayRate": number(self.same_day_rate),
            "adoptionRate": number(self.adoption_rate),
            "levels": {level: getattr(self, level) for level in LEVELS},
            "points": number(self.points),
            "totalPoints": number(self.total_points),
            "rank": self.rank,
            "groupRank": self.group_rank,
            "previousRank": self.previous_rank,
            "zeroReport": self.is_zero_report,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            unit_id=row["unitId"],
            unit=row["unit"],
            kind=row["kind"],
            group=row["group"],
            order=row["order"],
            quota=row["quota"],
            exempt=row["exempt"],
            submitted=row["submitted"],
            same_day=row["sameDay"],
            adopted=row["adopted"],
            **row["levels"],
            points=decimal(row["points"]),
            total_points=decimal(row["totalPoints"]),
            rank=row["rank"],
            group_rank=row["groupRank"],
            previous_rank=row["previousRank"],
        )


def number(value: Decimal | None) -> int | float | None:
    """A decimal as a JSON number: 5 rather than 5.0, 7.5 as 7.5."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def decimal(value: float) -> Decimal:
    """A JSON number back as the decimal it was written from."""
    return Decimal(str(value))
