"""People, their duties and deputies."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry
from tortoise.queryset import QuerySet

from domain.kit.actor import Actor, Duty
from domain.people import actions, queries, rules
from domain.people import models as rows
from schema.context import Info
from schema.enums import enum
from schema.inputs import Expected
from schema.nodes import (
    Node,
    asks,
    find_one,
    key,
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
from schema.units import ReceivingOffice, Unit, unit_rows
from schema.verbs import result, verb

people_rows = rows
"""Under this name for the features above."""

enum(Duty, "What a person is appointed to do. 职责")


@part(rows.Appointment, description="A duty with its post, from a day to a day. 任职")
class Appointment:
    id: strawberry.ID = own_id("Appointment")
    duty: Duty = says("分管领导, 通讯员 … 职责")
    post: str = says("As it is written under a signature. 职务")
    starts_on: date = says("First day. 起始日期")
    ends_on: date | None = says("Last day; null while in force. 截止日期")
    unit: Unit | None = one(unit_rows.Unit, "unit_id", "Where. 单位")
    office: ReceivingOffice | None = one(
        unit_rows.ReceivingOffice, "office_id", "Of editors: whose inbox. 接收单位"
    )
    person: Annotated["Person", strawberry.lazy("schema.people")] | None = one(
        rows.Person, "person_id", "Who. 人员"
    )


async def _mobiles(actor: Actor, keys: Sequence[UUID]) -> list[str]:
    people = {each.id: each for each in await queries.visible_to(actor).filter(id__in=keys)}
    places: dict[object, list[UUID]] = {}
    for held in await queries.current_appointments().filter(person_id__in=keys):
        places.setdefault(held.person_id, []).append(held.unit.id)
    return [
        rules.shown_mobile(actor, people[each], places.get(each, [])) if each in people else ""
        for each in keys
    ]


async def _mobile(root: strawberry.Parent[rows.Person], info: Info) -> str:
    return str(await info.context.loaders.by(_mobiles).load(root.id))


@node(
    rows.Person,
    queries.visible_to,
    description="Somebody named in the county's records. Signed-in people see everyone, a token "
    "those of its unit. 人员",
)
class Person(Node):
    name: str = says("姓名")
    office_phone: str = says("Of the office. 办公电话")
    active: bool = says("Still serves. 在职")
    version: int = says("For `expectedVersion`. 版本")
    appointments: list[Appointment] = many(
        rows.Appointment, "person_id", "Past, present and to come. 任职", order=("starts_on", "id")
    )

    mobile: str = told(
        _mobile, "In full to the own unit and the publicity department, else 138****1234. 手机"
    )


def _granted(actor: Actor) -> QuerySet[rows.DeputyGrant]:
    return queries.grants(actor)


@node(
    rows.DeputyGrant,
    _granted,
    description="「X 代 Y」 from a day to a day. The own units' people and administrators "
    "see it. 代签授权",
)
class DeputyGrant(Node):
    deputy_post: str = says("The deputy's post, as written under a signature. 代签人职务")
    starts_on: date = says("First day. 起始日期")
    ends_on: date = says("Last day. 截止日期")
    reason: str = says("Why the leader is absent. 事由")
    revoked_at: datetime | None = says("When it was taken back. 撤销时间")
    deputy: Person | None = one(rows.Person, "deputy_id", "Who stands in (X). 代签人")
    appointment: Appointment | None = one(
        rows.Appointment, "appointment_id", "For whose duty (Y). 被代任职"
    )


@strawberry.input(description="Which people; everything given must hold. 人员筛选")
class PersonFilter:
    unit_id: strawberry.ID | None = says("Appointed there today. 单位", default=None)
    duty: Duty | None = says("Holding this duty today. 职责", default=None)


@strawberry.type
class PeopleQuery:
    @listed(Person, "The roster, in the order people were entered. 名册")
    async def people(self, info: Info, filter: PersonFilter | None = None) -> Listed:
        found = queries.visible_to(info.context.actor)
        if filter and (filter.unit_id or filter.duty):
            held = queries.current_appointments()
            if filter.unit_id:
                held = held.filter(unit_id=key("Unit", filter.unit_id))
            if filter.duty:
                held = held.filter(duty=filter.duty)
            found = found.filter(id__in=await held.values_list("person_id", flat=True))
        return Listed(found, ("id",))

    @asks("One person. 人员", Person | None)
    async def person(self, info: Info, id: strawberry.ID) -> object:
        return await find_one(info.context, "Person", id)

    @listed(DeputyGrant, "Deputy grants of the own units, latest first. 代签授权列表")
    async def deputy_grants(self, info: Info) -> Listed:
        return Listed(queries.grants(info.context.actor), ("-starts_on", "-id"))


PersonResult = result("PersonResult", Person)
AppointmentResult = result("AppointmentResult", Appointment)
DeputyGrantResult = result("DeputyGrantResult", DeputyGrant)


@strawberry.type
class PeopleMutation:
    @verb(PersonResult, "Enter a person. Administrators, publicity department. 新增人员")
    async def create_person(
        self, info: Info, name: str, mobile: str = "", office_phone: str = ""
    ) -> rows.Person:
        return await actions.create_person(
            info.context.actor, name=name, mobile=mobile, office_phone=office_phone
        )

    @verb(PersonResult, "Put a person's entry right; what is null stays. 修改人员")
    async def change_person(
        self,
        info: Info,
        person_id: strawberry.ID,
        expected_version: Expected = None,
        name: str | None = None,
        mobile: str | None = None,
        office_phone: str | None = None,
    ) -> rows.Person:
        return await actions.change_person(
            info.context.actor,
            key("Person", person_id),
            expected_version=expected_version,
            name=name,
            mobile=mobile,
            office_phone=office_phone,
        )

    @verb(PersonResult, "Somebody leaves: sessions end, the name stays. Administrators. 停用人员")
    async def deactivate_person(
        self, info: Info, person_id: strawberry.ID, expected_version: Expected = None
    ) -> rows.Person:
        return await actions.deactivate_person(
            info.context.actor, key("Person", person_id), expected_version=expected_version
        )

    @verb(PersonResult, "Somebody is back. Administrators. 恢复人员")
    async def reactivate_person(
        self, info: Info, person_id: strawberry.ID, expected_version: Expected = None
    ) -> rows.Person:
        return await actions.reactivate_person(
            info.context.actor, key("Person", person_id), expected_version=expected_version
        )

    @verb(AppointmentResult, "Appoint a person to a duty. 任命")
    async def appoint(
        self,
        info: Info,
        person_id: strawberry.ID,
        unit_id: strawberry.ID,
        duty: Duty,
        post: str,
        office_id: strawberry.ID | None = None,
        starts_on: date | None = None,
    ) -> rows.Appointment:
        return await actions.appoint(
            info.context.actor,
            key("Person", person_id),
            unit_id=key("Unit", unit_id),
            duty=duty,
            post=post,
            office_id=key_or_none("ReceivingOffice", office_id),
            starts_on=starts_on,
        )

    @verb(AppointmentResult, "End an appointment with its last day. 免去")
    async def end_appointment(
        self, info: Info, appointment_id: strawberry.ID, last_day: date
    ) -> rows.Appointment:
        return await actions.end_appointment(
            info.context.actor, key("Appointment", appointment_id), last_day=last_day
        )

    @verb(DeputyGrantResult, "Have somebody stand in for a leader. 授权代签")
    async def grant_deputy(
        self,
        info: Info,
        appointment_id: strawberry.ID,
        deputy_id: strawberry.ID,
        deputy_post: str,
        starts_on: date,
        ends_on: date,
        reason: str,
    ) -> rows.DeputyGrant:
        return await actions.grant_deputy(
            info.context.actor,
            key("Appointment", appointment_id),
            deputy_id=key("Person", deputy_id),
            deputy_post=deputy_post,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason,
        )

    @verb(DeputyGrantResult, "Take a deputy grant back. 撤销代签")
    async def revoke_deputy(self, info: Info, grant_id: strawberry.ID) -> rows.DeputyGrant:
        return await actions.revoke_deputy(info.context.actor, key("DeputyGrant", grant_id))
