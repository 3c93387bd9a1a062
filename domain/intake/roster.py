"""The roster 「…分管领导、通讯员统计表」. 附件3; R15, R53–R55."""

import re
from dataclasses import dataclass
from typing import ClassVar

from domain.intake.desk import Cells, Desk, latest, unit_register
from domain.intake.rules import Differs, NotANumber
from domain.intake.sheets import Row, may, must
from domain.intake.verdicts import Outcome
from domain.kit.actor import Duty
from domain.people import actions, queries
from domain.people.models import Appointment, Person
from domain.units.models import Unit

DUTIES = {
    "通讯员": Duty.CORRESPONDENT,
    "分管领导": Duty.LEADER_IN_CHARGE,
    "主要领导": Duty.PRINCIPAL_LEADER,
    "保密审查人": Duty.CONFIDENTIALITY_REVIEWER,
    "新闻通讯员": Duty.CORRESPONDENT,
    "网评员": Duty.CORRESPONDENT,
    "信息员": Duty.CORRESPONDENT,
    "报送人": Duty.CORRESPONDENT,
    "主要负责人": Duty.PRINCIPAL_LEADER,
    "保密审查员": Duty.CONFIDENTIALITY_REVIEWER,
    "保密员": Duty.CONFIDENTIALITY_REVIEWER,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the roster."""

    unit: Unit
    name: str
    post: str
    duty: Duty
    office_phone: str
    mobile: str


class Roster(Desk):
    """One name in one unit is one person, who may hold several duties."""

    columns = (
        must("单位", "单位名称", "所在单位"),
        must("姓名", limit=40),
        must("职务", "职务职级", limit=60),
        must("类型", "类别", "人员类型", "岗位", limit=20),
        may("办公电话", "电话", "座机", limit=30),
        may("手机", "手机号", "手机号码", "联系电话", "移动电话", limit=30),
    )
    fields: ClassVar = {"name": "姓名", "post": "职务", "duty": "类型", "mobile": "手机",
              "office_phone": "办公电话"}  # fmt: skip

    async def open(self) -> None:
        self.units = await unit_register(self.actor)
        self.held: dict[tuple[object, str], list[Appointment]] = {}
        for appointment in await queries.current_appointments():
            self._keep(appointment, appointment.person)

    def _keep(self, appointment: Appointment, person: Person) -> None:
        appointment.person = person
        self.held.setdefault((appointment.unit_id, person.name), []).append(appointment)

    async def take(self, row: Row) -> Outcome:
        entry = self._read(row)
        held = self.held.get((entry.unit.id, entry.name), [])
        if same := [each for each in held if each.duty is entry.duty]:
            _check_same(entry, same[0])
            return Outcome.UNCHANGED
        person = held[0].person if held else await self._person(entry)
        appointment = await actions.appoint(
            self.actor, person.id, unit_id=entry.unit.id, duty=entry.duty, post=entry.post
        )
        self._keep(appointment, person)
        return Outcome.CREATED

    async def _person(self, entry: Entry) -> Person:
        return await actions.create_person(
            self.actor, name=entry.name, mobile=entry.mobile, office_phone=entry.office_phone
        )

    def _read(self, row: Row) -> Entry:
        cells = Cells()
        found: list[Unit] = cells.read([], self.units.named, row)
        name = cells.read("", row.name, "姓名")
        post = cells.read("", row.name, "职务")
        duty = cells.read(Duty.CORRESPONDENT, row.choice, "类型", DUTIES)
        office_phone = cells.read("", read_phone, row, "办公电话")
        mobile = cells.read("", read_phone, row, "手机")
        cells.done()
        return Entry(latest(found), name, post, duty, office_phone, mobile)


def read_phone(row: Row, column: str) -> str:
    """Digits with the usual marks between them; blank is blank. Raises NotANumber."""
    text = row.text(column)
    if text and not re.fullmatch(r"\+?[\d\-— ()（）转/、,，]{3,30}", text):
        raise NotANumber(column, text)
    return text


def _check_same(entry: Entry, appointment: Appointment) -> None:
    """A new post or number is written on the person's page, where the old one stays on record."""
    cells = Cells()
    if entry.post != appointment.post:
        cells.errors.append(Differs("职务", entry.post, appointment.post))
    if entry.mobile and appointment.person.mobile not in ("", entry.mobile):
        cells.errors.append(Differs("手机", entry.mobile, appointment.person.mobile))
    cells.done()
