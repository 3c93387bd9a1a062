import asyncio
from datetime import date

import pytest

from domain.circulars.models import PeriodClose
from domain.kit import clock
from domain.kit.actor import SYSTEM, Duty, Scope
from domain.kit.clock import Month
from domain.kit.errors import DutyRequired, NotFound
from domain.kit.ids import new_id
from domain.kit.models import AuditEvent
from domain.quotas import actions, queries, rules
from domain.quotas.models import Quota
from domain.quotas.rules import NONE_SET, QuotaOf, QuotaRow
from domain.units import actions as units
from domain.units.rules import UnitClosed
from tests import make
from tests.counting import counting


def month(text: str) -> Month:
    return Month.parse(text)


async def close(text: str) -> None:
    await PeriodClose.create(month=month(text).first, closed_at=clock.now())


async def test_a_quota_holds_from_its_month_until_another_is_set(db):
    unit = await make.unit()
    await make.quota(unit, 2, month="2018-04")
    await make.quota(unit, 4, month="2018-07")
    held = [await queries.of(unit.id, month(text)) for text in ("2018-03", "2018-04", "2018-06")]
    assert held == [NONE_SET, QuotaOf(2), QuotaOf(2)]
    assert await queries.of(unit.id, month("2019-01")) == QuotaOf(4)


async def test_of_two_rows_for_one_month_the_later_set_counts_and_both_stay(db):
    unit = await make.unit()
    await make.quota(unit, 2, month="2018-04")
    await make.quota(unit, 3, month="2018-04")
    assert await queries.of(unit.id, month("2018-04")) == QuotaOf(3)
    actor = await make.actor(Duty.CORRESPONDENT, unit=unit)
    history = await queries.history(actor, unit.id)
    assert [(row.count, row.set_by_name) for row in history] == [(3, "信报"), (2, "信报")]


async def test_setting_an_earlier_month_leaves_the_later_row_in_force(db):
    unit = await make.unit()
    await make.quota(unit, 5, month="2018-07")
    await make.quota(unit, 1, month="2018-04")
    assert await queries.of(unit.id, month("2018-06")) == QuotaOf(1)
    assert await queries.of(unit.id, month("2018-08")) == QuotaOf(5)


async def test_a_months_quotas_are_one_statement_whatever_the_number_of_units(db):
    async def read() -> tuple[dict, int]:
        with counting() as statements:
            found = await queries.for_month(month("2018-04"))
        return found, len(statements)

    first = await make.unit()
    await make.quota(first, 2)
    assert await read() == ({first.id: QuotaOf(2)}, 1)
    second, third, _ = [await make.unit() for _ in range(3)]
    await make.quota(second, 3, exempt=True)
    await make.quota(third, 4, month="2018-05")
    expected = {first.id: QuotaOf(2), second.id: QuotaOf(3, exempt=True)}
    assert await read() == (expected, 1)


async def test_a_closed_month_keeps_its_quotas(db):
    unit = await make.unit()
    await make.quota(unit, 2, month="2018-01")
    for text in ("2018-02", "2018-03"):
        await close(text)
    await PeriodClose.create(month=date(2018, 4, 1))
    assert await queries.first_open_month() == month("2018-04")
    with pytest.raises(rules.MonthClosed) as refusal:
        await make.quota(unit, 5, month="2018-03")
    assert refusal.value.facts == {"month": month("2018-03"), "first_open": month("2018-04")}
    await make.quota(unit, 5, month="2018-04")
    held = [await queries.of(unit.id, month(text)) for text in ("2018-03", "2018-04")]
    assert held == [QuotaOf(2), QuotaOf(5)]


async def test_every_month_is_open_before_the_first_close(db):
    assert await queries.first_open_month() is None


async def test_setting_what_is_set_already_adds_nothing(db):
    unit = await make.unit()
    first = await make.quota(unit, 7, reason="重点单位")
    again = await make.quota(unit, 7, reason=" 重点单位 ")
    assert (again.id, await Quota.all().count()) == (first.id, 1)
    assert await AuditEvent.filter(verb="set", thing="quota").count() == 1
    await make.quota(unit, 7, reason="县委要求")
    assert await Quota.all().count() == 2


async def test_the_same_quota_set_five_times_at_once_is_one_row(db):
    unit = await make.unit()
    await asyncio.gather(*(make.quota(unit, 2) for _ in range(5)))
    assert await Quota.all().count() == 1


@pytest.mark.parametrize(
    "duty", [d for d in Duty if d not in (Duty.ADMINISTRATOR, Duty.PUBLICITY_DEPARTMENT)]
)
async def test_nobody_sets_quotas_but_who_hands_them_down(db, duty):
    actor = await make.actor(duty)
    with pytest.raises(DutyRequired):
        await actions.set_quota(actor, actor.unit_id, from_month=month("2018-04"), count=1)
    assert await Quota.all().count() == 0


async def test_the_department_the_administrator_and_their_system_do(db):
    unit = await make.unit()
    _, token = await make.token(Scope.ADMINISTER)
    actors = [
        await make.actor(Duty.PUBLICITY_DEPARTMENT),
        await make.actor(Duty.ADMINISTRATOR),
        token,
    ]
    for count, actor in enumerate(actors, 1):
        await actions.set_quota(actor, unit.id, from_month=month("2018-04"), count=count)
    history = await queries.history(SYSTEM, unit.id)
    assert [row.set_by_name for row in history] == [actor.name for actor in reversed(actors)]


async def test_the_task_table_is_taken_whole_or_not_at_all(db):
    first, second = await make.unit(), await make.unit()
    april = month("2018-04")
    rows = [
        QuotaRow(unit_id=first.id, from_month=april, count=2),
        QuotaRow(unit_id=second.id, from_month=april, count=9),
    ]
    with pytest.raises(rules.QuotaNeedsReason):
        await actions.set_many(SYSTEM, rows)
    assert await Quota.all().count() == 0
    rows[1] = QuotaRow(unit_id=second.id, from_month=april, count=9, reason="窗口单位")
    for _ in range(2):
        assert len(await actions.set_many(SYSTEM, rows)) == 2
    assert await queries.for_month(april) == {first.id: QuotaOf(2), second.id: QuotaOf(9)}
    assert await Quota.all().count() == 2


async def test_a_unit_gone_by_then_is_asked_for_nothing(db):
    unit = await make.unit()
    await units.close(SYSTEM, unit.id, last_day=date(2020, 1, 31))
    with pytest.raises(UnitClosed):
        await make.quota(unit, 1, month="2020-02")
    await make.quota(unit, 1, month="2020-01")
    with pytest.raises(NotFound):
        await actions.set_quota(SYSTEM, new_id(), from_month=month("2020-01"), count=1)
    assert await Quota.all().count() == 1
