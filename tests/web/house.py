"""One unit and one office with their people, and items at any point of the chain. All 示例."""

from dataclasses import dataclass

from domain.approvals import actions as approvals
from domain.items import actions as items
from domain.items.models import Item
from domain.kit.actor import Actor, Duty
from domain.people import queries as people
from domain.people.models import Person
from domain.reception.models import Reception
from domain.units.models import ReceivingOffice, Topic, Unit
from tests import make


@dataclass
class House:
    unit: Unit
    office: ReceivingOffice
    topic: Topic
    correspondent: Person
    leader: Person
    principal: Person
    editor: Person

    async def actor(self, person: Person) -> Actor:
        return await people.actor_of(person)

    async def draft(self, title="示例信息", **given) -> Item:
        author = await self.actor(self.correspondent)
        facts = {"topic_id": self.topic.id, "office_ids": [self.office.id]}
        return await make.item(author, title=title, **facts | given)

    async def laid(self, title="示例信息", **given) -> Item:
        item = await self.draft(title, **given)
        return await items.lay_for_sign_off(await self.actor(self.correspondent), item.id)

    async def submitted(self, title="示例信息", **given) -> Item:
        item = await self.laid(title, **given)
        signer = await self.actor(self.leader)
        return await approvals.sign(signer, item.id, content_sha256=item.content_sha256)

    async def reception(self, item: Item) -> Reception:
        return await Reception.get(item_id=item.id, office_id=self.office.id)

    def typed(self, **given) -> dict:
        """What a browser sends from a whole form."""
        facts = {
            "title": "示例镇开通牧道",
            "body": "今天，示例镇开通了通村牧道。\n群众出行时间缩短一半。",
            "occurred_on": "2018-04-20",
            "information_type": "dynamic",
            "genre": "news",
            "topic_id": str(self.topic.id),
            "office_ids": [str(self.office.id)],
            "declared_unclassified": "on",
            "submit_when_signed": "on",
            "act": "save",
        }
        return facts | given


async def build(**unit_given) -> House:
    unit = await make.unit("示例镇", **unit_given)
    office = await make.office("示例县委办")
    seats = [
        (Duty.CORRESPONDENT, "示例丙", "宣传干事"),
        (Duty.LEADER_IN_CHARGE, "示例甲", "副镇长"),
        (Duty.PRINCIPAL_LEADER, "示例丁", "镇长"),
    ]
    people_ = []
    for duty, name, post in seats:
        person = await make.person(name)
        await make.appointment(duty, person=person, unit=unit, post=post)
        people_.append(person)
    editor = await make.person("示例乙")
    await make.appointment(Duty.OFFICE_EDITOR, person=editor, office=office, post="信息科长")
    return House(unit, office, await make.topic("生态保护"), *people_, editor)
