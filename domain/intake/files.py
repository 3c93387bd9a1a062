"""A file as a grid of cells: .xlsx, or .csv in UTF-8, UTF-8 with BOM, UTF-16 or GB18030.

Nothing in it is trusted: size, unpacked size, rows, columns and cells have limits.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import PurePath
from typing import Any

from openpyxl import load_workbook

from domain.intake.rules import (
    CELL_LIMIT,
    COLUMN_LIMIT,
    FILE_LIMIT,
    ROW_LIMIT,
    FileUnreadable,
    Measure,
    OldWorkbook,
    TooLarge,
)

UNPACKED_LIMIT = 150_000_000
RATIO_LIMIT = 200
ENTRY_LIMIT = 2_000
BLANK_RUN = 1_000
"""Rows without a cell after which a sheet is taken to have ended."""

Cell = Any
Row = tuple[Cell, ...]


class Formula:
    """A formula whose value the file does not hold: nobody has opened it in a spreadsheet."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one worksheet; `numbers` are its rows as a spreadsheet counts them."""

    numbers: tuple[int, ...]
    rows: tuple[Row, ...]


def read(content: bytes, file_name: str) -> list[Grid]:
    """The worksheets in their order; a text file is one.

    Raises FileUnreadable, OldWorkbook or TooLarge.
    """
    if len(content) > FILE_LIMIT:
        raise TooLarge(Measure.FILE, FILE_LIMIT // 1_000_000)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise OldWorkbook(file_name)
    if content.startswith(b"PK"):
        return _workbook(content, file_name)
    if PurePath(file_name).suffix.lower() in (".xlsx", ".xlsm") or not content.strip():
        raise FileUnreadable(file_name)
    return [_grid(enumerate(_records(_decoded(content, file_name), file_name), 1))]


def _workbook(content: bytes, file_name: str) -> list[Grid]:
    try:
        has_formulas = _inspect(content, file_name)
        values = _worksheets(content)
        return (
            _with_formulas(values, _worksheets(content, formulas=True)) if has_formulas else values
        )
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError, OSError, IndexError) as error:
        raise FileUnreadable(file_name) from error


def _inspect(content: bytes, file_name: str) -> bool:
    """Refuse bombs and entities before anything is parsed. Whether there are formulas."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        if len(entries) > ENTRY_LIMIT or sum(e.file_size for e in entries) > UNPACKED_LIMIT:
            raise TooLarge(Measure.UNPACKED, UNPACKED_LIMIT // 1_000_000)
        if any(_is_bomb(entry) for entry in entries):
            raise TooLarge(Measure.UNPACKED, UNPACKED_LIMIT // 1_000_000)
        found = [_scan(archive, entry, file_name) for entry in entries]
        return any(found)


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > 10_000_000 and entry.file_size > RATIO_LIMIT * entry.compress_size


def _scan(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file_name: str) -> bool:
    if not entry.filename.endswith((".xml", ".rels")):
        return False
    found, tail, read_so_far = False, b"", 0
    with archive.open(entry) as part:
        while block := part.read(1 << 20):
            read_so_far += len(block)
            if read_so_far > entry.file_size:
                raise TooLarge(Measure.UNPACKED, UNPACKED_LIMIT // 1_000_000)
            window = tail + block
            if re.search(rb"<!(DOCTYPE|ENTITY)", window):
                raise FileUnreadable(file_name)
            found = found or re.search(rb"<f[ >]", window) is not None
            tail = block[-16:]
    return found and "worksheets/" in entry.filename


def _worksheets(content: bytes, *, formulas: bool = False) -> list[Grid]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=not formulas)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for sheet in sheets:
            sheet.reset_dimensions()
        return [_grid(enumerate(sheet.iter_rows(values_only=True), 1)) for sheet in sheets]
    finally:
        book.close()


def _with_formulas(values: list[Grid], written: list[Grid]) -> list[Grid]:
    """Values, with `Formula` where a formula stands and no value was ever counted for it."""
    return [_counted(grid, other) for grid, other in zip(values, written, strict=True)]


def _counted(grid: Grid, written: Grid) -> Grid:
    values = dict(zip(grid.numbers, grid.rows, strict=True))
    said = zip(written.numbers, written.rows, strict=True)
    rows = tuple(_with_uncounted(values.get(number, ()), row) for number, row in said)
    return Grid(written.numbers, rows)


def _with_uncounted(row: Row, written: Row) -> Row:
    return tuple(
        Formula() if value is None and _is_formula(said) else value
        for value, said in zip_longest(row, written)
    )


def _is_formula(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.startswith("=")


def _grid(rows: Iterable[tuple[int, Iterable[Cell]]]) -> Grid:
    numbers: list[int] = []
    kept: list[Row] = []
    blank = 0
    for number, cells in rows:
        row = _trimmed(cells)
        blank = 0 if row else blank + 1
        if blank >= BLANK_RUN:
            break
        if row:
            _check_size(len(kept), row)
            numbers.append(number)
            kept.append(row)
    return Grid(tuple(numbers), tuple(kept))


def _trimmed(cells: Iterable[Cell]) -> Row:
    row = [None if isinstance(cell, str) and not cell.strip() else cell for cell in cells]
    while row and row[-1] is None:
        row.pop()
    return tuple(row)


def _check_size(so_far: int, row: Row) -> None:
    if so_far >= ROW_LIMIT + 20:
        raise TooLarge(Measure.ROWS, ROW_LIMIT)
    if len(row) > COLUMN_LIMIT:
        raise TooLarge(Measure.COLUMNS, COLUMN_LIMIT)
    if any(isinstance(cell, str) and len(cell) > CELL_LIMIT for cell in row):
        raise TooLarge(Measure.CELL, CELL_LIMIT)


def _decoded(content: bytes, file_name: str) -> str:
    """GBK and GB2312 are parts of GB18030. A file that is none of these is refused, not guessed."""
    encodings = ["utf-8-sig", "gb18030"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileUnreadable(file_name)


def _records(text: str, file_name: str) -> Iterator[list[str]]:
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    csv.field_size_limit(CELL_LIMIT + 1)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        if "field limit" in str(error):
            raise TooLarge(Measure.CELL, CELL_LIMIT) from error
        raise FileUnreadable(file_name) from error
