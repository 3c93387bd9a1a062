"""What PostgreSQL refuses of meetings, whoever asks."""

import pytest
from tortoise import connections
from tortoise.exceptions import BaseORMException, IntegrityError

from domain.meetings import actions
from domain.meetings.models import AgendaItem, AgendaState, MeetingMember, Minutes, Resolution
from tests.domain.meetings.hall import hall, member


async def refused(sql: str) -> None:
    with pytest.raises(BaseORMException):
        await connections.get("default").execute_query(sql)


async def test_a_closed_meeting_is_final(db):
    place = await hall()
    meeting = await place.held()
    await place.topic(meeting)
    await actions.write_minutes(place.chair, meeting.id, text="示例纪要")
    await actions.close(place.chair, meeting.id)
    for sql in (
        "update minutes set text = '别的'", "update agenda_item set title = '别的'",
        "update meeting_member set attended = true", "delete from meeting_member",
        "update joint_meeting set title = '别的'", "update joint_meeting set state = 'held', closed_at = null",
    ):  # fmt: skip
        await refused(sql)
    with pytest.raises(BaseORMException):
        await AgendaItem.create(
            meeting=meeting, title="晚到", kind="opinion", proposed_by_name="示例",
            proposed_at=meeting.created_at, state=AgendaState.ACCEPTED,
        )  # fmt: skip
    assert (await Minutes.get(meeting_id=meeting.id)).text == "<p>示例纪要</p>"


async def test_nothing_of_a_meeting_is_taken_away(db):
    place = await hall()
    resolution = await place.resolution()
    for table in ("resolution", "agenda_item", "minutes", "joint_meeting"):
        await refused(f"delete from {table}")
        await refused(f"truncate {table} cascade")
    assert await Resolution.all().values_list("id", flat=True) == [resolution.id]


async def test_a_unit_is_called_once(db):
    place = await hall()
    meeting = await place.meeting()
    with pytest.raises(IntegrityError):
        await MeetingMember.create(meeting=meeting, unit=place.grain)
    assert (await member(meeting, place.grain)).unit_id == place.grain.id


async def test_decisions_carry_what_they_need(db):
    place = await hall()
    meeting, other = await place.meeting(), await place.held(-1)
    item, foreign = await place.topic(meeting), await place.topic(other)
    resolution = await place.resolution(other)
    for sql in (
        "update agenda_item set state = 'merged', reason = '示例'",
        "update agenda_item set state = 'deferred'",
        "update agenda_item set state = 'proposed'",
        f"update agenda_item set parent_id = id where id = '{item.id}'",
        f"update agenda_item set parent_id = '{foreign.id}' where id = '{item.id}'",
        "update agenda_item set minutes_allotted = 0",
        "update resolution set state = 'done'",
        f"update resolution set agenda_item_id = '{item.id}'",
        "update meeting_member set reply = 'deputy'",
        f"update joint_meeting set state = 'closed' where id = '{other.id}'",
    ):
        await refused(sql)
    assert (await Resolution.get(id=resolution.id)).agenda_item_id != item.id
