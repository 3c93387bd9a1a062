"""Items: what units report, and what a unit does with them until they are signed."""

from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import UNSET

from domain.approvals import models as sign_off_rows
from domain.items import actions, queries, rules
from domain.items import models as rows
from domain.items.models import Field, Genre, InformationType, ItemState, SubmissionChannel
from domain.kit.clock import Month
from domain.kit.clock import at as county_time
from domain.outlets import models as outlet_rows
from domain.reception import models as reception_rows
from schema.context import Info
from schema.enums import enum
from schema.handed_in import text_of
from schema.inputs import Expected, given, said
from schema.nodes import (
    Node,
    asks,
    find_one,
    key,
    key_or_none,
    keys,
    many,
    node,
    one,
    own_id,
    part,
    says,
    told,
)
from schema.paging import Listed, by, listed
from schema.people import Person, people_rows
from schema.units import ReceivingOffice, Topic, Unit, unit_rows
from schema.verbs import result, verb

if TYPE_CHECKING:
    from schema.approvals import SignOff
    from schema.outlets import Adoption
    from schema.reception import Reception

item_rows = rows
"""Under this name for the features above."""

enum(InformationType, "经验性、调研性、建议性、问题性信息; dynamic for ordinary news. 信息类别")
enum(Genre, "News, commentary, photography, literary work. 体裁")
enum(Field, "The four fields of construction. 领域", name="ConstructionField")
enum(SubmissionChannel, "How it reached the county. 报送渠道")
enum(ItemState, "Where it is inside the unit; each office decides for itself. 稿件状态")


@part(
    rows.Attachment,
    description="A picture or document under an item; its bytes come from the pages. 附件",
)
class Attachment:
    id: strawberry.ID = own_id("Attachment")
    name: str = says("文件名")
    media_type: str = says("By content, not by name. 类型")
    size: int = says("Bytes. 字节数")
    sha256: str = says("Of the bytes; signed with the text. 校验值")
    caption: str = says("图片说明")
    position: int = says("次序")


@part(rows.ItemOffice, description="An office the unit reports to. 主报单位")
class ItemOffice:
    office: ReceivingOffice | None = one(unit_rows.ReceivingOffice, "office_id", "接收单位")


def _field(root: strawberry.Parent[rows.Item]) -> Field | None:
    """Not `field` in the contract: that is a refusal's, and both are asked for together."""
    return root.field


def _days_late(root: strawberry.Parent[rows.Item]) -> int | None:
    arrived = rules.arrived_at(root)
    return None if arrived is None else rules.days_late(root.occurred_on, arrived)


@node(
    rows.Item,
    queries.visible_to,
    description="One piece of news or information, owned by one unit. Its own unit sees it all; "
    "an office what was submitted to it; the publicity department what was submitted; the "
    "supervision office and tokens of that, what is not restricted. 稿件",
)
class Item(Node):
    unit: Unit | None = one(unit_rows.Unit, "unit_id", "The unit responsible for it. 报送单位")
    author: Person | None = one(people_rows.Person, "author_id", "Who wrote it. 作者")
    reporter: str = says("The reporter's name as it stood then. 报送人")
    title: str = told(text_of("title"), "标题")
    body: str = told(text_of("body"), "Clean HTML; to others as last handed in. 正文")
    counter_measure: str = told(text_of("counter_measure"), "Of problems. 对策措施")
    information_type: InformationType = says("信息类别")
    genre: Genre = says("体裁")
    topic: Topic | None = one(unit_rows.Topic, "topic_id", "重点题材")
    construction_field: Field | None = told(_field, "领域")
    occurred_on: date = says("The day of the event. 事件日期")
    is_major: bool = says("The principal leader signs too. 重大信息")
    stability_related: bool = says("Handled like a restricted line's. 涉稳")
    restricted: bool = says("Kept from other units and tokens. 限制知悉")
    declared_unclassified: bool = says("The author's declaration. 已声明不涉密")
    channel: SubmissionChannel = says("报送渠道")
    original_at: datetime | None = says("When it arrived by that channel. 原始时间")
    state: ItemState = says("稿件状态")
    round: int = says("Counts up each time an office returns it. 轮次")
    content_sha256: str = says(
        "Of exactly what a leader signs: send it back with `signItem`. 内容校验值"
    )
    submit_when_signed: bool = says("Goes to the offices by itself once signed. 签后自动报送")
    version: int = says("For `expectedVersion`. 版本")
    created_at: datetime = says("创建时间")
    updated_at: datetime = says("更新时间")
    submitted_at: datetime | None = says("First submission: decides the month. 报送时间")
    offices: list[ItemOffice] = many(
        rows.ItemOffice, "item_id", "Whom it is addressed to. 主报单位", order=("id",)
    )
    attachments: list[Attachment] = many(
        rows.Attachment, "item_id", "附件", order=("position", "id")
    )
    sign_offs: list[Annotated["SignOff", strawberry.lazy("schema.approvals")]] = many(
        sign_off_rows.SignOff,
        "item_id",
        "Every text's, oldest first. 审签",
        order=("signed_at", "id"),
    )
    receptions: list[Annotated["Reception", strawberry.lazy("schema.reception")]] = many(
        reception_rows.Reception, "item_id", "Each office's own state. 接收办理", order=("id",)
    )
    adoptions: list[Annotated["Adoption", strawberry.lazy("schema.outlets")]] = many(
        outlet_rows.Adoption, "item_id", "Withdrawn ones too. 采用", order=("adopted_on", "id")
    )

    days_late: int | None = told(
        _days_late, "Calendar days after the event; null before submission. 迟报天数"
    )


@strawberry.enum(description="What items are sorted by. 排序依据")
class ItemOrder(Enum):
    CREATED = strawberry.enum_value("id", description="When the draft was begun. 创建时间")
    OCCURRED = strawberry.enum_value("occurred_on", description="The day of the event. 事件日期")


@strawberry.input(description="Which items; everything given must hold. 稿件筛选")
class ItemFilter:
    unit_id: strawberry.ID | None = says("报送单位", default=None)
    state: list[ItemState] | None = says("In one of these states. 稿件状态", default=None)
    information_type: InformationType | None = says("信息类别", default=None)
    genre: Genre | None = says("体裁", default=None)
    topic_id: strawberry.ID | None = says("重点题材", default=None)
    is_major: bool | None = says("重大信息", default=None)
    month: Month | None = says("First submitted in this month. 报送月份", default=None)
    occurred_from: date | None = says("On or after this day. 事件起始", default=None)
    occurred_until: date | None = says("On or before this day. 事件截止", default=None)

    def query(self) -> dict[str, Any]:
        month = self.month
        return given(
            unit_id=key_or_none("Unit", self.unit_id),
            state__in=self.state,
            information_type=self.information_type,
            genre=self.genre,
            topic_id=key_or_none("Topic", self.topic_id),
            is_major=self.is_major,
            submitted_at__gte=month and county_time(month.first),
            submitted_at__lt=month and county_time(month.next.first),
            occurred_on__gte=self.occurred_from,
            occurred_on__lte=self.occurred_until,
        )


@strawberry.type
class ItemQuery:
    @listed(Item, "Items you may see, the latest first. 稿件列表")
    async def items(
        self,
        info: Info,
        filter: ItemFilter | None = None,
        order: ItemOrder = ItemOrder.CREATED,
        ascending: bool = False,
    ) -> Listed:
        found = queries.visible_to(info.context.actor)
        found = found.filter(**filter.query()) if filter else found
        return Listed(found, by(str(order.value), ascending=ascending))

    @asks("One item. 稿件", Item | None)
    async def item(self, info: Info, id: strawberry.ID) -> object:
        return await find_one(info.context, "Item", id)


ItemResult = result("ItemResult", Item)


@strawberry.type
class ItemMutation:
    @verb(ItemResult, "Begin a draft of one's own unit; it may be incomplete. 起草")
    async def create_item(
        self,
        info: Info,
        title: str,
        occurred_on: date,
        body: str = "",
        information_type: InformationType = InformationType.DYNAMIC,
        genre: Genre = Genre.NEWS,
        topic_id: strawberry.ID | None = None,
        construction_field: Field | None = None,
        counter_measure: str = "",
        is_major: bool = False,
        stability_related: bool = False,
        declared_unclassified: bool = False,
        office_ids: list[strawberry.ID] | None = None,
        submit_when_signed: bool = True,
        unit_id: strawberry.ID | None = None,
        reporter: str = "",
    ) -> rows.Item:
        return await actions.create(
            info.context.actor,
            title=title,
            occurred_on=occurred_on,
            body=body,
            information_type=information_type,
            genre=genre,
            topic_id=key_or_none("Topic", topic_id),
            field=construction_field,
            counter_measure=counter_measure,
            is_major=is_major,
            stability_related=stability_related,
            declared_unclassified=declared_unclassified,
            office_ids=keys("ReceivingOffice", office_ids or []),
            submit_when_signed=submit_when_signed,
            unit_id=key_or_none("Unit", unit_id),
            reporter=reporter,
        )

    @verb(ItemResult, "Change an item in the unit's hands; what is left out stays. 保存")
    async def save_item(
        self,
        info: Info,
        item_id: strawberry.ID,
        expected_version: Expected = None,
        title: str | None = UNSET,
        occurred_on: date | None = UNSET,
        body: str | None = UNSET,
        information_type: InformationType | None = UNSET,
        genre: Genre | None = UNSET,
        topic_id: strawberry.ID | None = UNSET,
        construction_field: Field | None = UNSET,
        counter_measure: str | None = UNSET,
        is_major: bool | None = UNSET,
        stability_related: bool | None = UNSET,
        declared_unclassified: bool | None = UNSET,
        office_ids: list[strawberry.ID] | None = UNSET,
        submit_when_signed: bool | None = UNSET,
        reporter: str | None = UNSET,
    ) -> rows.Item:
        changes = given(
            title=title,
            occurred_on=occurred_on,
            body=body,
            information_type=information_type,
            genre=genre,
            counter_measure=counter_measure,
            is_major=is_major,
            stability_related=stability_related,
            declared_unclassified=declared_unclassified,
            office_ids=keys("ReceivingOffice", office_ids) if office_ids else None,
            submit_when_signed=submit_when_signed,
            reporter=reporter,
        )
        clearable = said(
            topic_id=topic_id if topic_id is UNSET else key_or_none("Topic", topic_id),
            field=construction_field,
        )
        item = key("Item", item_id)
        return await actions.save(
            info.context.actor, item, expected_version=expected_version, **changes, **clearable
        )

    @verb(ItemResult, "Lay the finished text before the unit's leaders. 提请审签")
    async def lay_item_for_sign_off(
        self, info: Info, item_id: strawberry.ID, expected_version: Expected = None
    ) -> rows.Item:
        return await actions.lay_for_sign_off(
            info.context.actor, key("Item", item_id), expected_version=expected_version
        )

    @verb(ItemResult, "Take an item back from the leaders, to work on it. 取回")
    async def take_back_item(
        self, info: Info, item_id: strawberry.ID, expected_version: Expected = None
    ) -> rows.Item:
        return await actions.take_back(
            info.context.actor, key("Item", item_id), expected_version=expected_version
        )

    @verb(ItemResult, "Take a file from under an item; signatures are void. 移除附件")
    async def detach_from_item(
        self,
        info: Info,
        item_id: strawberry.ID,
        attachment_id: strawberry.ID,
        expected_version: Expected = None,
    ) -> rows.Item:
        return await actions.detach(
            info.context.actor,
            key("Item", item_id),
            key("Attachment", attachment_id),
            expected_version=expected_version,
        )
