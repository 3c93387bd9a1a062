"""The ground every test stands on: real servers, an empty county, and no way out of the machine."""

import asyncio
import ipaddress
import os
import sys
from pathlib import Path

import asyncpg
import pytest
import redis

from domain.kit.db import open_database
from domain.kit.settings import settings
from tests import servers
from tests.tools import finding


def _is_this_machine(address) -> bool:
    if not isinstance(address, tuple):
        return True
    host = str(address[0]).strip("[]")
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class OtherMachine(RuntimeError):
    """A test tried to reach something that is not this machine."""


def _stay_here(event: str, args: tuple) -> None:
    if event in ("socket.connect", "socket.sendto") and not _is_this_machine(args[1]):
        raise OtherMachine(args[1])
    if event == "socket.getaddrinfo" and args[0] and not _is_this_machine((args[0],)):
        raise OtherMachine(args[0])


sys.addaudithook(_stay_here)


def worker() -> str:
    """This process among the run's: `gw0`, `gw1`, …, or `main` when it is alone."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def pytest_configure(config) -> None:
    if getattr(config.option, "numprocesses", None) and worker() == "main":
        servers.begin()


def pytest_unconfigure(config) -> None:
    servers.end()


def pytest_terminal_summary(terminalreporter) -> None:
    if any(
        "no Chromium" in str(report.longrepr) for report in terminalreporter.getreports("skipped")
    ):
        terminalreporter.write_sep(
            "!", "没有浏览器：网页测试没有运行 / NO BROWSER: pages were not tested"
        )


@pytest.fixture(scope="session")
def running() -> servers.Running:
    """The run's PostgreSQL and Valkey."""
    return asyncio.run(servers.ready())


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory) -> Path:
    """No test touches the data folder of whoever runs them."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("XINBAO_")]:
        if name not in (servers.VARIABLE, "XINBAO_CHROMIUM", "XINBAO_HTMX"):
            del os.environ[name]
    os.environ["XINBAO_HOME"] = str(home)
    settings.cache_clear()
    return home


@pytest.fixture(scope="session")
def database_url(running) -> str:
    """This worker's own database; `db` empties it for each test."""
    return asyncio.run(servers.new_database(running, f"test_{worker()}"))


@pytest.fixture
def redis_url(running) -> str:
    """This worker's own queue, emptied."""
    number = int(worker().removeprefix("gw")) + 1 if worker() != "main" else 0
    address = f"{running.redis_url}?db={number}"
    with redis.Redis.from_url(address) as queue:
        queue.flushdb()
    return address


@pytest.fixture
async def db(database_url, redis_url, monkeypatch):
    """An empty, migrated database, opened. Its address."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("select seed.restore()")
    finally:
        await connection.close()
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    settings.cache_clear()
    async with open_database(database_url):
        yield database_url
    settings.cache_clear()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path. Without one: an error under CI=true, a loud skip elsewhere."""
    found = finding.chromium()
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("no Chromium: set XINBAO_CHROMIUM, or run `make test`")
    return str(found or pytest.skip("no Chromium"))


@pytest.fixture(scope="session")
def htmx() -> bytes:
    """The one third-party script, to answer the CDN's address with in a browser."""
    found = finding.htmx()
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("no htmx: set XINBAO_HTMX, or run `make test`")
    return found or pytest.skip("no htmx")
