"""`xinbao token`: keys for other systems that use the API."""

from typing import Annotated
from uuid import UUID

import typer

from domain.kit import clock
from domain.kit.actor import SYSTEM, Scope
from domain.people import actions, queries
from domain.people.models import ApiToken
from domain.units import queries as units
from xinbao.inside import inside
from xinbao.say import Stop, tell

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def token() -> None:
    """接口令牌：新建、列表、作废。 / Tokens of the API: new, list, revoke.

    令牌不能审签。 / A token never signs.

    退出码 / Exit codes: 0 成功 done; 1 被规则拒绝 refused by a rule; 2 输入有误 wrong input.
    """


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="用途，如 州平台对接 / what it is for")],
    scope: Annotated[list[Scope], typer.Option(help="权限，可多次给出 / may be repeated")],
    unit: Annotated[str, typer.Option(help="单位全称；不给则为全县 / unit; else county-wide")] = "",
    days: Annotated[int, typer.Option(help="有效天数 / days it is valid", min=1)] = 90,
) -> None:
    """新建令牌，只显示一次。 / Make a token. It is shown once and kept only as a hash."""

    async def main() -> str:
        where = await units.current().get_or_none(name=unit) if unit else None
        if unit and where is None:
            raise Stop("no-such-unit", unit=unit)
        secret, _ = await actions.new_token(
            SYSTEM, name=name, scopes=scope, unit_id=where.id if where else None, days=days
        )
        return secret

    typer.echo(inside(main))


@app.command("list")
def list_() -> None:
    """列出令牌：编号、名称、末六位、权限、单位、到期、状态，以制表符分隔。

    List tokens: number, name, last characters, scopes, unit, expiry, state; separated by tabs.
    """

    async def main() -> list[ApiToken]:
        return await queries.tokens(SYSTEM)

    for each in inside(main):
        typer.echo("\t".join(_cells(each)))


@app.command()
def revoke(number: Annotated[UUID, typer.Argument(help="编号，见 list / from list")]) -> None:
    """立即作废令牌。 / Shut a token out at once."""

    async def main() -> ApiToken:
        return await actions.revoke_token(SYSTEM, number)

    tell("token-revoked", name=inside(main).name)


def _cells(token: ApiToken) -> tuple[str, ...]:
    unit = token.unit.name if token.unit else "全县 county"
    ends = clock.local_date(token.expires_at)
    return (
        str(token.id), token.name, f"…{token.hint}", ",".join(token.scopes), unit, str(ends),
        _state(token),
    )  # fmt: skip


def _state(token: ApiToken) -> str:
    if token.revoked_at is not None:
        return "已作废 revoked"
    return "有效 valid" if token.expires_at > clock.now() else "已过期 expired"
