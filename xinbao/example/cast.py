"""The people of the example county. Every name says that it is an example."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from domain.intake.harvest import Harvest
from domain.kit import clock
from domain.kit.actor import Duty
from domain.kit.ids import new_id
from domain.people import passwords
from domain.people.models import Account, Appointment, Person
from domain.units.models import ReceivingOffice, Unit

PASSWORD = "qingshan-lvshui-8"  # noqa: S105  # of the example county only, and printed by `up`

STEMS = "甲乙丙丁戊己庚辛壬癸"
MANSIONS = "角亢氐房心尾箕斗牛女虚危室壁奎娄胃昴毕觜参井鬼柳星张翼轸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


@dataclass(frozen=True)
class Login:
    """An example login, as `xinbao up` prints it."""

    login: str
    password: str
    role_zh: str
    role_en: str


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody with an account: where, as what, under which name."""

    login: str
    name: str
    unit: str
    duty: Duty
    post: str
    zh: str
    en: str
    office: int | None = None
    """Which of the receiving offices he edits for."""


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("people.toml").read_text("utf-8"))


def roles() -> list[Role]:
    """One person with an account for each duty."""
    return [Role(**each | {"duty": Duty(each["duty"])}) for each in _data()["roles"]]


def logins() -> list[Login]:
    """One for each role."""
    return [Login(role.login, PASSWORD, role.zh, role.en) for role in roles()]


@dataclass(slots=True)
class Cast:
    """Who does what in the example county."""

    harvest: Harvest
    since: date
    by_duty: dict[tuple[object, Duty], list[tuple[Person, str]]] = field(default_factory=dict)
    editors: list[tuple[Person, ReceivingOffice]] = field(default_factory=list)
    by_login: dict[str, Person] = field(default_factory=dict)

    def of(self, unit: Unit, duty: Duty) -> tuple[Person, str]:
        """Who holds a duty in a unit, and his post."""
        return self.by_duty[unit.id, duty][0]

    def editors_of(self, office: ReceivingOffice) -> list[Person]:
        return [person for person, of in self.editors if of.id == office.id]

    def engage(
        self, unit: Unit, duty: Duty, name: str, post: str, office: ReceivingOffice | None = None
    ) -> Person:
        person = Person(id=new_id(), name=name, mobile=f"1000000{len(self.harvest.people):04}")
        self.harvest.people.append(person)
        self.harvest.appointments.append(
            Appointment(
                person_id=person.id,
                unit=unit,
                office=office,
                duty=duty,
                post=post,
                starts_on=self.since,
            )
        )
        self.by_duty.setdefault((unit.id, duty), []).append((person, post))
        if office is not None:
            self.editors.append((person, office))
        return person


async def hire(
    harvest: Harvest, units: list[Unit], offices: list[ReceivingOffice], since: date
) -> Cast:
    """Everybody the county needs: three or four people a unit, two editors an office."""
    cast, names = Cast(harvest, since), _names()
    by_name = {unit.name: unit for unit in units}
    password_hash = await passwords.hashed(PASSWORD)
    for role in roles():
        office = None if role.office is None else offices[role.office]
        person = cast.engage(by_name[role.unit], role.duty, role.name, role.post, office)
        cast.by_login[role.login] = person
        harvest.accounts.append(_account(role.login, person, password_hash))
    for office in offices:
        home = next(unit for unit in units if unit.id == office.unit_id)
        cast.engage(home, Duty.OFFICE_EDITOR, next(names), "信息员", office)
    for unit in units:
        _staff(cast, unit, names)
    return cast


def _staff(cast: Cast, unit: Unit, names: Iterator[str]) -> None:
    writer, deputy, head = posts_of(unit)
    wanted = [
        (Duty.CORRESPONDENT, writer),
        (Duty.LEADER_IN_CHARGE, deputy),
        (Duty.PRINCIPAL_LEADER, head),
    ]
    if unit.restricted_line:
        wanted.append((Duty.CONFIDENTIALITY_REVIEWER, "保密办主任"))
    for duty, post in wanted:
        if (unit.id, duty) not in cast.by_duty:
            cast.engage(unit, duty, next(names), post)


def posts_of(unit: Unit) -> tuple[str, str, str]:
    """What correspondent, leader in charge and principal leader are called there."""
    data = _data()
    found = [posts for ending, posts in data["posts"].items() if unit.name.endswith(ending)]
    writer, deputy, head = found[-1] if found else data["usual_posts"]
    return writer, deputy, head


def _names() -> Iterator[str]:
    """示例角子, 示例角丑, …: plainly nobody's."""
    for mansion, branch in product(MANSIONS, BRANCHES):
        yield f"示例{mansion}{branch}"
    for stem, mansion in product(STEMS, MANSIONS):
        yield f"示例{stem}{mansion}"


def _account(login: str, person: Person, password_hash: str) -> Account:
    return Account(
        person_id=person.id,
        login=login,
        password_hash=password_hash,
        password_changed_at=clock.now(),
        must_change_password=False,
    )
