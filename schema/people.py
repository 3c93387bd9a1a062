"""People, their duties, deputies, accounts and tokens; signing in and out."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from tortoise.queryset import QuerySet

from domain.kit.actor import Actor, Duty, Held, Scope
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
enum(Scope, "What a token may be used for; no token ever signs. 令牌权限")


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


@part(rows.Account, description="The key to sign in with. Administrators see it. 账号")
class Account:
    id: strawberry.ID = own_id("Account")
    login: str = says("登录名")
    active: bool = says("May sign in. 是否启用")
    must_change_password: bool = says("Still has a one-time password. 须改密码")
    locked_until: datetime | None = says("After five failures. 锁定至")
    person: Person | None = one(rows.Person, "person_id", "Whose. 人员")


@part(rows.ApiToken, description="A key for another system. Administrators see it. 接口令牌")
class ApiToken:
    id: strawberry.ID = own_id("ApiToken")
    name: str = says("What it is for. 名称")
    hint: str = says("Its last characters. 尾号")
    scopes: list[Scope] = says("What it may do. 权限", most=4)
    unit: Unit | None = one(unit_rows.Unit, "unit_id", "Null: county-wide. 限定单位")
    created_at: datetime = says("创建时间")
    expires_at: datetime = says("失效时间")
    last_used_at: datetime | None = says("最近使用")
    revoked_at: datetime | None = says("撤销时间")


@part(Held, description="One duty in force today. 当前职责")
class HeldDuty:
    duty: Duty = says("职责")
    post: str = says("职务")
    deputy_for: str | None = says("「X 代 Y」: the name of Y. 代何人")
    unit: Unit | None = one(unit_rows.Unit, "unit_id", "单位")
    office: ReceivingOffice | None = one(unit_rows.ReceivingOffice, "office_id", "接收单位")


@part(rows.LoginSession, description="A sign-in on one device. 登录会话")
class LoginSession:
    id: strawberry.ID = own_id("LoginSession")
    user_agent: str = says("The browser or program. 设备")
    address: str = says("Where it came from. 地址")
    created_at: datetime = says("登录时间")
    last_seen_at: datetime = says("最近活动")
    ends_at: datetime = says("失效时间")


def _scopes(root: strawberry.Parent[Actor]) -> list[Scope] | None:
    return None if root.scopes is None else sorted(root.scopes)


def _duties(root: strawberry.Parent[Actor]) -> tuple[Held, ...]:
    return root.held


async def _sessions(root: strawberry.Parent[Actor]) -> list[rows.LoginSession]:
    return [] if root.is_token else await queries.my_sessions(root)


async def _must_change(root: strawberry.Parent[Actor]) -> bool:
    return not root.is_token and await queries.must_change_password(root)


@part(Actor, description="Who this session or token is, and what it may do today. 当前身份")
class Viewer:
    name: str = says("The person's name, or the token's. 姓名")
    is_token: bool = says("Whether a token asks. 是否接口令牌")
    scopes: list[Scope] | None = told(_scopes, "Of a token; null in a session. 权限", most=4)
    duties: list[HeldDuty] = told(
        _duties, "Empty until a one-time password is changed. 职责", most=10
    )
    sessions: list[LoginSession] = told(_sessions, "Where one is signed in. 登录会话", most=10)
    must_change_password: bool = told(_must_change, "Do `changePassword` first. 须先修改密码")
    person: Person | None = one(rows.Person, "person_id", "Null for a token. 人员")
    unit: Unit | None = one(unit_rows.Unit, "unit_id", "Null for a county-wide token. 单位")


@strawberry.input(description="Which people; everything given must hold. 人员筛选")
class PersonFilter:
    unit_id: strawberry.ID | None = says("Appointed there today. 单位", default=None)
    duty: Duty | None = says("Holding this duty today. 职责", default=None)


@strawberry.type
class PeopleQuery:
    @asks("Who asks. 当前身份", Viewer)
    async def me(self, info: Info) -> Actor:
        return info.context.actor

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

    @listed(Account, "Accounts. Administrators. 账号列表")
    async def accounts(self, info: Info) -> Listed:
        return Listed(queries.accounts(info.context.actor), ("login",))

    @listed(ApiToken, "Tokens, latest first. Administrators. 接口令牌列表")
    async def tokens(self, info: Info) -> Listed:
        return Listed(queries.tokens(info.context.actor), ("-created_at", "-id"))


def _viewer(root: strawberry.Parent["SignedIn"]) -> Actor:
    return root.actor


@strawberry.type(description="A new session. 登录成功")
class SignedIn:
    token: str = says("Send it as `Authorization: Bearer …`. Shown once. 会话令牌")
    ends_at: datetime = says("In 12 hours, or after 30 minutes without a request. 失效时间")
    actor: strawberry.Private[Actor]
    viewer: Viewer = told(_viewer, "Who has signed in. 当前身份")


@strawberry.type(description="Carried out; there is nothing more to say. 已办理")
class Done:
    done: bool = says("Always true. 已办理", default=True)


@strawberry.type(description="A password that its owner changes on first use. 一次性密码")
class OneTimePassword:
    password: str = says("Shown once. 一次性密码")


@strawberry.type(description="A new token. 新令牌")
class NewToken:
    secret: str = says("Shown once. 令牌")
    token: ApiToken = says("What is kept of it. 令牌信息")


PersonResult = result("PersonResult", Person)
AppointmentResult = result("AppointmentResult", Appointment)
DeputyGrantResult = result("DeputyGrantResult", DeputyGrant)
OneTimePasswordResult = result("OneTimePasswordResult", OneTimePassword)
DoneResult = result("DoneResult", Done)
SignInResult = result("SignInResult", SignedIn)
NewTokenResult = result("NewTokenResult", NewToken)
ApiTokenResult = result("ApiTokenResult", ApiToken)


@strawberry.type
class PeopleMutation:
    @verb(SignInResult, "Sign in. Open to all; one of a request. 登录")
    async def sign_in(self, info: Info, login: str, password: str) -> SignedIn:
        token, session = await actions.sign_in(
            login, password, user_agent=info.context.user_agent, address=info.context.address
        )
        actor = await queries.actor_by_session(token)
        assert actor is not None
        info.context.enter(actor)
        return SignedIn(token=token, ends_at=session.ends_at, actor=actor)

    @verb(DoneResult, "End this session. 退出", bare=True)
    async def sign_out(self, info: Info) -> Done:
        await actions.sign_out(info.context.actor)
        return Done()

    @verb(DoneResult, "End one of one's own sessions; administrators any. 结束会话")
    async def end_session(self, info: Info, session_id: strawberry.ID) -> Done:
        await actions.end_session(info.context.actor, key("LoginSession", session_id))
        return Done()

    @verb(DoneResult, "Change one's own password; other sessions end. 修改密码")
    async def change_password(self, info: Info, old: str, new: str) -> Done:
        await actions.change_password(info.context.actor, old=old, new=new)
        return Done()

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

    @verb(OneTimePasswordResult, "Give a person an account. Administrators. 开通账号")
    async def open_account(
        self, info: Info, person_id: strawberry.ID, login: str
    ) -> OneTimePassword:
        person = key("Person", person_id)
        return OneTimePassword(
            password=await actions.open_account(info.context.actor, person, login=login)
        )

    @verb(
        OneTimePasswordResult, "Give an account a new one-time password. Administrators. 重置密码"
    )
    async def reset_password(self, info: Info, account_id: strawberry.ID) -> OneTimePassword:
        account = key("Account", account_id)
        return OneTimePassword(password=await actions.reset_password(info.context.actor, account))

    @verb(NewTokenResult, "Make a token. Administrators, in a session. 新建令牌")
    async def create_token(
        self,
        info: Info,
        name: str,
        scopes: list[Scope],
        days: int,
        unit_id: strawberry.ID | None = None,
    ) -> Any:
        secret, token = await actions.new_token(
            info.context.actor,
            name=name,
            scopes=scopes,
            unit_id=key_or_none("Unit", unit_id),
            days=days,
        )
        return NewToken(secret=secret, token=token)  # type: ignore[arg-type]  # a row stands for its type

    @verb(ApiTokenResult, "End a token at once. Administrators. 撤销令牌")
    async def revoke_token(self, info: Info, token_id: strawberry.ID) -> rows.ApiToken:
        return await actions.revoke_token(info.context.actor, key("ApiToken", token_id))
