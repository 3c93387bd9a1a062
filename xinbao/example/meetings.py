"""The example county's joint meetings: one closed with its minutes, one to come."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from domain.kit import clock
from domain.kit.actor import Actor, Duty
from domain.meetings import actions, queries
from domain.meetings.models import AgendaKind, JointMeeting
from domain.people import queries as people
from domain.units.models import Unit
from xinbao.example.year import Setting


async def play(setting: Setting) -> None:
    """Called and decided by the publicity department, proposed and answered by the units."""
    told = tomllib.loads(Path(__file__).with_name("meetings.toml").read_text("utf-8"))
    chair = await people.actor_of(setting.cast.by_login["xuanchuan"])
    called = {unit.name: unit for unit in setting.units if unit.name in told["units"]}
    await _past(setting, chair, called, told["past"])
    await _next(setting, chair, called, told["next"])


async def _call(chair: Actor, called: dict[str, Unit], told: dict[str, Any]) -> JointMeeting:
    return await actions.convene(
        chair,
        title=told["title"],
        starts_at=clock.at(clock.today() + timedelta(days=told["days"]), 9, 30),
        place=told["place"],
        unit_ids=[unit.id for unit in called.values()],
    )


async def _past(
    setting: Setting, chair: Actor, called: dict[str, Unit], told: dict[str, Any]
) -> None:
    meeting = await _call(chair, called, told)
    members = await queries.members_of(meeting.id)
    present = [each.id for each in members if each.unit.name not in told["absent"]]
    await actions.hold(chair, meeting.id, present_ids=present)
    for topic in told["topics"]:
        await _resolve(setting, chair, meeting, called, topic)
    await actions.write_minutes(chair, meeting.id, text=told["minutes"])
    await actions.close(chair, meeting.id)


async def _resolve(
    setting: Setting,
    chair: Actor,
    meeting: JointMeeting,
    called: dict[str, Unit],
    topic: dict[str, Any],
) -> None:
    item = await _add(chair, meeting, called, topic)
    unit = called[topic["unit"]]
    due_on = clock.local_date(meeting.starts_at) + timedelta(days=topic["due"])
    resolution = await actions.record_resolution(
        chair, item, text=topic["resolved"], unit_id=unit.id, due_on=due_on
    )
    if answer := topic.get("answer"):
        clerk = await _clerk(setting, unit)
        await actions.report_done(clerk, resolution.id, answer=answer)


async def _next(
    setting: Setting, chair: Actor, called: dict[str, Unit], told: dict[str, Any]
) -> None:
    meeting = await _call(chair, called, told)
    for topic in told["topics"]:
        await _add(chair, meeting, called, topic)
    for topic in told["proposed"]:
        unit = called[topic["unit"]]
        await actions.propose(
            await _clerk(setting, unit),
            meeting.id,
            unit_id=unit.id,
            title=topic["title"],
            kind=AgendaKind(topic["kind"]),
            summary=topic.get("summary", ""),
        )


async def _add(
    chair: Actor, meeting: JointMeeting, called: dict[str, Unit], topic: dict[str, Any]
) -> Any:
    item = await actions.add(
        chair,
        meeting.id,
        title=topic["title"],
        kind=AgendaKind(topic["kind"]),
        host_unit_id=called[topic["host"]].id,
        minutes_allotted=topic["minutes_allotted"],
        note=topic.get("note", ""),
    )
    return item.id


async def _clerk(setting: Setting, unit: Unit) -> Actor:
    person, _ = setting.cast.of(unit, Duty.CORRESPONDENT)
    return await people.actor_of(person)
