"""What is done about joint meetings."""

from datetime import date, datetime

import strawberry
from strawberry import UNSET

from domain.meetings import actions
from domain.meetings import models as rows
from domain.meetings.models import AgendaKind, MeetingKind, MemberReply
from schema.context import Info
from schema.inputs import Expected, given, said
from schema.meetings import (
    AgendaItemResult,
    MeetingMemberResult,
    MeetingResult,
    MinutesResult,
    ResolutionResult,
)
from schema.nodes import key, key_or_none, keys
from schema.verbs import verb

MEETING, TOPIC, MEMBER, RESOLUTION = "JointMeeting", "AgendaItem", "MeetingMember", "Resolution"


@strawberry.type
class MeetingMutation:
    @verb(MeetingResult, "Call a joint meeting; its units are told. Publicity department. 召集")
    async def create_meeting(
        self,
        info: Info,
        title: str,
        starts_at: datetime,
        unit_ids: list[strawberry.ID],
        kind: MeetingKind = MeetingKind.REGULAR,
        place: str = "",
    ) -> rows.JointMeeting:
        return await actions.convene(
            info.context.actor,
            title=title,
            starts_at=starts_at,
            kind=kind,
            place=place,
            unit_ids=keys("Unit", unit_ids),
        )

    @verb(MeetingResult, "Change a planned meeting; what is null stays. 修改会议")
    async def change_meeting(
        self,
        info: Info,
        meeting_id: strawberry.ID,
        expected_version: Expected = None,
        title: str | None = None,
        starts_at: datetime | None = None,
        kind: MeetingKind | None = None,
        place: str | None = None,
    ) -> rows.JointMeeting:
        return await actions.change(
            info.context.actor,
            key(MEETING, meeting_id),
            expected_version=expected_version,
            **given(title=title, starts_at=starts_at, kind=kind, place=place),
        )

    @verb(MeetingResult, "Say which units are called to a planned meeting. 确定参会单位")
    async def set_meeting_members(
        self,
        info: Info,
        meeting_id: strawberry.ID,
        unit_ids: list[strawberry.ID],
        expected_version: Expected = None,
    ) -> rows.JointMeeting:
        return await actions.set_members(
            info.context.actor,
            key(MEETING, meeting_id),
            unit_ids=keys("Unit", unit_ids),
            expected_version=expected_version,
        )

    @verb(MeetingMemberResult, "A called unit says whether it comes, and who. 回复")
    async def reply_to_meeting(
        self,
        info: Info,
        member_id: strawberry.ID,
        reply: MemberReply,
        person_id: strawberry.ID | None = None,
        deputy: str = "",
        expected_version: Expected = None,
    ) -> rows.MeetingMember:
        return await actions.reply(
            info.context.actor,
            key(MEMBER, member_id),
            reply=reply,
            person_id=key_or_none("Person", person_id),
            deputy=deputy,
            expected_version=expected_version,
        )

    @verb(MeetingResult, "The meeting took place: these members were there. 登记到会")
    async def hold_meeting(
        self,
        info: Info,
        meeting_id: strawberry.ID,
        present_ids: list[strawberry.ID],
        expected_version: Expected = None,
    ) -> rows.JointMeeting:
        return await actions.hold(
            info.context.actor,
            key(MEETING, meeting_id),
            present_ids=keys(MEMBER, present_ids),
            expected_version=expected_version,
        )

    @verb(MinutesResult, "Save the minutes; Stale gives both texts. Publicity department. 写纪要")
    async def write_minutes(
        self, info: Info, meeting_id: strawberry.ID, text: str, expected_version: Expected = None
    ) -> rows.Minutes:
        meeting = key(MEETING, meeting_id)
        return await actions.write_minutes(
            info.context.actor, meeting, text=text, expected_version=expected_version
        )

    @verb(MeetingResult, "Make the minutes final; nothing changes afterwards. 纪要定稿")
    async def close_meeting(
        self, info: Info, meeting_id: strawberry.ID, expected_version: Expected = None
    ) -> rows.JointMeeting:
        return await actions.close(
            info.context.actor, key(MEETING, meeting_id), expected_version=expected_version
        )

    @verb(AgendaItemResult, "A member unit proposes a topic for a planned meeting. 提出议题")
    async def propose_topic(
        self,
        info: Info,
        meeting_id: strawberry.ID,
        unit_id: strawberry.ID,
        title: str,
        kind: AgendaKind,
        summary: str = "",
        host_unit_id: strawberry.ID | None = None,
    ) -> rows.AgendaItem:
        return await actions.propose(
            info.context.actor,
            key(MEETING, meeting_id),
            unit_id=key("Unit", unit_id),
            title=title,
            kind=kind,
            summary=summary,
            **given(host_unit_id=key_or_none("Unit", host_unit_id)),
        )

    @verb(AgendaItemResult, "Put a topic on the agenda. Publicity department. 列入议题")
    async def create_agenda_item(
        self,
        info: Info,
        meeting_id: strawberry.ID,
        title: str,
        kind: AgendaKind,
        parent_id: strawberry.ID | None = None,
        summary: str = "",
        host_unit_id: strawberry.ID | None = None,
        note: str = "",
        minutes_allotted: int | None = None,
    ) -> rows.AgendaItem:
        return await actions.add(
            info.context.actor,
            key(MEETING, meeting_id),
            parent_id=key_or_none(TOPIC, parent_id),
            title=title,
            kind=kind,
            summary=summary,
            host_unit_id=key_or_none("Unit", host_unit_id),
            note=note,
            minutes_allotted=minutes_allotted,
        )

    @verb(AgendaItemResult, "Change a topic; what is left out stays. 修改议题")
    async def change_agenda_item(
        self,
        info: Info,
        agenda_item_id: strawberry.ID,
        expected_version: Expected = None,
        title: str | None = None,
        kind: AgendaKind | None = None,
        summary: str | None = None,
        host_unit_id: strawberry.ID | None = UNSET,
        note: str | None = None,
        minutes_allotted: int | None = UNSET,
    ) -> rows.AgendaItem:
        host = UNSET if host_unit_id is UNSET else key_or_none("Unit", host_unit_id)
        cleared = said(host_unit_id=host, minutes_allotted=minutes_allotted)
        return await actions.change_topic(
            info.context.actor,
            key(TOPIC, agenda_item_id),
            expected_version=expected_version,
            **given(title=title, kind=kind, summary=summary, note=note),
            **cleared,
        )

    @verb(AgendaItemResult, "Take a proposal onto the agenda; its unit is told. 采纳议题")
    async def accept_topic(
        self,
        info: Info,
        agenda_item_id: strawberry.ID,
        parent_id: strawberry.ID | None = None,
        expected_version: Expected = None,
    ) -> rows.AgendaItem:
        return await actions.accept(
            info.context.actor,
            key(TOPIC, agenda_item_id),
            parent_id=key_or_none(TOPIC, parent_id),
            expected_version=expected_version,
        )

    @verb(AgendaItemResult, "Deal with a topic under another; its unit is told why. 合并议题")
    async def merge_topic(
        self,
        info: Info,
        agenda_item_id: strawberry.ID,
        into_id: strawberry.ID,
        reason: str,
        expected_version: Expected = None,
    ) -> rows.AgendaItem:
        return await actions.merge(
            info.context.actor,
            key(TOPIC, agenda_item_id),
            into_id=key(TOPIC, into_id),
            reason=reason,
            expected_version=expected_version,
        )

    @verb(AgendaItemResult, "Leave a topic to a later meeting; its unit is told why. 暂缓议题")
    async def defer_topic(
        self,
        info: Info,
        agenda_item_id: strawberry.ID,
        reason: str,
        expected_version: Expected = None,
    ) -> rows.AgendaItem:
        item = key(TOPIC, agenda_item_id)
        return await actions.defer(
            info.context.actor, item, reason=reason, expected_version=expected_version
        )

    @verb(AgendaItemResult, "Put a deferred topic onto a later agenda, once. 列入暂缓议题")
    async def take_up_topic(
        self,
        info: Info,
        agenda_item_id: strawberry.ID,
        meeting_id: strawberry.ID,
        expected_version: Expected = None,
    ) -> rows.AgendaItem:
        return await actions.take_up(
            info.context.actor,
            key(TOPIC, agenda_item_id),
            meeting_id=key(MEETING, meeting_id),
            expected_version=expected_version,
        )

    @verb(AgendaItemResult, "Give a topic its place; the numbers follow. 调整议程")
    async def move_agenda_item(
        self,
        info: Info,
        agenda_item_id: strawberry.ID,
        ordinal: int,
        parent_id: strawberry.ID | None = None,
        expected_version: Expected = None,
    ) -> rows.AgendaItem:
        return await actions.move(
            info.context.actor,
            key(TOPIC, agenda_item_id),
            parent_id=key_or_none(TOPIC, parent_id),
            place=ordinal,
            expected_version=expected_version,
        )

    @verb(ResolutionResult, "What a meeting that took place resolved; its unit is told. 议定")
    async def record_resolution(
        self,
        info: Info,
        agenda_item_id: strawberry.ID,
        text: str,
        unit_id: strawberry.ID,
        due_on: date,
    ) -> rows.Resolution:
        return await actions.record_resolution(
            info.context.actor,
            key(TOPIC, agenda_item_id),
            text=text,
            unit_id=key("Unit", unit_id),
            due_on=due_on,
        )

    @verb(
        ResolutionResult, "Put an open resolution right until its meeting is closed. 修改议定事项"
    )
    async def change_resolution(
        self,
        info: Info,
        resolution_id: strawberry.ID,
        text: str,
        unit_id: strawberry.ID,
        due_on: date,
        expected_version: Expected = None,
    ) -> rows.Resolution:
        return await actions.change_resolution(
            info.context.actor,
            key(RESOLUTION, resolution_id),
            text=text,
            unit_id=key("Unit", unit_id),
            due_on=due_on,
            expected_version=expected_version,
        )

    @verb(ResolutionResult, "The responsible unit, or the chair, says what was done. 报告办结")
    async def report_resolution(
        self,
        info: Info,
        resolution_id: strawberry.ID,
        answer: str,
        expected_version: Expected = None,
    ) -> rows.Resolution:
        resolution = key(RESOLUTION, resolution_id)
        return await actions.report_done(
            info.context.actor, resolution, answer=answer, expected_version=expected_version
        )

    @verb(ResolutionResult, "Open it again: it leads the next agenda; its unit is told why. 续办")
    async def reopen_resolution(
        self,
        info: Info,
        resolution_id: strawberry.ID,
        reason: str,
        expected_version: Expected = None,
    ) -> rows.Resolution:
        resolution = key(RESOLUTION, resolution_id)
        return await actions.reopen(
            info.context.actor, resolution, reason=reason, expected_version=expected_version
        )
