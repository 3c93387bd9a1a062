"""Sign-off: who signed which exact text, with name and post."""

from datetime import date, datetime

import strawberry

from domain.approvals import actions, queries
from domain.approvals import models as rows
from domain.approvals.models import Decision, SignOffMethod
from domain.items import models as item_rows
from domain.kit.actor import Duty
from schema.context import Info
from schema.enums import enum
from schema.inputs import Expected
from schema.items import Item, ItemResult
from schema.nodes import Node, key, node, one, own_id, part, says
from schema.paging import Listed, listed
from schema.verbs import result, verb

enum(Decision, "What a leader said of the text before him. 审签意见")
enum(SignOffMethod, "How the signature came about. 审签方式")


@node(
    rows.SignOff,
    queries.visible_to,
    description="One leader's word on one exact text; never changed. Visible as its item is. 审签",
)
class SignOff(Node):
    item: Item | None = one(item_rows.Item, "item_id", "稿件")
    step: Duty = says("The step of the chain it fulfils. 审签环节")
    decision: Decision = says("审签意见")
    reason: str = says("For sending back. 原因")
    signer_name: str = says("审签人")
    signer_post: str = says("As it stood then. 职务")
    signer_unit: str = says("单位")
    on_behalf_of: str | None = says("Y in 「X 代 Y」. 代何人签")
    in_absence: bool = says("The principal leader for the leader in charge. 主要领导代分管领导")
    declared_unclassified: bool = says("已声明不涉密")
    content_sha256: str = says("Of the text: another text, and it counts no more. 内容校验值")
    method: SignOffMethod = says("审签方式")
    signed_at: datetime = says("审签时间")


@part(rows.SignOffChain, description="The steps before an item may leave its unit. 审签流程")
class SignOffChain:
    id: strawberry.ID = own_id("SignOffChain")
    valid_from: date = says("First day. 启用日期")
    ordinary: list[Duty] = says("一般信息", most=5)
    major: list[Duty] = says("重大信息", most=5)
    restricted_first: list[Duty] = says("Put first for restricted lines. 敏感条线", most=5)


@strawberry.type
class ApprovalQuery:
    @listed(Item, "Items waiting for your own signature, longest waiting first. 待我审签")
    async def approvals(self, info: Info) -> Listed:
        return Listed(await queries.inbox(info.context.actor), ("updated_at", "id"))


SignOffChainResult = result("SignOffChainResult", SignOffChain)


@strawberry.type
class ApprovalMutation:
    @verb(
        ItemResult, "Sign the text of that fingerprint. Leaders in a session; never a token. 审签"
    )
    async def sign_item(
        self,
        info: Info,
        item_id: strawberry.ID,
        content_sha256: str,
        declared_unclassified: bool = True,
        expected_version: Expected = None,
    ) -> item_rows.Item:
        return await actions.sign(
            info.context.actor,
            key("Item", item_id),
            content_sha256=content_sha256,
            declared_unclassified=declared_unclassified,
            expected_version=expected_version,
        )

    @verb(ItemResult, "The leader whose step it is sends it back. 退回")
    async def send_back_item(
        self, info: Info, item_id: strawberry.ID, reason: str, expected_version: Expected = None
    ) -> item_rows.Item:
        item = key("Item", item_id)
        return await actions.send_back(
            info.context.actor, item, reason=reason, expected_version=expected_version
        )

    @verb(
        SignOffChainResult, "Enter the county's own chain from a day on. Administrators. 审签流程"
    )
    async def set_sign_off_chain(
        self,
        info: Info,
        valid_from: date,
        ordinary: list[Duty],
        major: list[Duty],
        restricted_first: list[Duty],
    ) -> rows.SignOffChain:
        return await actions.set_chain(
            info.context.actor,
            valid_from=valid_from,
            ordinary=ordinary,
            major=major,
            restricted_first=restricted_first,
        )
