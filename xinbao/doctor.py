"""`xinbao doctor`: what a good caretaker looks at, once over."""

import asyncio
import os
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import typer
from redis.asyncio import Redis
from redis.exceptions import RedisError

from domain.kit import audit
from domain.kit.db import open_database
from domain.kit.models import AuditHead, Job
from domain.kit.settings import settings
from domain.points.models import LedgerEntry
from domain.points.queries import rollup_differences
from xinbao import database, embedded
from xinbao.configuration import masked
from xinbao.home import Home
from xinbao.inside import servers
from xinbao.say import Stop, line, out

app = typer.Typer(add_completion=False)
LEAST_SPACE = 1_000_000_000
"""Bytes of free disk below which a month end may fail."""

# Everything that guards a table, as PostgreSQL itself spells it.
GUARDS = """
select conrelid::regclass || '.' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
  where connamespace = 'public'::regnamespace and conrelid <> 0
union select indexdef from pg_indexes where schemaname = 'public'
union select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
union select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: its name in `words.toml`, whether it is well, and what was seen."""

    what: str
    is_well: bool
    seen: object = ""


@app.command()
def doctor() -> None:
    """全面检查：数据库、数据表约束、操作日志链、字体、磁盘空间、队列。

    Look everything over: database, tables and their guards, audit trail, typefaces, disk, queue.
    Works beside a running house and on a stopped one.

    退出码 / Exit codes: 0 一切正常 all well; 1 有问题 something is wrong; 2 无法检查 cannot look.
    """
    findings = asyncio.run(_all())
    for each in findings:
        mark = "✓" if each.is_well else "✗"
        out.print(f"{mark} {line('doctor-' + each.what)}: {each.seen}", markup=False)
    if not all(each.is_well for each in findings):
        raise typer.Exit(1)


async def _all() -> list[Finding]:
    async with servers() as address:
        found = [await version(address), await migrations(address)]
        if all(each.is_well for each in found):
            found += [await look(address) for look in (guards, trail, ledger, jobs)]
    return [*found, fonts(), space(Home(settings().home)), await queue()]


async def version(address: str) -> Finding:
    async with database.connection(address) as connection:
        return Finding(
            "database", is_well=True, seen=await connection.fetchval("show server_version")
        )


async def migrations(address: str) -> Finding:
    async with database.connection(address) as connection:
        missing = await database.check(connection)
    return Finding("migrations", not missing, ", ".join(missing) or database.known()[-1])


async def guards(address: str) -> Finding:
    """Compare with a database that this version's migrations made a moment ago."""
    url = urlsplit(address)
    fresh = urlunsplit(url._replace(path=f"/xinbao_doctor_{os.getpid()}"))
    async with database.connection(address) as connection:
        real = await _guards(connection)
        try:
            await database.ensure_database(fresh)
        except (Stop, asyncpg.InsufficientPrivilegeError):
            return Finding("guards", is_well=True, seen=line("doctor-not-comparable"))
        try:
            await database.migrate(fresh)
            async with database.connection(fresh) as made:
                ideal = await _guards(made)
        finally:
            name = urlsplit(fresh).path.lstrip("/")
            await connection.execute(f'drop database "{name}"')
    wrong = sorted(real ^ ideal)
    return Finding("guards", not wrong, "; ".join(wrong[:5]) or len(real))


async def _guards(connection: asyncpg.Connection) -> set[str]:
    return {row[0] for row in await connection.fetch(GUARDS)}


async def trail(address: str) -> Finding:
    """Every row of the trail is chained to the one before it."""
    async with open_database(address, pool=1):
        broken = [number async for number in audit.broken_links()]
        head = await AuditHead.get(id=1)
    return Finding("trail", not broken, broken[:5] or head.seq)


async def ledger(address: str) -> Finding:
    """The monthly figures are the sums of the ledger's lines."""
    async with open_database(address, pool=1):
        wrong = await rollup_differences()
        lines = await LedgerEntry.all().count()
    named = ", ".join(f"{each['month']:%Y-%m} {each['unit_id']}" for each in wrong[:3])
    return Finding("ledger", not wrong, named or lines)


async def jobs(address: str) -> Finding:
    async with open_database(address, pool=1):
        failed = await Job.filter(failed_at__isnull=False, done_at__isnull=True).count()
    return Finding("jobs", not failed, failed)


def fonts() -> Finding:
    """The typeface that is always there, and the county's own when a folder is set."""
    own = settings().fonts
    files = sorted(path.name for path in own.iterdir()) if own else []
    bundled = find_spec("pylopdf_fonts_zh_cn") is not None
    return Finding("fonts", bundled and bool(files or not own), ", ".join(files) or "Noto SC")


def space(home: Home) -> Finding:
    free = shutil.disk_usage(home.path).free
    return Finding("space", free >= LEAST_SPACE, f"{free / 1e9:.1f} GB")


async def queue() -> Finding:
    """A bundled queue runs only with the house; then it is enough that it can be started."""
    home = Home(settings().home)
    if settings().is_embedded and not home.is_in_use():
        return Finding("queue", embedded.queue_program().exists(), line("doctor-house-stopped"))
    address = settings().redis_url or embedded.queue_address(home)
    try:
        async with Redis.from_url(address, socket_timeout=3) as client:
            await client.ping()
    except RedisError:
        return Finding("queue", is_well=False, seen=line("queue-unreachable"))
    return Finding("queue", is_well=True, seen=masked(address))
