"""The list of bad rows, as a workbook to mend and bring again. F1."""

import io

import xlsxwriter

from domain.intake import actions
from domain.intake.desk import Desk
from domain.intake.rules import Marked
from domain.intake.verdicts import Preview, Verdict
from domain.kit import text
from domain.kit.errors import DomainError
from domain.kit.text import Language

NUMBER, COLUMN, REASON = "import-row", "import-column", "import-reason"
"""Headings the list adds, in [fields]."""


def column_of(desk: type[Desk], error: DomainError) -> str:
    """The column to blame; none when it is the row as a whole."""
    field = error.field or ""
    return desk.fields.get(field, field)


def reasons(preview: Preview, verdict: Verdict, language: Language) -> list[tuple[str, str]]:
    """Column and sentence for everything against a row."""
    desk = actions.DESKS[preview.kind]
    return [(column_of(desk, each), text.refusal(each, language)) for each in verdict.refusals]


def error_sheet(preview: Preview, language: Language) -> bytes:
    """The bad rows with their own cells, their row numbers, columns and reasons.

    The sheet's own columns come first, so that the mended list can be imported as it is.
    Cells that bore a mark of classification are left out.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        page = book.add_worksheet()
        added = [text.say("fields", key, language) for key in (NUMBER, COLUMN, REASON)]
        page.write_row(0, 0, [*preview.sheet.columns, *added], bold)
        for line, verdict in enumerate(preview.bad, 1):
            found = reasons(preview, verdict, language)
            own = _cells(preview, verdict)
            page.write_row(line, 0, own, wrap)
            page.write_number(line, len(own), verdict.number, wrap)
            page.write_string(line, len(own) + 1, "、".join(dict(found)), wrap)
            page.write_string(line, len(own) + 2, "\n".join(why for _, why in found), wrap)
        page.freeze_panes(1, 0)
        page.set_column(0, len(preview.sheet.columns) + 1, 14)
        page.set_column(len(preview.sheet.columns) + 2, len(preview.sheet.columns) + 2, 60)
    return buffer.getvalue()


def _cells(preview: Preview, verdict: Verdict) -> list[str]:
    shown = verdict.row.shown()
    marked = {each.column for each in verdict.refusals if isinstance(each, Marked)}
    return ["" if name in marked else shown.get(name, "") for name in preview.sheet.columns]
