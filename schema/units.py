"""Units, receiving offices, topics and the county itself."""

from datetime import date
from typing import Annotated

import strawberry

from domain.units import actions, queries
from domain.units import models as rows
from domain.units.models import UnitKind
from schema.context import Info
from schema.enums import enum
from schema.inputs import Expected, given, small, sought
from schema.nodes import Node, asks, find_one, key, key_or_none, node, one, part, says
from schema.paging import Listed, listed
from schema.verbs import result, verb

unit_rows = rows
"""Under this name for the features above."""

enum(UnitKind, "The four kinds of addressee of the notice. 单位类别")


@part(rows.County, description="The county served here. 本县")
class County:
    name: str = says("红原县 … 名称")
    document_word: str = says("红委办 in 红委办〔2018〕28号. 发文机关代字")
    is_example: bool = says("Fictional, for trying things out. 示例")


@node(
    rows.Unit,
    queries.visible_to,
    description="A township, department, stationed unit or enterprise that reports. "
    "Everyone signed in sees it. 单位",
)
class Unit(Node):
    name: str = says("Its name. 名称")
    kind: UnitKind = says("Township, county department, … 类别")
    rank_group: str = says("The table of the circular it is ranked in. 排名组")
    restricted_line: bool = says(
        "政法、统战、公安、民宗、寺管会: its items are restricted. 敏感条线"
    )
    self_sign_off: bool = says("Its single leader may sign what he wrote himself. 可自审自签")
    valid_from: date = says("First day. 启用日期")
    valid_until: date | None = says("Last day; null while it exists. 停用日期")
    successor: Annotated["Unit", strawberry.lazy("schema.units")] | None = one(
        rows.Unit, "successor_id", "The unit that took over. 继任单位"
    )
    position: int = says("Its fixed place in documents. 固定次序")
    version: int = says("For `expectedVersion`. 版本")


@node(
    rows.ReceivingOffice,
    lambda _: rows.ReceivingOffice.all(),
    description="县委办、县政府办、县委宣传部新闻中心: each receives and decides for itself. "
    "Everyone signed in sees it. 接收单位",
)
class ReceivingOffice(Node):
    name: str = says("Its name. 名称")
    mailbox: str = says("Where mail may be sent. 报送邮箱")
    unit: Unit | None = one(rows.Unit, "unit_id", "The unit it belongs to. 所属单位")
    issues_monthly: bool = says("A joint issuer of the monthly circular. 联合通报")
    position: int = says("Its place among the offices. 次序")
    active: bool = says("Still receives. 是否在用")


@node(
    rows.Topic,
    lambda _: rows.Topic.all(),
    description="A focus topic of the notice. Everyone signed in sees it. 重点题材",
)
class Topic(Node):
    name: str = says("改革发展、生态保护 … 名称")
    valid_from: date = says("First day. 启用日期")
    valid_until: date | None = says("Last day; null while in use. 停用日期")
    position: int = says("Its place among the topics. 次序")


@strawberry.input(description="Which units; everything given must hold. 单位筛选")
class UnitFilter:
    kind: UnitKind | None = says("Of this kind. 类别", default=None)
    rank_group: str | None = says("Of this table. 排名组", default=None)
    restricted_line: bool | None = says("Of a restricted line, or not. 敏感条线", default=None)
    on: date | None = says("Existing on this day. 某日在用", default=None)


@strawberry.type
class UnitQuery:
    @asks("The county; null before it is named. 本县", County | None)
    async def county(self) -> rows.County | None:
        return await rows.County.first()

    @listed(Unit, "Units in their fixed order. 单位列表")
    async def units(self, info: Info, filter: UnitFilter | None = None) -> Listed:
        found = queries.visible_to(info.context.actor)
        if filter:
            found = found.filter(
                **given(
                    kind=filter.kind,
                    rank_group=sought(filter.rank_group, "rank_group", 40),
                    restricted_line=filter.restricted_line,
                )
            )
        if filter and filter.on:
            found = found.filter(queries.on_day(filter.on))
        return Listed(found, ("position", "id"))

    @asks("One unit. 单位", Unit | None)
    async def unit(self, info: Info, id: strawberry.ID) -> object:
        return await find_one(info.context, "Unit", id)

    @listed(ReceivingOffice, "The offices, those that no longer receive too. 接收单位列表")
    async def offices(self) -> Listed:
        return Listed(rows.ReceivingOffice.all(), ("position", "id"))

    @listed(Topic, "The focus topics, past ones too. 重点题材列表")
    async def topics(self) -> Listed:
        return Listed(rows.Topic.all(), ("position", "id"))


CountyResult = result("CountyResult", County)
UnitResult = result("UnitResult", Unit)
ReceivingOfficeResult = result("ReceivingOfficeResult", ReceivingOffice)
TopicResult = result("TopicResult", Topic)


@strawberry.type
class UnitMutation:
    @verb(UnitResult, "Enter a unit. Administrators. 新增单位")
    async def create_unit(
        self,
        info: Info,
        name: str,
        kind: UnitKind,
        rank_group: str | None = None,
        restricted_line: bool = False,
        self_sign_off: bool = False,
        valid_from: date | None = None,
        position: int | None = None,
    ) -> rows.Unit:
        return await actions.create(
            info.context.actor,
            name=name,
            kind=kind,
            rank_group=rank_group,
            restricted_line=restricted_line,
            self_sign_off=self_sign_off,
            valid_from=valid_from,
            position=position,
        )

    @verb(UnitResult, "Put a unit's entry right; what is null stays. Administrators. 修改单位")
    async def change_unit(
        self,
        info: Info,
        unit_id: strawberry.ID,
        expected_version: Expected = None,
        name: str | None = None,
        kind: UnitKind | None = None,
        rank_group: str | None = None,
        restricted_line: bool | None = None,
        self_sign_off: bool | None = None,
        valid_from: date | None = None,
        position: int | None = None,
    ) -> rows.Unit:
        return await actions.change(
            info.context.actor,
            key("Unit", unit_id),
            expected_version=expected_version,
            name=name,
            kind=kind,
            rank_group=rank_group,
            restricted_line=restricted_line,
            self_sign_off=self_sign_off,
            valid_from=valid_from,
            position=position,
        )

    @verb(UnitResult, "End a unit with its last day. Administrators. 停用单位")
    async def close_unit(
        self,
        info: Info,
        unit_id: strawberry.ID,
        last_day: date,
        successor_id: strawberry.ID | None = None,
        expected_version: Expected = None,
    ) -> rows.Unit:
        return await actions.close(
            info.context.actor,
            key("Unit", unit_id),
            last_day=last_day,
            successor_id=key_or_none("Unit", successor_id),
            expected_version=expected_version,
        )

    @verb(CountyResult, "Say which county this is. Administrators. 设置本县")
    async def set_county(
        self,
        info: Info,
        name: str,
        document_word: str,
        is_example: bool = False,
        line_order: str = "rank",
    ) -> rows.County:
        return await actions.set_county(
            info.context.actor,
            name=name,
            document_word=document_word,
            is_example=is_example,
            line_order=line_order,
        )

    @verb(ReceivingOfficeResult, "Enter an office, or replace its entry. Administrators. 接收单位")
    async def set_office(
        self,
        info: Info,
        name: str,
        mailbox: str,
        office_id: strawberry.ID | None = None,
        unit_id: strawberry.ID | None = None,
        issues_monthly: bool = False,
        position: int = 1,
        active: bool = True,
    ) -> rows.ReceivingOffice:
        return await actions.set_office(
            info.context.actor,
            key_or_none("ReceivingOffice", office_id),
            name=name,
            mailbox=mailbox,
            unit_id=key_or_none("Unit", unit_id),
            issues_monthly=issues_monthly,
            position=small(position),
            active=active,
        )

    @verb(TopicResult, "Enter a focus topic. Publicity department, administrators. 新增题材")
    async def add_topic(
        self, info: Info, name: str, valid_from: date | None = None, position: int = 0
    ) -> rows.Topic:
        return await actions.add_topic(
            info.context.actor, name=name, valid_from=valid_from, position=small(position)
        )

    @verb(TopicResult, "Offer a topic no longer after a day. 停用题材")
    async def close_topic(self, info: Info, topic_id: strawberry.ID, last_day: date) -> rows.Topic:
        topic = key("Topic", topic_id)
        return await actions.close_topic(info.context.actor, topic, last_day=last_day)
