"""`xinbao migrate`: the tables, brought up to this version."""

import asyncio

import typer

from xinbao import database
from xinbao.inside import servers
from xinbao.say import tell

app = typer.Typer(add_completion=False)


@app.command()
def migrate() -> None:
    """把数据库表更新到本版本。可以重复运行；同时运行几个，也只更新一次。

    Bring the database's tables up to this version. Safe to run again, and to run twice at once.

    退出码 / Exit codes: 0 已是最新 up to date; 2 数据库比程序新或无法连接 newer or unreachable.
    """
    done = asyncio.run(_migrate())
    tell("migrated" if done else "nothing-to-migrate", count=len(done))


async def _migrate() -> list[str]:
    async with servers() as address:
        return await database.migrate(address, lambda name: tell("migrating", name=name))
