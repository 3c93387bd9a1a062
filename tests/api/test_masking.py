"""Nothing unexpected reaches a client but a number, and the number is found in the log."""

import logging
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest
from tortoise import connections

from domain.kit.actor import Scope
from domain.kit.settings import settings
from tests import make
from tests.asking import Client


@pytest.fixture
async def client(db):
    secret, _ = await make.token(Scope.READ)
    return Client(secret)


async def test_a_broken_table_shows_only_a_number_that_the_log_explains(client, caplog):
    await connections.get("default").execute_script("alter table topic rename column name to gone")
    try:
        with caplog.at_level(logging.ERROR, "xinbao.api"):
            answer = await client.answer("{ topics { nodes { name } } units { nodes { name } } }")
    finally:
        await connections.get("default").execute_script(
            "alter table topic rename column gone to name"
        )
    [error] = answer["errors"]
    reference = error["extensions"]["reference"]
    assert error == {
        "message": f"出现意外错误，未作任何更改。请将编号 {reference} 告知系统管理员。",
        "extensions": {"code": "unexpected", "reference": reference},
        "path": ["topics", "nodes"],
    }
    [record] = [record for record in caplog.records if record.name == "xinbao.api"]
    assert reference in record.getMessage()
    assert 'column "name" does not exist' in str(record.exc_info[1]) or "name" in str(
        record.exc_info[1]
    )


async def test_at_most_five_errors_are_told(client):
    answer = await client.answer("{ " + " ".join(f"nothing{n}" for n in range(20)) + " }")
    assert len(answer["errors"]) == 5


async def test_refusals_of_a_query_are_told_with_code_and_field(client):
    answer = await client.answer("{ units(first: 101) { totalCount } }")
    assert answer["errors"] == [
        {
            "message": "first 和 last 只能给出一个，且须在 1 至 100 之间。",
            "extensions": {"code": "bad-page", "field": "first", "details": {"most": 100}},
            "path": ["units"],
        }
    ]


async def test_near_names_are_suggested_to_developers_and_not_in_production(client, monkeypatch):
    before = await client.answer("{ unitz { totalCount } }")
    assert before["errors"][0]["message"].endswith("Did you mean 'unit' or 'units'?")
    monkeypatch.setenv("XINBAO_PRODUCTION", "true")
    settings.cache_clear()
    after = await client.answer("{ unitz { totalCount } }")
    assert after["errors"][0]["message"] == "Cannot query field 'unitz' on type 'Query'."


async def test_syntax_and_wrong_variables_are_told_where_they_stand(client):
    answer = await client.post({"query": "{ units( }"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["locations"] == [{"line": 1, "column": 10}]
    answer = await client.post(
        {
            "query": "query($first: Int) { units(first: $first) { totalCount } }",
            "variables": {"first": "ten"},
        }
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"] == {"code": "bad-document"}


@asynccontextmanager
async def shut_out(database_url):
    """PostgreSQL lets nobody into this test's database for a while."""
    name = urlsplit(database_url).path.lstrip("/")
    keeper = await asyncpg.connect(database_url.replace(f"/{name}", "/postgres", 1))
    try:
        await keeper.execute(f'alter database "{name}" allow_connections false')
        await keeper.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name
        )
        yield
    finally:
        await keeper.execute(f'alter database "{name}" allow_connections true')
        await keeper.close()


async def test_without_a_database_the_answer_says_to_come_back(client, database_url):
    async with shut_out(database_url):
        answer = await client.post({"query": "{ county { name } }"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["errors"][0]["extensions"] == {"code": "unavailable"}
    while "errors" in await client.answer(
        "{ me { name } }"
    ):  # dead connections are found one by one
        assert client.last.status_code == 503
