"""`xinbao user`: the accounts of people, as an administrator at the machine keeps them."""

from typing import Annotated

import typer

from domain.kit.actor import SYSTEM, Duty
from domain.kit.db import work
from domain.kit.text import name as called
from domain.people import actions, keys, queries
from domain.people.models import Account
from domain.units import queries as units
from domain.units.models import ReceivingOffice, Unit
from xinbao.inside import inside
from xinbao.say import Stop, tell

app = typer.Typer(add_completion=False, no_args_is_help=True)
Login = Annotated[str, typer.Argument(help="登录名 / login")]


@app.callback()
def user() -> None:
    """人员账号：新增、重设密码、停用、恢复、列表。 / Accounts: add, password, lock, unlock, list.

    退出码 / Exit codes: 0 成功 done; 1 被规则拒绝 refused by a rule; 2 输入有误 wrong input.
    """


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="姓名 / name")],
    login: Annotated[str, typer.Option(help="登录名 / login")],
    unit: Annotated[str, typer.Option(help="单位全称 / the unit's full name")],
    duty: Annotated[Duty, typer.Option(help="职责 / duty")],
    post: Annotated[str, typer.Option(help="职务，如 办公室主任 / post, as under a signature")],
    office: Annotated[str, typer.Option(help="接收单位（编辑才需要） / receiving office")] = "",
    mobile: Annotated[str, typer.Option(help="手机 / mobile")] = "",
) -> None:
    """新增一个人：登记姓名、任命职责、开通账号。打印一次性密码，首次登录须修改。

    Enter a person with a duty and an account. Prints a one-time password, to be changed at the
    first sign-in. All of it happens, or nothing.
    """

    async def main() -> str:
        where = await _unit(unit)
        receives = await _office(office) if office else None
        async with work():
            person = await actions.create_person(SYSTEM, name=name, mobile=mobile)
            await actions.appoint(
                SYSTEM,
                person.id,
                unit_id=where.id,
                duty=duty,
                post=post,
                office_id=receives.id if receives else None,
            )
            return await actions.open_account(SYSTEM, person.id, login=login)

    tell("one-time-password", login=login, password=inside(main))


@app.command()
def password(login: Login) -> None:
    """重设密码：原密码和所有登录立即失效，打印一次性密码。

    Reset a password: the old one and every sign-in end at once. Prints a one-time password.
    Also unlocks an account that was locked by wrong passwords.
    """

    async def main() -> str:
        return await actions.reset_password(SYSTEM, (await _account(login)).id)

    tell("one-time-password", login=login, password=inside(main))


@app.command()
def lock(login: Login) -> None:
    """停用：此人的权限和登录立即失效，姓名保留在记录里。

    Shut somebody out: rights and sign-ins end at once; the name stays in the records.
    """

    async def main() -> None:
        await actions.deactivate_person(SYSTEM, (await _account(login)).person.id)

    inside(main)
    tell("user-locked", login=login)


@app.command()
def unlock(login: Login) -> None:
    """恢复被停用的人。 / Let somebody in again: appointments still running are in force again."""

    async def main() -> None:
        await actions.reactivate_person(SYSTEM, (await _account(login)).person.id)

    inside(main)
    tell("user-unlocked", login=login)


@app.command("list")
def list_() -> None:
    """列出全部账号：登录名、姓名、单位、职责、状态，以制表符分隔。

    List every account: login, name, unit, duties, state; separated by tabs.
    """
    for line in inside(_lines):
        typer.echo(line)


async def _lines() -> list[str]:
    held: dict[object, list[str]] = {}
    for each in await queries.current_appointments():
        held.setdefault(each.person.id, []).append(f"{each.unit.name} {called(each.duty, 'zh')}")
    return [
        "\t".join(
            (each.login, each.person.name, "、".join(held.get(each.person.id, [])), state(each))
        )
        for each in await queries.accounts(SYSTEM)
    ]


def state(account: Account) -> str:
    """Whether and how the account can be used."""
    if not (account.active and account.person.active):
        return "停用 locked"
    return "待改密码 one-time password" if account.must_change_password else "可用 active"


async def _account(login: str) -> Account:
    found = await queries.accounts(SYSTEM).get_or_none(login=keys.spelled(login))
    if found is None:
        raise Stop("no-such-login", login=login)
    return found


async def _unit(name: str) -> Unit:
    found = await units.current().get_or_none(name=name)
    if found is None:
        raise Stop("no-such-unit", unit=name)
    return found


async def _office(name: str) -> ReceivingOffice:
    found = await units.offices().get_or_none(name=name)
    if found is None:
        names = "、".join([each.name for each in await units.offices()])
        raise Stop("no-such-office", office=name, offices=names)
    return found
