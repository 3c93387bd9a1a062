"""Joint meetings: who is called, the agenda, minutes, resolutions."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from domain.kit import clock
from domain.kit.actor import Actor
from domain.meetings import models as rows
from domain.meetings import queries, rules
from domain.meetings.models import (
    AgendaKind,
    AgendaState,
    MeetingKind,
    MeetingState,
    MemberReply,
    ResolutionState,
)
from schema.context import Info
from schema.enums import enum
from schema.inputs import given
from schema.nodes import (
    Node,
    asks,
    find_one,
    key_or_none,
    many,
    node,
    one,
    own_id,
    part,
    says,
    told,
)
from schema.paging import Listed, listed
from schema.people import Person, people_rows
from schema.units import Unit, unit_rows
from schema.verbs import result

LONG = 10
"""What an agenda counts for in a document's cost."""

enum(MeetingKind, "Regular or ad hoc. 会议类别")
enum(MeetingState, "Called, took place, minutes final. 会议状态")
enum(MemberReply, "What a called unit answers. 回复")
enum(AgendaKind, "中心工作、部门重点工作、热难点问题、意见和建议. 议题类别")
enum(AgendaState, "A unit proposes, the chair decides. 议题状态")
enum(ResolutionState, "Open until its unit reports it done. 办理状态")

OwnItem = Annotated["AgendaItem", strawberry.lazy("schema.meetings")]
OwnMeeting = Annotated["JointMeeting", strawberry.lazy("schema.meetings")]


@part(rows.MeetingMember, description="A unit called to a meeting, and whether it was there. 参会")
class MeetingMember:
    id: strawberry.ID = own_id("MeetingMember")
    unit: Unit | None = one(unit_rows.Unit, "unit_id", "单位")
    person: Person | None = one(people_rows.Person, "person_id", "Whom it sends. 参会人")
    reply: MemberReply = says("回复")
    deputy: str = says("Who comes instead. 代会人")
    replied_at: datetime | None = says("回复时间")
    attended: bool | None = says("Null until attendance is taken. 到会")
    version: int = says("For `expectedVersion`. 版本")


def _overdue(root: strawberry.Parent[rows.Resolution]) -> bool:
    return rules.is_overdue(root, clock.today())


@node(
    rows.Resolution,
    queries.visible_resolutions,
    description="Who does what until when. Seen by whoever sees its meeting, and by the unit "
    "responsible. 议定事项",
)
class Resolution(Node):
    agenda_item: OwnItem | None = one(rows.AgendaItem, "agenda_item_id", "议题")
    text: str = says("内容")
    unit: Unit | None = one(unit_rows.Unit, "unit_id", "责任单位")
    due_on: date = says("完成期限")
    state: ResolutionState = says("办理状态")
    overdue: bool = told(_overdue, "Open after its day. 是否逾期")
    answer: str = says("What was done. 办理情况")
    answered_by_name: str = says("报告人")
    done_at: datetime | None = says("办结时间")
    recorded_by_name: str = says("记录人")
    recorded_at: datetime = says("记录时间")
    version: int = says("For `expectedVersion`. 版本")


async def _numbers(_actor: Actor, ids: Sequence[UUID]) -> list[str | None]:
    found = await queries.numbers(ids)
    return [found.get(each) for each in ids]


async def _number(root: strawberry.Parent[rows.AgendaItem], info: Info) -> str | None:
    number: str | None = await info.context.loaders.by(_numbers).load(root.id)
    return number


def _note(root: strawberry.Parent[rows.AgendaItem], info: Info) -> str | None:
    return root.note if rules.convenes(info.context.actor) else None


@node(
    rows.AgendaItem,
    queries.visible_agenda,
    description="A topic. What is on the agenda is seen with its meeting; a proposal and what "
    "became of it, by the publicity department and the unit that proposed it. 议题",
)
class AgendaItem(Node):
    meeting: OwnMeeting | None = one(rows.JointMeeting, "meeting_id", "会议")
    number: str | None = told(_number, "1, 1.1, 1.1.1; null off the agenda. 序号")
    parent: OwnItem | None = one(rows.AgendaItem, "parent_id", "上级议题")
    title: str = says("题目")
    kind: AgendaKind = says("议题类别")
    summary: str = says("For all members. 议题说明")
    host_unit: Unit | None = one(unit_rows.Unit, "host_unit_id", "Reports on it. 汇报单位")
    source_unit: Unit | None = one(
        unit_rows.Unit, "source_unit_id", "Proposed it; null when the chair set it. 提出单位"
    )
    proposed_by_name: str = says("提出人")
    proposed_at: datetime = says("提出时间")
    note: str | None = told(_note, "For the publicity department; null to others. 内部备注")
    minutes_allotted: int | None = says("Minutes of time. 时长")
    state: AgendaState = says("议题状态")
    reason: str = says("Why it was merged or deferred. 原因")
    merged_into: OwnItem | None = one(rows.AgendaItem, "merged_into_id", "并入的议题")
    deferred_from: OwnItem | None = one(
        rows.AgendaItem, "deferred_from_id", "The earlier meeting's topic taken up here. 原议题"
    )
    resolutions: list[Resolution] = many(
        rows.Resolution, "agenda_item_id", "议定事项", order=("due_on", "id")
    )
    version: int = says("For `expectedVersion`. 版本")


@node(
    rows.Minutes,
    queries.visible_minutes,
    description="One text a meeting. The publicity department writes it; others read it once "
    "final. 会议纪要",
)
class Minutes(Node):
    meeting: OwnMeeting | None = one(rows.JointMeeting, "meeting_id", "会议")
    text: str = says("Clean HTML. 纪要正文")
    written_by_name: str = says("记录人")
    written_at: datetime | None = says("记录时间")
    version: int = says("For `expectedVersion`. 版本")


async def _agendas(actor: Actor, ids: Sequence[UUID]) -> list[list[rows.AgendaItem]]:
    found = await queries.agendas(actor, ids)
    return [[line.item for line in found[each]] for each in ids]


async def _agenda(root: strawberry.Parent[rows.JointMeeting], info: Info) -> Any:
    return await info.context.loaders.by(_agendas).load(root.id)


async def _offered(actor: Actor, ids: Sequence[UUID]) -> list[list[rows.AgendaItem]]:
    topics = queries.visible_agenda(actor).exclude(state=AgendaState.ACCEPTED)
    found = await topics.filter(meeting_id__in=list(ids)).order_by("proposed_at", "id")
    return [[item for item in found if item.meeting_id == each] for each in ids]


async def _proposals(root: strawberry.Parent[rows.JointMeeting], info: Info) -> Any:
    return await info.context.loaders.by(_offered).load(root.id)


async def _leads(
    actor: Actor, meetings: Sequence[tuple[UUID, datetime]]
) -> list[list[rows.Resolution]]:
    found = await queries.leading(actor, meetings)
    return [found[each] for each, _ in meetings]


async def _leading(root: strawberry.Parent[rows.JointMeeting], info: Info) -> Any:
    return await info.context.loaders.by(_leads).load((root.id, root.starts_at))


async def _minutes(root: strawberry.Parent[rows.JointMeeting], info: Info) -> Any:
    found = await info.context.loaders.many(rows.Minutes, "meeting_id", "id").load(root.id)
    return next(iter(found), None)


@node(
    rows.JointMeeting,
    queries.visible_to,
    description="A joint meeting. The publicity and supervision offices and county-wide reading "
    "tokens see all, a unit those it is called to. 联席会议",
)
class JointMeeting(Node):
    kind: MeetingKind = says("会议类别")
    title: str = says("名称")
    starts_at: datetime = says("会议时间")
    place: str = says("地点")
    convener_unit: Unit | None = one(unit_rows.Unit, "convener_unit_id", "召集单位")
    convener_name: str = says("召集人")
    state: MeetingState = says("会议状态")
    created_at: datetime = says("召集时间")
    closed_at: datetime | None = says("When the minutes became final. 定稿时间")
    members: list[MeetingMember] = many(
        rows.MeetingMember, "meeting_id", "参会单位", order=("unit__position", "id")
    )
    leading: list[Resolution] = told(
        _leading, "Open when it began, from earlier meetings: they lead. 上次议定事项", most=LONG
    )
    agenda: list[AgendaItem] = told(_agenda, "In order, with numbers. 议程", most=LONG)
    proposals: list[AgendaItem] = told(
        _proposals, "Proposed, merged and deferred ones you may see. 提出的议题", most=LONG
    )
    minutes: Minutes | None = told(_minutes, "Null until you may read them. 会议纪要")
    version: int = says("For `expectedVersion`. 版本")


@strawberry.input(description="Which meetings; everything given must hold. 会议筛选")
class MeetingFilter:
    kind: MeetingKind | None = says("会议类别", default=None)
    state: MeetingState | None = says("会议状态", default=None)
    unit_id: strawberry.ID | None = says("Called to it. 参会单位", default=None)
    begins_from: datetime | None = says("At this time or later. 起始时间", default=None)
    begins_until: datetime | None = says("At this time or before. 截止时间", default=None)

    def query(self) -> dict[str, Any]:
        return given(
            kind=self.kind,
            state=self.state,
            members__unit_id=key_or_none("Unit", self.unit_id),
            starts_at__gte=self.begins_from,
            starts_at__lte=self.begins_until,
        )


@strawberry.input(description="Which resolutions; everything given must hold. 议定事项筛选")
class ResolutionFilter:
    meeting_id: strawberry.ID | None = says("会议", default=None)
    unit_id: strawberry.ID | None = says("责任单位", default=None)
    state: ResolutionState | None = says("办理状态", default=None)
    due_until: date | None = says("Due on this day or before. 期限截止", default=None)

    def query(self) -> dict[str, Any]:
        return given(
            agenda_item__meeting_id=key_or_none("JointMeeting", self.meeting_id),
            unit_id=key_or_none("Unit", self.unit_id),
            state=self.state,
            due_on__lte=self.due_until,
        )


@strawberry.type
class MeetingQuery:
    @listed(JointMeeting, "Meetings, the latest first. 联席会议列表")
    async def meetings(self, info: Info, filter: MeetingFilter | None = None) -> Listed:
        found = queries.visible_to(info.context.actor)
        found = found.filter(**filter.query()) if filter else found
        return Listed(found, queries.LATEST)

    @asks("One meeting. 联席会议", JointMeeting | None)
    async def meeting(self, info: Info, id: strawberry.ID) -> object:
        return await find_one(info.context, "JointMeeting", id)

    @asks("One topic. 议题", AgendaItem | None)
    async def agenda_item(self, info: Info, id: strawberry.ID) -> object:
        return await find_one(info.context, "AgendaItem", id)

    @listed(Resolution, "Resolutions, the first due first. 议定事项列表")
    async def resolutions(self, info: Info, filter: ResolutionFilter | None = None) -> Listed:
        found = queries.visible_resolutions(info.context.actor)
        found = found.filter(**filter.query()) if filter else found
        return Listed(found, queries.DUE)

    @asks("One resolution. 议定事项", Resolution | None)
    async def resolution(self, info: Info, id: strawberry.ID) -> object:
        return await find_one(info.context, "Resolution", id)


MeetingResult = result("MeetingResult", JointMeeting)
MeetingMemberResult = result("MeetingMemberResult", MeetingMember)
MinutesResult = result("MinutesResult", Minutes)
AgendaItemResult = result("AgendaItemResult", AgendaItem)
ResolutionResult = result("ResolutionResult", Resolution)
