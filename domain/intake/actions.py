"""Taking in sheets: a rehearsal with a verdict on each row, then one transaction. F1."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NoReturn

from tortoise.models import Model

from domain.intake import queries, sheets
from domain.intake.desk import Desk, Seen, check_columns
from domain.intake.harvest import Harvest
from domain.intake.late import History
from domain.intake.models import ImportBatch, ImportedRow, SheetKind
from domain.intake.outlets import Outlets
from domain.intake.quotas import Quotas
from domain.intake.roster import Roster
from domain.intake.rules import BadRows
from domain.intake.sheets import Row, Sheet
from domain.intake.units import Units
from domain.intake.verdicts import Options, Outcome, Preview, Verdict, refused
from domain.kit import audit, clock
from domain.kit.actor import Actor, Duty, check_duty
from domain.kit.db import attempt, work
from domain.kit.errors import DomainError
from domain.points import actions as points

DESKS: Mapping[SheetKind, type[Desk]] = {
    SheetKind.UNITS: Units,
    SheetKind.OUTLETS: Outlets,
    SheetKind.QUOTAS: Quotas,
    SheetKind.ROSTER: Roster,
    SheetKind.HISTORY: History,
}
KEEPERS: Mapping[SheetKind, Duty] = {
    SheetKind.UNITS: Duty.ADMINISTRATOR,
    SheetKind.OUTLETS: Duty.ADMINISTRATOR,
    SheetKind.QUOTAS: Duty.ADMINISTRATOR,
    SheetKind.ROSTER: Duty.ADMINISTRATOR,
    SheetKind.HISTORY: Duty.PUBLICITY_DEPARTMENT,
}
"""Who may bring which sheet."""
AT_ONCE = 500
LISTED = 500
"""Refused rows that a batch keeps; the list of bad rows names them all."""

Progress = Callable[[int], None]


class _Rehearsed(Exception):
    """Everything was only tried."""


def _quiet(_done: int) -> None:
    return


async def preview(
    actor: Actor,
    kind: SheetKind,
    *,
    file_name: str,
    content: bytes,
    options: Options | None = None,
    progress: Progress = _quiet,
) -> Preview:
    """Say what would become of each row. Nothing but the attempt itself is kept.

    The verdicts are those of the real actions, tried and undone. `progress` is told the number
    of rows done. Raises a refusal of the whole file when it cannot be read.
    """
    check_duty(actor, KEEPERS[kind])
    sheet = sheets.read(content, file_name, DESKS[kind].columns)
    check_columns(DESKS[kind], sheet)
    options = options or Options()
    verdicts = await _rehearse(actor, kind, sheet, options, progress)
    async with work():
        batch = _batch(actor, kind, file_name, content, verdicts)
        await batch.save()
        audit.record(actor, "preview", "sheet", batch.id, sheet=kind, rows=batch.rows)
    return Preview(batch, sheet, options, verdicts)


async def commit(
    actor: Actor, preview: Preview, *, skip_bad: bool = False, progress: Progress = _quiet
) -> Preview:
    """Take in the rows of a previewed sheet, in one transaction. What became of each.

    Everything is judged again, so that nothing rests on an old look. Bad rows are left out only
    when `skip_bad` says so; else BadRows is raised and nothing changes. Rows that were taken in
    before change nothing.
    """
    check_duty(actor, KEEPERS[preview.kind])
    async with work():
        desk, verdicts = await _take(actor, preview.kind, preview.sheet, preview.options, progress)
        bad = sum(verdict.outcome is Outcome.REFUSED for verdict in verdicts)
        if bad and not skip_bad:
            raise BadRows(bad)
        batch = await ImportBatch.select_for_update().get(id=preview.batch.id)
        _count(batch, verdicts)
        batch.committed_at = clock.now()
        await batch.save()
        await store(actor, desk.harvest, batch)
        audit.record(
            actor,
            "take-in",
            "sheet",
            batch.id,
            sheet=batch.kind,
            created=batch.created,
            refused=batch.refused,
            file=batch.file_sha256,
        )
    return Preview(batch, preview.sheet, preview.options, verdicts)


async def store(actor: Actor, harvest: Harvest, batch: ImportBatch | None = None) -> int:
    """Write people and items with all that belongs to them, and count them. Lines of the ledger.

    The guards of the database hold for each row as for any other.
    """
    async with work():
        for made in harvest.parts:
            await _write(made)
        if batch is not None:
            await _write(
                [
                    ImportedRow(digest=digest, batch=batch, item_id=item_id)
                    for digest, item_id in harvest.taken.items()
                ]
            )
        submitted = [item for item in harvest.items if item.submitted_at is not None]
        confirmed = [each for each in harvest.adoptions if each.confirmed_at is not None]
        confirmed.sort(key=lambda adoption: adoption.adopted_on)
        return await points.count_many(actor, submitted, confirmed)


async def _write(rows: Sequence[Any]) -> None:
    if rows:
        model: type[Model] = type(rows[0])
        await model.bulk_create(rows, batch_size=AT_ONCE)


async def _rehearse(
    actor: Actor, kind: SheetKind, sheet: Sheet, options: Options, progress: Progress
) -> tuple[Verdict, ...]:
    verdicts: tuple[Verdict, ...] = ()
    with suppress(_Rehearsed):
        async with work():
            _, verdicts = await _take(actor, kind, sheet, options, progress)
            _undo()
    return verdicts


def _undo() -> NoReturn:
    raise _Rehearsed


async def _take(
    actor: Actor, kind: SheetKind, sheet: Sheet, options: Options, progress: Progress
) -> tuple[Desk, tuple[Verdict, ...]]:
    await queries.take_turn()
    desk = DESKS[kind](actor, sheet, options)
    await desk.open()
    digests = [row.digest(kind.value) for row in desk.sheet.rows]
    known = await queries.taken(digests) if desk.remembers else set()
    seen, verdicts = Seen(), []
    for done, (row, digest) in enumerate(zip(desk.sheet.rows, digests, strict=True), 1):
        verdicts.append(await _judge(desk, row, digest, known, seen))
        progress(done)
    return desk, tuple(verdicts)


async def _judge(desk: Desk, row: Row, digest: str, known: set[str], seen: Seen) -> Verdict:
    try:
        seen.check(row, digest)
        if digest in known:
            return Verdict(row, Outcome.UNCHANGED)
        outcome = await _one(desk, row)
    except DomainError as error:
        return refused(row, error)
    if outcome is Outcome.CREATED and desk.remembers:
        desk.harvest.taken.setdefault(digest, None)
    return Verdict(row, outcome)


async def _one(desk: Desk, row: Row) -> Outcome:
    """Each row that writes has its own savepoint, so that a refused one leaves nothing behind."""
    if desk.gathers:
        return await desk.take(row)
    async with attempt():
        return await desk.take(row)


def _batch(
    actor: Actor, kind: SheetKind, file_name: str, content: bytes, verdicts: Sequence[Verdict]
) -> ImportBatch:
    batch = ImportBatch(
        kind=kind,
        file_name=file_name[-160:],
        file_sha256=hashlib.sha256(content).hexdigest(),
        rows=len(verdicts),
        previewed_at=clock.now(),
        actor_name=actor.name,
    )
    _count(batch, verdicts)
    return batch


def _count(batch: ImportBatch, verdicts: Sequence[Verdict]) -> None:
    outcomes = [verdict.outcome for verdict in verdicts]
    batch.created = outcomes.count(Outcome.CREATED)
    batch.unchanged = outcomes.count(Outcome.UNCHANGED)
    batch.refused = outcomes.count(Outcome.REFUSED)
    bad = [verdict for verdict in verdicts if verdict.outcome is Outcome.REFUSED]
    batch.verdicts = [_kept(verdict) for verdict in bad[:LISTED]]


def _kept(verdict: Verdict) -> dict[str, object]:
    """What stays on record of a refused row: where and why, never what it said."""
    return {
        "row": verdict.number,
        "reasons": [{"code": each.code, "column": each.field} for each in verdict.refusals],
    }
