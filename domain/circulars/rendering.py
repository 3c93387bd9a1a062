"""The files of a circular, written in a thread. The writers load when first needed."""

import asyncio
from hashlib import sha256
from importlib import import_module

from domain.circulars.data import CircularData, Heading
from domain.circulars.models import CircularFile, FileFormat
from domain.kit import clock
from domain.kit.settings import settings


async def one(heading: Heading, data: CircularData, format: FileFormat) -> bytes:
    """A single file, for reading a draft: not kept, and marked 草案 by its heading."""
    return await asyncio.to_thread(_one, heading, data, format)


def _one(heading: Heading, data: CircularData, format: FileFormat) -> bytes:
    writer = import_module(f"domain.circulars.documents.{format.value}")
    given = (settings().fonts,) if format is FileFormat.PDF else ()
    written: bytes = writer.write(heading, data, *given)
    return written


async def files(heading: Heading, data: CircularData) -> dict[FileFormat, bytes]:
    """pdf, docx, xlsx and json. A second or two of CPU, outside the event loop."""
    return await asyncio.to_thread(_files, heading, data)


def _files(heading: Heading, data: CircularData) -> dict[FileFormat, bytes]:
    writers = import_module("domain.circulars.documents.files")
    written: dict[str, bytes] = writers.files(heading, data, settings().fonts)
    return {FileFormat(name): content for name, content in written.items()}


def frozen(circular_id: object, written: dict[FileFormat, bytes]) -> list[CircularFile]:
    """Rows that keep the files, each with its SHA-256. (I8)"""
    return [
        CircularFile(
            circular_id=circular_id,
            format=kind,
            sha256=sha256(content).hexdigest(),
            size=len(content),
            content=content,
            rendered_at=clock.now(),
        )
        for kind, content in written.items()
    ]
