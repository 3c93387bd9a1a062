"""The data folder's files, each kept once under its own SHA-256: `files/ab/abcdef…`."""

import asyncio
import hashlib
import os
import tempfile
from pathlib import Path

from domain.kit import clock
from domain.kit.models import StoredFile
from domain.kit.settings import settings


def folder() -> Path:
    return settings().home / "files"


def path_of(sha256: str) -> Path:
    """Where a file lies. Raises ValueError for anything but a SHA-256."""
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise ValueError(sha256)
    return folder() / sha256[:2] / sha256


async def keep(content: bytes, media_type: str) -> str:
    """Store a file for good and note it; twice the same file is one. Gives its SHA-256.

    The bytes are on the disk before the row is: a crash leaves at most a file nobody names.
    """
    sha256 = await asyncio.to_thread(_write, content)
    row = StoredFile(sha256=sha256, size=len(content), media_type=media_type, stored_at=clock.now())
    await StoredFile.bulk_create([row], ignore_conflicts=True)
    return sha256


async def read(sha256: str) -> bytes:
    """The bytes, checked against their name. Raises FileNotFoundError, DamagedFile."""
    return await asyncio.to_thread(_read, sha256)


class DamagedFile(Exception):
    """The disk gives back other bytes than were stored."""


def _read(sha256: str) -> bytes:
    content = path_of(sha256).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedFile(sha256)
    return content


def _write(content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(path, content)
    return sha256


def _write_whole(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
