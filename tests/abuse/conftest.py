"""A county in a database of its own, built once: every request is undone, so all may share it."""

import asyncio

import pytest
import time_machine

from domain.kit.db import open_database
from tests.abuse import county
from tests.conftest import worker
from tests.servers import new_database


@pytest.fixture(scope="session")
def built(running) -> tuple[str, county.Place]:
    async def build() -> tuple[str, county.Place]:
        address = await new_database(running, f"abuse_{worker()}")
        async with open_database(address):
            return address, await county.build()

    return asyncio.run(build())


@pytest.fixture
async def place(built):
    """The county on 2 May 2018, its clock standing still."""
    address, found = built
    with time_machine.travel(county.NOW, tick=False):
        async with open_database(address):
            yield found
