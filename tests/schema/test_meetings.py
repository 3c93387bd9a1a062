"""Joint meetings through the contract: the chair, a unit, a stranger, a token (R34–R36)."""

from datetime import timedelta

from domain.kit import clock
from domain.kit.actor import Duty, Scope
from domain.meetings.models import AgendaItem, JointMeeting
from schema.nodes import encode
from tests import make
from tests.asking import Client
from tests.schema.county import county

MEETING = (
    "... on JointMeeting { id state version members { id unit { name } attended reply deputy } }"
)
TOPIC = "... on AgendaItem { id number state version note reason hostUnit { name } minutesAllotted mergedInto { title } }"
RESOLUTION = "... on Resolution { id state version answer overdue unit { name } }"
MINUTES = "... on Minutes { text version }"
SHOWN = """query($id: ID!) { meeting(id: $id) { title state convenerName convenerUnit { name }
  leading { text } agenda { number title note } proposals { title state } minutes { text } } }"""
TODAY = clock.today()


def at(days: int) -> str:
    return clock.at(TODAY + timedelta(days=days), 9).isoformat()


async def hall():
    """The county, its chair, and a member unit's clerk."""
    place = await county()
    chair = await place.who(Duty.PUBLICITY_DEPARTMENT, unit=await make.unit("示例宣传部"))
    return place, chair, await place.who(Duty.CORRESPONDENT)


async def called(where, chair: Client, days: int = 0, **given) -> dict:
    facts = {
        "title": "示例联席会议",
        "startsAt": at(days),
        "unitIds": [encode("Unit", where.unit.id)],
    }
    return await chair.do("createMeeting", MEETING, **facts | given)


async def topic(chair: Client, meeting: dict, title: str = "示例议题", **given) -> dict:
    return await chair.do(
        "createAgendaItem",
        TOPIC,
        meetingId=meeting["id"],
        title=title,
        kind="CENTRAL_WORK",
        **given,
    )


async def test_a_meeting_from_the_call_to_final_minutes_and_the_next_agenda(db):
    place, chair, clerk = await hall()
    unit = encode("Unit", place.unit.id)
    meeting = await called(place, chair, place="示例会议室")
    [member] = meeting["members"]
    replied = await clerk.do(
        "replyToMeeting",
        "... on MeetingMember { reply deputy }",
        memberId=member["id"],
        reply="DEPUTY",
        deputy="示例甲",
    )
    assert replied == {"__typename": "MeetingMember", "reply": "DEPUTY", "deputy": "示例甲"}
    first = await topic(chair, meeting, "甲", note="先通气", minutesAllotted=20)
    proposal = await clerk.do(
        "proposeTopic", TOPIC, meetingId=meeting["id"], unitId=unit, title="乙", kind="OPINION"
    )
    assert (proposal["state"], proposal["number"], proposal["note"]) == ("PROPOSED", None, None)
    accepted = await chair.do(
        "acceptTopic", TOPIC, agendaItemId=proposal["id"], parentId=first["id"], expectedVersion=1
    )
    assert (accepted["state"], accepted["number"], accepted["hostUnit"]["name"]) == (
        "ACCEPTED",
        "1.1",
        "示例乡",
    )
    held = await chair.do(
        "holdMeeting",
        MEETING,
        meetingId=meeting["id"],
        presentIds=[member["id"]],
        expectedVersion=meeting["version"],
    )
    assert (held["state"], held["members"][0]["attended"]) == ("HELD", True)
    resolution = await chair.do(
        "recordResolution",
        RESOLUTION,
        agendaItemId=first["id"],
        text="示例事项",
        unitId=unit,
        dueOn=TODAY.isoformat(),
    )
    minutes = await chair.do(
        "writeMinutes", MINUTES, meetingId=meeting["id"], text="示例纪要", expectedVersion=1
    )
    assert (minutes["text"], minutes["version"]) == ("<p>示例纪要</p>", 2)
    before = (await clerk.ask(SHOWN, id=meeting["id"]))["meeting"]
    closed = await chair.do(
        "closeMeeting", MEETING, meetingId=meeting["id"], expectedVersion=held["version"]
    )
    assert (before["minutes"], closed["state"]) == (None, "CLOSED")
    seen = (await clerk.ask(SHOWN, id=meeting["id"]))["meeting"]
    assert seen["agenda"] == [
        {"number": "1", "title": "甲", "note": None}, {"number": "1.1", "title": "乙", "note": None},
    ]  # fmt: skip
    assert (seen["minutes"], seen["convenerUnit"]["name"]) == (
        {"text": "<p>示例纪要</p>"},
        "示例宣传部",
    )
    later = await called(place, chair, 7)
    assert (await clerk.ask(SHOWN, id=later["id"]))["meeting"]["leading"] == [{"text": "示例事项"}]
    done = await clerk.do(
        "reportResolution",
        RESOLUTION,
        resolutionId=resolution["id"],
        answer="已办",
        expectedVersion=1,
    )
    assert (done["state"], done["answer"], done["overdue"]) == ("DONE", "已办", False)
    assert (await clerk.ask(SHOWN, id=later["id"]))["meeting"]["leading"] == []
    again = await chair.do(
        "reopenResolution", RESOLUTION, resolutionId=resolution["id"], reason="不全"
    )
    assert again["state"] == "OPEN"
    assert (await clerk.ask(SHOWN, id=later["id"]))["meeting"]["leading"] == [{"text": "示例事项"}]


async def test_the_chair_orders_merges_defers_and_takes_up(db):
    place, chair, clerk = await hall()
    unit = encode("Unit", place.unit.id)
    meeting, later = await called(place, chair), await called(place, chair, 7)
    one, two = await topic(chair, meeting, "一"), await topic(chair, meeting, "二")
    offered = [
        await clerk.do(
            "proposeTopic", TOPIC, meetingId=meeting["id"], unitId=unit, title=title, kind="OPINION"
        )
        for title in ("三", "四")
    ]
    moved = await chair.do("moveAgendaItem", TOPIC, agendaItemId=two["id"], ordinal=1)
    assert moved["number"] == "1"
    merged = await chair.do(
        "mergeTopic", TOPIC, agendaItemId=offered[0]["id"], intoId=one["id"], reason="同一件事"
    )
    assert (merged["state"], merged["mergedInto"]) == ("MERGED", {"title": "一"})
    deferred = await chair.do("deferTopic", TOPIC, agendaItemId=offered[1]["id"], reason="材料不全")
    assert (deferred["state"], deferred["reason"]) == ("DEFERRED", "材料不全")
    seen = (await clerk.ask(SHOWN, id=meeting["id"]))["meeting"]
    assert [(each["number"], each["title"]) for each in seen["agenda"]] == [
        ("1", "二"),
        ("2", "一"),
    ]
    assert seen["proposals"] == [
        {"title": "三", "state": "MERGED"},
        {"title": "四", "state": "DEFERRED"},
    ]
    taken = await chair.do("takeUpTopic", TOPIC, agendaItemId=deferred["id"], meetingId=later["id"])
    assert (taken["state"], taken["number"]) == ("ACCEPTED", "1")
    changed = await chair.do(
        "changeAgendaItem", TOPIC, agendaItemId=taken["id"], hostUnitId=None, note="示例备注",
        minutesAllotted=5, expectedVersion=taken["version"],
    )  # fmt: skip
    assert (changed["hostUnit"], changed["note"], changed["minutesAllotted"]) == (
        None,
        "示例备注",
        5,
    )
    left = await chair.do("changeAgendaItem", TOPIC, agendaItemId=taken["id"], title="改题")
    assert (left["note"], left["minutesAllotted"]) == ("示例备注", 5)


async def test_a_late_save_of_minutes_gives_both_texts_back(db):
    place, chair, _ = await hall()
    meeting = await called(place, chair)
    await chair.do("holdMeeting", meetingId=meeting["id"], presentIds=[])
    await chair.do("writeMinutes", meetingId=meeting["id"], text="先到", expectedVersion=1)
    late = await chair.do("writeMinutes", meetingId=meeting["id"], text="后到", expectedVersion=1)
    assert (late["__typename"], late["code"]) == ("Stale", "minutes-changed")
    assert late["details"] == {
        "expected": 1, "current": 2, "mine": "<p>后到</p>", "theirs": "<p>先到</p>",
    }  # fmt: skip


async def test_others_see_nothing_and_change_nothing(db):
    place, chair, clerk = await hall()
    meeting = await called(place, chair)
    item = await topic(chair, meeting)
    other = await make.unit("示例邻乡")
    of_other, _ = await make.token(Scope.READ, unit=other)
    administrator = await place.who(Duty.ADMINISTRATOR)
    for stranger in (
        await place.who(Duty.PRINCIPAL_LEADER, unit=other),
        Client(of_other),
        administrator,
    ):
        found = await stranger.ask(
            "query($id: ID!) { meeting(id: $id) { id } meetings { totalCount } }", id=meeting["id"]
        )
        assert found == {"meeting": None, "meetings": {"totalCount": 0}}
        for verb, given in (
            ("changeMeeting", {"meetingId": meeting["id"], "title": "别的"}),
            ("deferTopic", {"agendaItemId": item["id"], "reason": "示例"}),
            ("replyToMeeting", {"memberId": meeting["members"][0]["id"], "reply": "EXCUSED"}),
        ):  # fmt: skip
            assert (await stranger.do(verb, **given))["__typename"] in ("Missing", "Forbidden"), (
                verb
            )
    refused = await clerk.do("deferTopic", agendaItemId=item["id"], reason="示例")
    assert (refused["__typename"], refused["code"]) == ("Forbidden", "duty-required")
    of_county, _ = await make.token(Scope.READ)
    reading = await Client(of_county).ask(SHOWN, id=meeting["id"])
    assert reading["meeting"]["agenda"] == [{"number": "1", "title": "示例议题", "note": None}]
    assert await JointMeeting.all().values_list("title", flat=True) == ["示例联席会议"]
    assert (await AgendaItem.get()).state == "accepted"


async def test_meetings_are_filtered_by_unit_and_time(db):
    place, chair, _ = await hall()
    other = await make.unit("示例邻乡")
    await called(place, chair, 1, title="近")
    await called(place, chair, 30, title="远", unitIds=[encode("Unit", other.id)], kind="AD_HOC")
    query = (
        "query($filter: MeetingFilter) { meetings(filter: $filter) { totalCount nodes { title } } }"
    )
    for given, expected in (
        ({}, ["远", "近"]), ({"unitId": encode("Unit", place.unit.id)}, ["近"]), ({"kind": "AD_HOC"}, ["远"]),
        ({"beginsFrom": at(2)}, ["远"]), ({"beginsUntil": at(2)}, ["近"]), ({"state": "HELD"}, []),
    ):  # fmt: skip
        found = (await chair.ask(query, filter=given))["meetings"]
        assert [each["title"] for each in found["nodes"]] == expected, given
        assert found["totalCount"] == len(expected), given
