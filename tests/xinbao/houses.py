"""A whole house as a process of its own, as an administrator runs it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import ClassVar
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def surroundings(home: Path, **settings: object) -> dict[str, str]:
    """The environment of a command: ours, with these settings and no others."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("XINBAO_")}
    for name in ("DATABASE_URL", "REDIS_URL", "CI"):
        kept.pop(name, None)
    own = {"XINBAO_HOME": home, "PYTHONPATH": ROOT} | settings
    return kept | {key: str(value) for key, value in own.items()}


def command(home: Path, *arguments: str, **settings: object) -> subprocess.CompletedProcess:
    """Run `xinbao …` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "xinbao", *arguments],
        env=surroundings(home, **settings),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def refused(done: subprocess.CompletedProcess) -> str:
    """The one clear line of a command that stopped, with exit code 2 and nothing else said."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert " / " in done.stderr
    return done.stderr


def processes_of(home: Path) -> set[int]:
    """Every process that has to do with a data folder, us excepted."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            said = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
            state = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if os.fsencode(home) in said and state != "Z" and int(folder.name) != os.getpid():
            found.add(int(folder.name))
    return found


AFTERWARDS = 1_000


def until(condition) -> None:
    """Wait for it, as long as the house started last is alive to bring it about; and a little
    longer, for what outlives it."""
    left = AFTERWARDS
    while not condition():
        time.sleep(0.02)
        if House.started and House.started[-1].process.poll() is not None:
            left -= 1
        if not left:
            raise AssertionError(House.started[-1].said)


class House:
    """`xinbao up`, or one of its parts."""

    started: ClassVar[list["House"]] = []

    def __init__(self, home: Path, *arguments: str, **settings: object) -> None:
        self.home, self.port = home, settings.setdefault("XINBAO_PORT", free_port())
        self.log = home.with_suffix(".out")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "xinbao", *(arguments or ("up",))],
                env=surroundings(home, **settings),
                cwd="/",
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.started.append(self)

    @property
    def said(self) -> str:
        return self.log.read_text("utf-8")

    def get(self, path: str, body: object = None) -> tuple[int, bytes]:
        """Status and body; status 0 when nobody answers."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"http://127.0.0.1:{self.port}{path}", data)
        request.add_header("Content-Type", "application/json")
        try:
            with urlopen(request) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            with error:
                return error.code, error.read()
        except (URLError, OSError):
            return 0, b""

    def readiness(self) -> dict[str, object]:
        return json.loads(self.get("/readyz")[1] or "{}")

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.said
        return self.get("/readyz")[0] == 200

    def ready(self) -> "House":
        until(self.is_ready)
        return self

    def child(self, program: str) -> int | None:
        """The process number of one of its servers, when it is running."""
        for pid in processes_of(self.home):
            try:
                started = Path(f"/proc/{pid}/exe").readlink()
                parent = Path(f"/proc/{pid}/status").read_text("utf-8")
            except OSError:
                continue
            if started.name == program and f"\nPPid:\t{self.process.pid}\n" in parent:
                return pid
        return None

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Signal it, and wait until it is gone. Its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait()
