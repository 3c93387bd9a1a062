"""Why a file, a row or a cell is refused. Pure.

A refusal names its column; the row's number stands in the verdict.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from rapidfuzz import fuzz, process

from domain.kit.errors import Conflict, Invalid

FILE_LIMIT = 20_000_000
"""Bytes."""
ROW_LIMIT = 20_000
COLUMN_LIMIT = 64
CELL_LIMIT = 32_767
"""Characters; a spreadsheet's own limit for a cell."""
EVER = date(2000, 1, 1)
"""The first day of what a sheet gives no day for."""


class FileUnreadable(Invalid):
    """Neither a workbook nor a text table in a known encoding."""

    code = "file-unreadable"

    def __init__(self, file_name: str) -> None:
        super().__init__(file_name)
        self.file_name = file_name


class OldWorkbook(FileUnreadable):
    """An .xls file of before 2007, or an encrypted workbook."""

    code = "old-workbook"


class Measure(StrEnum):
    """What a sheet may have too much of."""

    FILE = "file"
    UNPACKED = "unpacked"
    ROWS = "rows"
    COLUMNS = "columns"
    CELL = "cell"


class TooLarge(Invalid):
    """More than one sheet may hold: megabytes, rows, columns, or characters in a cell."""

    code = "sheet-too-large"

    def __init__(self, what: Measure, limit: int) -> None:
        super().__init__(what, limit)
        self.what, self.limit = what, limit


class ColumnsMissing(Invalid):
    """No row of the sheet names the columns that this kind of sheet must have."""

    code = "columns-missing"

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__(columns)
        self.columns = tuple(columns)


class SheetEmpty(Invalid):
    """A header and nothing under it."""

    code = "sheet-empty"


class BadRows(Invalid):
    """Some rows cannot be taken in, and nobody said to leave them out."""

    code = "bad-rows"

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class SheetGone(Conflict):
    """A previewed sheet is held for a day, and until it is taken in."""

    code = "sheet-gone"


class BadCell(Invalid):
    """One cell is the reason why its row is refused; `field` is the name of its column."""

    code = "bad-cell"

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.field = self.column = column


class CellMissing(BadCell):
    code = "cell-missing"


class FormulaUncounted(BadCell):
    """A formula without a value: the file was never saved by a spreadsheet program."""

    code = "formula-uncounted"


class BadValue(BadCell):
    """The cell says something that its column cannot mean."""

    code = "bad-value"

    def __init__(self, column: str, value: object) -> None:
        super().__init__(column)
        self.value = shortened(value)


class NotADate(BadValue):
    code = "not-a-date"


class NotAMonth(BadValue):
    code = "not-a-month"


class NotANumber(BadValue):
    code = "not-a-number"


class NotYesOrNo(BadValue):
    code = "not-yes-or-no"


class ErrorValue(BadValue):
    """#REF! and the like."""

    code = "error-value"


class InTheFuture(BadValue):
    code = "in-the-future"


class BeforeTheEvent(BadValue):
    """Reported, or run by an outlet, before it happened."""

    code = "before-the-event"


class MonthClosed(BadValue):
    """Its month has been closed: figures of a circular do not change any more. (I5)"""

    code = "import-month-closed"


class TooLong(BadCell):
    code = "cell-too-long"

    def __init__(self, column: str, limit: int) -> None:
        super().__init__(column)
        self.limit = limit


class UnknownChoice(BadValue):
    code = "unknown-choice"

    def __init__(self, column: str, value: object, choices: Sequence[str]) -> None:
        super().__init__(column, value)
        self.choices = tuple(choices)


class UnknownName(BadValue):
    """No unit, outlet or office of that name, nor one like it."""

    code = "unknown-name"


class Misspelt(BadValue):
    """No such name, but one much like it."""

    code = "misspelt-name"

    def __init__(self, column: str, value: object, nearest: str) -> None:
        super().__init__(column, value)
        self.nearest = nearest


class NotYetOrNoLonger(BadValue):
    """The unit or outlet exists, but did not on that day."""

    code = "not-valid-then"

    def __init__(self, column: str, value: object, day: date) -> None:
        super().__init__(column, value)
        self.day = day


class Differs(BadValue):
    """The record says otherwise; a sheet adds, it does not change what is there."""

    code = "differs-from-record"

    def __init__(self, column: str, value: object, recorded: object) -> None:
        super().__init__(column, value)
        self.recorded = recorded


class LevelDiffers(BadValue):
    """The outlet register gives another level."""

    code = "level-differs"

    def __init__(self, column: str, value: object, registered: object) -> None:
        super().__init__(column, value)
        self.registered = registered


class AdoptedAlready(BadValue):
    """The outlet ran this item on another day already; an outlet runs an item once."""

    code = "adopted-already"

    def __init__(self, column: str, value: object, day: date) -> None:
        super().__init__(column, value)
        self.day = day


class Marked(BadCell):
    """带密级标志: refused, and nothing of it is kept."""

    code = "marked-row"


class Contradicts(BadValue):
    """Two rows are about the same thing and do not agree."""

    code = "contradicts-row"

    def __init__(self, column: str, value: object, other_row: int, other: object) -> None:
        super().__init__(column, value)
        self.other_row, self.other = other_row, shortened(other)


class Duplicate(Invalid):
    """Cell by cell the same as an earlier row of the file."""

    code = "duplicate-row"

    def __init__(self, first_row: int) -> None:
        super().__init__(first_row)
        self.first_row = first_row


UNUSABLE = (FileUnreadable, TooLarge, ColumnsMissing, SheetEmpty)
"""Refusals of a file as a whole: no row of it was looked at."""


def shortened(value: object) -> object:
    """What is quoted of a cell: enough to find it, never a whole text."""
    if isinstance(value, str) and len(value) > 40:
        return value[:40] + "…"
    return value


def check_length(column: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise TooLong(column, limit)


def nearest(name: str, known: Sequence[str]) -> str | None:
    """The known name that was probably meant."""
    found = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=50)
    return found[0] if found else None


def unknown(column: str, name: str, known: Sequence[str]) -> BadValue:
    """The refusal of a name that nobody bears, with the one that was probably meant."""
    meant = nearest(name, known)
    return Misspelt(column, name, meant) if meant else UnknownName(column, name)
