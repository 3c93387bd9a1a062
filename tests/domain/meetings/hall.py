"""A publicity department, two member units and their people; a meeting of today."""

from dataclasses import dataclass
from datetime import timedelta

from domain.kit import clock
from domain.kit.actor import Actor, Duty
from domain.meetings import actions
from domain.meetings.models import AgendaItem, AgendaKind, JointMeeting, MeetingMember, Resolution
from domain.units.models import Unit
from tests import make


@dataclass
class Hall:
    chair: Actor
    grain: Unit
    water: Unit
    grain_clerk: Actor
    water_clerk: Actor

    @property
    def units(self):
        return [self.grain.id, self.water.id]

    async def meeting(self, days: int = 0, **given) -> JointMeeting:
        """Called for some days from now, counted from today's first minute."""
        starts_at = clock.at(clock.today()) + timedelta(days=days)
        facts = {
            "title": "示例联席会议",
            "starts_at": starts_at,
            "place": "示例会议室",
            "unit_ids": self.units,
        }
        return await actions.convene(self.chair, **facts | given)

    async def topic(self, meeting, title="示例议题", **given) -> AgendaItem:
        kind = given.pop("kind", AgendaKind.CENTRAL_WORK)
        return await actions.add(self.chair, meeting.id, title=title, kind=kind, **given)

    async def proposal(self, meeting, title="示例建议议题", **given) -> AgendaItem:
        facts = {"unit_id": self.grain.id, "kind": AgendaKind.DEPARTMENT_PRIORITY}
        return await actions.propose(self.grain_clerk, meeting.id, title=title, **facts | given)

    async def held(self, days: int = 0, **given) -> JointMeeting:
        meeting = await self.meeting(days, **given)
        return await actions.hold(self.chair, meeting.id, present_ids=[])

    async def resolution(self, meeting=None, **given) -> Resolution:
        meeting = meeting or await self.held()
        topic = await self.topic(meeting)
        facts = {
            "text": "示例议定事项",
            "unit_id": self.grain.id,
            "due_on": clock.today() + timedelta(days=7),
        }
        return await actions.record_resolution(self.chair, topic.id, **facts | given)

    async def closed(self, days: int = 0) -> JointMeeting:
        meeting = await self.held(days)
        await actions.write_minutes(self.chair, meeting.id, text="示例纪要")
        return await actions.close(self.chair, meeting.id)


async def hall() -> Hall:
    chair = await make.actor(Duty.PUBLICITY_DEPARTMENT, unit=await make.unit("示例宣传部"))
    grain, water = await make.unit("示例粮食局"), await make.unit("示例水务局")
    return Hall(
        chair, grain, water,
        await make.actor(Duty.CORRESPONDENT, unit=grain),
        await make.actor(Duty.CORRESPONDENT, unit=water),
    )  # fmt: skip


async def member(meeting, unit) -> MeetingMember:
    return await MeetingMember.get(meeting_id=meeting.id, unit_id=unit.id)
