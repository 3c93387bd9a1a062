"""`xinbao serve`: one of the three processes alone, on database and queue given by address."""

import asyncio
import socket
from typing import Annotated

import typer

from domain.kit.settings import settings
from xinbao import house
from xinbao.home import Home
from xinbao.house import Part
from xinbao.inside import up_to_date
from xinbao.say import Stop, tell
from xinbao.signals import Switch
from xinbao.up import check_assets, listen, run_until_told

app = typer.Typer(add_completion=False)


@app.command()
def serve(part: Annotated[Part, typer.Argument(help="web | api | worker")]) -> None:
    """只运行一个进程：网页、接口或定时任务（分布部署用，见 compose.yaml）。

    Run one process alone, for an installation of several containers or machines.
    DATABASE_URL and REDIS_URL must be set; run `xinbao migrate` first.

    退出码 / Exit codes: 0 已停止 ended; 2 设置或环境有误 wrong settings or surroundings.
    """
    if settings().is_embedded:
        raise Stop("addresses-needed")
    Home(settings().home).claim()
    if part is Part.WORKER:
        run_until_told(_work)
        return
    check_assets()
    with listen(settings().host, settings().port) as listener:
        run_until_told(lambda switch: _serve(part, listener, switch))


def _addresses() -> tuple[str, str]:
    config = settings()
    return config.database_url or "", config.redis_url or ""


async def _serve(part: Part, listener: socket.socket, switch: Switch) -> None:
    database_url, redis_url = _addresses()
    await up_to_date(database_url)
    parts = frozenset({part})

    async def begun() -> None:
        tell("part-is-up", part=part, origin=f"http://{settings().host}:{settings().port}")

    async with house.opened(parts, database_url, redis_url):
        await house.serve(parts, redis_url, listener, begun=begun, switch=switch)


async def _work(switch: Switch) -> None:
    database_url, redis_url = _addresses()
    await up_to_date(database_url)
    stop = asyncio.Event()
    async with house.opened(frozenset({Part.WORKER}), database_url, redis_url):
        tell("part-is-up", part=Part.WORKER, origin="")
        with switch.does(stop.set):
            await stop.wait()
