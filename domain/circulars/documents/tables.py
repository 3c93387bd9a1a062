"""The annexes of a circular: the same columns for paper, DOCX and XLSX."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.circulars.data import Change, CircularData, LateEntry, Line
from domain.circulars.documents.phrases import numeral, phrase, plain, written_period

Value = int | Decimal | date | str | None


class Form(StrEnum):
    """How a cell is written and aligned."""

    TEXT = "text"
    COUNT = "count"
    RATE = "rate"
    POINTS = "points"
    MOVEMENT = "movement"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in mm of the 156 mm type area, 0 for what is left; `over` heads several columns."""

    key: str
    form: Form
    width: float
    over: str = ""

    @property
    def title(self) -> str:
        return phrase("columns", self.key)


@dataclass(frozen=True, slots=True)
class Table:
    """`heading` parts the tables of one annex: （一）乡镇. Rows are raw values."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Annex:
    title: str
    tables: tuple[Table, ...]
    note: str = ""


FIGURES = (
    Column("quota", Form.COUNT, 7),
    Column("submitted", Form.COUNT, 7),
    Column("completion_rate", Form.RATE, 10),
    Column("same_day_rate", Form.RATE, 10),
    Column("adopted", Form.COUNT, 7),
    Column("adoption_rate", Form.RATE, 10),
    Column("county", Form.COUNT, 5.5, "levels"),
    Column("prefecture", Form.COUNT, 5.5, "levels"),
    Column("province", Form.COUNT, 5.5, "levels"),
    Column("nation", Form.COUNT, 5.5, "levels"),
    Column("points", Form.POINTS, 10.5),
    Column("total_points", Form.POINTS, 10.5),
)
UNIT = Column("unit", Form.TEXT, 0)
OVERALL = (Column("rank", Form.COUNT, 7.5), UNIT, *FIGURES, Column("movement", Form.MOVEMENT, 8.5))
GROUP = (
    Column("group_rank", Form.COUNT, 7.5),
    UNIT,
    *FIGURES,
    Column("overall_rank", Form.COUNT, 8.5),
)
LATE = (
    Column("number", Form.COUNT, 9),
    Column("unit", Form.TEXT, 34),
    Column("title", Form.TEXT, 0),
    Column("outlet", Form.TEXT, 28),
    Column("adopted_on", Form.DATE, 21),
    Column("counted_in", Form.TEXT, 20),
)
CHANGES = (
    Column("number", Form.COUNT, 9),
    Column("period", Form.TEXT, 24),
    Column("unit", Form.TEXT, 38),
    Column("what", Form.TEXT, 24),
    Column("before", Form.POINTS, 13),
    Column("after", Form.POINTS, 13),
    Column("reason", Form.TEXT, 0),
)


def annexes(data: CircularData) -> list[Annex]:
    """By rank groups (when there are several), overall, late adoptions and changes (when any)."""
    return [writer(data) for writer in _wanted(data).values()]


def number_of(name: str, data: CircularData) -> int:
    """Which annex this is: groups, overall, late or changes."""
    return list(_wanted(data)).index(name) + 1


def _wanted(data: CircularData) -> dict[str, Callable[[CircularData], Annex]]:
    wanted = {
        "groups": grouped if len(data.groups) > 1 else None,
        "overall": overall,
        "late": late if data.late else None,
        "changes": changes if data.changes else None,
    }
    return {name: writer for name, writer in wanted.items() if writer}


def grouped(data: CircularData) -> Annex:
    tables = tuple(
        Table(GROUP, _rows(GROUP, data.ranked_in(group)), _group_heading(number, group))
        for number, group in enumerate(data.groups, 1)
    )
    return Annex(_title(data, "groups"), tables, _note(data))


def overall(data: CircularData) -> Annex:
    return Annex(
        _title(data, "overall"), (Table(OVERALL, _rows(OVERALL, data.lines)),), _note(data)
    )


def late(data: CircularData) -> Annex:
    rows = tuple(_late_row(number, entry) for number, entry in enumerate(data.late, 1))
    return Annex(_title(data, "late"), (Table(LATE, rows),))


def changes(data: CircularData) -> Annex:
    rows = tuple(_change_row(number, change) for number, change in enumerate(data.changes, 1))
    return Annex(_title(data, "changes"), (Table(CHANGES, rows),))


def written(form: Form, value: Value) -> str:
    """A cell as the printed table shows it."""
    match value:
        case None:
            return phrase("cells", "new" if form is Form.MOVEMENT else "none")
        case date():
            return value.isoformat()
        case int() if form is Form.MOVEMENT:
            return _moved(value)
        case Decimal() if form is Form.RATE:
            return f"{value:.1f}"
        case int() | Decimal():
            return plain(value)
    return value


def figure(value: Decimal | None) -> str:
    """A corrected figure in a sentence."""
    return phrase("changes", "missing") if value is None else plain(value)


def _title(data: CircularData, annex: str) -> str:
    return phrase("annexes", annex, period=written_period(data.period))


def _group_heading(number: int, group: str) -> str:
    return phrase("annexes", "group_heading", number=numeral(number), group=group)


def _note(data: CircularData) -> str:
    note = phrase("annexes", "note", previous=phrase("previous", data.kind.value))
    return note + (phrase("annexes", "example_note") if data.policy.is_example else "")


def _rows(columns: Sequence[Column], lines: Sequence[Line]) -> tuple[tuple[Value, ...], ...]:
    return tuple(tuple(_value(line, column.key) for column in columns) for line in lines)


def _value(line: Line, key: str) -> Value:
    match key:
        case "overall_rank":
            return line.rank
        case "quota" if line.exempt:
            return phrase("cells", "exempt")
        case "completion_rate" if line.exempt or not line.quota:
            return None
    value: Value = getattr(line, key)
    return value


def _late_row(number: int, entry: LateEntry) -> tuple[Value, ...]:
    counted = written_period(entry.counted_in)
    return (number, entry.unit, entry.title, entry.outlet, entry.adopted_on, counted)


def _change_row(number: int, change: Change) -> tuple[Value, ...]:
    period = written_period(change.period) if change.period else ""
    what = phrase("figures", change.what.value)
    return (number, period, change.unit, what, change.before, change.after, change.reason)


def _moved(places: int) -> str:
    if places == 0:
        return phrase("cells", "same")
    return phrase("cells", "up" if places > 0 else "down", places=abs(places))
