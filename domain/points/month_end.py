"""What a policy adds or takes off when a month has ended: task met or missed, adoption rate."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from domain.kit import clock
from domain.kit.actor import Actor
from domain.kit.clock import Month
from domain.points import pages, queries, rules
from domain.points.lines import Line
from domain.points.models import EntryKind, LedgerEntry, ScoringPolicy

CODES = ("task-met", "task-missed", "items-short", "adoption-rate", "floor")

Posted = dict[UUID, dict[str, Decimal]]


async def settled(actor: Actor, month: Month) -> list[LedgerEntry]:
    """The lines that bring a month's end up to date; none when it already is.

    Units that are exempt, or have no task, are left alone.
    """
    row = await queries.policy_on(month.last)
    if row is None or pages.parsed(row).month_end == rules.NO_MONTH_END:
        return []
    posted = await _posted(month)
    lines: list[LedgerEntry] = []
    for line in await queries.ranking(month, "units"):
        unit_id = UUID(line.unit_id)
        due = _due(row, line, posted[unit_id])
        lines += _differences(actor, row, unit_id, month, due, posted[unit_id])
    return lines


async def _posted(month: Month) -> Posted:
    posted: Posted = defaultdict(lambda: defaultdict(Decimal))
    for entry in await LedgerEntry.filter(month=month.first, rule__in=CODES):
        assert isinstance(entry.unit_id, UUID)
        posted[entry.unit_id][entry.rule] += entry.points
    return posted


def _due(row: ScoringPolicy, line: Line, posted: dict[str, Decimal]) -> list[rules.Step]:
    if line.exempt or line.quota is None:
        return []
    ended = rules.Ended(
        quota=line.quota,
        submitted=line.submitted,
        adopted=line.adopted,
        points=line.points - sum(posted.values(), rules.NOTHING),
    )
    return rules.at_month_end(pages.parsed(row), ended)


def _differences(
    actor: Actor,
    row: ScoringPolicy,
    unit_id: UUID,
    month: Month,
    due: Iterable[rules.Step],
    posted: dict[str, Decimal],
) -> list[LedgerEntry]:
    steps = {step.code: step for step in due}
    found = []
    for code in CODES:
        step = steps.get(code, rules.Step(code, "", rules.NOTHING))
        points = step.amount - posted.get(code, rules.NOTHING)
        if points:
            found.append(
                LedgerEntry(
                    unit_id=unit_id,
                    month=month.first,
                    kind=EntryKind.BONUS if points > 0 else EntryKind.DEDUCTION,
                    policy_id=row.id,
                    rule=code,
                    facts={"label": step.label},
                    points=points,
                    at=clock.now(),
                    actor_name=actor.name,
                )
            )
    return found
