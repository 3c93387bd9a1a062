"""Media outlets and what they adopted."""

from datetime import date, datetime

import strawberry

from domain.outlets import actions, queries
from domain.outlets import models as rows
from domain.outlets.models import AdoptionMode, AdoptionState, OutletKind, OutletLevel
from schema.context import Info
from schema.enums import enum
from schema.inputs import Expected, given
from schema.items import Item, item_rows
from schema.nodes import Node, asks, find_one, key, key_or_none, node, one, says
from schema.paging import Listed, listed
from schema.units import ReceivingOffice, unit_rows
from schema.verbs import result, verb

outlet_rows = rows
"""Under this name for the features above."""

enum(OutletLevel, "县、州、省、国. 媒体级别")
enum(OutletKind, "Newspaper, portal, … 媒体类型")
enum(AdoptionMode, "Alone or merged with others. 采用方式")
enum(AdoptionState, "Recorded by one, confirmed by another. 采用状态")


@node(
    rows.MediaOutlet,
    queries.visible_outlets,
    description="A medium that may adopt items. Everyone signed in sees it. 媒体",
)
class MediaOutlet(Node):
    name: str = says("《阿坝日报》… 名称")
    level: OutletLevel = says("级别")
    kind: OutletKind = says("类型")
    owner: ReceivingOffice | None = one(
        unit_rows.ReceivingOffice, "owner_id", "The office that edits it. 主办单位"
    )
    weight_class: str = says("A class that a scoring policy may name. 计分类别")
    valid_from: date = says("First day. 启用日期")
    valid_until: date | None = says("Last day; null while it runs. 停用日期")
    position: int = says("次序")
    version: int = says("For `expectedVersion`. 版本")


@node(
    rows.Adoption,
    queries.visible_to,
    description="An outlet ran an item; it counts once confirmed. Visible as its item is. 采用",
)
class Adoption(Node):
    item: Item | None = one(item_rows.Item, "item_id", "稿件")
    outlet: MediaOutlet | None = one(rows.MediaOutlet, "outlet_id", "媒体")
    level: OutletLevel = says("The outlet's level on that day. 级别")
    adopted_on: date = says("采用日期")
    position: str = says("头版头条 … 版面")
    mode: AdoptionMode = says("采用方式")
    evidence_url: str = says("凭证网址")
    evidence_sha256: str | None = says("Of a stored clipping. 凭证文件")
    evidence_note: str = says("凭证说明")
    state: AdoptionState = says("采用状态")
    recorded_by_name: str = says("登记人")
    recorded_at: datetime = says("登记时间")
    confirmed_by_name: str = says("Never the recorder. 确认人")
    confirmed_at: datetime | None = says("确认时间")
    withdrawn_by_name: str = says("撤销人")
    withdrawn_at: datetime | None = says("撤销时间")
    withdrawal_reason: str = says("撤销原因")
    version: int = says("For `expectedVersion`. 版本")


@strawberry.input(description="Which outlets; everything given must hold. 媒体筛选")
class MediaOutletFilter:
    level: OutletLevel | None = says("级别", default=None)
    kind: OutletKind | None = says("类型", default=None)
    on: date | None = says("Running on this day. 某日在用", default=None)


@strawberry.input(description="Which adoptions; everything given must hold. 采用筛选")
class AdoptionFilter:
    item_id: strawberry.ID | None = says("稿件", default=None)
    unit_id: strawberry.ID | None = says("报送单位", default=None)
    outlet_id: strawberry.ID | None = says("媒体", default=None)
    level: OutletLevel | None = says("级别", default=None)
    state: AdoptionState | None = says("采用状态", default=None)
    adopted_from: date | None = says("On or after this day. 采用起始", default=None)
    adopted_until: date | None = says("On or before this day. 采用截止", default=None)

    def query(self) -> dict[str, object]:
        return given(
            item_id=key_or_none("Item", self.item_id),
            item__unit_id=key_or_none("Unit", self.unit_id),
            outlet_id=key_or_none("MediaOutlet", self.outlet_id),
            level=self.level,
            state=self.state,
            adopted_on__gte=self.adopted_from,
            adopted_on__lte=self.adopted_until,
        )


@strawberry.type
class OutletQuery:
    @listed(MediaOutlet, "The register of outlets. 媒体列表")
    async def media_outlets(self, info: Info, filter: MediaOutletFilter | None = None) -> Listed:
        found = queries.visible_outlets(info.context.actor)
        if filter and filter.on:
            found = queries.running(info.context.actor, filter.on)
        if filter:
            found = found.filter(**given(level=filter.level, kind=filter.kind))
        return Listed(found, ("position", "id"))

    @asks("One outlet. 媒体", MediaOutlet | None)
    async def media_outlet(self, info: Info, id: strawberry.ID) -> object:
        return await find_one(info.context, "MediaOutlet", id)

    @listed(Adoption, "Adoptions of items you may see, latest day first. 采用列表")
    async def adoptions(self, info: Info, filter: AdoptionFilter | None = None) -> Listed:
        found = queries.visible_to(info.context.actor)
        found = found.filter(**filter.query()) if filter else found
        return Listed(found, ("-adopted_on", "-id"))

    @asks("One adoption. 采用", Adoption | None)
    async def adoption(self, info: Info, id: strawberry.ID) -> object:
        return await find_one(info.context, "Adoption", id)


MediaOutletResult = result("MediaOutletResult", MediaOutlet)
AdoptionResult = result("AdoptionResult", Adoption)


@strawberry.type
class OutletMutation:
    @verb(MediaOutletResult, "Enter an outlet. 新增媒体")
    async def create_media_outlet(
        self,
        info: Info,
        name: str,
        level: OutletLevel,
        kind: OutletKind = OutletKind.OTHER,
        owner_id: strawberry.ID | None = None,
        weight_class: str = "",
        valid_from: date | None = None,
    ) -> rows.MediaOutlet:
        return await actions.create_outlet(
            info.context.actor,
            name=name,
            level=level,
            kind=kind,
            owner_id=key_or_none("ReceivingOffice", owner_id),
            weight_class=weight_class,
            valid_from=valid_from,
        )

    @verb(MediaOutletResult, "Change an outlet; what is left out stays. 修改媒体")
    async def change_media_outlet(
        self,
        info: Info,
        outlet_id: strawberry.ID,
        expected_version: Expected = None,
        name: str | None = None,
        level: OutletLevel | None = None,
        kind: OutletKind | None = None,
        owner_id: strawberry.ID | None = None,
        weight_class: str | None = None,
        valid_from: date | None = None,
    ) -> rows.MediaOutlet:
        return await actions.change_outlet(
            info.context.actor,
            key("MediaOutlet", outlet_id),
            expected_version=expected_version,
            **given(
                name=name,
                level=level,
                kind=kind,
                owner_id=key_or_none("ReceivingOffice", owner_id),
                weight_class=weight_class,
                valid_from=valid_from,
            ),
        )

    @verb(MediaOutletResult, "End an outlet with its last day. 停用媒体")
    async def close_media_outlet(
        self,
        info: Info,
        outlet_id: strawberry.ID,
        last_day: date,
        expected_version: Expected = None,
    ) -> rows.MediaOutlet:
        outlet = key("MediaOutlet", outlet_id)
        return await actions.close_outlet(
            info.context.actor, outlet, last_day=last_day, expected_version=expected_version
        )

    @verb(AdoptionResult, "Note that an outlet ran an item, with evidence. 登记采用")
    async def record_adoption(
        self,
        info: Info,
        item_id: strawberry.ID,
        outlet_id: strawberry.ID,
        adopted_on: date,
        position: str = "",
        mode: AdoptionMode = AdoptionMode.SOLE,
        evidence_url: str = "",
        evidence_sha256: str | None = None,
    ) -> rows.Adoption:
        return await actions.record(
            info.context.actor,
            key("Item", item_id),
            outlet_id=key("MediaOutlet", outlet_id),
            adopted_on=adopted_on,
            position=position,
            mode=mode,
            evidence_url=evidence_url,
            evidence_sha256=evidence_sha256,
        )

    @verb(AdoptionResult, "Confirm what another person recorded: points follow. 确认采用")
    async def confirm_adoption(
        self, info: Info, adoption_id: strawberry.ID, expected_version: Expected = None
    ) -> rows.Adoption:
        return await actions.confirm(
            info.context.actor, key("Adoption", adoption_id), expected_version=expected_version
        )

    @verb(AdoptionResult, "Take an adoption back; points are reversed. 撤销采用")
    async def withdraw_adoption(
        self,
        info: Info,
        adoption_id: strawberry.ID,
        reason: str,
        expected_version: Expected = None,
    ) -> rows.Adoption:
        adoption = key("Adoption", adoption_id)
        return await actions.withdraw(
            info.context.actor, adoption, reason=reason, expected_version=expected_version
        )
