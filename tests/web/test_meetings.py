"""Joint meetings on the pages: the chair's way, a unit's way, and what others do not find."""

import re
from datetime import date, timedelta

import pytest

from domain.kit import clock
from domain.kit.actor import Duty
from domain.meetings import actions
from domain.meetings.models import (
    AgendaItem,
    AgendaState,
    JointMeeting,
    MeetingState,
    MemberReply,
    Minutes,
    Resolution,
    ResolutionState,
)
from domain.people.models import Person
from tests.counting import counting
from tests.domain.meetings.hall import hall, member
from tests.web.browser import text
from tests.web.conftest import carry
from tests.web.test_shell_browser import everywhere, violations


async def be(web, actor):
    await web.sign_in(await Person.get(id=actor.person_id))


async def test_a_meeting_is_called_changed_and_its_units_chosen(web):
    place = await hall()
    await be(web, place.chair)
    await web.get("/meetings/new")
    sent = await web.post(
        "/meetings", title="示例联席会议", kind="regular", day="2018-04-20", hour="09:30",
        place="示例会议室", unit_ids=[str(place.grain.id)],
    )  # fmt: skip
    meeting = await JointMeeting.get()
    assert (sent.status_code, sent.headers["location"]) == (303, f"/meetings/{meeting.id}")
    assert meeting.starts_at == clock.at(date(2018, 4, 20), 9, 30)
    await web.post(
        f"/meetings/{meeting.id}", title="示例改名", kind="ad_hoc", day="2018-04-21", hour="10:00",
        expected_version=1,
    )  # fmt: skip
    chosen = [str(each) for each in place.units]
    await web.post(f"/meetings/{meeting.id}/members", unit_ids=chosen, expected_version=2)
    page = text(await web.get(f"/meetings/{meeting.id}"))
    assert "示例改名" in page and "示例粮食局" in page and "示例水务局" in page
    late = await web.post(
        f"/meetings/{meeting.id}",
        title="晚到的",
        kind="ad_hoc",
        day="2018-04-21",
        hour="10:00",
        expected_version=1,
    )
    assert late.status_code == 409 and "晚到的" in late.text
    assert (await JointMeeting.get()).title == "示例改名"


async def test_what_is_wrong_is_said_beside_its_input_and_kept(web):
    place = await hall()
    await be(web, place.chair)
    page = await web.post("/meetings", title="示例", kind="regular", day="", hour="25:00")
    assert page.status_code == 422
    assert 'id="f-day-error"' in page.text and 'id="f-hour-error"' in page.text
    assert 'value="示例"' in page.text
    none = await web.post("/meetings", title="示例", kind="regular", day="2018-04-20", hour="09:00")
    assert none.status_code == 422 and 'id="f-unit_ids-error"' in none.text
    assert await JointMeeting.all().count() == 0


async def test_a_unit_replies_and_proposes_and_the_chair_decides(web):
    place = await hall()
    meeting = await place.meeting(1)
    into = await place.topic(meeting, "甲")
    await be(web, place.grain_clerk)
    row = await member(meeting, place.grain)
    refused = await web.post(
        f"/meetings/{meeting.id}/reply", member_id=row.id, reply="deputy", expected_version=1
    )
    assert refused.status_code == 422 and 'id="f-deputy-error"' in refused.text
    await web.post(
        f"/meetings/{meeting.id}/reply",
        member_id=row.id,
        reply="deputy",
        deputy="示例甲 副局长",
        expected_version=1,
    )
    assert (await member(meeting, place.grain)).reply is MemberReply.DEPUTY
    await web.get(f"/meetings/{meeting.id}/propose")
    for title in ("乙", "丙", "丁"):
        sent = await web.post(
            f"/meetings/{meeting.id}/propose", unit_id=place.grain.id, title=title, kind="opinion"
        )
        assert sent.status_code == 303
    one, two, three = await AgendaItem.filter(state=AgendaState.PROPOSED).order_by("proposed_at")
    await be(web, place.chair)
    accepted = await web.post(
        f"/meetings/topics/{one.id}/accept", parent_id=into.id, expected_version=1
    )
    assert accepted.status_code == 303
    without = await web.post(
        f"/meetings/topics/{two.id}/leave", into_id=into.id, expected_version=1
    )
    assert without.status_code == 422 and 'id="f-reason-error"' in without.text
    await web.post(
        f"/meetings/topics/{two.id}/leave", into_id=into.id, reason="同一件事", expected_version=1
    )
    await web.post(f"/meetings/topics/{three.id}/leave", reason="材料不全", expected_version=1)
    states = [(await AgendaItem.get(id=each.id)).state for each in (one, two, three)]
    assert states == [AgendaState.ACCEPTED, AgendaState.MERGED, AgendaState.DEFERRED]
    page = text(await web.get(f"/meetings/{meeting.id}"))
    assert re.search(r"1 甲 .* 1\.1 乙 ", page)
    later = await place.meeting(8)
    await web.post(f"/meetings/{later.id}/take-up", item_id=three.id, expected_version=2)
    assert (await AgendaItem.get(meeting_id=later.id)).title == "丁"


async def test_the_chair_adds_changes_and_moves_topics_without_a_mouse(web):
    place = await hall()
    meeting = await place.meeting()
    await be(web, place.chair)
    for title in ("甲", "乙"):
        await web.post(
            f"/meetings/{meeting.id}/topics", title=title, kind="central_work", note="先通气"
        )
    first, second = await AgendaItem.all().order_by("position")
    await web.post(
        f"/meetings/{meeting.id}/step",
        item_id=second.id,
        step="up",
        expected_version=second.version,
    )
    assert "1 乙" in text(await web.get(f"/meetings/{meeting.id}"))
    await web.post(
        f"/meetings/{meeting.id}/step", item_id=first.id, step="in", expected_version=first.version
    )
    assert "1.1 甲" in text(await web.get(f"/meetings/{meeting.id}"))
    item = await AgendaItem.get(id=first.id)
    await web.post(
        f"/meetings/topics/{first.id}",
        title="甲改",
        kind="opinion",
        minutes_allotted=15,
        expected_version=item.version,
    )
    page = text(await web.get(f"/meetings/topics/{first.id}"))
    assert "1.1 甲改" in page and "15 分钟" in page
    assert "先通气" in text(await web.get(f"/meetings/topics/{second.id}"))
    await be(web, place.grain_clerk)
    assert "先通气" not in text(await web.get(f"/meetings/topics/{second.id}"))


async def test_held_minuted_and_closed(web):
    place = await hall()
    meeting = await place.meeting()
    await place.topic(meeting, "甲")
    row = await member(meeting, place.grain)
    await be(web, place.chair)
    await web.post(f"/meetings/{meeting.id}/hold", present_ids=[str(row.id)], expected_version=1)
    assert (await member(meeting, place.grain)).attended is True
    await web.get(f"/meetings/{meeting.id}/minutes")
    await web.post(f"/meetings/{meeting.id}/minutes", text="一、通报\n二、安排", expected_version=1)
    late = await web.post(f"/meetings/{meeting.id}/minutes", text="我的文字", expected_version=1)
    assert late.status_code == 409
    assert (
        "一、通报" in late.text
        and "我的文字" in late.text
        and 'name="expected_version" value="2"' in late.text
    )
    await be(web, place.grain_clerk)
    assert "一、通报" not in (await web.get(f"/meetings/{meeting.id}")).text
    assert (await web.get(f"/meetings/{meeting.id}/minutes")).status_code == 403
    await be(web, place.chair)
    await web.post(f"/meetings/{meeting.id}/close", expected_version=2)
    assert (await JointMeeting.get()).state is MeetingState.CLOSED
    await be(web, place.grain_clerk)
    assert "<p>一、通报</p><p>二、安排</p>" in (await web.get(f"/meetings/{meeting.id}")).text
    assert (await Minutes.get()).version == 2


async def test_a_resolution_goes_to_its_unit_and_back(web):
    place = await hall()
    meeting = await place.held()
    item = await place.topic(meeting, "甲")
    await be(web, place.chair)
    due = (clock.today() + timedelta(days=9)).isoformat()
    await web.post(
        f"/meetings/topics/{item.id}/resolve", text="示例事项", unit_id=place.grain.id, due_on=due
    )
    made = await Resolution.get()
    await web.post(
        f"/meetings/resolutions/{made.id}",
        text="示例改后",
        unit_id=place.grain.id,
        due_on=due,
        expected_version=1,
    )
    later = await place.meeting(5)
    assert "首先：以前会议的议定事项" in text(await web.get(f"/meetings/{later.id}"))
    await be(web, place.grain_clerk)
    assert "示例改后" in text(await web.get("/meetings"))
    empty = await web.post(f"/meetings/resolutions/{made.id}/answer", expected_version=2)
    assert empty.status_code == 422 and 'id="f-answer-error"' in empty.text
    await web.post(
        f"/meetings/resolutions/{made.id}/answer", answer="示例：已办", expected_version=2
    )
    assert (await Resolution.get()).state is ResolutionState.DONE
    assert "示例改后" in text(await web.get("/meetings/resolutions?state=done"))
    await be(web, place.chair)
    assert "首先" not in text(await web.get(f"/meetings/{later.id}"))
    await web.post(f"/meetings/resolutions/{made.id}/reopen", reason="不全", expected_version=3)
    assert (await Resolution.get()).state is ResolutionState.OPEN


async def test_others_find_nothing(web):
    place = await hall()
    meeting = await place.held()
    resolution = await place.resolution(meeting)
    item = await AgendaItem.get()
    paths = [
        f"/meetings/{meeting.id}", f"/meetings/topics/{item.id}", f"/meetings/resolutions/{resolution.id}",
        f"/meetings/{meeting.id}/propose",
    ]  # fmt: skip
    for duty in (Duty.PRINCIPAL_LEADER, Duty.ADMINISTRATOR):
        await web.be(duty)
        assert [(await web.get(path)).status_code for path in paths] == [404] * 4
        assert "示例联席会议" not in (await web.get("/meetings")).text
        assert (await web.get("/meetings/new")).status_code == 403
    await be(web, place.water_clerk)
    refused = await web.post(f"/meetings/topics/{item.id}/leave", reason="示例", expected_version=1)
    assert refused.status_code == 403
    assert (await AgendaItem.get()).state is AgendaState.ACCEPTED


async def test_a_long_agenda_takes_no_more_statements(web):
    place = await hall()
    meeting = await place.meeting(1)
    await be(web, place.grain_clerk)
    counts = []
    for more in (1, 3):
        for _ in range(more):
            await place.topic(meeting, host_unit_id=place.grain.id)
            await place.proposal(meeting)
        with counting() as statements:
            assert (await web.get(f"/meetings/{meeting.id}")).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


@pytest.mark.browser
async def test_the_pages_are_open_to_everyone_on_any_screen(web, site, window):
    place = await hall()
    earlier = await place.held(-10)
    resolution = await place.resolution(earlier, due_on=clock.today() - timedelta(days=2))
    meeting = await place.meeting()
    top = await place.topic(meeting, "示例：春季防火宣传重点", minutes_allotted=20)
    below = await place.topic(
        meeting, "示例：县级媒体专栏", parent_id=top.id, host_unit_id=place.grain.id
    )
    await place.topic(meeting, "示例：宣传车", parent_id=below.id)
    proposal = await place.proposal(meeting, "示例：粮食收购政策宣传", summary="示例说明")
    paths = [
        "/meetings", "/meetings/new", f"/meetings/{meeting.id}", f"/meetings/{meeting.id}/edit",
        f"/meetings/{meeting.id}/topics/new", f"/meetings/topics/{proposal.id}", f"/meetings/{meeting.id}/members",
        f"/meetings/topics/{top.id}", "/meetings/resolutions", f"/meetings/resolutions/{resolution.id}",
        f"/meetings/{earlier.id}/minutes",
    ]  # fmt: skip
    page = await window()
    await be(web, place.chair)
    await carry(page, web, site)
    for path in paths:
        await page.goto(site + path)
        await everywhere(page, violations)
        for width in (320, 360, 1280):
            await page.set_viewport_size({"width": width, "height": 780})
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, (
                path,
                width,
            )
    await be(web, place.grain_clerk)
    await carry(page, web, site)
    for path in (f"/meetings/{meeting.id}", f"/meetings/{meeting.id}/propose"):
        await page.goto(site + path)
        await everywhere(page, violations)


@pytest.mark.browser
async def test_the_agenda_is_ordered_by_keyboard(web, site, window):
    place = await hall()
    meeting = await place.meeting()
    for title in ("甲", "乙"):
        await place.topic(meeting, title)
    page = await window()
    await be(web, place.chair)
    await carry(page, web, site)
    await page.goto(f"{site}/meetings/{meeting.id}")
    await page.get_by_role("button", name="上移 2").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_selector("text=已调整。")
    assert await page.locator(".agenda a").all_inner_texts() == ["乙", "甲"]
    assert await actions.queries.numbers(
        [each.id for each in await AgendaItem.filter(title="乙")]
    ) == {(await AgendaItem.get(title="乙")).id: "1"}
