import asyncio

import pytest

from domain.kit.actor import Duty, Scope
from domain.kit.errors import NotFound
from domain.notices import actions, queries
from domain.notices.models import Message
from tests import make

FACTS = {"month": "2018-04", "quota": 3, "submitted": 1, "owed": 2, "days": 3}


async def tell(unit, key):
    return await actions.tell(unit.id, "still-owed", key=key, **FACTS)


async def test_a_unit_is_told_once_however_often_it_is_told(db):
    unit = await make.unit()
    async with asyncio.TaskGroup() as group:
        told = [group.create_task(tell(unit, "示例")) for _ in range(5)]
    assert sorted(task.result() for task in told) == [False, False, False, False, True]
    assert await Message.all().count() == 1


async def test_a_message_is_shown_until_somebody_of_the_unit_has_read_it(db):
    reader = await make.actor(Duty.CORRESPONDENT)
    unit = await make.unit()
    await tell(unit, "other")
    await actions.tell(reader.held[0].unit_id, "still-owed", key="mine", **FACTS)
    (message,) = await queries.unread(reader)
    assert queries.sentence(message, "zh") == (
        "2018-04任务3条，已报送1条，尚欠2条，距月底还有3个工作日。"
    )
    await actions.read(reader, message.id)
    await actions.read(reader, message.id)
    assert await queries.unread(reader) == []
    assert await queries.visible_to(reader).count() == 1


async def test_others_and_tokens_neither_see_nor_read_it(db):
    unit = await make.unit()
    await tell(unit, "示例")
    (message,) = await Message.all()
    _, token = await make.token(Scope.READ, unit=unit)
    for stranger in (await make.actor(Duty.CORRESPONDENT), token):
        assert await queries.unread(stranger) == []
        with pytest.raises(NotFound):
            await actions.read(stranger, message.id)
    assert (await Message.get(id=message.id)).read_at is None
