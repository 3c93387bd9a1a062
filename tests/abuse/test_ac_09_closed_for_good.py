"""AC09, AC15: what was closed and issued stays to the byte, and what was forged is found."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import orjson
import pytest

from domain.circulars import actions, figures, queries, rules
from domain.circulars.models import CircularFile
from domain.kit.actor import SYSTEM
from domain.kit.clock import Month
from domain.points import actions as points
from domain.points import queries as ranking
from domain.points.models import LedgerEntry, UnitMonth
from tests import make
from tests.abuse.attack import as_superuser, at_once, on, refused_by_the_database, value
from tests.domain.points import sent
from workers.kinds import CircularDamaged, check

APRIL, MAY = Month.parse("2019-04"), Month.parse("2019-05")
ADDED = """insert into ledger_entry (unit_id, month, kind, rule, facts, reason, points, submitted,
  same_day, adopted, adoptions, at, actor_name) select unit_id, '2019-04-01', '{kind}', rule, facts,
  reason, 50, 0, 0, 0, 0, at, actor_name from ledger_entry limit 1"""


@pytest.fixture
async def april(db):
    """A closed month of one unit, on the 20th of the next."""
    async with on(2019, 5, 20):
        await make.county()
        office = await make.office(issues_monthly=True)
        await sent.policy()
        unit, outlets = await make.unit(), await sent.outlets()
        item = await sent.item(unit, date(2019, 4, 3))
        await sent.adoption(item, outlets["province"], date(2019, 4, 5))
        await actions.confirm_figures(SYSTEM, APRIL, office_id=office.id)
        yield db, unit, item, outlets


async def issued():
    circular = await queries.newest(APRIL)
    return await actions.issue(
        SYSTEM, circular.id, document_number="示委办〔2019〕8号", issue_date=date(2019, 5, 20)
    )


async def as_it_stands():
    """Everything that says what April was."""
    row = await UnitMonth.get(month=APRIL.first)
    circular = await queries.newest(APRIL)
    return (
        dict(row),
        orjson.dumps(circular.data, option=orjson.OPT_SORT_KEYS),
        circular.data_sha256,
        (await figures.live(APRIL)).canonical(),
    )


async def test_nothing_done_later_moves_a_closed_month(april):
    _, unit, item, outlets = april
    before = await as_it_stands()
    late = await sent.adoption(item, outlets["nation"], date(2019, 4, 9))
    await sent.withdraw(late)
    await sent.item(unit, date(2019, 4, 30))
    await sent.policy(MAY.first, levels={"county": 90, "prefecture": 90, "province": 90})
    with pytest.raises(points.queries.rules.PolicyTooEarly):
        await sent.policy(APRIL.first, levels={"county": 90})
    for _ in range(2):
        await actions.draft(SYSTEM, APRIL)
        await points.settle_month(SYSTEM, MAY)
    assert await as_it_stands() == before
    assert await ranking.rollup_differences() == []


async def test_a_ranking_asked_for_a_hundred_times_is_the_same_bytes(april):
    found = {(await figures.live(APRIL)).canonical() for _ in range(100)}
    assert len(found) == 1


@pytest.mark.parametrize("kind", ["submission", "adoption", "reversal", "bonus", "deduction"])
async def test_raw_sql_adds_nothing_to_a_closed_month(april, kind):
    address = april[0]
    assert (
        await refused_by_the_database(address, ADDED.format(kind=kind)) == "ledger_entry_open_month"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_entry set points = 99",
        "delete from ledger_entry",
        "truncate ledger_entry cascade",
        "update period_close set closed_at = null",
        "delete from period_close",
        "truncate period_close cascade",
        "update reconciliation set figures = '{}'",
        "delete from reconciliation",
        "truncate reconciliation",
        "truncate unit_month",
        "update scoring_policy set rules = '{}'",
        "delete from audit_event",
        "update audit_event set actor = '别人'",
        "truncate audit_event",
        "truncate audit_head",
    ],
)
async def test_raw_sql_changes_nothing_of_what_was_counted_closed_or_noted(april, statement):
    assert await refused_by_the_database(april[0], statement) == "23001"


async def test_an_issued_circular_is_frozen_and_a_forged_one_is_found(april):
    address, unit, *_ = april
    circular = await issued()
    before = await CircularFile.filter(circular_id=circular.id).values_list("sha256", flat=True)
    for statement in (
        "update circular set data = '{}'",
        "update circular set document_number = '示委办〔2019〕9号'",
        "update circular set state = 'draft'",
        "delete from circular",
        "truncate circular cascade",
        "update circular_file set content = 'x'",
        "delete from circular_file",
    ):
        assert await refused_by_the_database(address, statement) == "23001"
    with pytest.raises(rules.AlreadyIssued):
        await actions.issue(
            SYSTEM, circular.id, document_number="示委办〔2019〕9号", issue_date=date(2019, 5, 20)
        )
    assert (await actions.draft(SYSTEM, APRIL)).id == circular.id
    assert await queries.damaged() == []
    await _corrects(circular, unit)
    after = await CircularFile.filter(circular_id=circular.id)
    assert sorted(row.sha256 for row in after) == sorted(before)
    assert [row.format for row in after if sha256(row.content).hexdigest() != row.sha256] == []
    await _each_forgery_is_found(address, circular)


async def _corrects(circular, unit):
    """Only a numbered issue that names the change corrects it; twice at once makes one."""
    change = rules.Correction(unit_id=unit.id, points=Decimal("1.5"), reason="示例漏计")
    found = await at_once(
        *(
            actions.correct(SYSTEM, circular.id, changes=[change], reason="示例更正")
            for _ in range(3)
        )
    )
    assert [each.code for each in found[1:]] == ["correction-pending"] * 2
    assert found[0].issue == 2
    assert await LedgerEntry.filter(kind="correction").values_list("points", flat=True) == [
        Decimal("1.50")
    ]
    line = queries.data_of(found[0]).lines[0]
    assert line.points == queries.data_of(circular).lines[0].points + Decimal("1.5")


async def _each_forgery_is_found(address, circular):
    forged = {
        "data = jsonb_set(data, '{lines,0,points}', '99')": "data = '{old}'",
        "data = jsonb_set(data, '{lines,0,points}', '99') - 'sha256'": "data = '{old}'",
        "document_number = '示委办〔2019〕7号'": "document_number = '示委办〔2019〕8号'",
        "data_sha256 = repeat('a', 64)": "data_sha256 = '{sha}'",
    }
    old = await value("select data::text as data from circular where id = $1", circular.id)
    mine = f"where id = '{circular.id}'"
    async with as_superuser(address) as connection:
        for forgery, mended in forged.items():
            await connection.execute(f"update circular set {forgery} {mine}")
            assert len(await queries.damaged()) == 1, forgery
            with pytest.raises(CircularDamaged):
                await check(None)
            again = mended.replace("{old}", old).replace("{sha}", circular.data_sha256)
            await connection.execute(f"update circular set {again} {mine}")
            assert await queries.damaged() == []
        await connection.execute(
            "update circular_file set content = 'x', sha256 = encode(sha256('x'), 'hex')"
            " where format = 'pdf'"
        )
    assert await queries.damaged() == ["示委办〔2019〕8号"]


WRONG = [
    {"points": Decimal("NaN")},
    {"points": Decimal("Infinity")},
    {"points": Decimal("1e30")},
    {"points": Decimal("0.001")},
    {"submitted": 10**6},
    {"adopted": -(10**12)},
]


@pytest.mark.parametrize("change", WRONG)
async def test_no_number_that_the_ledger_cannot_hold_reaches_it(april, change):
    _, unit, *_ = april
    data = queries.data_of(await queries.newest(APRIL))
    given = rules.Correction(unit_id=UUID(str(unit.id)), reason="示例", **change)
    with pytest.raises(rules.CorrectionTooLarge):
        rules.check_corrections(data, [given])


async def test_drafting_while_the_month_closes_ends_in_no_deadlock(db):
    await make.county()
    offices = [await make.office() for _ in range(2)]
    await sent.policy(month_end={"quota_missed": -1})
    for unit in [await make.unit() for _ in range(3)]:
        await make.quota(unit)
        await sent.item(unit, date(2019, 4, 3))
    async with on(2019, 5, 20):
        await actions.confirm_figures(SYSTEM, APRIL, office_id=offices[0].id)
        closing = actions.confirm_figures(SYSTEM, APRIL, office_id=offices[1].id)
        await at_once(*(actions.draft(SYSTEM, APRIL) for _ in range(4)), closing)
        assert await queries.is_closed(APRIL)
        data = queries.data_of(await queries.newest(APRIL))
        assert data.canonical() == (await figures.live(APRIL)).canonical()
