"""One PostgreSQL and one Valkey for a whole test run, whatever the number of workers.

A process of its own holds them: it lives as long as the pipe to its standard input, so that
nothing is left running however the run ends. Each worker has a database, copied from a template
that the product's own migrations made, and a queue of its own number.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg

VARIABLE = "XINBAO_TEST_SERVERS"
TEMPLATE = "template_xinbao"

# What the migrations themselves put in, such as the head of the audit trail, is kept beside.
KEEP_SEED = """
create schema seed;
do $$
declare t record; columns text; filled boolean; script text := ''; deletes text := '';
begin
  for t in select c.oid, c.relname from pg_class c
           where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
             and c.relname <> 'tortoise_migrations' order by c.relname loop
    deletes := deletes || format('delete from %I; ', t.relname);
    execute format('select exists (select from %I)', t.relname) into filled;
    if filled then
      select string_agg(quote_ident(attname), ', ') into columns from pg_attribute
        where attrelid = t.oid and attnum > 0 and not attisdropped and attgenerated = '';
      execute format('create table seed.%I as table %I', t.relname, t.relname);
      script := script || format('insert into %I (%s) select %s from seed.%I; ',
        t.relname, columns, columns, t.relname);
    end if;
  end loop;
  for t in select sequencename, start_value from pg_sequences
           where schemaname = 'public' and sequencename not like 'tortoise%' loop
    script := script || format('perform setval(%L, %s, false); ', t.sequencename, t.start_value);
  end loop;
  execute format('create function seed.restore() returns void language plpgsql as %L',
    'begin set local session_replication_role = replica; ' || deletes || script || 'end');
end $$;
"""


@dataclass(frozen=True)
class Running:
    folder: Path
    database_url: str
    redis_url: str

    def database(self, name: str) -> str:
        return self.database_url.replace("/xinbao?", f"/{name}?")


class Keeper:
    """The process that holds the servers, as seen by the one that started it."""

    process: subprocess.Popen | None = None
    folder: Path | None = None


def begin() -> None:
    """Start the servers in the background, unless this run has them already."""
    if VARIABLE in os.environ:
        return
    Keeper.folder = Path(tempfile.mkdtemp(prefix="xinbao-tests-"))
    os.environ[VARIABLE] = str(Keeper.folder)
    Keeper.process = subprocess.Popen(
        [sys.executable, "-m", "tests.servers", str(Keeper.folder)],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
    )


def end() -> None:
    """Stop what this process started."""
    if Keeper.process is not None:
        with suppress(BrokenPipeError):
            Keeper.process.communicate()
        Keeper.process = None
        os.environ.pop(VARIABLE, None)
        shutil.rmtree(Keeper.folder, ignore_errors=True)


async def ready() -> Running:
    """Wait until the servers answer and the template is there."""
    begin()
    folder = Path(os.environ[VARIABLE])
    while not (folder / "ready.json").exists():
        if (folder / "failed").exists():
            raise RuntimeError((folder / "failed").read_text("utf-8"))
        await asyncio.sleep(0.02)
    return Running(folder, **json.loads((folder / "ready.json").read_text("utf-8")))


async def new_database(running: Running, name: str, template: str = TEMPLATE) -> str:
    """A database of that name, new, as the migrations leave it. Its address."""
    server = await asyncpg.connect(running.database("postgres"))
    try:
        await server.execute(f'drop database if exists "{name}" with (force)')
        await server.execute(f'create database "{name}" template "{template}" strategy file_copy')
    finally:
        await server.close()
    return running.database(name)


async def _hold(folder: Path) -> None:
    from xinbao import database, embedded
    from xinbao.home import Home

    home = Home(folder / "servers")
    home.claim()
    async with embedded.running(home, tuning=embedded.FORGETFUL) as servers:
        template = embedded.database_address(home, TEMPLATE)
        await database.ensure_database(template)
        await database.migrate(template)
        async with database.connection(template) as connection:
            await connection.execute(KEEP_SEED)
        ready = {"database_url": servers.database_url, "redis_url": servers.redis_url}
        (folder / "ready.part").write_text(json.dumps(ready), "utf-8")
        (folder / "ready.part").rename(folder / "ready.json")
        await asyncio.to_thread(sys.stdin.read)


def main() -> None:
    folder = Path(sys.argv[1])
    try:
        asyncio.run(_hold(folder))
    except Exception as error:
        (folder / "failed").write_text(f"the test servers did not start: {error!r}", "utf-8")
        raise
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
