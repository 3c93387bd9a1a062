"""What was acknowledged is there after every kill -9, of the house or of its database alone."""

import asyncio
import os
import signal
from functools import partial

import asyncpg
import pytest

from tests.xinbao.houses import House, until
from xinbao.embedded import database_address
from xinbao.home import Home

ROUNDS = 10
ENOUGH = 200
"""Acknowledged rows before the next kill."""

pytestmark = pytest.mark.slow


async def write_and_kill(address: str, acknowledged: list[int], victim: int) -> None:
    """Insert rows one by one, each counted once PostgreSQL has said so; kill in between."""
    connection = await asyncpg.connect(address)
    last_goal = len(acknowledged) + ENOUGH
    try:
        while True:
            number = len(acknowledged)
            await connection.execute("insert into proof values ($1) on conflict do nothing", number)
            acknowledged.append(number)
            if number == last_goal:
                os.kill(victim, signal.SIGKILL)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        return
    finally:
        connection.terminate()


async def kept(address: str) -> set[int]:
    connection = await asyncpg.connect(address)
    try:
        await connection.execute("create table if not exists proof (number int primary key)")
        return {row[0] for row in await connection.fetch("select number from proof")}
    finally:
        await connection.close()


def is_another(house: House, killed: int) -> bool:
    return house.child("postgres") not in (killed, None)


def test_killed_houses_lose_nothing(tmp_path):
    address, acknowledged = database_address(Home(tmp_path / "home")), []
    for _ in range(ROUNDS):
        house = House(tmp_path / "home").ready()
        assert asyncio.run(kept(address)) >= set(acknowledged)
        asyncio.run(write_and_kill(address, acknowledged, house.process.pid))
        house.process.wait()
    house = House(tmp_path / "home").ready()
    assert asyncio.run(kept(address)) >= set(acknowledged)
    assert house.end() == 0


def test_killed_databases_lose_nothing(house):
    address, acknowledged = database_address(Home(house.home)), []
    for _ in range(ROUNDS):
        until(house.is_ready)
        assert asyncio.run(kept(address)) >= set(acknowledged)
        killed = house.child("postgres")
        asyncio.run(write_and_kill(address, acknowledged, killed))
        until(partial(is_another, house, killed))
    until(house.is_ready)
    assert asyncio.run(kept(address)) >= set(acknowledged)
