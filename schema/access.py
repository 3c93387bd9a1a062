"""Who acts, by which session or token; accounts, passwords and tokens."""

from datetime import datetime
from typing import Any

import strawberry

from domain.kit.actor import Actor, Duty, Held, Scope
from domain.people import actions, queries
from domain.people import models as rows
from schema.context import Info
from schema.enums import enum
from schema.nodes import asks, key, key_or_none, one, own_id, part, says, told
from schema.paging import Listed, listed
from schema.people import Person
from schema.units import ReceivingOffice, Unit, unit_rows
from schema.verbs import result, verb

enum(Scope, "What a token may be used for; no token ever signs. 令牌权限")


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


@strawberry.type
class AccessQuery:
    @asks("Who asks. 当前身份", Viewer)
    async def me(self, info: Info) -> Actor:
        return info.context.actor

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


OneTimePasswordResult = result("OneTimePasswordResult", OneTimePassword)
DoneResult = result("DoneResult", Done)
SignInResult = result("SignInResult", SignedIn)
NewTokenResult = result("NewTokenResult", NewToken)
ApiTokenResult = result("ApiTokenResult", ApiToken)


@strawberry.type
class AccessMutation:
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
