"""AC06, A6: three offices, two imports, many hands at once; nothing is overwritten or doubled."""

import asyncio
import itertools

import pytest

from domain.approvals.models import SignOff
from domain.intake import actions as intake
from domain.intake.models import SheetKind
from domain.items import actions as items
from domain.items.models import Item, ItemState
from domain.kit import audit
from domain.kit.actor import SYSTEM, Duty
from domain.kit.errors import DomainError
from domain.kit.models import AuditEvent
from domain.outlets.models import Adoption
from domain.points import queries as points
from domain.points.models import LedgerEntry, UnitMonth
from domain.reception import actions as reception
from domain.reception.models import Reception, ReceptionState
from domain.units.models import Unit
from tests import make
from tests.abuse.attack import at_once, refusals
from tests.domain.intake import sheet
from tests.domain.items import chain
from tests.domain.points import sent

VERBS = {
    "receive": reception.receive,
    "return": lambda editor, held: reception.return_for_revision(editor, held, reason="示例"),
    "reject": lambda editor, held: reception.reject(editor, held, reason="示例"),
    "raise": lambda editor, held: reception.raise_to_major(editor, held, reason="示例"),
}


@pytest.mark.parametrize("verbs", [*itertools.combinations_with_replacement(VERBS, 3)])
async def test_three_offices_act_at_once_and_each_keeps_its_own_state(db, verbs):
    house = await chain.house()
    offices = [house.office, await make.office(), await make.office()]
    editors = [house.editor] + [
        await make.actor(Duty.OFFICE_EDITOR, office=office) for office in offices[1:]
    ]
    item = await chain.submitted(house, office_ids=[office.id for office in offices])
    held = [(await chain.at(item, office)).id for office in offices]
    acts = [VERBS[verb](*pair) for verb, *pair in zip(verbs, editors, held, strict=True)]
    found = await at_once(*acts)
    after = {"receive": "received", "return": "returned", "reject": "rejected"}
    for verb, answer, row in zip(verbs, found, held, strict=True):
        wanted = after.get(verb, "submitted")
        state = (await Reception.get(id=row)).state
        assert state == ("submitted" if isinstance(answer, DomainError) else wanted)
    item = await Item.get(id=item.id)
    states = set(await Reception.all().values_list("state", flat=True))
    assert item.round == 1 + verbs.count("return")
    assert (item.state is ItemState.RETURNED) == (ReceptionState.RETURNED in states)
    assert [seq async for seq in audit.broken_links()] == []


async def test_a_submission_races_a_second_one_of_everything(db):
    """Eight items of four units submitted while two offices work: all arrive, counted once."""
    houses = [await chain.house() for _ in range(4)]
    laid = [(house, await chain.laid(house)) for house in houses for _ in range(2)]
    await at_once(*(chain.sign(house.leader, item) for house, item in laid for _ in range(2)))
    assert await Reception.all().count() == len(laid)
    assert await UnitMonth.all().values_list("submitted", flat=True) == [2] * 4
    assert await points.rollup_differences() == []


ROWS = [
    sheet.entry(标题=f"示例信息{n}", 采用媒体="示例日报", 采用级别="县", 采用日期="2018-4-6")
    for n in range(12)
]


async def previewed(rows):
    return await intake.preview(
        SYSTEM, SheetKind.HISTORY, file_name="表.xlsx", content=sheet.xlsx(sheet.HISTORY, *rows)
    )


async def test_the_same_sheet_taken_in_twice_at_once_counts_once(db):
    await sent.policy()
    await make.unit("示例镇")
    await make.outlet("示例日报")
    looks = [await previewed(ROWS) for _ in range(3)]
    await at_once(*(intake.commit(SYSTEM, look) for look in looks))
    assert await Item.all().count() == await Adoption.all().count() == len(ROWS)
    assert await SignOff.all().count() == len(ROWS)
    assert await LedgerEntry.all().count() == 2 * len(ROWS)
    assert await points.rollup_differences() == []


async def test_overlapping_sheets_taken_in_at_once_count_each_row_once(db):
    await sent.policy()
    await make.unit("示例镇")
    await make.outlet("示例日报")
    looks = [await previewed(ROWS[:8]), await previewed(ROWS[4:])]
    await at_once(*(intake.commit(SYSTEM, look) for look in looks))
    assert await Item.all().count() == len(ROWS)
    assert await LedgerEntry.all().count() == 2 * len(ROWS)


async def test_others_write_while_a_register_is_taken_in(db):
    """The trail's head is held for a moment at the end, not from the first row on."""
    house = await chain.house()
    rows = [("单位", "类别"), *((f"示例{n}乡", "乡镇") for n in range(60))]
    look = await sheet.preview(SheetKind.UNITS, *rows)
    halfway, went_on = asyncio.Event(), asyncio.Event()

    async def other():
        await halfway.wait()
        await asyncio.wait_for(chain.draft(house), 5)
        went_on.set()

    def told(done):
        if done == 30:
            halfway.set()

    real = intake._one

    async def slowly(desk, row):
        outcome = await real(desk, row)
        if halfway.is_set() and not went_on.is_set():
            await asyncio.wait_for(went_on.wait(), 5)
        return outcome

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "_one", slowly)
        await asyncio.gather(intake.commit(SYSTEM, look, progress=told), other())
    assert await Unit.filter(name__startswith="示例").count() > 60
    assert [seq async for seq in audit.broken_links()] == []
    assert await AuditEvent.filter(verb="create", thing="unit").count() >= 60


async def test_a_late_save_loses_nothing_of_five(db):
    house = await chain.house()
    item = await chain.draft(house)
    found = await at_once(
        *(
            items.save(house.writer, item.id, expected_version=item.version, body=f"第{n}稿")
            for n in range(5)
        )
    )
    late = [each for each in found if isinstance(each, DomainError)]
    assert refusals(found) == ["item-changed"] * 4
    kept = (await Item.get(id=item.id)).body
    assert all(each.theirs == {"body": kept} and each.mine["body"] != kept for each in late)
