"""The page of one item in the 积分台账: what was counted so far, and what the next event adds.

Pure. One by one or by the thousand, live or replayed under another policy, it is the same page.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from domain.kit.clock import Month
from domain.points import rules
from domain.points.policy import Policy
from domain.points.rules import Run, Score, Traits, Worth

PolicyOf = Callable[[date], Policy | None]


@dataclass(slots=True)
class Counted:
    """An adoption in force: the month it counts in."""

    run: Run
    month: Month


@dataclass(frozen=True, slots=True)
class Change:
    """What an adoption, or its withdrawal, does to the item's page."""

    points: Decimal
    adopted: int
    """±1 when the item becomes, or ceases to be, an adopted one of the month."""
    worth: Worth | None
    score: Score | None
    before: Decimal


@dataclass(slots=True)
class Page:
    item_id: UUID
    unit_id: UUID
    traits: Traits
    runs: dict[UUID, Counted] = field(default_factory=dict)
    closed_runs: set[UUID] = field(default_factory=set)
    """Withdrawn adoptions; they are not counted again."""
    points: Decimal = rules.NOTHING
    """Given for adoptions so far."""
    sent: int = 0
    sent_points: Decimal = rules.NOTHING
    sent_given: Decimal = rules.NOTHING
    """Of these, what a monthly cap counts."""
    sent_month: Month | None = None
    sent_same_day: int = 0

    def knows(self, adoption_id: UUID) -> bool:
        return adoption_id in self.runs or adoption_id in self.closed_runs

    def adopt(self, run: Run, month: Month, policy_of: PolicyOf) -> Change:
        """Count an adoption in a month: what all of them are worth now, less what was given."""
        adopted = int(not self._is_adopted_in(month))
        self.runs[run.adoption_id] = Counted(run, month)
        return self._settle(adopted, run, policy_of)

    def withdraw(self, adoption_id: UUID, policy_of: PolicyOf) -> Change:
        """Take an adoption back; the others stay worth what they are without it."""
        counted = self.runs.pop(adoption_id)
        self.closed_runs.add(adoption_id)
        adopted = 0 if self._is_adopted_in(counted.month) else -1
        return self._settle(adopted, counted.run, policy_of)

    def _is_adopted_in(self, month: Month) -> bool:
        return any(counted.month == month for counted in self.runs.values())

    def _settle(self, adopted: int, run: Run, policy_of: PolicyOf) -> Change:
        before, score = self.points, self._score(run, policy_of)
        self.points = score.points if score else rules.NOTHING
        own = policy_of(run.adopted_on)
        worth = rules.worth(own, self.traits, run) if own else None
        return Change(self.points - before, adopted, worth, score, before)

    def _score(self, run: Run, policy_of: PolicyOf) -> Score | None:
        """Each adoption is worth what its own day's policy says; the latest of them combines."""
        runs = [counted.run for counted in self.runs.values()]
        day = max((each.adopted_on for each in [*runs, run]), default=run.adopted_on)
        policy = policy_of(day)
        if policy is None:
            return None
        worths = [
            rules.worth(own, self.traits, each)
            for each in runs
            if (own := policy_of(each.adopted_on)) is not None
        ]
        return rules.score(policy, self.traits, worths)
