"""The database from outside: whether it is there, how new its tables are, bringing them up."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

import migrations
from domain.kit.db import credentials, tortoise_config
from xinbao.say import Stop

OLDEST = 160000
"""PostgreSQL's server_version_num; 16 and later are supported."""
MIGRATING = 0x78696E62616F
"""The advisory lock of whoever brings the tables up: `xinbao`, in ASCII."""


def known() -> list[str]:
    """The names of this version's migrations, in order."""
    folder = Path(migrations.__file__).parent
    return sorted(path.stem for path in folder.glob("[0-9]*.py"))


@asynccontextmanager
async def connection(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """One connection outside the pool. Raises Stop when the database cannot be reached."""
    parts = {key: credentials(dsn)[key] for key in ("host", "port", "user", "password", "database")}
    try:
        opened = await asyncpg.connect(**parts)
    except (OSError, asyncpg.PostgresError) as error:
        raise Stop("database-unreachable", reason=error) from error
    try:
        yield opened
    finally:
        await opened.close()


async def applied(connection: asyncpg.Connection) -> list[str]:
    """The names of the migrations the database has had."""
    if await connection.fetchval("select to_regclass('tortoise_migrations')") is None:
        return []
    rows = await connection.fetch("select name from tortoise_migrations order by name")
    return [row["name"] for row in rows]


async def ensure_database(dsn: str) -> None:
    """Make the database of an embedded server, the first time."""
    url = urlsplit(dsn)
    name = url.path.lstrip("/")
    async with connection(urlunsplit(url._replace(path="/postgres"))) as server:
        if not await server.fetchval("select 1 from pg_database where datname = $1", name):
            await server.execute(f'create database "{name}"')


async def check(connection: asyncpg.Connection) -> list[str]:
    """The migrations still to come. Raises Stop for a database newer than this version."""
    version = connection.get_server_version()
    if version.major * 10000 < OLDEST:
        raise Stop("database-too-old", version=version.major)
    had = await applied(connection)
    if unknown := sorted(set(had) - set(known())):
        raise Stop("newer-database", migration=unknown[-1])
    return [name for name in known() if name not in had]


async def migrate(dsn: str, progress: Callable[[str], None] | None = None) -> list[str]:
    """Bring the tables up to this version; one process at a time. The names of what was done."""
    async with connection(dsn) as mine:
        await mine.execute("select pg_advisory_lock($1)", MIGRATING)
        missing = await check(mine)
        if missing:
            await _migrate(dsn, progress)
        return missing


async def _migrate(dsn: str, progress: Callable[[str], None] | None) -> None:
    config = tortoise_config(dsn, pool=1)
    for app in config["connections"].values():
        app["credentials"]["server_settings"] = {"timezone": "UTC"}

    def step(event: str, _app: str, name: str) -> None:
        if progress and event == "apply_start":
            progress(name)

    async with TortoiseContext() as context:
        await context.init(config=config, init_connections=False)
        executor = MigrationExecutor(get_connection("default"), config["apps"])
        await executor.migrate(
            [MigrationTarget(app_label="domain", name="__latest__")],
            direction="forward",
            progress=step,
        )
