from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from tortoise.exceptions import OperationalError

from domain.circulars.models import PeriodClose
from domain.items.models import InformationType
from domain.kit import clock
from domain.kit.actor import SYSTEM, Duty
from domain.kit.clock import Month, Quarter, Year
from domain.points import actions, queries
from domain.points.models import EntryKind, LedgerEntry, UnitMonth
from domain.points.rules import PolicyTooEarly
from tests import make
from tests.counting import counting
from tests.domain.points import sent

APRIL, MAY = Month.parse("2018-04"), Month.parse("2018-05")


async def close(month: Month) -> None:
    await PeriodClose.create(month=month.first, closed_at=clock.now(), ledger_seq=0)


async def figures(unit, month: Month) -> tuple:
    row = await queries.month_of(unit.id, month)
    return row.submitted, row.same_day, row.adopted, row.points


async def lines(**filters) -> list[tuple]:
    entries = await LedgerEntry.filter(**filters).order_by("seq")
    return [(entry.kind, str(Month(entry.month)), entry.points) for entry in entries]


async def test_an_item_counts_as_sent_once_however_often_it_is_sent(db):
    unit = await make.unit()
    item = await sent.item(unit, date(2018, 4, 3))
    await actions.count_submission(SYSTEM, item)
    assert await figures(unit, APRIL) == (1, 1, 0, 0)


async def test_the_same_day_is_the_countys_day_whatever_the_zone_of_the_machine(db):
    unit = await make.unit()
    just_before_midnight = clock.at(date(2018, 4, 30), 23, 59)
    just_after = clock.at(date(2018, 5, 1), 0, 0)
    for moment in (just_before_midnight, just_after):
        await sent.item(unit, date(2018, 4, 30), submitted_at=moment)
    assert await figures(unit, APRIL) == (1, 1, 0, 0)
    assert await figures(unit, MAY) == (1, 0, 0, 0)


async def test_a_withdrawn_item_was_not_sent(db):
    await sent.policy(submission={"points": 2})
    unit = await make.unit()
    item = await sent.item(unit, date(2018, 4, 3))
    await actions.reverse_submission(SYSTEM, item)
    assert await figures(unit, APRIL) == (0, 0, 0, 0)
    await actions.count_submission(SYSTEM, item)
    assert await figures(unit, APRIL) == (1, 1, 0, 2)
    assert len(await lines()) == 3


async def test_an_adoption_counts_in_its_own_month(db):
    await sent.policy()
    unit, outlet = await make.unit(), await make.outlet()
    item = await sent.item(unit, date(2018, 4, 30))
    await sent.adoption(item, outlet, date(2018, 5, 2))
    assert await figures(unit, APRIL) == (1, 1, 0, 0)
    assert await figures(unit, MAY) == (0, 0, 1, 1)


async def test_a_policy_may_count_adoptions_in_the_month_of_sending(db):
    await sent.policy(count_by="submission")
    unit, outlet = await make.unit(), await make.outlet()
    item = await sent.item(unit, date(2018, 4, 30))
    await sent.adoption(item, outlet, date(2018, 5, 2))
    assert await figures(unit, APRIL) == (1, 1, 1, 1)


async def test_highest_only_adds_what_a_higher_level_gives_more(db):
    await sent.policy(repeat="highest")
    unit, outlets = await make.unit(), await sent.outlets()
    item = await sent.item(unit, date(2018, 4, 3))
    for level in ("county", "province", "prefecture"):
        await sent.adoption(item, outlets[level], date(2018, 4, 5))
    assert await figures(unit, APRIL) == (1, 1, 1, 5)
    assert [points for kind, _, points in await lines(kind=EntryKind.ADOPTION)] == [1, 4, 0]
    row = await queries.month_of(unit.id, APRIL)
    assert (row.county, row.prefecture, row.province, row.nation) == (1, 1, 1, 0)


async def test_an_adoption_is_counted_once_however_often_it_is_confirmed(db):
    await sent.policy(repeat="sum")
    unit, outlet = await make.unit(), await make.outlet()
    item = await sent.item(unit, date(2018, 4, 3))
    adoption = await sent.adoption(item, outlet, date(2018, 4, 5))
    await actions.count_adoption(SYSTEM, adoption)
    assert await figures(unit, APRIL) == (1, 1, 1, 1)


async def test_withdrawing_the_highest_leaves_the_next_highest(db):
    await sent.policy()
    unit, outlets = await make.unit(), await sent.outlets()
    item = await sent.item(unit, date(2018, 4, 3))
    low = await sent.adoption(item, outlets["county"], date(2018, 4, 5))
    high = await sent.adoption(item, outlets["province"], date(2018, 4, 6))
    await sent.withdraw(high)
    assert await figures(unit, APRIL) == (1, 1, 1, 1)
    await sent.withdraw(low)
    assert await figures(unit, APRIL) == (1, 1, 0, 0)
    assert await LedgerEntry.all().count() == 5
    await sent.withdraw(low)
    await actions.count_adoption(SYSTEM, low)
    assert await LedgerEntry.all().count() == 5


async def test_a_late_adoption_counts_in_the_first_open_month_with_a_mark(db):
    await sent.policy()
    unit, outlet = await make.unit(), await make.outlet()
    item = await sent.item(unit, date(2018, 4, 3))
    await close(APRIL)
    await sent.adoption(item, outlet, date(2018, 4, 28))
    assert await figures(unit, APRIL) == (1, 1, 0, 0)
    assert await figures(unit, MAY) == (0, 0, 1, 1)
    late = await LedgerEntry.get(kind=EntryKind.ADOPTION)
    assert late.late_from == APRIL.first


async def test_a_withdrawal_after_the_close_is_taken_off_the_open_month(db):
    await sent.policy()
    unit, outlet = await make.unit(), await make.outlet()
    item = await sent.item(unit, date(2018, 4, 3))
    adoption = await sent.adoption(item, outlet, date(2018, 4, 28))
    await close(APRIL)
    await sent.withdraw(adoption)
    assert await figures(unit, APRIL) == (1, 1, 1, 1)
    assert await figures(unit, MAY) == (0, 0, -1, -1)


async def test_postgresql_itself_refuses_a_line_in_a_closed_month(db):
    unit = await make.unit()
    await close(APRIL)
    with pytest.raises(OperationalError):
        await LedgerEntry.create(
            unit=unit, month=APRIL.first, kind=EntryKind.BONUS, rule="task-met",
            at=clock.now(), actor_name="示例",
        )  # fmt: skip
    assert await UnitMonth.all().count() == 0


async def test_points_for_sending_end_at_the_monthly_cap(db):
    await sent.policy(submission={"points": 2, "monthly_cap": 5})
    unit = await make.unit()
    items = [await sent.item(unit, date(2018, 4, day)) for day in (1, 2, 3, 4)]
    assert (await figures(unit, APRIL))[3] == 5
    await sent.item(unit, date(2018, 5, 1))
    assert (await figures(unit, MAY))[3] == 2
    await actions.reverse_submission(SYSTEM, items[0])
    await sent.item(unit, date(2018, 4, 5))
    assert (await figures(unit, APRIL))[3] == 5


async def test_ordinary_news_sent_late_loses_points_and_other_kinds_do_not(db):
    await sent.policy(submission={"points": 1, "late": -0.5})
    unit = await make.unit()
    late = clock.at(date(2018, 4, 9), 9)
    await sent.item(unit, date(2018, 4, 3), submitted_at=late)
    await sent.item(
        unit, date(2018, 4, 3), submitted_at=late, information_type=InformationType.RESEARCH
    )
    assert await figures(unit, APRIL) == (2, 0, 0, Decimal("1.5"))


async def test_thousands_at_once_are_counted_as_one_by_one(db):
    await sent.policy(
        repeat={"rule": "once_per_level", "further": 0.5},
        submission={"points": 1, "monthly_cap": 3},
        item_cap=12,
    )
    outlets = list((await sent.outlets()).values())
    left, right = await make.unit(), await make.unit()
    plan = [(date(2018, 4, 1 + n % 28), [(n + k) % 4 for k in range(n % 3)]) for n in range(24)]
    for day, hits in plan:
        item = await sent.item(left, day)
        for hit in hits:
            await sent.adoption(item, outlets[hit], day)
    items = [sent.unsaved_item(right, day) for day, _ in plan]
    for row in items:
        await row.save()
    adoptions = [
        sent.unsaved_adoption(item, outlets[hit], day)
        for item, (day, hits) in zip(items, plan, strict=True)
        for hit in hits
    ]
    for row in adoptions:
        await row.save()
    assert await actions.count_many(SYSTEM, items, adoptions) == len(items) + len(adoptions)
    assert await actions.count_many(SYSTEM, items, adoptions) == 0
    assert await figures(left, APRIL) == await figures(right, APRIL)
    of = [
        [line[2] for line in await lines(unit_id=unit.id, kind="adoption")]
        for unit in (left, right)
    ]
    assert of[0] == of[1]
    assert await queries.rollup_differences() == []


async def test_a_policy_entered_later_counts_open_months_again(db):
    unit, outlets = await make.unit(), await sent.outlets()
    item = await sent.item(unit, date(2018, 4, 3))
    await sent.adoption(item, outlets["county"], date(2018, 4, 5))
    await sent.adoption(item, outlets["nation"], date(2018, 5, 5))
    assert await figures(unit, APRIL) == (1, 1, 1, 0)
    await sent.policy(submission={"points": 0.5})
    assert await figures(unit, APRIL) == (1, 1, 1, Decimal("1.5"))
    assert await figures(unit, MAY) == (0, 0, 1, 9)
    await close(APRIL)
    await sent.policy(date(2018, 5, 1), levels={"county": 1, "国": 20})
    assert await figures(unit, APRIL) == (1, 1, 1, Decimal("1.5"))
    assert await figures(unit, MAY) == (0, 0, 1, 19)
    third = await sent.adoption(item, outlets["province"], date(2018, 5, 8))
    assert await figures(unit, MAY) == (0, 0, 1, 19)
    await sent.withdraw(third)
    assert await figures(unit, MAY) == (0, 0, 1, 19)


async def test_a_policy_cannot_reach_into_a_closed_month(db):
    await close(APRIL)
    with pytest.raises(PolicyTooEarly):
        await sent.policy(date(2018, 4, 30))
    assert await queries.policy_on(date(2018, 6, 1)) is None
    await sent.policy(date(2018, 5, 1))


async def test_month_end_counts_tasks_once_and_again_only_what_changed(db):
    await sent.policy(month_end={"quota_met": 10, "missing_item": -1, "floor": 0})
    done, short, nothing, free = [await make.unit() for _ in range(4)]
    for unit in (done, short, nothing):
        await make.quota(unit, 2)
    await make.quota(free, 2, exempt=True, reason="示例")
    for unit, days in ((done, (1, 2)), (short, (3,))):
        for day in days:
            await sent.item(unit, date(2018, 4, day))
    await actions.settle_month(SYSTEM, APRIL)
    await actions.settle_month(SYSTEM, APRIL)
    got = [(await figures(unit, APRIL))[3] for unit in (done, short, nothing, free)]
    assert got == [10, 0, 0, 0]
    await sent.item(short, date(2018, 4, 20))
    await actions.settle_month(SYSTEM, APRIL)
    assert (await figures(short, APRIL))[3] == 10


async def test_ranking_names_units_that_sent_nothing_and_shares_places(db):
    await sent.policy(repeat="sum")
    outlets = await sent.outlets()
    first, tied, also, last = [await make.unit() for _ in range(4)]
    for unit, level in ((first, "nation"), (tied, "county"), (also, "county")):
        item = await sent.item(unit, date(2018, 4, 3))
        await sent.adoption(item, outlets[level], date(2018, 4, 4))
    ranked = await queries.ranking(APRIL)
    assert [(line.unit, line.rank) for line in ranked] == [
        (first.name, 1), (tied.name, 2), (also.name, 2), (last.name, 4),
    ]  # fmt: skip
    assert ranked[-1].is_zero_report
    assert [line.unit for line in await queries.ranking(APRIL, "units")] == [
        unit.name for unit in (first, tied, also, last)
    ]


async def test_ranks_are_overall_and_within_the_group(db):
    await sent.policy()
    outlet = await make.outlet()
    _, town, department = (
        await make.unit(), await make.unit(), await make.unit(rank_group="县级部门"),
    )  # fmt: skip
    item = await sent.item(department, date(2018, 4, 3))
    await sent.adoption(item, outlet, date(2018, 4, 4))
    by_unit = {line.unit: line for line in await queries.ranking(APRIL)}
    assert (by_unit[department.name].rank, by_unit[department.name].group_rank) == (1, 1)
    assert (by_unit[town.name].rank, by_unit[town.name].group_rank) == (2, 1)


async def test_year_totals_and_the_previous_place(db):
    await sent.policy(repeat="sum")
    outlets = await sent.outlets()
    up, down = await make.unit(), await make.unit()
    for unit, level, day in (
        (down, "nation", date(2018, 4, 3)), (up, "province", date(2018, 5, 3)),
    ):  # fmt: skip
        item = await sent.item(unit, day)
        await sent.adoption(item, outlets[level], day)
    (first, second) = await queries.ranking(MAY)
    assert (first.unit, first.points, first.total_points, first.previous_rank) == (up.name, 5, 5, 2)
    assert (second.points, second.total_points, second.movement) == (0, 10, -1)
    assert {line.previous_rank for line in await queries.ranking(APRIL)} == {None}


async def test_units_are_listed_for_the_periods_in_which_they_exist(db):
    ended = await make.unit()
    later = await make.unit(valid_from=date(2018, 5, 2))
    ended.valid_until = date(2018, 4, 1)
    await ended.save()
    assert [line.unit for line in await queries.ranking(APRIL)] == [ended.name]
    assert [line.unit for line in await queries.ranking(MAY)] == [later.name]
    quarter = await queries.ranking(Quarter.of(MAY.first))
    assert [line.unit for line in quarter] == [ended.name, later.name]


async def test_tasks_are_summed_over_the_months_in_which_the_unit_exists(db):
    steady, new, free = (
        await make.unit(),
        await make.unit(valid_from=date(2018, 5, 9)),
        await make.unit(),
    )
    await make.quota(steady, 3)
    await make.quota(steady, 5, month="2018-06")
    await make.quota(new, 2)
    await make.quota(free, 2, exempt=True, reason="示例")
    quarter = {line.unit: line for line in await queries.ranking(Quarter.of(MAY.first))}
    assert [(quarter[unit.name].quota, quarter[unit.name].exempt) for unit in (steady, new, free)] == [
        (11, False), (4, False), (0, True),
    ]  # fmt: skip
    assert (await queries.ranking(Year.of(MAY.first)))[0].quota == 5 * 3 + 7 * 5


async def test_a_ranking_takes_two_statements_however_many_units(db):
    for _ in range(3):
        await make.unit()
    with counting() as few:
        await queries.ranking(APRIL)
    for _ in range(9):
        await make.unit()
    with counting() as many:
        await queries.ranking(APRIL)
    assert (len(few), len(many)) == (2, 2)


async def test_why_this_number_opens_the_lines_in_words(db):
    await sent.policy(positions=[{"match": "头版", "factor": 2}])
    reader = await make.actor(Duty.CORRESPONDENT)
    unit, outlets = reader.held[0].unit_id, await sent.outlets()
    mine = await queries.units.get(SYSTEM, unit)
    item = await sent.item(mine, date(2018, 4, 3), title="示例通电")
    outlets["county"].name = "示例县报"
    await outlets["county"].save()
    await sent.adoption(item, outlets["county"], date(2018, 4, 5), position="头版头条")
    adoption = await sent.adoption(item, outlets["prefecture"], date(2018, 4, 6))
    await sent.withdraw(adoption, "示例更正")
    said = [reason.sentence("zh") for reason in await queries.explain(reader, unit, APRIL)]
    name = outlets["prefecture"].name
    assert said == [
        "报送〈示例通电〉。",
        "〈示例通电〉2018-04-05被示例县报采用；县级媒体采用每条1分；刊于“头版”，乘以2。",
        f"〈示例通电〉2018-04-06被{name}采用；州级媒体采用每条3分；多家采用只计最高分，该信息共计3分，此前已计2分。",
        f"〈示例通电〉在{name}的采用被撤销：示例更正；州级媒体采用每条3分；该信息共计2分，此前已计3分。",
    ]
    for reason in await queries.explain(reader, unit, APRIL):
        assert "示例通电" in reason.sentence("en")


async def test_others_see_the_lines_of_a_unit_but_not_what_they_may_not_read(db):
    await sent.policy()
    stranger, unit = await make.actor(Duty.CORRESPONDENT), await make.unit()
    item = await sent.item(unit, date(2018, 4, 3), title="示例内情", restricted=True)
    outlet = await make.outlet("示例专报")
    await sent.adoption(item, outlet, date(2018, 4, 5))
    rows = await queries.explain(stranger, unit.id, APRIL)
    said = "".join(row.sentence(language) for row in rows for language in ("zh", "en"))
    assert len(rows) == 2
    assert "示例内情" not in said
    assert "示例专报" not in said
    assert UUID(str(rows[0].entry.unit_id)) == unit.id
