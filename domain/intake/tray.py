"""Sheets between preview and import: the file itself, for a day, in the data folder.

Nothing of it is kept for good. A sheet in which a row bore a mark of classification is not kept
at all: it has to be mended and brought again.
"""

import asyncio
import hashlib
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import orjson

from domain.intake import actions, reports, sheets
from domain.intake.models import ImportBatch
from domain.intake.rules import Marked, SheetGone
from domain.intake.verdicts import Options, Preview
from domain.kit import clock
from domain.kit.settings import settings
from domain.kit.text import Language

LASTS = timedelta(days=1)
SHOWN = 200
"""Refused rows whose reasons a page lists; the list of bad rows has them all."""


def folder() -> Path:
    return settings().home / "tray"


def _path(batch_id: UUID, ending: str) -> Path:
    return folder() / f"{UUID(str(batch_id))}.{ending}"


async def put(preview: Preview, content: bytes, language: Language) -> None:
    """Keep a previewed sheet, what is wrong with it, and the list of its bad rows."""
    bad = reports.error_sheet(preview, language) if preview.bad else b""
    said = orjson.dumps({
        "create_outlets": preview.options.create_outlets,
        "bad": [
            [verdict.number, reports.reasons(preview, verdict, language)]
            for verdict in preview.bad[:SHOWN]
        ],
    })  # fmt: skip
    kept = {"json": said, "xlsx": bad, "sheet": b"" if is_marked(preview) else content}
    await asyncio.to_thread(_write, preview.batch.id, kept)


def is_marked(preview: Preview) -> bool:
    return any(isinstance(each, Marked) for verdict in preview.bad for each in verdict.refusals)


def was_marked(batch: ImportBatch) -> bool:
    """The same, from what stays on record."""
    reasons: list[Any] = [
        each for row in batch.verdicts for each in cast(list[Any], row["reasons"])
    ]
    return any(each["code"] == Marked.code for each in reasons)


def _write(batch_id: UUID, kept: dict[str, bytes]) -> None:
    folder().mkdir(parents=True, exist_ok=True)
    _sweep()
    for ending, content in kept.items():
        if content:
            _path(batch_id, ending).write_bytes(content)


def _sweep() -> None:
    """Away with what nobody came back for."""
    oldest = (clock.now() - LASTS).timestamp()
    for path in folder().iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()


async def bad_rows(batch: ImportBatch) -> list[tuple[int, list[tuple[str, str]]]]:
    """Row numbers with columns and sentences, while the sheet lies here; else none."""
    said = await _read(batch.id, "json")
    return [(number, reasons) for number, reasons in orjson.loads(said)["bad"]] if said else []


async def error_sheet(batch: ImportBatch) -> bytes:
    """The list of bad rows. Raises SheetGone."""
    if not (content := await _read(batch.id, "xlsx")):
        raise SheetGone
    return content


async def holds(batch: ImportBatch) -> bool:
    """Whether the sheet can still be taken in."""
    return batch.committed_at is None and await asyncio.to_thread(_path(batch.id, "sheet").is_file)


async def take_up(batch: ImportBatch) -> Preview:
    """The preview again, to be committed, where every row is judged anew. Raises SheetGone."""
    content, said = await _read(batch.id, "sheet"), await _read(batch.id, "json")
    if not content or hashlib.sha256(content).hexdigest() != batch.file_sha256:
        raise SheetGone
    sheet = sheets.read(content, batch.file_name, actions.DESKS[batch.kind].columns)
    options = Options(create_outlets=orjson.loads(said)["create_outlets"])
    return Preview(batch, sheet, options, ())


async def clear(batch: ImportBatch) -> None:
    """The sheet has been taken in; only the list of its bad rows stays for the day."""
    await asyncio.to_thread(_path(batch.id, "sheet").unlink, missing_ok=True)


async def _read(batch_id: UUID, ending: str) -> bytes:
    try:
        return await asyncio.to_thread(_path(batch_id, ending).read_bytes)
    except FileNotFoundError:
        return b""
