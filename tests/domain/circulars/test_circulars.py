import asyncio
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

import orjson
import pytest
import time_machine
from tortoise.exceptions import OperationalError

from domain.circulars import actions, queries, rules
from domain.circulars.data import Figure, Kind
from domain.circulars.documents import files
from domain.circulars.models import (
    Circular,
    CircularFile,
    CircularState,
    PeriodClose,
    Reconciliation,
)
from domain.circulars.review import Difference, review
from domain.kit.actor import SYSTEM, Duty
from domain.kit.clock import COUNTY, Month, Quarter, Year
from domain.kit.errors import DutyRequired, NotFound, StaleVersion
from domain.outlets.models import AdoptionState
from domain.points import queries as points
from domain.points.models import LedgerEntry
from domain.reception.models import Reception, ReceptionState
from tests import make
from tests.domain.points import sent

APRIL, MAY = Month.parse("2018-04"), Month.parse("2018-05")
FIRST_OF_MAY = datetime(2018, 5, 1, 6, tzinfo=COUNTY)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(FIRST_OF_MAY, tick=True) as traveller:
        yield traveller


@pytest.fixture
async def offices(db):
    await make.county()
    two = [await make.office(name, issues_monthly=True) for name in ("示例县委办", "示例县政府办")]
    return [*two, await make.office("示例县委宣传部新闻中心")]


@pytest.fixture
async def april(offices):
    """Two units, one of which sent an item that a provincial outlet ran."""
    await sent.policy()
    busy, silent = await make.unit("示例甲镇"), await make.unit("示例乙镇")
    item = await sent.item(busy, date(2018, 4, 3))
    await sent.adoption(item, (await sent.outlets())["province"], date(2018, 4, 5))
    return busy, silent


async def editor(office):
    return await make.actor(Duty.OFFICE_EDITOR, office=office)


async def close(month, offices):
    for office in offices:
        await actions.confirm_figures(SYSTEM, month, office_id=office.id)


async def issue(circular, number="示委办〔2018〕28号", actor=SYSTEM, day=date(2018, 5, 1)):
    return await actions.issue(actor, circular.id, document_number=number, issue_date=day)


async def test_a_month_closes_when_all_offices_have_confirmed(offices, april):
    for number, office in enumerate(offices, 1):
        period = await actions.confirm_figures(await editor(office), APRIL, office_id=office.id)
        assert (period.closed_at is not None) == (number == 3)
    last = await LedgerEntry.all().order_by("-seq").first()
    assert period.ledger_seq == last.seq
    circular = await queries.newest(APRIL)
    data = queries.data_of(circular)
    assert data.unconfirmed == ()
    assert data.ledger_seq == last.seq
    with pytest.raises(rules.MonthClosed):
        await actions.confirm_figures(SYSTEM, APRIL, office_id=offices[0].id)


async def test_an_office_confirms_once_and_only_for_itself(offices, april):
    first, second, _ = offices
    her = await editor(first)
    await actions.confirm_figures(her, APRIL, office_id=first.id, note="示例说明")
    with pytest.raises(rules.AlreadyConfirmed):
        await actions.confirm_figures(her, APRIL, office_id=first.id)
    with pytest.raises(DutyRequired):
        await actions.confirm_figures(her, APRIL, office_id=second.id)
    said = await Reconciliation.all()
    assert [(each.note, each.confirmed_by_name) for each in said] == [("示例说明", her.name)]


async def test_a_month_is_not_confirmed_before_its_last_day_is_over(offices, april, clock):
    clock.move_to(datetime(2018, 4, 30, 23, 59, 59, tzinfo=COUNTY))
    with pytest.raises(rules.MonthNotEnded):
        await actions.confirm_figures(SYSTEM, APRIL, office_id=offices[0].id)
    assert await PeriodClose.all().count() == 0
    clock.move_to(datetime(2018, 5, 1, 0, 0, 0, tzinfo=COUNTY))
    await actions.confirm_figures(SYSTEM, APRIL, office_id=offices[0].id)


async def test_months_close_in_order(offices, april, clock):
    clock.move_to(datetime(2018, 6, 1, 9, tzinfo=COUNTY))
    with pytest.raises(rules.EarlierMonthOpen) as refused:
        await actions.confirm_figures(SYSTEM, MAY, office_id=offices[0].id)
    assert refused.value.month == APRIL


async def test_what_is_confirmed_while_a_month_closes_is_in_its_circular_or_in_the_next_month(
    offices, april
):
    busy, _ = april
    outlet = await make.outlet()
    items = [await sent.item(busy, date(2018, 4, 9)) for _ in range(12)]
    await actions.confirm_figures(SYSTEM, APRIL, office_id=offices[0].id)
    await actions.confirm_figures(SYSTEM, APRIL, office_id=offices[1].id)
    async with asyncio.TaskGroup() as group:
        for number, item in enumerate(items):
            group.create_task(sent.adoption(item, outlet, date(2018, 4, 9)))
            if number == 6:
                closing = actions.confirm_figures(SYSTEM, APRIL, office_id=offices[2].id)
                group.create_task(closing)
    frozen = queries.data_of(await queries.newest(APRIL))
    april_now, may_now = [await points.month_of(busy.id, month) for month in (APRIL, MAY)]
    assert april_now.points == frozen.lines[0].points
    assert april_now.adopted + may_now.adopted == 1 + len(items)
    assert (
        frozen.ledger_seq
        == (await LedgerEntry.filter(month=APRIL.first).order_by("-seq").first()).seq
    )


async def test_a_review_shows_what_each_office_has_and_where_the_books_disagree(offices, april):
    busy, _ = april
    item = await sent.item(busy, date(2018, 4, 9))
    never_counted = sent.unsaved_item(busy, date(2018, 4, 10))
    await never_counted.save()
    claim = sent.unsaved_adoption(item, await make.outlet(), date(2018, 4, 20))
    claim.state = AdoptionState.RECORDED
    await claim.save()
    for each, office, state in (
        (item, offices[0], ReceptionState.ADOPTED),
        (item, offices[1], ReceptionState.REJECTED),
        (never_counted, offices[0], ReceptionState.IN_EDITING),
    ):
        await Reception.create(
            item=each, office=office, state=state, round=1, content_sha256="0" * 64,
            submitted_at=each.submitted_at, updated_at=each.submitted_at,
        )  # fmt: skip
    seen = await review(APRIL)
    assert [
        (office.received, office.adopted, office.not_adopted, office.open)
        for office in seen.offices
    ] == [(2, 1, 0, 1), (1, 0, 1, 0), (0, 0, 0, 0)]
    assert seen.open_items == 1
    assert seen.differences == {
        Difference.UNCOUNTED: 1, Difference.UNPROVEN: 1, Difference.UNCONFIRMED: 1,
    }  # fmt: skip
    await actions.confirm_figures(SYSTEM, APRIL, office_id=offices[0].id)
    await Reception.all().update(state=ReceptionState.NOT_ADOPTED)
    assert (await review(APRIL)).offices[0].adopted == 1


async def test_a_draft_follows_the_ledger_until_the_month_is_closed(offices, april):
    busy, silent = april
    draft = await actions.draft(SYSTEM, APRIL)
    assert draft.title == "示例县委办 示例县政府办关于2018年4月新闻宣传和信息报送工作情况的通报"
    assert draft.issuers == ["示例县委办", "示例县政府办"]
    data = queries.data_of(draft)
    assert data.unconfirmed == tuple(office.name for office in offices)
    assert [(line.unit, line.submitted, line.points) for line in data.lines] == [
        (busy.name, 1, 5), (silent.name, 0, 0),
    ]  # fmt: skip
    await sent.item(silent, date(2018, 4, 30))
    again = await actions.draft(SYSTEM, APRIL)
    assert (again.id, again.version) == (draft.id, draft.version + 1)
    assert queries.data_of(again).total("submitted") == 2
    unchanged = await actions.draft(SYSTEM, APRIL)
    assert unchanged.version == again.version
    await close(APRIL, offices)
    closed = await queries.newest(APRIL)
    silent.name = "示例更名镇"
    await silent.save()
    assert (await actions.draft(SYSTEM, APRIL)).data_sha256 == closed.data_sha256


async def test_issuing_needs_the_close_the_right_duty_number_and_date(offices, april):
    draft = await actions.draft(SYSTEM, APRIL)
    with pytest.raises(rules.MonthsOpen) as refused:
        await issue(draft)
    assert refused.value.offices == tuple(office.name for office in offices)
    await close(APRIL, offices)
    centre = await editor(offices[2])
    with pytest.raises(DutyRequired):
        await issue(draft, actor=centre)
    with pytest.raises(NotFound):
        await issue(draft, actor=await make.actor(Duty.CORRESPONDENT))
    her = await editor(offices[0])
    for number in ("28号", "示委办〔2018〕028号", "示委办〔18〕28号", "第28期"):
        with pytest.raises(rules.DocumentNumberWrong):
            await issue(draft, number, her)
    with pytest.raises(rules.DocumentNumberYear):
        await issue(draft, "示委办〔2017〕28号", her)
    for day in (date(2018, 4, 30), date(2018, 5, 2)):
        with pytest.raises(rules.IssueDateWrong):
            await issue(draft, actor=her, day=day)
    with pytest.raises(StaleVersion):
        await actions.issue(
            her, draft.id, document_number="示委办〔2018〕28号", issue_date=date(2018, 5, 1),
            expected_version=draft.version,
        )  # fmt: skip
    assert await CircularFile.all().count() == 0
    issued = await issue(draft, "示委办[2018] 28號", her)
    assert (issued.document_number, issued.state) == ("示委办〔2018〕28号", CircularState.ISSUED)


async def test_an_issued_circular_has_its_four_files_and_renders_to_the_same_bytes(offices, april):
    await close(APRIL, offices)
    issued = await issue(await queries.newest(APRIL))
    stored = {file.format.value: file for file in await CircularFile.all()}
    assert set(stored) == {"pdf", "docx", "xlsx", "json"}
    for file in stored.values():
        assert (file.sha256, file.size) == (sha256(file.content).hexdigest(), len(file.content))
    circular = await queries.get(SYSTEM, issued.id)
    again = files.files(queries.heading_of(circular), queries.data_of(circular))
    assert again["json"] == stored["json"].content
    assert orjson.loads(again["json"])["sha256"] == circular.data_sha256
    assert stored["pdf"].content.startswith(b"%PDF")


async def test_an_issued_circular_never_changes(offices, april):
    await close(APRIL, offices)
    issued = await issue(await queries.newest(APRIL))
    with pytest.raises(rules.AlreadyIssued):
        await issue(issued, "示委办〔2018〕29号")
    before = await Circular.get(id=issued.id)
    busy, _ = april
    await sent.policy(date(2018, 5, 1), levels={"县": 50})
    item = await sent.item(busy, date(2018, 5, 1))
    await sent.adoption(item, await make.outlet(), date(2018, 4, 30))
    await actions.draft(SYSTEM, APRIL)
    after = await Circular.get(id=issued.id)
    assert (after.data, after.data_sha256) == (before.data, before.data_sha256)
    with pytest.raises(OperationalError):
        await Circular.filter(id=issued.id).update(title="示例改题")
    with pytest.raises(OperationalError):
        await CircularFile.filter(circular_id=issued.id).delete()
    (late,) = (await queries.live(MAY)).late
    assert (late.unit, late.adopted_on, late.counted_in) == (
        busy.name, date(2018, 4, 30), "2018-05",
    )  # fmt: skip


async def test_a_number_is_used_once(offices, april, clock):
    await close(APRIL, offices)
    await issue(await queries.newest(APRIL))
    clock.move_to(datetime(2018, 6, 2, 9, tzinfo=COUNTY))
    await close(MAY, offices)
    with pytest.raises(rules.DocumentNumberTaken):
        await issue(await queries.newest(MAY), day=date(2018, 6, 2))


async def test_a_correction_is_a_new_issue_that_names_the_change(offices, april):
    busy, silent = april
    await close(APRIL, offices)
    issued = await issue(await queries.newest(APRIL))
    her = await editor(offices[0])
    change = rules.Correction(
        unit_id=silent.id, points=Decimal(6), submitted=1, adopted=1, reason="示例漏计"
    )
    draft = await actions.correct(her, issued.id, changes=[change], reason="示例漏计一条")
    with pytest.raises(rules.CorrectionPending):
        await actions.correct(her, issued.id, changes=[change], reason="示例漏计一条")
    second = await issue(draft, "示委办〔2018〕31号", her)
    data = queries.data_of(second)
    assert (second.issue, queries.heading_of(second).corrects) == (2, "示委办〔2018〕28号")
    named = {
        (each.unit, each.what): (each.before, each.after, each.reason) for each in data.changes
    }
    assert named[silent.name, Figure.POINTS] == (0, 6, "示例漏计")
    assert named[silent.name, Figure.RANK] == (2, 1, "示例漏计")
    assert named[busy.name, Figure.RANK] == (1, 2, "随其他数据更正")
    assert (silent.name, Figure.QUOTA) not in named
    first = await Circular.get(id=issued.id)
    assert queries.data_of(first).lines[0].unit == busy.name
    assert (await points.month_of(silent.id, APRIL)).points == 6
    with pytest.raises(rules.LaterIssueExists):
        await actions.correct(her, issued.id, changes=[change], reason="示例")


async def test_a_correction_that_changes_nothing_is_refused(offices, april):
    busy, silent = april
    await close(APRIL, offices)
    draft = await queries.newest(APRIL)
    nothing = rules.Correction(unit_id=busy.id, reason="示例")
    with pytest.raises(rules.NotIssuedYet):
        await actions.correct(SYSTEM, draft.id, changes=[nothing], reason="示例")
    issued = await issue(draft)
    below = rules.Correction(unit_id=silent.id, submitted=-1, reason="示例")
    for refusal, changes in (
        (rules.NothingCorrected, [nothing]), (rules.NothingCorrected, []),
        (rules.CorrectedBelowZero, [below]),
        (rules.UnitNotListed, [replace(below, unit_id=issued.id)]),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await actions.correct(SYSTEM, issued.id, changes=changes, reason="示例")
    assert await LedgerEntry.filter(rule="corrected").count() == 0


async def test_the_quarter_is_the_sum_of_its_closed_months_and_their_corrections(
    offices, april, clock
):
    busy, silent = april
    supervision = await make.unit("示例县督查室")
    inspector = await make.actor(Duty.SUPERVISION_OFFICE, unit=supervision)
    quarter = Quarter.of(APRIL.first)
    await close(APRIL, offices)
    await issue(await queries.newest(APRIL))
    change = rules.Correction(unit_id=silent.id, points=Decimal(6), reason="示例漏计")
    draft = await actions.correct(
        SYSTEM, (await queries.newest(APRIL)).id, changes=[change], reason="示例"
    )
    clock.move_to(datetime(2018, 7, 2, 9, tzinfo=COUNTY))
    item = await sent.item(busy, date(2018, 5, 3))
    await sent.adoption(item, (await sent.outlets())["prefecture"], date(2018, 5, 8))
    await close(MAY, offices)
    quarterly = await actions.draft(SYSTEM, quarter)
    assert quarterly.title == "示例县督查室关于2018年第二季度新闻宣传和信息报送工作情况的通报"
    with pytest.raises(rules.MonthsOpen) as refused:
        await issue(quarterly, "示督查〔2018〕2号", inspector, date(2018, 7, 2))
    assert refused.value.months == (MAY.next,)
    await close(MAY.next, offices)
    with pytest.raises(rules.CorrectionPending):
        await issue(quarterly, "示督查〔2018〕2号", inspector, date(2018, 7, 2))
    await issue(draft, "示委办〔2018〕31号")
    with pytest.raises(DutyRequired):
        await issue(quarterly, "示督查〔2018〕2号", await editor(offices[0]), date(2018, 7, 2))
    issued = await issue(quarterly, "示督查〔2018〕2号", inspector, date(2018, 7, 2))
    data = queries.data_of(issued)
    got = {line.unit: (line.submitted, line.points) for line in data.lines}
    assert (got[busy.name], got[silent.name]) == ((2, 8), (0, 6))
    assert {(change.unit, change.what, change.period) for change in data.changes} >= {
        (silent.name, Figure.POINTS, "2018-04")
    }
    with pytest.raises(rules.OnlyMonthsAreCorrected):
        await actions.correct(inspector, issued.id, changes=[change], reason="示例")


async def test_the_annual_sheet_equals_what_was_issued(offices, april, clock):
    clock.move_to(datetime(2019, 1, 3, 9, tzinfo=COUNTY))
    year, issued_points = Year.of(APRIL.first), 0
    for month in year.months:
        await close(month, offices)
        issued_points += queries.data_of(await queries.newest(month)).lines[0].points
    annual = await actions.draft(SYSTEM, year)
    issued = await issue(annual, "示督查〔2019〕1号", day=date(2019, 1, 3))
    data = queries.data_of(issued)
    assert (data.kind, data.period, data.last) == (Kind.ANNUAL, "2018", date(2018, 12, 31))
    assert data.lines[0].points == issued_points == 5


async def test_drafts_are_for_those_who_count_and_issue(offices, april):
    draft = await actions.draft(SYSTEM, APRIL)
    writer = await make.actor(Duty.CORRESPONDENT)
    with pytest.raises(NotFound):
        await queries.get(writer, draft.id)
    assert (await queries.get(await editor(offices[2]), draft.id)).id == draft.id
    await close(APRIL, offices)
    await issue(draft)
    assert (await queries.get(writer, draft.id)).state is CircularState.ISSUED
