"""One of everything, in every state, and somebody of every duty: what requests are tried on."""

import io
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import time_machine
from PIL import Image

from domain.approvals import actions as approvals
from domain.circulars import actions as circulars
from domain.intake import actions as intake
from domain.intake import tray
from domain.intake.models import SheetKind
from domain.items import actions as items
from domain.items.models import Item
from domain.kit import jobs
from domain.kit.actor import SYSTEM, Actor, Duty, Scope
from domain.kit.clock import COUNTY, Month, Quarter
from domain.kit.db import work
from domain.kit.models import Job
from domain.meetings import actions as meetings
from domain.meetings.models import AgendaItem, AgendaKind, AgendaState
from domain.outlets import actions as outlets
from domain.people import actions as people
from domain.people import queries as people_queries
from domain.people.models import Appointment, Person
from domain.reception import actions as reception
from domain.units.models import ReceivingOffice
from tests import make
from tests.domain.intake import sheet
from tests.domain.items import chain
from tests.domain.points import sent

THEN = datetime(2018, 4, 10, 9, tzinfo=COUNTY)
NOW = datetime(2018, 5, 2, 9, tzinfo=COUNTY)
APRIL = Month(date(2018, 4, 1))


@dataclass
class Place:
    """People by what they are, and tokens by what they may; visitors are "nobody"."""

    people: dict[str, Person] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG")
    return buffer.getvalue()


async def build() -> Place:
    """The county on 10 April, and what May made of it. Call it under `time_machine`."""
    place = Place()
    with time_machine.travel(THEN, tick=True):
        house, editor = await _april(place)
    with time_machine.travel(NOW, tick=True):
        await _may(place, house, editor)
    return place


async def _april(place: Place) -> tuple[chain.House, Actor]:
    await make.county()
    await sent.policy()
    house = await chain.house(name="示例甲乡")
    await items_of(house)
    other = await chain.house(name="示例乙镇")
    await chain.laid(other, stability_related=True)
    issuing = await make.office("示例县委办", issues_monthly=True)
    editor = await make.actor(Duty.OFFICE_EDITOR, office=issuing)
    for name, actor in {
        "correspondent": house.writer, "leader": house.leader, "principal": house.principal,
        "editor": house.editor, "issuer": editor, "stranger": other.writer,
    }.items():  # fmt: skip
        place.people[name] = await Person.get(id=actor.person_id)
    own = (
        Duty.PUBLICITY_DEPARTMENT, Duty.SUPERVISION_OFFICE, Duty.FINANCE, Duty.ADMINISTRATOR,
        Duty.AUDITOR, Duty.CONFIDENTIALITY_REVIEWER,
    )  # fmt: skip
    for duty in own:
        actor = await make.actor(duty)
        place.people[duty.value] = await Person.get(id=actor.person_id)
    await make.quota(house.unit, 2)
    await make.quota(other.unit, 3)
    await adoptions_of(house)
    return house, editor


async def items_of(house: chain.House) -> None:
    """An item in each state, and a reception in each."""
    draft = await chain.draft(house)
    await items.attach(
        house.writer, draft.id, name="示例.png", content=picture(), caption="示例图片"
    )
    await chain.laid(house, is_major=True)
    back = await chain.laid(house)
    await approvals.send_back(house.leader, back.id, reason="示例：再写细些")
    waiting = await chain.laid(house, submit_when_signed=False)
    await chain.sign(house.leader, waiting)
    gone = await chain.submitted(house)
    await reception.withdraw(house.writer, gone.id, reason="示例：重复")
    await chain.submitted(house)
    steps = {
        "receive": (), "start_editing": (), "mark_adopted": (),
        "mark_not_adopted": ("reason",), "reject": ("reason",), "return_for_revision": ("reason",),
        "raise_to_major": ("reason",),
    }  # fmt: skip
    for verb, wanted in steps.items():
        held = await chain.at(await chain.submitted(house), house.office)
        if verb != "receive":
            await reception.receive(house.editor, held.id)
        await getattr(reception, verb)(house.editor, held.id, **dict.fromkeys(wanted, "示例：缘由"))


async def adoptions_of(house: chain.House) -> None:
    """Recorded, confirmed, withdrawn."""
    found = await sent.outlets()
    item = await Item.filter(unit_id=house.unit.id, state="submitted").first()
    for level, outlet in found.items():
        evidence = await outlets.keep_evidence(house.editor, name="示例.png", content=picture())
        adoption = await outlets.record(
            house.editor, item.id, outlet_id=outlet.id, adopted_on=THEN.date(),
            evidence_sha256=evidence, position="1版",
        )  # fmt: skip
        if level == "county":
            continue
        second = await make.actor(Duty.OFFICE_EDITOR, office=house.office)
        await outlets.confirm(second, adoption.id)
        if level == "nation":
            await outlets.withdraw(second, adoption.id, reason="示例：撤稿")


async def _may(place: Place, house: chain.House, issuer: Actor) -> None:
    for month in ("2018-01", "2018-02", "2018-03"):
        period = Month.parse(month)
        for office in (house.office, *await _offices(house)):
            await circulars.confirm_figures(SYSTEM, period, office_id=office.id)
    for number, month in enumerate(("2018-02", "2018-03"), 1):
        drafted = await circulars.draft(SYSTEM, Month.parse(month))
        await circulars.issue(
            SYSTEM, drafted.id, document_number=f"示委办〔2018〕{number}号",
            issue_date=NOW.date(),
        )  # fmt: skip
    await circulars.draft(SYSTEM, Quarter.of(THEN.date()).previous)
    await circulars.draft(SYSTEM, APRIL)
    await _appointments(place, house)
    await _meetings(place, house)
    await _sheets()
    async with work():
        await jobs.ask("example")
    await Job.filter(kind="example").update(failed_at=NOW, last_error="示例", tries=5)
    for scope in Scope:
        unit = house.unit if scope is Scope.SUBMIT else None
        place.tokens[scope.value], _ = await make.token(scope, unit=unit)


async def _offices(house: chain.House) -> list[ReceivingOffice]:
    return await ReceivingOffice.exclude(id=house.office.id)


async def _appointments(place: Place, house: chain.House) -> None:
    """A deputy, a person with an account, and one without."""
    of_leader = await Appointment.get(person_id=house.leader.person_id)
    await make.deputy(of_leader, place.people["correspondent"])
    await make.person("示例无账号")
    spare = await make.appointment(Duty.CORRESPONDENT)
    await make.session(await Person.get(id=spare.person_id))
    await people.deactivate_person(SYSTEM, (await make.person("示例已停用")).id)
    for _ in range(2):
        await make.session(place.people["correspondent"])
    await make.topic()


async def _meetings(place: Place, house: chain.House) -> None:
    """One closed, one held, one to come; a topic and a resolution in each state."""
    chair = await people_queries.actor_of(place.people[Duty.PUBLICITY_DEPARTMENT.value])
    called = {"unit_ids": [house.unit.id]}
    said = {"kind": AgendaKind.OPINION}
    for days in (-20, -10, 0, 7):
        meeting = await meetings.convene(
            chair, title="示例联席会议", starts_at=NOW + timedelta(days=days), **called
        )
        topic = await meetings.add(chair, meeting.id, title="示例议题", **said)
        await meetings.add(chair, meeting.id, title="示例分议题", parent_id=topic.id, **said)
        own = {"unit_id": house.unit.id, "title": "示例建议"} | said
        first = await meetings.propose(house.writer, meeting.id, **own)
        if days == 7:
            continue
        await meetings.defer(chair, first.id, reason="示例：缘由")
        await meetings.propose(house.writer, meeting.id, **own)
        if days == 0:
            continue
        await meetings.hold(chair, meeting.id, present_ids=[])
        await _resolve(chair, house, meeting, topic)


async def _resolve(chair: Actor, house: chain.House, meeting, topic) -> None:
    due = {"unit_id": house.unit.id, "due_on": NOW.date()}
    done = await meetings.record_resolution(chair, topic.id, text="示例事项", **due)
    await meetings.report_done(house.writer, done.id, answer="示例：已办")
    await meetings.record_resolution(chair, topic.id, text="示例续办事项", **due)
    if meeting.starts_at.date() < NOW.date() - timedelta(days=15):
        for item in await AgendaItem.filter(meeting_id=meeting.id, state=AgendaState.PROPOSED):
            await meetings.merge(chair, item.id, into_id=topic.id, reason="示例：缘由")
        await meetings.write_minutes(chair, meeting.id, text="示例纪要")
        await meetings.close(chair, meeting.id)


async def _sheets() -> None:
    good = sheet.text(["单位", "类别"], ["示例新镇", "乡镇"]).encode()
    bad = sheet.text(["单位", "类别"], ["示例村", "村"]).encode()
    for content in (good, bad):
        found = await intake.preview(SYSTEM, SheetKind.UNITS, file_name="示例.csv", content=content)
        await tray.put(found, content, "zh")
