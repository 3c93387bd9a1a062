"""What is said of each row: it would be entered, it is there already, or why it is refused."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from domain.intake.models import ImportBatch, SheetKind
from domain.intake.sheets import Row, Sheet
from domain.kit.errors import DomainError, Refusals


class Outcome(StrEnum):
    """Of one row."""

    CREATED = "created"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one row, with every reason against it."""

    row: Row
    outcome: Outcome
    refusals: tuple[DomainError, ...] = ()

    @property
    def number(self) -> int:
        """The row as a spreadsheet counts it."""
        return self.row.number


def refused(row: Row, error: DomainError) -> Verdict:
    """A row with one reason against it, or with several."""
    reasons = error.errors if isinstance(error, Refusals) else (error,)
    return Verdict(row, Outcome.REFUSED, tuple(reasons))


@dataclass(frozen=True, slots=True)
class Options:
    """What the one who brings a sheet allows."""

    create_outlets: bool = False
    """Enter outlets that the register lacks, where the sheet gives their level."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A sheet, and what would become of it; after `commit`, what became of it."""

    batch: ImportBatch
    sheet: Sheet = field(repr=False)
    options: Options = field(repr=False)
    verdicts: tuple[Verdict, ...] = field(repr=False)

    @property
    def kind(self) -> SheetKind:
        return self.batch.kind

    @property
    def bad(self) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if verdict.outcome is Outcome.REFUSED)

    def count(self, outcome: Outcome) -> int:
        return Counter(verdict.outcome for verdict in self.verdicts)[outcome]
