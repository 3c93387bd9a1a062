import asyncio
import shutil
import signal

import asyncpg
import pytest

from domain.kit.settings import settings
from tests.xinbao.houses import House


@pytest.fixture(autouse=True)
def nothing_left():
    """A test that fails leaves no house running."""
    before = len(House.started)
    yield
    while len(House.started) > before:
        House.started.pop().end(signal.SIGKILL)


@pytest.fixture
def house(tmp_path):
    """A house that is ready, on a data folder of its own."""
    with_life = House(tmp_path / "home").ready()
    yield with_life
    with_life.end()


@pytest.fixture(scope="module")
def shared_house(tmp_path_factory):
    """A house that several tests look at and none changes."""
    with_life = House(tmp_path_factory.mktemp("shared") / "home").ready()
    yield with_life
    with_life.end()


@pytest.fixture
def given_servers(database_url, redis_url, monkeypatch, tmp_path):
    """Commands in this process work on the test servers, the database emptied. Its address."""

    async def empty() -> None:
        connection = await asyncpg.connect(database_url)
        await connection.execute("select seed.restore()")
        await connection.close()

    asyncio.run(empty())
    monkeypatch.setenv("XINBAO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    settings.cache_clear()
    yield database_url
    settings.cache_clear()
    shutil.rmtree(tmp_path / "home", ignore_errors=True)
