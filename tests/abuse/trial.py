"""A request tried and undone: whatever it did is known, and nothing of it stays."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

WRITES = """
    select relname, n_tup_ins + n_tup_upd + n_tup_del as rows from pg_stat_xact_user_tables
    where schemaname = 'public' and n_tup_ins + n_tup_upd + n_tup_del > 0
"""
TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"
LEAKS = re.compile(
    r"Traceback|asyncpg|tortoise|psycopg|pydantic|starlette|\bselect .{0,80}\bfrom\b|insert into"
    r"|duplicate key|violates|constraint|relation \"|column \"|syntax error at|\.py\b|0x[0-9a-f]{8}"
    r"|NoneType|Exception\b",
    re.IGNORECASE | re.DOTALL,
)


class _Undone(Exception):
    pass


@dataclass
class Outcome:
    """What a request wrote, by table; attempts that were undone inside count too."""

    wrote: dict[str, int] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def undone(before: dict[str, str] | None = None) -> AsyncIterator[Outcome]:
    """Run something in a transaction that is rolled back, having asked what it changed.

    Deferred rules of the database are asked too. `before` is what `contents` said: with it,
    `kept` names the tables whose rows are not what they were.
    """
    found = Outcome()
    try:
        async with in_transaction() as connection:
            earlier = await _writes(connection)
            yield found
            await connection.execute_script("set constraints all immediate")
            found.wrote = dict((await _writes(connection)).items() - earlier.items())
            if before is not None and found.wrote:
                after = await contents(found.wrote)
                found.kept = {name: sha for name, sha in after.items() if before[name] != sha}
            raise _Undone
    except _Undone:
        pass


async def _writes(connection) -> dict[str, int]:
    """Rows written by table: in this transaction, and in earlier ones not yet reported."""
    rows = await connection.execute_query_dict(WRITES)
    return {row["relname"]: row["rows"] for row in rows}


async def contents(tables: object = None) -> dict[str, str]:
    """Every table's rows as one hash each."""
    connection = get_connection("default")
    names = tables or [row["tablename"] for row in await connection.execute_query_dict(TABLES)]
    query = " union all ".join(
        f"select '{name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) "
        f'as sha from "{name}" t'
        for name in names
    )
    return {row["name"]: row["sha"] for row in await connection.execute_query_dict(query)}


def leak(text: str) -> str | None:
    """Words that only a machine's inside knows."""
    found = LEAKS.search(text)
    return text[max(0, found.start() - 60) : found.end() + 60] if found else None
