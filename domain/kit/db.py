"""The database: its configuration, how a process opens it, and the unit of work."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
from tortoise.context import TortoiseContext, get_current_context
from tortoise.exceptions import DBConnectionError
from tortoise.transactions import in_transaction

from domain.kit import audit, jobs
from domain.kit.settings import settings

REGISTRY = "domain.registry"  # above the kit, so named like the models, not imported
FEATURES = (
    "kit", "units", "people", "items", "approvals", "reception", "outlets", "quotas", "points",
    "circulars", "notices", "intake", "meetings",
)  # fmt: skip


def is_away(error: BaseException) -> bool:
    """Whether PostgreSQL could not be reached or the connection died: worth trying again soon.

    asyncpg counts inputs that it cannot encode, and its misuse, among its interface errors.
    """
    return isinstance(error, _AWAY) and not isinstance(error, ValueError)


def is_open() -> bool:
    """Whether this process has opened the database already."""
    return get_current_context() is not None


_AWAY = (
    DBConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    ConnectionError,
)


async def _keep(_connection: asyncpg.Connection) -> None:
    """Pooled connections are never given session state, so there is nothing to reset.

    The stock reset costs more than a query; SET LOCAL and transaction locks only.
    """


def credentials(dsn: str, *, pool: int = 10) -> dict[str, Any]:
    """The parts of a PostgreSQL address, of a host or of a socket folder (`?host=/run/…`)."""
    url = urlsplit(dsn)
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    return {
        "host": query.get("host") or url.hostname or "localhost",
        "port": int(query.get("port") or url.port or 5432),
        "user": unquote(url.username or query.get("user", "postgres")),
        "password": unquote(url.password) if url.password else None,
        "database": url.path.lstrip("/") or "xinbao",
        "minsize": 1,
        "maxsize": pool,
        "reset": _keep,
        "server_settings": {
            "timezone": "UTC",
            "statement_timeout": "60000",
            "lock_timeout": "10000",
            "idle_in_transaction_session_timeout": "60000",
        },
    }


def tortoise_config(dsn: str, *, pool: int = 10) -> dict[str, Any]:
    """Tortoise's configuration for one database address."""
    return {
        "connections": {
            "default": {
                "engine": "tortoise.backends.asyncpg",
                "credentials": credentials(dsn, pool=pool),
            }
        },
        "apps": {
            "domain": {
                "models": [f"domain.{feature}.models" for feature in FEATURES],
                "default_connection": "default",
                "migrations": "migrations",
            }
        },
        "use_tz": True,
        "timezone": "Asia/Shanghai",
    }


def __getattr__(name: str) -> Any:
    """`TORTOISE_ORM`, read by Tortoise's own command; built when asked, from the environment."""
    if name == "TORTOISE_ORM":
        return tortoise_config(settings().database_url or "postgresql://postgres@localhost/xinbao")
    raise AttributeError(name)


@asynccontextmanager
async def open_database(dsn: str, *, pool: int = 10) -> AsyncIterator[TortoiseContext]:
    """Tortoise, for everything started inside. Open it before servers and workers are started.

    The features begin to listen to one another here, so that no process can forget it.
    """
    import_module(REGISTRY)
    async with TortoiseContext() as context:
        await context.init(config=tortoise_config(dsn, pool=pool), _enable_global_fallback=True)
        yield context


@asynccontextmanager
async def work() -> AsyncIterator[None]:
    """One action = one transaction = change + ledger rows + audit rows + job rows.

    Inner calls join the outer one. The audit chain's head is locked last, for the shortest time.
    """
    if audit.is_open():
        yield
        return
    with audit.collecting() as events, jobs.listening() as asked:
        async with in_transaction():
            yield
            await audit.chain(events)
    if asked:
        await jobs.ring()


@asynccontextmanager
async def attempt() -> AsyncIterator[None]:
    """A part of a running unit of work, undone alone when it fails (a savepoint).

    Its events are chained with the whole: a long import must not hold the trail's head.
    """
    with audit.adding(), jobs.adding():
        async with in_transaction():
            yield
