"""Whatever happens in whatever order, a month's figures are the sums of its lines."""

import asyncio
from collections import Counter
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.items.models import Genre, InformationType
from domain.kit.clock import Month
from domain.outlets.models import OutletLevel
from domain.points import queries, rules
from domain.points.book import Page
from domain.points.models import LedgerEntry, UnitMonth
from domain.points.reading import read_policy
from tests import make
from tests.domain.points import sent

NEWS = rules.Traits(information_type=InformationType.DYNAMIC, genre=Genre.NEWS)
REPEATS = ["highest", "sum", "once_per_level", {"rule": "top_n_levels", "n": 2}]
DAYS = [date(2018, 4, 3), date(2018, 4, 28), date(2018, 5, 2)]

events = st.lists(
    st.tuples(st.sampled_from(list(OutletLevel)), st.sampled_from(DAYS), st.booleans()),
    max_size=8,
)


@given(events=events, repeat=st.sampled_from(REPEATS), data=st.data())
def test_an_items_points_are_those_of_the_adoptions_in_force_whatever_the_order(
    events, repeat, data
):
    policy = read_policy({"levels": sent.LEVELS, "repeat": repeat})
    page = Page(item_id=None, unit_id=None, traits=NEWS)
    given_points, adopted = Decimal(0), Counter()
    for number, (level, day, taken_back) in enumerate(events):
        run = rules.Run(adoption_id=number, outlet=f"{number}", level=level, adopted_on=day)
        change = page.adopt(run, Month.of(day), lambda _: policy)
        given_points += change.points
        adopted[Month.of(day)] += change.adopted
        if taken_back:
            gone = data.draw(st.sampled_from(sorted(page.runs)))
            month = page.runs[gone].month
            change = page.withdraw(gone, lambda _: policy)
            given_points += change.points
            adopted[month] += change.adopted
    runs = [counted.run for counted in page.runs.values()]
    worths = [rules.worth(policy, NEWS, run) for run in runs]
    assert given_points == rules.score(policy, NEWS, worths).points
    months = {counted.month for counted in page.runs.values()}
    assert +adopted == Counter(dict.fromkeys(months, 1))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=events, repeat=st.sampled_from(REPEATS))
async def test_the_rollup_is_the_sum_of_the_ledger(db, events, repeat):
    await sent.policy(repeat=repeat, submission={"points": 1})
    unit = await make.unit()
    for level, day, taken_back in events:
        item = await sent.item(unit, day)
        for _ in range(2):
            adoption = await sent.adoption(item, await make.outlet(level=level), day)
        if taken_back:
            await sent.withdraw(adoption)
    rows = await UnitMonth.filter(unit_id=unit.id)
    for row in rows:
        lines = await LedgerEntry.filter(unit_id=unit.id, month=row.month)
        assert row.points == sum(line.points for line in lines)
        assert row.submitted == sum(line.submitted for line in lines)
        assert row.adopted == sum(line.adopted for line in lines)
    assert await queries.rollup_differences() == []


async def test_two_adoptions_confirmed_at_once_give_the_highest_once(db):
    await sent.policy()
    unit, outlets = await make.unit(), await sent.outlets()
    item = await sent.item(unit, DAYS[0])
    async with asyncio.TaskGroup() as group:
        for outlet in outlets.values():
            group.create_task(sent.adoption(item, outlet, DAYS[0]))
    row = await queries.month_of(unit.id, Month.parse("2018-04"))
    assert (row.points, row.adopted) == (10, 1)
