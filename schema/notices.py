"""Short messages to units, and the county's jobs."""

from datetime import datetime

import strawberry

from domain.items import models as item_rows
from domain.kit.models import Job as JobRow
from domain.notices import actions, queries
from domain.notices import models as rows
from domain.people.rules import check_administers
from schema.context import Info
from schema.items import Item
from schema.nodes import Node, key, node, one, own_id, part, says, told
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


@part(JobRow, description="Work that is due or done. Administrators see it. 任务")
class Job:
    id: strawberry.ID = own_id("Job")
    kind: str = says("类型")
    period: str | None = says("Of scheduled work. 期间")
    asked_at: datetime = says("登记时间")
    due_at: datetime = says("应办时间")
    tries: int = says("次数")
    started_at: datetime | None = says("开始时间")
    done_at: datetime | None = says("完成时间")
    failed_at: datetime | None = says("When it was given up. 放弃时间")
    last_error: str | None = says("最近错误")


@strawberry.type
class NoticeQuery:
    @listed(Message, "What your units were told, the latest first. 消息列表")
    async def messages(self, info: Info, unread_only: bool = True) -> Listed:
        actor = info.context.actor
        found = queries.unread(actor) if unread_only else queries.visible_to(actor)
        return Listed(found, ("-created_at", "-id"))

    @listed(Job, "Jobs, the latest first. Administrators. 任务列表")
    async def jobs(self, info: Info, kind: str | None = None) -> Listed:
        check_administers(info.context.actor)
        found = JobRow.filter(kind=kind) if kind else JobRow.all()
        return Listed(found, ("-asked_at", "-id"))


MessageResult = result("MessageResult", Message)


@strawberry.type
class NoticeMutation:
    @verb(MessageResult, "Somebody of the unit has read it. 标为已读")
    async def read_message(self, info: Info, message_id: strawberry.ID) -> rows.Message:
        return await actions.read(info.context.actor, key("Message", message_id))
