"""A unit with its people, and an item taken as far along the chain as a test wants it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from domain.approvals import actions as approvals
from domain.items import actions as items
from domain.items.models import Item
from domain.kit import clock
from domain.kit.actor import Actor, Duty
from domain.reception.models import Reception
from domain.units.models import ReceivingOffice, Topic, Unit
from tests import make


@dataclass
class House:
    unit: Unit
    office: ReceivingOffice
    topic: Topic
    writer: Actor
    leader: Actor
    principal: Actor
    editor: Actor


async def house(**given) -> House:
    """A unit with a correspondent, both leaders and one office. Facts are the unit's."""
    unit, office, topic = await make.unit(**given), await make.office(), await make.topic()
    return House(
        unit=unit,
        office=office,
        topic=topic,
        writer=await make.actor(Duty.CORRESPONDENT, unit=unit, post="示例干事"),
        leader=await make.actor(Duty.LEADER_IN_CHARGE, unit=unit, post="示例副乡长"),
        principal=await make.actor(Duty.PRINCIPAL_LEADER, unit=unit, post="示例乡长"),
        editor=await make.actor(Duty.OFFICE_EDITOR, office=office, post="示例编辑"),
    )


def facts(house: House, **given) -> dict:
    return {
        "title": "示例乡牧道通车",
        "body": "示例乡三公里牧道今日通车。",
        "occurred_on": clock.today(),
        "topic_id": house.topic.id,
        "office_ids": [house.office.id],
        "declared_unclassified": True,
    } | given


async def draft(house: House, actor: Actor | None = None, **given) -> Item:
    return await items.create(actor or house.writer, **facts(house, **given))


async def laid(house: House, **given) -> Item:
    item = await draft(house, **given)
    return await items.lay_for_sign_off(house.writer, item.id)


async def sign(actor: Actor, item: Item, **given) -> Item:
    """Sign the text as it stands now."""
    item = await Item.get(id=item.id)
    return await approvals.sign(actor, item.id, content_sha256=item.content_sha256, **given)


async def submitted(house: House, **given) -> Item:
    item = await sign(house.leader, await laid(house, **given))
    return await sign(house.principal, item) if item.is_major else item


async def at(item: Item, office: ReceivingOffice) -> Reception:
    return await Reception.get(item_id=item.id, office_id=office.id)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL sent while inside."""
    sent: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: sent.append(record.getMessage())
    logger = logging.getLogger("tortoise.db_client")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield sent
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
