"""Closing months; drafting, issuing and correcting circulars. 二(三); R29–R32; I5–I9."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from domain.circulars import figures, queries, rendering, review, rules
from domain.circulars.data import Change, CircularData
from domain.circulars.documents.phrases import phrase
from domain.circulars.models import Circular, CircularFile, CircularState, PeriodClose
from domain.circulars.models import Reconciliation as OfficeWord
from domain.kit import audit, clock, jobs
from domain.kit.actor import SYSTEM, Actor
from domain.kit.clock import Month, Period, Quarter, Year
from domain.kit.db import work
from domain.kit.errors import check_version
from domain.kit.inputs import one_line
from domain.points import actions as points
from domain.points import pages as counting
from domain.units import queries as units

DRAFT_LOCK = 8154


async def draft(actor: Actor, period: Period) -> Circular:
    """Make a period's draft, or bring it up to date with the ledger; the job may run twice.

    From the close on a month's draft stays as it was closed; what was issued stays in any case.
    """
    rules.check_may_draft(actor)
    async with work():
        await _one_at_a_time(period)
        newest = await queries.newest(period)
        if newest is not None and (newest.issue > 1 or newest.state is CircularState.ISSUED):
            return newest
        if isinstance(period, Month):
            if newest is not None and await queries.is_closed(period):
                return newest
            await _settle(period)
        data = await figures.live(period)
        if newest is None:
            return await _first_draft(actor, period, data)
        return await _keep(newest, data)


async def _one_at_a_time(period: Period) -> None:
    number = period.first.toordinal() * 4 + ("month", "quarter", "year").index(_size(period))
    await get_connection("default").execute_query(
        f"select pg_advisory_xact_lock({DRAFT_LOCK}, $1::int)", [number]
    )


def _size(period: Period) -> str:
    return type(period).__name__.lower()


async def _settle(month: Month) -> None:
    """What the policy counts at the month's end, once it has ended and while it is open."""
    await counting.hold_month(month)
    if clock.today() > month.last and not await counting.is_closed(month):
        await points.settle_month(SYSTEM, month)


async def _first_draft(actor: Actor, period: Period, data: CircularData) -> Circular:
    names = await queries.issuers(data.kind)
    circular = await Circular.create(
        kind=data.kind,
        period=str(period),
        title=await queries.title_of(period, names),
        issuers=names,
        addressees=phrase("usual", "addressees"),
        data=data.as_json(),
        data_sha256=data.sha256(),
        drafted_at=clock.now(),
    )
    audit.record(actor, "draft", "circular", circular.id, period=str(period))
    return circular


async def _keep(circular: Circular, data: CircularData) -> Circular:
    if circular.data_sha256 != data.sha256():
        circular.data, circular.data_sha256 = data.as_json(), data.sha256()
        circular.drafted_at, circular.version = clock.now(), circular.version + 1
        await circular.save(update_fields=["data", "data_sha256", "drafted_at", "version"])
    return circular


async def confirm_figures(
    actor: Actor, month: Month, *, office_id: UUID, note: str = ""
) -> PeriodClose:
    """An office gives its word on its figures of an ended month; the last word closes it. (R29)

    Closing freezes the draft of the month's circular as it is then.
    """
    rules.check_may_confirm(actor, office_id)
    line = one_line(note, field="note", limit=500, required=False)
    async with work():
        office = await units.office(office_id)
        rules.check_ended(month, clock.today())
        period = await _hold_period(month)
        await _check_earlier_closed(month)
        counted = await review.figures_of(office.id, office.name, month)
        await _say(actor, period, office.id, office.name, counted.as_json(), line)
        audit.record(actor, "confirm", "month", str(month), office=office.name)
        if not await figures.unconfirmed(month):
            await _close(actor, month, period)
        return period


async def _hold_period(month: Month) -> PeriodClose:
    """The month's row, locked. Raises MonthClosed."""
    await PeriodClose.bulk_create([PeriodClose(month=month.first)], ignore_conflicts=True)
    period = await PeriodClose.select_for_update().get(month=month.first)
    if period.closed_at is not None:
        raise rules.MonthClosed(month)
    return period


async def _check_earlier_closed(month: Month) -> None:
    earlier = await queries.earliest_open(month)
    if earlier is not None:
        raise rules.EarlierMonthOpen(earlier)


async def _say(
    actor: Actor,
    period: PeriodClose,
    office_id: UUID,
    office: str,
    counted: dict[str, object],
    note: str,
) -> None:
    if await OfficeWord.exists(period_id=period.id, office_id=office_id):
        raise rules.AlreadyConfirmed(office, Month(period.month))
    await OfficeWord.create(
        period_id=period.id,
        office_id=office_id,
        confirmed_by_id=actor.person_id,
        confirmed_by_name=actor.name,
        confirmed_at=clock.now(),
        figures=counted,
        note=note,
    )


async def _close(actor: Actor, month: Month, period: PeriodClose) -> None:
    """Nothing is being counted in the month any more; its circular is drafted as it is.

    First the draft, then the month, as in `draft`: who takes both takes them in this order.
    """
    await _one_at_a_time(month)
    await counting.stop_month(month)
    await points.settle_month(SYSTEM, month)
    period.closed_at = clock.now()
    period.ledger_seq = await figures.last_seq(month)
    await period.save(update_fields=["closed_at", "ledger_seq"])
    data, newest = await figures.live(month), await queries.newest(month)
    if newest is None:
        await _first_draft(actor, month, data)
    else:
        await _keep(newest, data)
    await _refresh_sums(month)
    audit.record(
        actor, "close", "month", str(month), ledger_seq=period.ledger_seq, sha256=data.sha256()
    )


async def _refresh_sums(month: Month) -> None:
    """Drafts of the quarter and the year follow, as work of their own."""
    for period in (Quarter.of(month.first), Year.of(month.first)):
        if await queries.newest(period) is not None:
            kind = f"{rules.kind_of(period).value}-circular"
            await jobs.ask(kind, period=str(period))


async def issue(
    actor: Actor,
    circular_id: UUID,
    *,
    document_number: str,
    issue_date: date,
    copy_recipients: str = "",
    expected_version: int | None = None,
) -> Circular:
    """Give a draft its number and date, and freeze it: figures, files and their SHA-256. (I8)

    Monthly by an editor of an issuing office, otherwise by the supervision office (R30, R31);
    from closed months only. The files are written before the transaction that keeps them.
    """
    circular = await _ready(actor, circular_id, expected_version)
    period = queries.period_of(circular)
    number = rules.normal_number(document_number)
    rules.check_number(number, issue_date)
    rules.check_issue_date(issue_date, period, clock.today())
    copies = one_line(copy_recipients, field="copy_recipients", limit=300, required=False)
    circular.document_number, circular.issue_date = number, issue_date
    circular.copy_recipients = copies or circular.copy_recipients
    circular.state = CircularState.ISSUED
    files = await rendering.files(queries.heading_of(circular), queries.data_of(circular))
    async with work():
        held = await queries.lock(actor, circular_id)
        rules.check_draft(held.state, held.document_number)
        check_version(circular.version, held.version)
        await _check_number_free(number)
        circular.issued_at, circular.issued_by_name = clock.now(), actor.name
        circular.version += 1
        try:
            await circular.save()
        except IntegrityError:
            raise rules.DocumentNumberTaken(number) from None
        frozen = rendering.frozen(circular.id, files)
        await CircularFile.bulk_create(frozen)
        shas = {
            "sha256": circular.data_sha256,
            "files": {row.format.value: row.sha256 for row in frozen},
        }
        audit.record(actor, "issue", "circular", circular.id, number=number, **shas)
    return circular


async def _ready(actor: Actor, circular_id: UUID, expected_version: int | None) -> Circular:
    """The draft with its final figures, if the actor may issue it now."""
    circular = await queries.get(actor, circular_id)
    await _check_may_issue(actor, circular)
    rules.check_draft(circular.state, circular.document_number)
    check_version(expected_version, circular.version)
    period = queries.period_of(circular)
    if months := await figures.open_months(period):
        raise rules.MonthsOpen(months, await figures.unconfirmed(period))
    if not isinstance(period, Month):
        await _check_no_correction_pending(period)
        if circular.issue == 1:
            await draft(actor, period)
        return await queries.get(actor, circular_id)
    return circular


async def _check_may_issue(actor: Actor, circular: Circular) -> None:
    offices = [office.id for office in await queries.issuing_offices()]
    rules.check_may_issue(actor, circular.kind, offices)


async def _check_no_correction_pending(period: Quarter | Year) -> None:
    months = [str(month) for month in period.months]
    pending = await Circular.filter(
        period__in=months, issue__gt=1, state=CircularState.DRAFT
    ).first()
    if pending is not None:
        raise rules.CorrectionPending(pending.period)


async def _check_number_free(number: str) -> None:
    if await Circular.exists(document_number=number):
        raise rules.DocumentNumberTaken(number)


async def correct(
    actor: Actor,
    circular_id: UUID,
    *,
    changes: Sequence[rules.Correction] = (),
    reason: str,
) -> Circular:
    """Draft a correction of an issued circular: the next issue, which names every change. (I8)

    For a month, each change is added to the ledger of that closed month as a correction; a quarter
    or year takes over the corrections of its months and has no changes of its own (I9).
    """
    why = one_line(reason, field="reason", limit=500)
    async with work():
        wrong = await queries.get(actor, circular_id)
        await _check_may_issue(actor, wrong)
        period = queries.period_of(wrong)
        await _one_at_a_time(period)
        await _check_correctable(wrong)
        before = queries.data_of(wrong)
        await _correct_ledger(actor, period, before, changes)
        after = await figures.live(period)
        reasons = {str(change.unit_id): change.reason for change in changes}
        data = _renamed(before, after, reasons)
        return await _next_issue(actor, wrong, period, data, why)


async def _check_correctable(circular: Circular) -> None:
    if circular.state is not CircularState.ISSUED:
        raise rules.NotIssuedYet
    newest = await queries.newest(queries.period_of(circular))
    if newest is None or newest.id == circular.id:
        return
    if newest.state is CircularState.DRAFT:
        raise rules.CorrectionPending(circular.period)
    raise rules.LaterIssueExists(newest.document_number)


async def _correct_ledger(
    actor: Actor, period: Period, data: CircularData, changes: Sequence[rules.Correction]
) -> None:
    if not isinstance(period, Month):
        if changes:
            raise rules.OnlyMonthsAreCorrected
        return
    rules.check_corrections(data, changes)
    for change in changes:
        await points.correct(
            actor,
            change.unit_id,
            period,
            reason=one_line(change.reason, field="changes", limit=500),
            points=change.points,
            submitted=change.submitted,
            adopted=change.adopted,
        )


def _renamed(before: CircularData, after: CircularData, reasons: dict[str, str]) -> CircularData:
    """The new figures, with every change from the old ones named."""
    own = rules.differences(before, after, reasons, phrase("usual", "follows"))
    if not own:
        raise rules.NothingCorrected
    listed: tuple[Change, ...] = tuple(
        change for change in after.changes if change not in before.changes
    )
    return replace(after, changes=(*listed, *own))


async def _next_issue(
    actor: Actor, wrong: Circular, period: Period, data: CircularData, reason: str
) -> Circular:
    circular = await Circular.create(
        kind=wrong.kind,
        period=wrong.period,
        issue=wrong.issue + 1,
        title=await queries.title_of(period, list(wrong.issuers), correction=True),
        issuers=wrong.issuers,
        addressees=wrong.addressees,
        copy_recipients=wrong.copy_recipients,
        corrects=wrong,
        correction_reason=reason,
        data=data.as_json(),
        data_sha256=data.sha256(),
        drafted_at=clock.now(),
    )
    audit.record(
        actor, "correct", "circular", circular.id, corrects=wrong.document_number, reason=reason
    )
    return circular
