"""What each receiving office does with an item."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.items import models as item_rows
from domain.reception import actions, queries
from domain.reception import models as rows
from domain.reception.models import ReceptionState
from schema.context import Info
from schema.enums import enum
from schema.inputs import Expected, given
from schema.items import Item, ItemResult
from schema.nodes import Node, asks, find_one, key, key_or_none, many, node, one, part, says
from schema.paging import Listed, listed
from schema.units import ReceivingOffice, unit_rows
from schema.verbs import result, verb

enum(ReceptionState, "One office's own state for one item. 接收状态")


@part(rows.ReceptionEvent, description="A step of an item's way through an office. 办理过程")
class ReceptionEvent:
    state: ReceptionState = says("接收状态")
    reason: str = says("原因")
    handler_name: str = says("经办人")
    at: datetime = says("时间")


@node(
    rows.Reception,
    queries.visible_to,
    description="One item at one office; offices do not overwrite one another. Visible as its "
    "item is. 接收办理",
)
class Reception(Node):
    item: Item | None = one(item_rows.Item, "item_id", "稿件")
    office: ReceivingOffice | None = one(unit_rows.ReceivingOffice, "office_id", "接收单位")
    state: ReceptionState = says("接收状态")
    reason: str = says("For returning, rejecting, not adopting. 原因")
    handler_name: str = says("责任编辑")
    round: int = says("轮次")
    content_sha256: str = says("The text this office holds. 内容校验值")
    submitted_at: datetime = says("报送时间")
    received_at: datetime | None = says("签收时间")
    settled_at: datetime | None = says("办结时间")
    updated_at: datetime = says("更新时间")
    version: int = says("For `expectedVersion`. 版本")
    way: list[ReceptionEvent] = many(
        rows.ReceptionEvent, "reception_id", "Its way, step by step. 办理过程", order=("at", "id")
    )


@strawberry.input(description="Which receptions; everything given must hold. 接收筛选")
class ReceptionFilter:
    state: list[ReceptionState] | None = says("In one of these states. 接收状态", default=None)
    office_id: strawberry.ID | None = says("接收单位", default=None)
    item_id: strawberry.ID | None = says("稿件", default=None)
    mine: bool = says("Of the offices one edits for: the inbox. 本单位收件箱", default=False)


@strawberry.type
class ReceptionQuery:
    @listed(Reception, "Receptions, longest waiting first; `mine` is the inbox. 接收列表")
    async def receptions(self, info: Info, filter: ReceptionFilter | None = None) -> Listed:
        actor, chosen = info.context.actor, filter or ReceptionFilter()
        found = queries.inbox(actor) if chosen.mine else queries.visible_to(actor)
        found = found.filter(
            **given(
                state__in=chosen.state,
                office_id=key_or_none("ReceivingOffice", chosen.office_id),
                item_id=key_or_none("Item", chosen.item_id),
            )
        )
        return Listed(found, ("submitted_at", "id"))

    @asks("One item at one office. 接收办理", Reception | None)
    async def reception(self, info: Info, id: strawberry.ID) -> object:
        return await find_one(info.context, "Reception", id)


ReceptionResult = result("ReceptionResult", Reception)
Id = strawberry.ID
Reason = Annotated[str, strawberry.argument(description="Told to the unit. 原因")]


@strawberry.type
class ReceptionMutation:
    @verb(ItemResult, "Hand a signed item to its offices. 报送")
    async def submit_item(
        self, info: Info, item_id: Id, expected_version: Expected = None
    ) -> item_rows.Item:
        return await actions.submit(
            info.context.actor, key("Item", item_id), expected_version=expected_version
        )

    @verb(ItemResult, "Take an item back for good, before any office begins on it. 撤回")
    async def withdraw_item(
        self, info: Info, item_id: Id, reason: str = "", expected_version: Expected = None
    ) -> item_rows.Item:
        item = key("Item", item_id)
        return await actions.withdraw(
            info.context.actor, item, reason=reason, expected_version=expected_version
        )

    @verb(ReceptionResult, "Editors of the office: take it in. 签收")
    async def receive_item(
        self, info: Info, reception_id: Id, expected_version: Expected = None
    ) -> rows.Reception:
        return await actions.receive(
            info.context.actor, key("Reception", reception_id), expected_version=expected_version
        )

    @verb(ReceptionResult, "Editors of the office: begin editing. 采编")
    async def start_editing(
        self, info: Info, reception_id: Id, expected_version: Expected = None
    ) -> rows.Reception:
        return await actions.start_editing(
            info.context.actor, key("Reception", reception_id), expected_version=expected_version
        )

    @verb(ReceptionResult, "Editors of the office: it will be used. 标记采用")
    async def mark_adopted(
        self, info: Info, reception_id: Id, expected_version: Expected = None
    ) -> rows.Reception:
        return await actions.mark_adopted(
            info.context.actor, key("Reception", reception_id), expected_version=expected_version
        )

    @verb(ReceptionResult, "Editors of the office: it will not be used. 未采用")
    async def mark_not_adopted(
        self, info: Info, reception_id: Id, reason: Reason, expected_version: Expected = None
    ) -> rows.Reception:
        reception = key("Reception", reception_id)
        return await actions.mark_not_adopted(
            info.context.actor, reception, reason=reason, expected_version=expected_version
        )

    @verb(ReceptionResult, "Editors of the office: back to the unit, to be revised. 退回修改")
    async def return_for_revision(
        self, info: Info, reception_id: Id, reason: Reason, expected_version: Expected = None
    ) -> rows.Reception:
        reception = key("Reception", reception_id)
        return await actions.return_for_revision(
            info.context.actor, reception, reason=reason, expected_version=expected_version
        )

    @verb(ReceptionResult, "Editors of the office: refused for good. 退稿")
    async def reject_item(
        self, info: Info, reception_id: Id, reason: Reason, expected_version: Expected = None
    ) -> rows.Reception:
        reception = key("Reception", reception_id)
        return await actions.reject(
            info.context.actor, reception, reason=reason, expected_version=expected_version
        )

    @verb(ReceptionResult, "Editors of the office: the principal leader must sign too. 升为重大")
    async def raise_to_major(
        self, info: Info, reception_id: Id, reason: Reason, expected_version: Expected = None
    ) -> rows.Reception:
        reception = key("Reception", reception_id)
        return await actions.raise_to_major(
            info.context.actor, reception, reason=reason, expected_version=expected_version
        )
