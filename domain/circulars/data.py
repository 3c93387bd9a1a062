"""The figures of one circular, as plain data: what is frozen, hashed and printed.

Pure: no database, no clock. Counted by the actions, written by `documents`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, Self

import orjson

from domain.points.lines import LEVELS, Line, Order, decimal, number, percent

__all__ = [
    "LEVELS", "Change", "CircularData", "DamagedDataError", "Figure", "Heading", "Kind",
    "LateEntry", "Line", "Order", "Policy", "canonical", "check_untouched", "decimal", "number",
    "percent",
]  # fmt: skip


class Kind(StrEnum):
    """Which period a circular covers: 月通报 by the two offices, 季通报 by the 督查室 (二(三))."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ANNUAL = "annual"


class Figure(StrEnum):
    """A figure that a later correction can change."""

    QUOTA = "quota"
    SUBMITTED = "submitted"
    SAME_DAY = "same_day"
    ADOPTED = "adopted"
    COUNTY = "county"
    PREFECTURE = "prefecture"
    PROVINCE = "province"
    NATION = "nation"
    POINTS = "points"
    TOTAL_POINTS = "total_points"
    RANK = "rank"
    GROUP_RANK = "group_rank"


class DamagedDataError(ValueError):
    """Stored figures no longer match the SHA-256 that was frozen with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateEntry:
    """An adoption of an earlier month, counted in a later one because the earlier was closed."""

    unit: str
    title: str
    outlet: str
    adopted_on: date
    counted_in: str

    def as_json(self) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "title": self.title,
            "outlet": self.outlet,
            "adoptedOn": self.adopted_on.isoformat(),
            "countedIn": self.counted_in,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            unit=row["unit"],
            title=row["title"],
            outlet=row["outlet"],
            adopted_on=date.fromisoformat(row["adoptedOn"]),
            counted_in=row["countedIn"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A figure that an issued circular showed otherwise. `period` is the one it was issued for."""

    unit: str
    what: Figure
    before: Decimal | None
    after: Decimal | None
    reason: str
    period: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "what": self.what.value,
            "before": number(self.before),
            "after": number(self.after),
            "reason": self.reason,
            "period": self.period,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        return cls(
            unit=row["unit"],
            what=Figure(row["what"]),
            before=None if row["before"] is None else decimal(row["before"]),
            after=None if row["after"] is None else decimal(row["after"]),
            reason=row["reason"],
            period=row["period"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The 计分办法 the points were counted by; an example is labelled 示例 wherever it shows."""

    name: str
    version: int
    is_example: bool

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "version": self.version, "isExample": self.is_example}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        return cls(name=row["name"], version=row["version"], is_example=row["isExample"])


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularData:
    """Everything a circular reports: 上报数量、采用情况、积分排名 of a period. (二(三))

    `period` is 2018-04, 2018-Q2 or 2018; `first` and `last` are its days, both included.
    `unconfirmed` names the offices that have not yet confirmed; empty once closed.
    `ledger_seq` is the last ledger entry counted. `lines` is the overall table, by rank with ties
    in unit order, or in unit order.
    """

    kind: Kind
    period: str
    first: date
    last: date
    county: str
    lines: tuple[Line, ...]
    late: tuple[LateEntry, ...]
    changes: tuple[Change, ...]
    unconfirmed: tuple[str, ...]
    policy: Policy
    ledger_seq: int
    order: Order

    def __post_init__(self) -> None:
        """Keep the lines as the circular shows them, so that equal figures are equal bytes."""
        object.__setattr__(self, "lines", self._shown())

    def _shown(self) -> tuple[Line, ...]:
        if self.order == "units":
            return self.by_units
        return tuple(sorted(self.by_units, key=lambda line: line.rank))

    @property
    def groups(self) -> tuple[str, ...]:
        """Rank groups, in the fixed order of their units."""
        return tuple(dict.fromkeys(line.group for line in self.by_units))

    @property
    def by_units(self) -> tuple[Line, ...]:
        return tuple(sorted(self.lines, key=lambda line: (line.order, line.unit_id)))

    def ranked_in(self, group: str) -> tuple[Line, ...]:
        """One rank group's table, in the order the circular asks for."""
        rows = [line for line in self.by_units if line.group == group]
        if self.order == "rank":
            rows.sort(key=lambda line: line.group_rank)
        return tuple(rows)

    def total(self, figure: str) -> int:
        """Sum of a count over all units."""
        return sum(getattr(line, figure) or 0 for line in self.lines)

    def canonical(self) -> bytes:
        """The hashed form: RFC 8785 (JCS), i.e. sorted keys, no spaces, UTF-8."""
        return canonical(self._facts())

    def sha256(self) -> str:
        return sha256(self.canonical()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """The facts and, as `sha256`, the hash of everything else in it."""
        return self._facts() | {"sha256": self.sha256()}

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> Self:
        """The data as it was frozen. Raises DamagedDataError when it was changed since."""
        check_untouched(facts)
        return cls(
            kind=Kind(facts["kind"]),
            period=facts["period"],
            first=date.fromisoformat(facts["first"]),
            last=date.fromisoformat(facts["last"]),
            county=facts["county"],
            lines=tuple(Line.from_json(row) for row in facts["lines"]),
            late=tuple(LateEntry.from_json(row) for row in facts["late"]),
            changes=tuple(Change.from_json(row) for row in facts["changes"]),
            unconfirmed=tuple(facts["unconfirmed"]),
            policy=Policy.from_json(facts["policy"]),
            ledger_seq=facts["ledgerSeq"],
            order=facts["order"],
        )

    def _facts(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "period": self.period,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "county": self.county,
            "order": self.order,
            "lines": [line.as_json() for line in self.lines],
            "late": [entry.as_json() for entry in self.late],
            "changes": [change.as_json() for change in self.changes],
            "unconfirmed": list(self.unconfirmed),
            "policy": self.policy.as_json(),
            "ledgerSeq": self.ledger_seq,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands around the figures: issuers, number, date, addressees. (R1, R63)

    Number and date are given by the document office on issue; a draft has neither.
    `corrects` is the number of the circular this one corrects. `signatures` are the names
    under the text, usually the issuers.
    """

    title: str
    issuers: tuple[str, ...]
    document_number: str | None
    issue_date: date | None
    addressees: str
    copy_recipients: str
    is_draft: bool
    corrects: str | None
    signatures: tuple[str, ...]


def canonical(facts: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and no spaces; ASCII keys and plain numbers make it RFC 8785."""
    return orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)


def check_untouched(facts: Mapping[str, Any]) -> None:
    """Raises DamagedDataError unless the facts still match their own `sha256`, if they have one."""
    rest = {key: value for key, value in facts.items() if key != "sha256"}
    frozen = facts.get("sha256")
    if frozen is not None and sha256(canonical(rest)).hexdigest() != frozen:
        raise DamagedDataError(facts.get("period"))
