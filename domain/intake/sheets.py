"""A grid as a sheet of one kind: its header found, its columns matched by their Chinese names."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson

from domain.intake import files
from domain.intake.cells import (
    Member,
    as_bool,
    as_choice,
    as_count,
    as_date,
    as_moment,
    as_month,
    as_text,
    plain,
)
from domain.intake.files import Formula, Grid
from domain.intake.rules import (
    ROW_LIMIT,
    CellMissing,
    ColumnsMissing,
    ErrorValue,
    FormulaUncounted,
    Measure,
    SheetEmpty,
    TooLarge,
    check_length,
)
from domain.kit.clock import Month

HEADER_WITHIN = 12
"""Rows from the top in which the header is looked for; titles stand above it."""
ERRORS = ("#REF!", "#VALUE!", "#N/A", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its name, whether each row must fill it, and other names it goes by."""

    name: str
    required: bool = False
    limit: int = 200
    """Characters."""
    aliases: tuple[str, ...] = ()
    optional: bool = True
    """Whether a sheet may lack it altogether."""


def must(name: str, *aliases: str, limit: int = 80) -> Column:
    """A column that no sheet and no row may lack."""
    return Column(name, required=True, limit=limit, aliases=aliases, optional=False)


def may(name: str, *aliases: str, limit: int = 200) -> Column:
    """A column that may be blank, or not there at all."""
    return Column(name, limit=limit, aliases=aliases)


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header: its number as the spreadsheet counts, its cells by column name."""

    number: int
    cells: Mapping[str, Any]
    columns: Mapping[str, Column] = field(repr=False)

    def raw(self, column: str) -> Any:
        """The cell as it is: a date, a number or text. Raises for errors and bare formulas."""
        value = self.cells.get(column)
        if isinstance(value, Formula):
            raise FormulaUncounted(column)
        if isinstance(value, str) and value.strip() in ERRORS:
            raise ErrorValue(column, value)
        return value

    def text(self, column: str) -> str:
        """The cell as text, at most as long as its column allows."""
        text = as_text(self.raw(column))
        check_length(column, text, self.columns[column].limit)
        return text

    def needed(self, column: str) -> Any:
        """A cell that must not be blank. Raises CellMissing."""
        value = self.raw(column)
        if not as_text(value):
            raise CellMissing(column)
        return value

    def name(self, column: str) -> str:
        """A name that must be there, without line breaks or double spaces."""
        self.needed(column)
        return " ".join(self.text(column).split())

    def date(self, column: str) -> dt.date:
        """Raises CellMissing or NotADate."""
        return as_date(column, self.needed(column))

    def date_or_none(self, column: str) -> dt.date | None:
        return self.date(column) if self.has(column) else None

    def moment(self, column: str) -> dt.datetime:
        """A day with its time; noon where none is given."""
        return as_moment(column, self.needed(column))

    def month(self, column: str) -> Month:
        return as_month(column, self.needed(column))

    def yes(self, column: str) -> bool:
        """Whether the cell says 是; blank is 否."""
        return as_bool(column, self.raw(column))

    def count(self, column: str) -> int:
        return as_count(column, self.needed(column))

    def choice(self, column: str, choices: Mapping[str, Member]) -> Member:
        return as_choice(column, self.needed(column), choices)

    def has(self, column: str) -> bool:
        return bool(as_text(self.cells.get(column)))

    def shown(self) -> dict[str, str]:
        """The cells as text, for a list of bad rows."""
        return {name: _shown(value) for name, value in self.cells.items()}

    def digest(self, kind: str) -> str:
        """What makes it the same row when it comes again: the kind and every filled cell."""
        said = {name: text for name, text in self.shown().items() if text}
        return sha256(orjson.dumps([kind, said], option=orjson.OPT_SORT_KEYS)).hexdigest()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet, and what stood above its header."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read(content: bytes, file_name: str, columns: Sequence[Column]) -> Sheet:
    """The first worksheet that has these columns. Raises a refusal of the whole file."""
    grids = [grid for grid in files.read(content, file_name) if grid.rows]
    if not grids:
        raise SheetEmpty
    found = [(grid, header) for grid in grids if (header := _header(grid, columns)) is not None]
    if not found:
        raise ColumnsMissing(_lacking(grids[0], columns))
    sheet = _sheet(*found[0], columns)
    if not sheet.rows:
        raise SheetEmpty
    if len(sheet.rows) > ROW_LIMIT:
        raise TooLarge(Measure.ROWS, ROW_LIMIT)
    return sheet


def _names(columns: Sequence[Column]) -> dict[str, Column]:
    return {plain(name): column for column in columns for name in (column.name, *column.aliases)}


def _matched(row: files.Row, columns: Sequence[Column]) -> dict[int, Column]:
    """Which of the row's cells name a column; the first one counts."""
    names = _names(columns)
    matched: dict[int, Column] = {}
    for index, cell in enumerate(row):
        column = names.get(plain(cell)) if isinstance(cell, str) else None
        if column is not None and column not in matched.values():
            matched[index] = column
    return matched


def _header(grid: Grid, columns: Sequence[Column]) -> int | None:
    must_have = {column.name for column in columns if not column.optional}
    rows = [_matched(row, columns) for row in grid.rows[:HEADER_WITHIN]]
    fitting = [
        index
        for index, matched in enumerate(rows)
        if must_have <= {column.name for column in matched.values()}
    ]
    return max(fitting, key=lambda index: len(rows[index]), default=None)


def _lacking(grid: Grid, columns: Sequence[Column]) -> list[str]:
    """What the likeliest header row lacks."""
    rows = [_matched(row, columns) for row in grid.rows[:HEADER_WITHIN]]
    best = max(rows, key=len)
    return [c.name for c in columns if not c.optional and c not in best.values()]


def _sheet(grid: Grid, header: int, columns: Sequence[Column]) -> Sheet:
    matched = _matched(grid.rows[header], columns)
    by_name = {column.name: column for column in columns}
    below = zip(grid.numbers[header + 1 :], grid.rows[header + 1 :], strict=True)
    all_rows = (Row(number, _cells(row, matched), by_name) for number, row in below)
    rows = tuple(row for row in all_rows if any(row.shown().values()))
    title = " ".join(as_text(cell) for row in grid.rows[:header] for cell in row if cell)
    return Sheet(title, tuple(column.name for column in matched.values()), rows)


def _cells(row: files.Row, matched: Mapping[int, Column]) -> dict[str, Any]:
    return {
        column.name: row[index] if index < len(row) else None for index, column in matched.items()
    }


def _shown(value: object) -> str:
    return "=" if isinstance(value, Formula) else as_text(value)
