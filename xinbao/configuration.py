"""`xinbao config check`: every setting as it stands, and what is wrong with the surroundings."""

import asyncio
import re
import socket
from collections.abc import Iterator

import typer
from redis.asyncio import Redis
from redis.exceptions import RedisError

from domain.kit.settings import Settings, settings
from xinbao import database
from xinbao.home import Home
from xinbao.say import Stop, line, out

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def config() -> None:
    """设置（全部由环境变量给出）。 / Settings, all of them environment variables.

    退出码 / Exit codes: 0 没有问题 all right; 2 有问题 something is wrong.
    """


@app.command()
def check() -> None:
    """列出全部设置（密码隐去），并检查数据目录、端口、数据库和队列。

    Print every setting, passwords hidden, and say what is wrong with data folder, port, database
    and queue.

    退出码 / Exit codes: 0 没有问题 all right; 2 有问题 something is wrong.
    """
    for each in _lines(settings()):
        out.print(each, markup=False)
    problems = [*_warnings(settings()), *_problems(settings())]
    for problem in problems:
        out.print("✗ " + problem, markup=False)
    if problems:
        raise typer.Exit(2)
    out.print("✓ " + line("settings-right"), markup=False)


def _lines(config: Settings) -> Iterator[str]:
    for name, field in type(config).model_fields.items():
        variable = str(field.validation_alias or f"XINBAO_{name.upper()}")
        value = getattr(config, name)
        shown = masked(str(value)) if value is not None else "—"
        meaning = line(f"setting-{name.replace('_', '-')}")
        yield f"{variable:<18} {shown:<24} {meaning}"


def masked(value: str) -> str:
    """An address without its password."""
    return re.sub(r"(://[^:/@]*):[^@/]*@", r"\1:***@", value)


def _warnings(config: Settings) -> Iterator[str]:
    if config.assets == "local" and not config.htmx_file.is_file():
        yield line("htmx-missing")
    if config.production and not config.is_secure:
        yield line("not-https")


def _problems(config: Settings) -> Iterator[str]:
    home = Home(config.home)
    try:
        home.inspect()
        yield from asyncio.run(_servers(config))
    except Stop as stop:
        yield str(stop)
    if not home.is_in_use() and _port_is_busy(config):
        yield line("port-busy", port=config.port)


async def _servers(config: Settings) -> list[str]:
    """What is wrong with the database and queue given by address."""
    found = []
    if config.database_url and config.redis_url:
        try:
            async with database.connection(config.database_url) as connection:
                await database.check(connection)
        except Stop as stop:
            found.append(str(stop))
        try:
            async with Redis.from_url(config.redis_url, socket_timeout=3) as queue:
                await queue.ping()
        except RedisError:
            found.append(line("queue-unreachable"))
    return found


def _port_is_busy(config: Settings) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((config.host, config.port)) == 0
