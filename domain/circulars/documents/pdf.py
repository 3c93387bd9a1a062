"""PDF/A-2b, set by Typst in the geometry of GB/T 9704-2012."""

from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any, Literal

import orjson
import typst

from domain.circulars.data import CircularData, Heading
from domain.circulars.documents import tables
from domain.circulars.documents.content import Content, content
from domain.circulars.documents.fonts import Faces, faces
from domain.circulars.documents.phrases import phrase
from domain.circulars.documents.titles import balanced

TEMPLATE = Path(__file__).with_name("circular.typ")
Standard = Literal["a-2b"] | None
NOTHING, RUNS_KEPT = b" ", 11
COUNTY_TIME = timezone(timedelta(hours=8))


def write(heading: Heading, data: CircularData, fonts: Path | None = None) -> bytes:
    """The circular as PDF. `fonts` is a folder with 仿宋, 小标宋, 楷体, 黑体; without it Noto.

    A letter that neither has is looked for among the machine's fonts; where it is nowhere, the
    circular still comes out, as plain PDF, because PDF/A forbids a missing glyph.
    """
    text = content(heading, data)
    made = datetime.combine(heading.issue_date or data.last, time(), COUNTY_TIME)
    for system in (False, True):
        with suppress(typst.TypstError):
            return _compile(text, faces(fonts, system=system), made, "a-2b")
    return _compile(text, faces(fonts, system=True), made, None)


def _compile(text: Content, available: Faces, made: datetime, standard: Standard) -> bytes:
    facts = orjson.dumps(_facts(text, available)).decode()
    compiler = typst.Compiler(TEMPLATE, font_paths=available.loaded, sys_inputs={"content": facts})
    result = compiler.compile(format="pdf", pdf_standards=standard, timestamp=made)
    _forget(available)
    assert isinstance(result, bytes)
    return result


def _forget(available: Faces) -> None:
    """Typst keeps the layout of its last ten runs, some 30 MB each: let empty runs replace it."""
    empty = typst.Compiler(NOTHING, font_paths=available.loaded)
    for _ in range(RUNS_KEPT):
        empty.compile(NOTHING, format="pdf")


def _facts(text: Content, available: Faces) -> dict[str, Any]:
    several = len(text.annexes) > 1
    return asdict(text) | {
        "annexes": [
            _annex(annex, str(number) if several else "")
            for number, annex in enumerate(text.annexes, 1)
        ],
        "file": phrase("head", "file"),
        "words": {"list": phrase("annexes", "list")},
        "fonts": available.roles,
        "standins": available.standins,
    }


def _annex(annex: tables.Annex, number: str) -> dict[str, Any]:
    return {
        "label": phrase("annexes", "label", number=number),
        "name": annex.title,
        "title": balanced(annex.title),
        "note": annex.note,
        "tables": [_table(table) for table in annex.tables],
    }


def _table(table: tables.Table) -> dict[str, Any]:
    forms = [column.form for column in table.columns]
    return {
        "heading": table.heading,
        "columns": [
            {
                "title": column.title,
                "form": column.form,
                "width": column.width,
                "over": phrase("columns", column.over) if column.over else "",
            }
            for column in table.columns
        ],
        "rows": [list(map(tables.written, forms, row)) for row in table.rows],
    }
