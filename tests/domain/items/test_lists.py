"""Every list takes the same number of statements for one row and for three."""

from domain.approvals import queries as approvals
from domain.items import queries as items
from domain.items.models import ItemState
from domain.kit import clock
from domain.outlets import actions as outlet_actions
from domain.outlets import queries as outlets
from domain.reception import actions as reception_actions
from domain.reception import queries as reception
from tests import make
from tests.domain.items import chain


async def lists(house):
    """Read each list as a page would, relations included."""
    month = clock.Month.of(clock.today())
    for item in await items.with_state(house.writer, ItemState.SUBMITTED):
        assert item.unit.name
    for item in await items.month_of(house.writer, house.unit.id, month):
        assert item.topic.name
    for item in await (await approvals.inbox(house.leader)):
        assert item.unit.name
    for row in await reception.inbox(house.editor):
        assert row.item.unit.name + row.office.name
    for row in await reception.returned_to(house.writer):
        assert row.item.unit.name + row.office.name
    for adoption in await outlets.waiting(house.editor):
        assert adoption.item.unit.name + adoption.outlet.name


async def fill(house):
    """One more row in every list."""
    await chain.laid(house)
    for returned in (True, False):
        item = await chain.submitted(house)
        row = await chain.at(item, house.office)
        if returned:
            await reception_actions.return_for_revision(house.editor, row.id, reason="示例")
    await outlet_actions.record(
        house.writer, item.id, outlet_id=(await make.outlet()).id, adopted_on=clock.today(),
        evidence_url="https://example.org/1",
    )  # fmt: skip


async def test_lists_take_as_many_statements_for_three_rows_as_for_one(db):
    house = await chain.house()
    await fill(house)
    with chain.statements() as for_one:
        await lists(house)
    for _ in range(2):
        await fill(house)
    with chain.statements() as for_three:
        await lists(house)
    assert len(for_one) > 0
    assert len(for_three) == len(for_one)
