"""The data folder: what is in it, whose it is, and that one house at a time lives in it."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from xinbao.say import Stop

MARKER = "xinbao.toml"
UNSAID = {".gitignore", ".gitkeep", ".keep", "lost+found"}
LONGEST_SOCKET = 99
"""Bytes. The system's limit for a socket's path is 107; Valkey and PostgreSQL add to it."""


class Home:
    """A data folder. Nothing is made before `claim`."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.postgres = self.path / "postgres"
        self.valkey = self.path / "valkey"
        self.log = self.path / "log"
        self.files = self.path / "files"
        self.lock_file = self.path / "lock"

    @property
    def sockets(self) -> Path:
        """Where the servers' sockets are: inside, or in a short place when the path is long."""
        inside = self.path / "run"
        if len(os.fsencode(inside / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return inside
        name = "xinbao-" + hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
        return Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / name

    def inspect(self) -> None:
        """Stop unless the folder is ours, or may become so. Changes nothing."""
        try:
            found = {entry.name for entry in self.path.iterdir()} if self.path.exists() else set()
        except OSError as error:
            raise Stop("unwritable-folder", folder=self.path) from error
        if MARKER not in found and found - UNSAID:
            raise Stop("foreign-folder", folder=self.path)
        nearest = next(path for path in (self.path, *self.path.parents) if path.exists())
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise Stop("unwritable-folder", folder=self.path)

    def claim(self) -> None:
        """Make the folder ours, or stop: it is somebody else's, or cannot be written."""
        self.inspect()
        try:
            self.path.mkdir(mode=0o711, parents=True, exist_ok=True)
            (self.path / MARKER).open("a", encoding="utf-8").close()
            self._furnish()
        except OSError as error:
            raise Stop("unwritable-folder", folder=self.path) from error

    def _furnish(self) -> None:
        for folder in (self.postgres, self.valkey, self.log, self.files, self.sockets):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = self.sockets.lstat()
        if os.geteuid() not in (0, owner.st_uid) or self.sockets.is_symlink():
            raise Stop("unwritable-folder", folder=self.sockets)

    def lock(self, door: ExitStack) -> None:
        """Be the one house in this folder until the door closes. Raises Stop otherwise."""
        if not self.try_lock(door):
            raise Stop("folder-in-use", folder=self.path)

    def try_lock(self, door: ExitStack) -> bool:
        """Be the one house in this folder until the door closes, unless there is another."""
        file = door.enter_context(self.lock_file.open("a", encoding="utf-8"))
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def is_in_use(self) -> bool:
        """Whether a house is running in this folder."""
        if not self.lock_file.exists():
            return False
        with ExitStack() as door:
            return not self.try_lock(door)

    @contextmanager
    def guest(self) -> Iterator[None]:
        """Hold the door: whoever started the servers for a moment waits until guests are gone."""
        with (self.path / "guests").open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            yield

    @contextmanager
    def no_guests(self) -> Iterator[None]:
        """Wait until nobody uses the servers any more, and let nobody in."""
        with (self.path / "guests").open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
