"""XLSX with real numbers: the overall table, one sheet per rank group, 迟报 and 更正 if any."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from domain.circulars.data import CircularData, Heading
from domain.circulars.documents.phrases import phrase
from domain.circulars.documents.tables import (
    Column,
    Form,
    Table,
    Value,
    changes,
    grouped,
    late,
    overall,
)

HEAD_ROWS = 3
FIRST_COLUMNS = 2
NAME_LENGTH = 31  # of a sheet
FORBIDDEN = str.maketrans(dict.fromkeys(r"[]:*?/\'", "_"))
WIDTHS = {Form.TEXT: 26.0, Form.DATE: 12.0, Form.RATE: 9.0, Form.POINTS: 9.0}
NUMBERS = {Form.COUNT: "0", Form.RATE: "0.0%", Form.POINTS: "General", Form.DATE: "yyyy-mm-dd"}
MOVEMENT = '"↑"0;"↓"0;"平"'


def write(heading: Heading, data: CircularData) -> bytes:
    """The circular's tables as XLSX, each sheet ready to print on A4 landscape."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties(_properties(heading, data))
        formats = _formats(book)
        for name, title, table in _sheets(data):
            sheet = book.add_worksheet(name)
            _lay_out(sheet, table.columns)
            _fill(sheet, table, title, formats)
    return made.getvalue()


def _properties(heading: Heading, data: CircularData) -> dict[str, object]:
    made = datetime.combine(heading.issue_date or data.last, time())
    author = "、".join(heading.issuers)
    return {"title": heading.title, "author": author, "created": made}


def _sheets(data: CircularData) -> Iterable[tuple[str, str, Table]]:
    """Sheet name, printed title and table."""
    whole = overall(data)
    yield phrase("sheets", "overall"), whole.title, whole.tables[0]
    groups = grouped(data)
    taken = {phrase("sheets", key) for key in ("overall", "late", "changes")}
    for group, table in zip(data.groups, groups.tables, strict=True):
        name = _sheet_name(group, taken)
        yield name, f"{groups.title}{table.heading}", table
    if data.late:
        entries = late(data)
        yield phrase("sheets", "late"), entries.title, entries.tables[0]
    if data.changes:
        corrections = changes(data)
        yield phrase("sheets", "changes"), corrections.title, corrections.tables[0]


def _sheet_name(group: str, taken: set[str]) -> str:
    """A name Excel accepts and no other sheet has, which it compares without case."""
    name = plain = group.translate(FORBIDDEN)[:NAME_LENGTH] or "_"
    number = 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[: NAME_LENGTH - 4]}({number})"
    taken.add(name.casefold())
    return name


def _formats(book: Any) -> dict[str, Any]:
    cell = {"border": 1, "valign": "vcenter", "font_name": "宋体", "font_size": 10.5}
    centred = cell | {"align": "center"}
    formats = {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
        "head": book.add_format(centred | {"bold": True, "text_wrap": True, "bg_color": "#F2F2F2"}),
        Form.TEXT: book.add_format(cell | {"text_wrap": True}),
        Form.MOVEMENT: book.add_format(centred | {"num_format": MOVEMENT}),
    }
    for form, numbers in NUMBERS.items():
        formats[form] = book.add_format(centred | {"num_format": numbers})
    return formats


def _lay_out(sheet: Any, columns: Sequence[Column]) -> None:
    """Heads stay in sight and come again on every printed page."""
    for index, column in enumerate(columns):
        sheet.set_column(index, index, WIDTHS.get(column.form, 8))
    sheet.set_row(0, 30)
    sheet.freeze_panes(HEAD_ROWS, FIRST_COLUMNS)
    sheet.repeat_rows(0, HEAD_ROWS - 1)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_footer("&C— &P —")


def _fill(sheet: Any, table: Table, title: str, formats: dict[str, Any]) -> None:
    sheet.merge_range(0, 0, 0, len(table.columns) - 1, "", formats["title"])
    sheet.write_string(0, 0, title, formats["title"])
    _heads(sheet, table.columns, formats["head"])
    for number, row in enumerate(table.rows, HEAD_ROWS):
        for index, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            _write(sheet, (number, index), column.form, value, formats[column.form])
    if table.rows:
        sheet.autofilter(HEAD_ROWS - 1, 0, HEAD_ROWS - 1 + len(table.rows), len(table.columns) - 1)


def _heads(sheet: Any, columns: Sequence[Column], style: Any) -> None:
    for index, column in enumerate(columns):
        title = column.title.rstrip("%")
        if column.over:
            sheet.write_string(2, index, title, style)
        else:
            sheet.merge_range(1, index, 2, index, "", style)
            sheet.write_string(1, index, title, style)
    for key in dict.fromkeys(column.over for column in columns if column.over):
        span = [index for index, column in enumerate(columns) if column.over == key]
        sheet.merge_range(1, span[0], 1, span[-1], phrase("columns", key), style)


def _write(sheet: Any, place: tuple[int, int], form: Form, value: Value, style: Any) -> None:
    """A figure as a number, a date as a date, and words as words, whatever they begin with."""
    match value:
        case None if form is Form.MOVEMENT:
            sheet.write_string(*place, phrase("cells", "new"), style)
        case None:
            sheet.write_blank(*place, None, style)
        case str():
            sheet.write_string(*place, value, style)
        case int() | Decimal():
            share = float(value) / 100 if form is Form.RATE else float(value)
            sheet.write_number(*place, round(share, 6), style)
        case _:
            sheet.write_datetime(*place, datetime.combine(value, time()), style)
