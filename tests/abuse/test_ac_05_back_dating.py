"""AC05: no month is won by a date: the item's, the adoption's, the circular's or the clock's."""

from datetime import date, timedelta

import pytest

from domain.circulars import actions as circulars
from domain.circulars import figures
from domain.circulars.models import PeriodClose
from domain.items import actions as items
from domain.items.completeness import NotYetHappened
from domain.kit import clock
from domain.kit.actor import Duty
from domain.kit.clock import Month
from domain.outlets import actions as outlets
from domain.outlets.rules import AdoptedBeforeItHappened, AdoptedInFuture
from domain.points.models import LedgerEntry, UnitMonth
from domain.quotas import actions as quotas
from domain.quotas.rules import MonthClosed
from domain.reception import actions as reception
from tests import make
from tests.abuse.attack import on
from tests.domain.items import chain
from tests.domain.points import sent

MARCH, APRIL, MAY = (Month.parse(f"2019-{number:02}") for number in (3, 4, 5))


async def counted():
    rows = await UnitMonth.filter(submitted__gt=0).values_list("month", "submitted", "same_day")
    return [(str(Month(month)), *rest) for month, *rest in rows]


@pytest.mark.parametrize(
    ("moment", "month", "same_day"),
    [
        ((2019, 4, 30, 23, 59, 59), "2019-04", 1),
        ((2019, 5, 1, 0, 0, 0), "2019-05", 0),
        ((2019, 5, 1, 7, 59, 59), "2019-05", 0),  # still April in Greenwich
        ((2019, 4, 1, 0, 0, 0), "2019-04", 1),
        ((2020, 2, 29, 23, 59, 59), "2020-02", 0),
        ((2019, 12, 31, 23, 59, 59), "2019-12", 0),
    ],
)
async def test_a_month_is_the_countys_to_the_second_whatever_day_the_item_names(
    db, moment, month, same_day
):
    async with on(*moment):
        day = min(clock.today(), date(2019, 4, 30))
        await chain.submitted(await chain.house(), occurred_on=day)
        assert await counted() == [(month, 1, same_day)]


async def test_an_event_of_long_ago_counts_when_it_was_sent_and_as_late(db):
    async with on(2019, 4, 3):
        await chain.submitted(await chain.house(), occurred_on=date(2018, 1, 1))
        assert await counted() == [("2019-04", 1, 0)]


async def test_an_item_signed_after_midnight_counts_in_the_new_month(db):
    async with on(2019, 4, 30, 23, 59, 58):
        house = await chain.house()
        item = await chain.laid(house)
    async with on(2019, 5, 1, 0, 0, 1):
        await chain.sign(await make.again(house.leader), item)
        assert await counted() == [("2019-05", 1, 0)]


async def test_a_return_and_a_clock_set_back_move_no_submission(db):
    async with on(2019, 5, 1, 0, 0, 1):
        house = await chain.house()
        item = await chain.submitted(house)
    async with on(2019, 4, 30, 12):
        held = await chain.at(item, house.office)
        await reception.return_for_revision(house.editor, held.id, reason="示例")
        item = await items.save(house.writer, item.id, body="改过", occurred_on=date(2019, 4, 1))
        item = await items.lay_for_sign_off(house.writer, item.id)
        await chain.sign(house.leader, item)
    assert await counted() == [("2019-05", 1, 1)]


async def test_nothing_is_reported_before_it_happened(db):
    async with on(2019, 4, 30, 23, 59, 59):
        house = await chain.house()
        item = await chain.draft(house, occurred_on=date(2019, 5, 1))
        with pytest.raises(NotYetHappened):
            await items.lay_for_sign_off(house.writer, item.id)


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        (date(2019, 5, 1), AdoptedInFuture),
        (date.max, AdoptedInFuture),
        (date(2019, 4, 29), AdoptedBeforeItHappened),
        (date.min, AdoptedBeforeItHappened),
    ],
)
async def test_an_adoption_lies_between_the_event_and_today(db, day, refusal):
    async with on(2019, 4, 30, 23, 59, 59):
        house = await chain.house()
        item = await chain.submitted(house)
        outlet = await make.outlet(valid_from=date.min)
        with pytest.raises(refusal):
            await outlets.record(
                house.editor,
                item.id,
                outlet_id=outlet.id,
                adopted_on=day,
                evidence_url="https://example.org/1",
            )


async def closed(*months):
    await PeriodClose.bulk_create(
        [PeriodClose(month=month.first, closed_at=clock.now()) for month in months]
    )


async def test_an_adoption_of_a_closed_month_counts_in_the_next_open_one_and_is_named_there(db):
    await make.county()
    async with on(2019, 5, 20):
        await sent.policy()
        item = await sent.item(await make.unit(), MARCH.first)
        await closed(MARCH, APRIL)
        await sent.adoption(item, (await sent.outlets())["county"], date(2019, 3, 30))
        assert await LedgerEntry.filter(kind="adoption").values_list("month", "late_from") == [
            (MAY.first, MARCH.first)
        ]
        late = (await figures.live(MAY)).late
        assert [(each.adopted_on, each.counted_in) for each in late] == [
            (date(2019, 3, 30), "2019-05")
        ]
        assert (await figures.live(MARCH)).late == ()


async def test_a_month_is_closed_only_after_its_last_second_in_shanghai(db):
    await make.county()
    office = await make.office()
    async with on(2019, 4, 30, 23, 59, 59):
        editor = await make.actor(Duty.OFFICE_EDITOR, office=office)
        with pytest.raises(circulars.rules.MonthNotEnded):
            await circulars.confirm_figures(editor, APRIL, office_id=office.id)
    async with on(2019, 5, 1, 0, 0, 0):
        period = await circulars.confirm_figures(editor, APRIL, office_id=office.id)
        assert period.closed_at == clock.now()


async def test_a_quota_of_a_closed_month_stays(db):
    async with on(2019, 5, 20):
        unit = await make.unit()
        await closed(MARCH, APRIL)
        with pytest.raises(MonthClosed):
            await make.quota(unit, 1, month="2019-04")
        admin = await make.actor(Duty.ADMINISTRATOR)
        assert (await quotas.set_quota(admin, unit.id, from_month=MAY, count=2)).count == 2


async def test_a_circular_is_dated_after_its_period_and_not_tomorrow(db):
    today = date(2019, 5, 1)
    for day in (APRIL.last, today + timedelta(days=1), date.min, date.max):
        with pytest.raises(circulars.rules.IssueDateWrong):
            circulars.rules.check_issue_date(day, APRIL, today)
    circulars.rules.check_issue_date(today, APRIL, today)
