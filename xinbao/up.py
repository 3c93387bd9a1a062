"""`xinbao up`: the whole house in one process. `xinbao serve`: one of its processes alone."""

import asyncio
import errno
import logging
import socket
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack, suppress
from importlib import import_module
from typing import Annotated, Any

import typer
import uvloop

from domain.kit.settings import settings
from xinbao import database, embedded, say
from xinbao.home import Home
from xinbao.inside import up_to_date
from xinbao.say import Stop
from xinbao.signals import Switch

app = typer.Typer(add_completion=False)
LOGIN = ("role_zh", "role_en", "login", "password")
Demo = Annotated[
    bool,
    typer.Option("--demo", help="空库时填入示例县 / Fill an empty database with the demo county."),
]


@app.command()
def up(*, demo: Demo = False) -> None:
    """启动信报：数据库、队列、网页、接口和定时任务，一个命令全部运行。

    Start everything in one process: database, queue, pages, GraphQL and the scheduled work.
    Ctrl+C or SIGTERM ends it cleanly. Settings: `xinbao config check`.

    退出码 / Exit codes: 0 已停止 ended; 1 启动失败 could not start; 2 设置或环境有误 wrong settings
    or surroundings.
    """
    if demo and settings().production:
        raise Stop("no-demo-in-production")
    check_assets()
    home = Home(settings().home)
    home.claim()
    with ExitStack() as door:
        if settings().is_embedded:
            home.lock(door)
        listener = door.enter_context(listen(settings().host, settings().port))
        run_until_told(lambda switch: _up(home, listener, switch, demo=demo))


async def _up(home: Home, listener: socket.socket, switch: Switch, *, demo: bool) -> None:
    async with AsyncExitStack() as stack:
        # The servers take their time outside Python; ours is spent on loading meanwhile.
        loading = asyncio.create_task(asyncio.to_thread(load))
        database_url, redis_url = await _servers(home, stack)
        house = await loading
        await up_to_date(database_url)
        parts = frozenset(house.Part)
        await stack.enter_async_context(house.opened(parts, database_url, redis_url))
        if demo:
            await stack.enter_async_context(import_module("xinbao.showing").shown())
        await house.serve(parts, redis_url, listener, begun=welcome, switch=switch)


async def _servers(home: Home, stack: AsyncExitStack) -> tuple[str, str]:
    """The addresses of database and queue; our own are started, and kept running."""
    config = settings()
    if config.database_url and config.redis_url:
        return config.database_url, config.redis_url
    servers = await stack.enter_async_context(embedded.running(home))
    await database.ensure_database(servers.database_url)
    await stack.enter_async_context(servers.kept())
    return servers.database_url, servers.redis_url


def load() -> Any:
    """The house and its parts, which take a while to load."""
    for part in ("web.app", "api.app", "workers.settings"):
        import_module(part)
    return import_module("xinbao.house")


def run_until_told(main: Callable[[Switch], Awaitable[None]]) -> None:
    """Run until SIGTERM or SIGINT, which end it as cleanly before the house is ready as after."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")

    async def live() -> None:
        task = asyncio.ensure_future(main(switch := Switch()))
        with switch.does(task.cancel), suppress(asyncio.CancelledError):
            await task

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(live())


def check_assets() -> None:
    """Pages without their script would be half a product: say so before they are served."""
    if settings().assets == "local" and not settings().htmx_file.is_file():
        raise Stop("htmx-missing")


def listen(host: str, port: int) -> socket.socket:
    """Take the port at once, so that a busy one is known before anything is started."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        busy = error.errno == errno.EADDRINUSE
        raise Stop("port-busy" if busy else "port-refused", host=host, port=port) from error
    return listener


async def welcome() -> None:
    """Where the house is, and who may try it."""
    origin = settings().origin
    say.tell("is-up")
    say.tell("pages-at", address=f"{origin}/")
    say.tell("graphql-at", address=f"{origin}/graphql")
    if logins := await import_module("xinbao.demo").logins():
        say.tell("example-logins")
        for each in logins:
            say.tell("example-login", **{name: getattr(each, name) for name in LOGIN})
    say.tell("how-to-stop")
