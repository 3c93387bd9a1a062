"""Short messages to units."""

from datetime import datetime

import strawberry

from domain.items import models as item_rows
from domain.notices import actions, queries
from domain.notices import models as rows
from schema.context import Info
from schema.items import Item
from schema.nodes import Node, key, node, one, says, told
from schema.paging import Listed, listed
from schema.units import Unit, unit_rows
from schema.verbs import result, verb


def _text(root: strawberry.Parent[rows.Message], info: Info) -> str:
    return queries.sentence(root, info.context.language)


@node(
    rows.Message,
    queries.visible_to,
    description="Something a unit should know. Its own people see it; tokens never. 消息",
)
class Message(Node):
    unit: Unit | None = one(unit_rows.Unit, "unit_id", "单位")
    code: str = says("For programs. 代码")
    item: Item | None = one(item_rows.Item, "item_id", "稿件")
    created_at: datetime = says("时间")
    read_at: datetime | None = says("阅读时间")

    text: str = told(_text, "In the language of the request. 内容")


@strawberry.type
class NoticeQuery:
    @listed(Message, "What your units were told, the latest first. 消息列表")
    async def messages(self, info: Info, unread_only: bool = True) -> Listed:
        actor = info.context.actor
        found = queries.unread(actor) if unread_only else queries.visible_to(actor)
        return Listed(found, ("-created_at", "-id"))


MessageResult = result("MessageResult", Message)


@strawberry.type
class NoticeMutation:
    @verb(MessageResult, "Somebody of the unit has read it. 标为已读")
    async def read_message(self, info: Info, message_id: strawberry.ID) -> rows.Message:
        return await actions.read(info.context.actor, key("Message", message_id))
