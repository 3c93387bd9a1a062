"""Where commands run: the settings, the data folder, and the database, opened."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from typing import TypeVar

import asyncpg

from domain.kit.db import open_database
from domain.kit.settings import settings
from xinbao import database, embedded
from xinbao.home import Home
from xinbao.say import Stop

Result = TypeVar("Result")


def inside(main: Callable[[], Awaitable[Result]]) -> Result:
    """Run a coroutine function with the database open and its tables up to date.

    Beside a running house it uses that house's servers; otherwise it starts PostgreSQL for as
    long as it takes. Raises Stop when the surroundings do not allow it.
    """

    async def run() -> Result:
        async with servers() as database_url:
            await up_to_date(database_url)
            async with open_database(database_url, pool=4):
                return await main()

    return asyncio.run(run())


@asynccontextmanager
async def servers() -> AsyncIterator[str]:
    """The database's address, its server running."""
    home = Home(settings().home)
    home.claim()
    if address := settings().database_url:
        yield address
        return
    while True:
        with ExitStack() as door:
            if home.try_lock(door):
                async with _own_server(home) as address:
                    yield address
                return
            door.enter_context(home.guest())
            if await _answers(address := embedded.database_address(home)):
                yield address
                return
        await asyncio.sleep(0.1)


@asynccontextmanager
async def _own_server(home: Home) -> AsyncIterator[str]:
    async with embedded.running(home, queue=False) as running:
        await database.ensure_database(running.database_url)
        with ExitStack() as door:
            try:
                yield running.database_url
            finally:
                door.enter_context(home.no_guests())


async def _answers(address: str) -> bool:
    try:
        connection = await asyncpg.connect(address)
    except (OSError, asyncpg.PostgresError):
        return False
    await connection.close()
    return True


async def up_to_date(address: str) -> None:
    """Bring the house's own database up; another's is only looked at."""
    if settings().is_embedded:
        await database.migrate(address)
        return
    async with database.connection(address) as connection:
        if missing := await database.check(connection):
            raise Stop("migrate-first", migration=missing[0])
