import asyncpg
import pytest
from tortoise.exceptions import DBConnectionError, IntegrityError

from domain.kit.db import is_away


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        DBConnectionError(""),
        asyncpg.InternalClientError("got result for unknown protocol state"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.ConnectionDoesNotExistError(""),
        asyncpg.CannotConnectNowError(""),
    ],
)
def test_a_database_that_cannot_be_reached_is_away(error):
    assert is_away(error) is True


@pytest.mark.parametrize(
    "error",
    [ValueError(), IntegrityError(""), asyncpg.UniqueViolationError(""), KeyError("x")],
)
def test_a_mistake_is_not_taken_for_an_absent_database(error):
    assert is_away(error) is False


async def test_an_input_that_cannot_be_encoded_is_a_mistake(database_url):
    connection = await asyncpg.connect(database_url)
    try:
        with pytest.raises((asyncpg.InterfaceError, asyncpg.PostgresError)) as refused:
            await connection.fetchval("select $1::int", "x")
    finally:
        await connection.close()
    assert is_away(refused.value) is False
