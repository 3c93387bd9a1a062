"""How points are counted, as pure functions of a policy. 二(三); R30; I1, I2.

`worth` values one adoption, `score` all adoptions of an item,
`for_sending` and `at_month_end` count the rest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from domain.items.models import Genre, InformationType
from domain.kit.errors import Invalid
from domain.outlets.models import AdoptionMode, OutletLevel
from domain.points.policy import MonthEnd, Policy, Repeat, RepeatRule

NOTHING = Decimal(0)
NO_MONTH_END = MonthEnd()


class PolicyTooEarly(Invalid):
    """A policy may not reach into a closed month. (AC09)"""

    code = "policy-too-early"
    field = "valid_from"

    def __init__(self, valid_from: date, closed: date) -> None:
        super().__init__(valid_from, closed)
        self.valid_from, self.month = valid_from, f"{closed:%Y-%m}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a policy may ask about an item."""

    information_type: InformationType
    genre: Genre


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One adoption, as a policy sees it."""

    adoption_id: UUID
    outlet: str
    level: OutletLevel
    adopted_on: date
    weight_class: str = ""
    position: str = ""
    mode: AdoptionMode = AdoptionMode.SOLE


@dataclass(frozen=True, slots=True)
class Step:
    """A rule applied to a value: `code` of [rules], what it matched, the factor or points used."""

    code: str
    label: str
    amount: Decimal

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "label": self.label, "amount": f"{self.amount:f}"}


@dataclass(frozen=True, slots=True)
class Worth:
    """What one adoption is worth alone: the rule its points come from, then what changed them."""

    points: Decimal
    level: OutletLevel
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """What all adoptions of an item are worth together."""

    points: Decimal
    repeat: RepeatRule
    left_out: int
    """Adoptions that the repeat rule does not count in full."""
    bonus: Decimal


def worth(policy: Policy, traits: Traits, run: Run) -> Worth:
    """One adoption's points: the most special base, then position, merged use, type and genre."""
    steps = [_base(policy, traits, run)]
    points = steps[0].amount
    for step, factor in _changes(policy, traits, run):
        points = points * step.amount if factor else step.amount
        steps.append(step)
    return Worth(points, run.level, tuple(steps))


def _base(policy: Policy, traits: Traits, run: Run) -> Step:
    """The outlet's own points before the type's, the class's, the level's."""
    if run.outlet in policy.outlets:
        return Step("outlet", run.outlet, policy.outlets[run.outlet])
    for name, kind in _kinds(policy, traits):
        if kind.points is not None and run.level in kind.points:
            return Step("kind", name, kind.points[run.level])
    if run.weight_class in policy.weight_classes:
        return Step("weight-class", run.weight_class, policy.weight_classes[run.weight_class])
    return Step("level", run.level, policy.levels.get(run.level, NOTHING))


def _kinds(policy: Policy, traits: Traits) -> list[tuple[str, Any]]:
    found = (
        (traits.information_type.value, policy.types.get(traits.information_type)),
        (traits.genre.value, policy.genres.get(traits.genre)),
    )
    return [(name, kind) for name, kind in found if kind is not None]


def _changes(policy: Policy, traits: Traits, run: Run) -> Iterable[tuple[Step, bool]]:
    """What is applied to the base, in order; the flag says factor rather than points."""
    for position in policy.positions:
        if position.match in run.position:
            yield _step("position", position.match, position.factor, position.points)
            break
    if run.mode is AdoptionMode.MERGED:
        instead = (policy.merged.points or {}).get(run.level)
        if instead is not None or policy.merged.factor not in (None, 1):
            yield _step("merged", run.level, policy.merged.factor, instead)
    for name, kind in _kinds(policy, traits):
        if kind.factor != 1:
            yield Step("kind-factor", name, kind.factor), True


def _step(
    code: str, label: str, factor: Decimal | None, points: Decimal | None
) -> tuple[Step, bool]:
    if factor is not None:
        return Step(f"{code}-factor", label, factor), True
    return Step(f"{code}-points", label, points or NOTHING), False


def score(policy: Policy, traits: Traits, worths: Sequence[Worth]) -> Score:
    """All adoptions of an item together: the repeat rule, a bonus, the cap, rounded half up."""
    full, rest = _chosen(policy.repeat, worths)
    bonus = sum((kind.bonus for _, kind in _kinds(policy, traits)), NOTHING) if worths else NOTHING
    total = bonus + sum((each.points for each in full), NOTHING)
    total += policy.repeat.further * sum((each.points for each in rest), NOTHING)
    if policy.item_cap is not None:
        total = min(total, policy.item_cap)
    return Score(rounded(policy, total), policy.repeat.rule, len(rest), bonus)


def _chosen(repeat: Repeat, worths: Sequence[Worth]) -> tuple[list[Worth], list[Worth]]:
    """The adoptions that count in full, and the others."""
    if repeat.rule is RepeatRule.SUM:
        return list(worths), []
    ranked = sorted(worths, key=lambda each: -each.points)
    if repeat.rule is RepeatRule.HIGHEST:
        return ranked[:1], ranked[1:]
    best: dict[OutletLevel, Worth] = {}
    rest = [each for each in ranked if best.setdefault(each.level, each) is not each]
    levels = list(best.values())
    return levels[: repeat.n], rest + (levels[repeat.n :] if repeat.n else [])


def rounded(policy: Policy, points: Decimal) -> Decimal:
    return points.quantize(policy.rounding, rounding=ROUND_HALF_UP)


def for_sending(
    policy: Policy, traits: Traits, *, is_late: bool, counted: Decimal
) -> tuple[Step, ...]:
    """Points for sending one item; `counted` were given this month already (see monthly_cap)."""
    rule = policy.submission
    points = rule.types.get(traits.information_type, rule.points)
    steps = [Step("sending", traits.information_type, points)]
    if rule.monthly_cap is not None and points > max(rule.monthly_cap - counted, NOTHING):
        left = max(rule.monthly_cap - counted, NOTHING)
        steps = [Step("sending-capped", f"{rule.monthly_cap:f}", left)]
    if is_late and rule.late and owes_same_day(traits):
        steps.append(Step("sent-late", "", rule.late))
    return tuple(steps)


def owes_same_day(traits: Traits) -> bool:
    """一般性新闻信息要求当天上报; no other item has a time limit. (二(一), R19)"""
    is_ordinary = traits.information_type is InformationType.DYNAMIC
    return is_ordinary and traits.genre is Genre.NEWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A unit's ended month, as `at_month_end` asks about it."""

    quota: int
    submitted: int
    adopted: int
    points: Decimal
    """Before anything is counted at the month's end."""


def at_month_end(policy: Policy, month: Ended) -> list[Step]:
    """Task met or missed, items short, adoption rate; deductions stop at the floor."""
    rule, short = policy.month_end, max(month.quota - month.submitted, 0)
    steps = [
        Step("task-met", str(month.quota), NOTHING if short else rule.quota_met),
        Step("task-missed", str(short), rule.quota_missed if short else NOTHING),
        Step("items-short", str(short), rule.missing_item * short),
    ]
    rate = rule.adoption_rate
    if rate and month.submitted and month.adopted * 100 < rate.below * month.submitted:
        steps.append(Step("adoption-rate", f"{rate.below:f}", rate.points))
    return _not_below(rule.floor, month.points, [step for step in steps if step.amount])


def _not_below(floor: Decimal | None, points: Decimal, steps: list[Step]) -> list[Step]:
    total = points + sum((step.amount for step in steps), NOTHING)
    deducted = sum((step.amount for step in steps if step.amount < 0), NOTHING)
    if floor is None or total >= floor or not deducted:
        return steps
    return [*steps, Step("floor", f"{floor:f}", min(floor - total, -deducted))]
