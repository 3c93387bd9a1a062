"""What the abuse cases share: raw SQL past every rule, and acts that race one another."""

import asyncio
from contextlib import asynccontextmanager

import asyncpg
import pytest
import time_machine
from tortoise import connections

from domain.kit import clock
from domain.kit.clock import COUNTY
from domain.kit.errors import DomainError


async def sql(statement: str, *values) -> None:
    """As whoever holds the application's own connection could say it."""
    await connections.get("default").execute_query(statement, list(values))


async def value(statement: str, *values):
    rows = await connections.get("default").execute_query_dict(statement, list(values))
    return next(iter(rows[0].values()))


async def refused_by_the_database(address: str, *statements: str) -> str:
    """Runs them in one transaction, which must fail. What PostgreSQL names as the reason."""
    connection = await asyncpg.connect(address)
    try:
        with pytest.raises(asyncpg.PostgresError) as refusal:
            await connection.execute("; ".join(statements))
    finally:
        await connection.close()
    return refusal.value.constraint_name or refusal.value.sqlstate


@asynccontextmanager
async def as_superuser(address: str):
    """Past the triggers too: somebody with the database in his hands."""
    connection = await asyncpg.connect(address)
    try:
        await connection.execute("set session_replication_role = replica")
        yield connection
    finally:
        await connection.close()


async def at_once(*acts) -> list:
    """Results and refusals; anything that is no refusal is a defect and is raised."""
    found = await asyncio.gather(*acts, return_exceptions=True)
    for each in found:
        if isinstance(each, BaseException) and not isinstance(each, DomainError):
            raise each
    return found


def refusals(found: list) -> list[str]:
    return [each.code for each in found if isinstance(each, DomainError)]


@asynccontextmanager
async def on(year: int, month: int, day: int, hour: int = 9, minute: int = 0, second: int = 0):
    """A moment of the county's clock."""
    moment = clock.now().replace(
        year=year, month=month, day=day, hour=hour, minute=minute, second=second, microsecond=0
    )
    with time_machine.travel(moment.astimezone(COUNTY), tick=False):
        yield
