"""The history sheet: what a county kept in a spreadsheet becomes items, signatures, adoptions."""

import asyncio
from datetime import date

from domain.approvals.models import SignOff, SignOffMethod
from domain.circulars.models import PeriodClose
from domain.intake import actions
from domain.intake.models import ImportBatch, SheetKind
from domain.intake.verdicts import Outcome
from domain.items.models import (
    Genre,
    InformationType,
    Item,
    ItemRevision,
    ItemState,
    SubmissionChannel,
)
from domain.items.rules import content_of, content_sha256
from domain.kit import clock
from domain.kit.actor import SYSTEM, Duty
from domain.kit.clock import Month
from domain.outlets import actions as outlets
from domain.outlets.models import Adoption, AdoptionState, MediaOutlet, OutletLevel
from domain.points import actions as points
from domain.points import queries as ranking
from domain.points.models import LedgerEntry
from domain.reception.models import Reception
from tests import make
from tests.domain.intake.sheet import HISTORY, against, entry, outcomes, preview, take_in, xlsx

NEW, SAME, BAD = Outcome.CREATED, Outcome.UNCHANGED, Outcome.REFUSED
APRIL = Month.parse("2018-04")
RUN = {"采用媒体": "示例日报", "采用级别": "州", "采用日期": "2018-4-6"}


async def county(**levels):
    """One township, one prefecture newspaper, points by level."""
    unit = await make.unit("示例镇")
    await make.outlet("示例日报", level=OutletLevel.PREFECTURE)
    await points.add_policy(
        SYSTEM,
        name="示例",
        valid_from=date(2018, 1, 1),
        rules={"levels": {"county": 1, "prefecture": 3} | levels, "repeat": "sum"},
    )
    return unit


async def look(*rows, **options):
    return await preview(SheetKind.HISTORY, HISTORY, *rows, **options)


async def enter(*rows, **options):
    return await take_in(SheetKind.HISTORY, HISTORY, *rows, **options)


async def test_a_row_becomes_a_submitted_item_signed_by_name_and_post(db):
    unit = await county()
    await enter(entry(正文="第一段。\n第二段。", 类别="经验", 报送日期="2018-4-3 16:20"))
    item = await Item.get().prefetch_related("unit")
    assert (item.unit.id, item.state, item.channel) == (
        unit.id,
        ItemState.SUBMITTED,
        SubmissionChannel.LATE_ENTRY,
    )
    assert item.body == "<p>第一段。</p><p>第二段。</p>"
    assert item.information_type is InformationType.EXPERIENCE
    assert (item.occurred_on, item.submitted_at) == (
        date(2018, 4, 2),
        clock.at(date(2018, 4, 3), 16, 20),
    )
    signed = await SignOff.get()
    assert (signed.signer_name, signed.signer_post, signed.signer_unit) == (
        "示例乙",
        "副镇长",
        "示例镇",
    )
    assert (signed.step, signed.method) == (Duty.LEADER_IN_CHARGE, SignOffMethod.LATE_ENTRY)
    assert signed.content_sha256 == item.content_sha256 == content_sha256(content_of(item, []))
    assert (await ItemRevision.get()).content_sha256 == item.content_sha256
    assert await Reception.all().count() == 0


async def test_a_major_items_signature_is_the_principal_leaders(db):
    await county()
    await enter(entry(重大="是", 审签职务="镇长"))
    signed = await SignOff.get()
    assert (signed.step, signed.signer_post) == (Duty.PRINCIPAL_LEADER, "镇长")


async def test_rows_of_one_item_are_its_adoptions(db):
    await county()
    await make.outlet("微示例")
    done = await enter(
        entry(**RUN, 版面="头版", 凭证="https://example.org/1"),
        entry(采用媒体="微示例", 采用日期="2018-4-7", 凭证="剪报第3页"),
    )
    assert outcomes(done) == [NEW, NEW]
    item = await Item.get()
    ran = await Adoption.filter(item_id=item.id).order_by("adopted_on").select_related("outlet")
    assert [(a.outlet.name, a.level, a.state, a.position) for a in ran] == [
        ("示例日报", OutletLevel.PREFECTURE, AdoptionState.CONFIRMED, "头版"),
        ("微示例", OutletLevel.COUNTY, AdoptionState.CONFIRMED, ""),
    ]
    assert [(a.evidence_url, a.evidence_note) for a in ran] == [
        ("https://example.org/1", ""),
        ("", "剪报第3页"),
    ]
    assert [(a.recorded_by_id, a.confirmed_by_id) for a in ran] == [(None, None)] * 2


async def test_items_and_adoptions_are_counted_in_their_months(db):
    unit = await county()
    await enter(
        entry(标题="一", 事件日期="2018-4-3", **RUN),
        entry(标题="二"),
        entry(标题="三", 报送日期="2018-4-30", 采用媒体="示例日报", 采用日期="2018-5-2"),
    )
    april, may = await ranking.month_of(unit.id, APRIL), await ranking.month_of(unit.id, APRIL.next)
    assert (april.submitted, april.same_day, april.adopted, april.prefecture, april.points) == (
        3,
        1,
        1,
        1,
        3,
    )
    assert (may.submitted, may.adopted, may.points) == (0, 1, 3)


async def test_the_same_sheet_twice_changes_nothing(db):
    await county()
    rows = entry(**RUN), entry(标题="另一条")
    await enter(*rows)
    before = await LedgerEntry.all().values_list("seq", flat=True)
    assert outcomes(await enter(*rows)) == [SAME, SAME]
    assert (await Item.all().count(), await Adoption.all().count()) == (2, 1)
    assert await LedgerEntry.all().values_list("seq", flat=True) == before


async def test_a_later_sheet_adds_the_adoptions_that_came_since(db):
    await county()
    await enter(entry())
    done = await enter(entry(), entry(标题="新的"), entry(**RUN))
    assert outcomes(done) == [SAME, NEW, NEW]
    assert await Item.all().count() == 2
    assert (await Adoption.get().prefetch_related("item")).item.title == entry()[1]


async def test_what_was_withdrawn_since_does_not_come_back_with_the_same_sheet(db):
    await county()
    await enter(entry(**RUN))
    await outlets.withdraw(SYSTEM, (await Adoption.get()).id, reason="误登")
    assert outcomes(await enter(entry(**RUN))) == [SAME]
    assert [adoption.state for adoption in await Adoption.all()] == [AdoptionState.WITHDRAWN]


async def test_items_that_differ_in_unit_title_or_day_are_different_items(db):
    await county()
    await make.unit("示例乡")
    await enter(
        entry(),
        entry(单位="示例乡"),
        entry(标题="另一条"),
        entry(报送日期="2018-4-4"),
        entry(事件日期="2018-4-1"),
    )
    assert await Item.all().count() == 5


async def test_identical_rows_are_a_visible_slip(db):
    await county()
    found = await look(entry(**RUN), entry(**RUN))
    assert outcomes(found) == [NEW, BAD]
    assert against(found) == [(3, None, "duplicate-row")]
    assert found.bad[0].refusals[0].first_row == 2


async def test_rows_of_one_item_must_agree(db):
    await county()
    found = await look(entry(**RUN), entry(审签领导="示例丙", 重大="是"))
    assert against(found) == [(3, "重大", "contradicts-row"), (3, "审签领导", "contradicts-row")]
    assert found.bad[0].refusals[1].other == "示例乙"


async def test_every_cell_of_a_bad_row_is_answered(db):
    await county()
    found = await look(
        entry(单位="示列镇", 类别="通告", 重大="也许", 事件日期="4月2日", 报送日期=None, 报送人=None,
              审签领导=None, 审签职务=None, 采用媒体="示例日抱", 采用级别="乡", 采用日期="明天")
    )  # fmt: skip
    assert against(found) == [
        (2, "单位", "misspelt-name"),
        (2, "类别", "unknown-choice"),
        (2, "重大", "not-yes-or-no"),
        (2, "事件日期", "not-a-date"),
        (2, "报送日期", "cell-missing"),
        (2, "报送人", "cell-missing"),
        (2, "审签领导", "cell-missing"),
        (2, "审签职务", "cell-missing"),
        (2, "采用级别", "unknown-choice"),
        (2, "采用日期", "not-a-date"),
    ]


async def test_an_unknown_outlet_is_answered_with_the_nearest(db):
    await county()
    found = await look(entry(**RUN | {"采用媒体": "示例日抱"}))
    assert against(found) == [(2, "采用媒体", "misspelt-name")]
    assert found.bad[0].refusals[0].nearest == "示例日报"


async def test_an_unknown_outlet_is_entered_when_that_was_asked_for(db):
    await county()
    row = entry(采用媒体="示例省报", 采用级别="省", 采用日期="2018-4-6")
    assert outcomes(await look(row)) == [BAD]
    assert outcomes(await look(row, create_outlets=True)) == [NEW]
    assert await MediaOutlet.filter(name="示例省报").count() == 0
    await enter(row, create_outlets=True)
    assert (await MediaOutlet.get(name="示例省报")).level is OutletLevel.PROVINCE
    assert (await Adoption.get()).level is OutletLevel.PROVINCE


async def test_the_register_decides_the_level(db):
    await county()
    found = await look(entry(**RUN | {"采用级别": "省"}))
    assert against(found) == [(2, "采用级别", "level-differs")]


async def test_days_must_follow_one_another_and_not_lie_ahead(db):
    await county()
    found = await look(
        entry(标题="一", 报送日期="2018-4-1"),
        entry(标题="二", **RUN | {"采用日期": "2018-4-1"}),
        entry(标题="三", 事件日期="2999-1-1", 报送日期="2999-1-1"),
    )
    assert against(found) == [
        (2, "报送日期", "before-the-event"),
        (3, "采用日期", "before-the-event"),
        (4, "事件日期", "in-the-future"),
        (4, "报送日期", "in-the-future"),
    ]


async def test_half_an_adoption_is_none(db):
    await county()
    found = await look(entry(标题="一", 采用媒体="示例日报"), entry(标题="二", 采用日期="2018-4-6"))
    assert against(found) == [(2, "采用日期", "cell-missing"), (3, "采用媒体", "cell-missing")]


async def test_an_outlet_runs_an_item_once(db):
    await county()
    found = await look(entry(**RUN), entry(**RUN | {"采用日期": "2018-4-9"}))
    assert against(found) == [(3, "采用日期", "adopted-already")]


async def test_a_unit_must_have_existed_then(db):
    await county()
    await make.unit("示例新镇", valid_from=date(2019, 1, 1))
    found = await look(entry(单位="示例新镇"))
    assert against(found) == [(2, "单位", "not-valid-then")]


async def test_nothing_is_entered_for_a_closed_month(db):
    await county()
    await PeriodClose.create(month=APRIL.first, closed_at=clock.now(), ledger_seq=0)
    found = await look(
        entry(标题="一"),
        entry(标题="二", 事件日期="2018-3-30", 报送日期="2018-3-31", **RUN),
        entry(标题="三", 报送日期="2018-5-2"),
    )
    assert outcomes(found) == [BAD, BAD, NEW]
    assert against(found) == [
        (2, "报送日期", "import-month-closed"),
        (3, "采用日期", "import-month-closed"),
    ]


async def test_a_marked_row_is_refused_and_not_kept(db):
    await county()
    found = await look(entry(标题="机密★ 示例"), entry(标题="另一条"))
    assert against(found) == [(2, "标题", "marked-row")]
    assert "示例" not in str((await ImportBatch.get()).verdicts)
    await actions.commit(SYSTEM, found, skip_bad=True)
    assert [item.title for item in await Item.all()] == ["另一条"]


async def test_items_of_restricted_lines_and_problems_are_restricted(db):
    await county()
    await make.unit("示例公安局", restricted_line=True)
    await enter(entry(), entry(单位="示例公安局"), entry(标题="问题", 类别="问题性信息"))
    assert sorted([(i.unit.name, i.restricted) for i in await Item.all().prefetch_related("unit")]) == [
        ("示例公安局", True), ("示例镇", False), ("示例镇", True),
    ]  # fmt: skip


async def test_two_imports_of_one_sheet_at_once_enter_it_once(db):
    await county()
    content = xlsx(HISTORY, entry(**RUN), entry(标题="另一条"))

    async def import_it():
        found = await actions.preview(
            SYSTEM, SheetKind.HISTORY, file_name="表.xlsx", content=content
        )
        return outcomes(await actions.commit(SYSTEM, found))

    both = await asyncio.gather(import_it(), import_it())
    assert sorted(both) == [[NEW, NEW], [SAME, SAME]]
    assert (await Item.all().count(), await Adoption.all().count()) == (2, 1)


async def test_nothing_is_judged_by_an_old_look(db):
    await county()
    found = await look(entry(**RUN))
    await enter(entry(**RUN))
    assert outcomes(await actions.commit(SYSTEM, found)) == [SAME]
    assert await Item.all().count() == 1


async def test_a_genre_may_stand_for_the_type(db):
    await county()
    await enter(
        entry(标题="一", 类别="摄影作品"),
        entry(标题="二", 类别="信息"),
        entry(标题="三", 类别="research"),
    )
    assert {item.title: (item.information_type, item.genre) for item in await Item.all()} == {
        "一": (InformationType.DYNAMIC, Genre.PHOTOGRAPHY),
        "二": (InformationType.DYNAMIC, Genre.NEWS),
        "三": (InformationType.RESEARCH, Genre.NEWS),
    }
