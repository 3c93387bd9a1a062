"""A small county whose people speak to the API, each by a session of his own."""

from dataclasses import dataclass

from domain.kit.actor import Duty
from domain.people.models import Person
from domain.units.models import ReceivingOffice, Topic, Unit
from schema.nodes import encode
from tests import make
from tests.asking import Client

ITEM = "... on Item { id state title version contentSha256 round isMajor restricted receptions { id state version office { name } } }"
RECEPTION = "... on Reception { id state version reason item { id state } }"
ADOPTION = "... on Adoption { id state version level recordedByName confirmedByName }"


@dataclass
class County:
    """One unit, one office, and whoever the chain needs."""

    unit: Unit
    office: ReceivingOffice
    topic: Topic

    async def who(self, *duties: Duty, unit: Unit | None = None, language: str = "zh") -> Client:
        """A new person with these duties, signed in."""
        office = self.office if Duty.OFFICE_EDITOR in duties else None
        actor = await make.actor(*duties, unit=unit or self.unit, office=office)
        token, _ = await make.session(await Person.get(id=actor.person_id))
        return Client(token, language)

    def draft(self, **given) -> dict:
        """What a correspondent says of a complete item."""
        facts = {
            "title": "示例：牧场通电", "body": "<p>示例正文。</p>", "occurredOn": "2018-04-10",
            "informationType": "EXPERIENCE", "topicId": encode("Topic", self.topic.id),
            "officeIds": [encode("ReceivingOffice", self.office.id)], "declaredUnclassified": True,
        }  # fmt: skip
        return facts | given

    async def submitted(self, **given) -> dict:
        """An item on its way: written, laid, signed and thereby submitted."""
        writer, leader = await self.who(Duty.CORRESPONDENT), await self.who(Duty.LEADER_IN_CHARGE)
        item = await writer.do("createItem", ITEM, **self.draft(**given))
        laid = await writer.do("layItemForSignOff", ITEM, itemId=item["id"])
        return await leader.do(
            "signItem", ITEM, itemId=item["id"], contentSha256=laid["contentSha256"]
        )


async def county() -> County:
    await make.county()
    return County(
        await make.unit("示例乡"),
        await make.office("示例县委办", issues_monthly=True),
        await make.topic(),
    )
