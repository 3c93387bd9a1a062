"""DOCX for Word and WPS, in the geometry of GB/T 9704-2012, with the faces offices have."""

import re
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.shared import Length, Mm, Pt

from domain.circulars.data import CircularData, Heading
from domain.circulars.documents import tables
from domain.circulars.documents.body import Paragraph, Style
from domain.circulars.documents.content import Content, content
from domain.circulars.documents.docx_parts import (
    CHARACTER,
    FANG,
    HEI,
    KAI,
    PITCH,
    RED,
    SIZE2,
    SIZE3,
    SIZE4,
    SIZE5,
    SIZE6,
    SONG,
    XBS,
    add_field,
    cell_margins,
    edges,
    element,
    fix_widths,
    indent_characters,
    keep_grid,
    put_into_frame,
    rules,
    same_bytes,
    set_face,
    squeeze,
    whole_rows,
    write_run,
)
from domain.circulars.documents.phrases import phrase
from domain.circulars.documents.titles import balanced, length

CENTER, LEFT, RIGHT = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
)
MARK, JOINT_MARK = 50, 36  # points
AREA, AREA_HEIGHT, ROW = Mm(156), Mm(225), Pt(24)
THICK, THIN = 8, 6  # eighths of a point: 0.35 and 0.25 mm
DATE_WIDTH = 8  # characters
SPACE = "\u3000"  # one character wide


def write(heading: Heading, data: CircularData) -> bytes:
    """The circular as DOCX."""
    text = content(heading, data)
    document = docx.Document()
    _set_up(document, heading, data)
    _head(document, text)
    for paragraph in text.paragraphs:
        _paragraph(document, paragraph, last=paragraph is text.paragraphs[-1])
    _annex_list(document, text)
    _signatures(document, text)
    for number, annex in enumerate(text.annexes, 1):
        _annex(document, annex, str(number) if len(text.annexes) > 1 else "")
    _imprint(document, text)
    made = BytesIO()
    document.save(made)
    return same_bytes(made.getvalue())


def _set_up(document: Any, heading: Heading, data: CircularData) -> None:
    normal = document.styles["Normal"]
    set_face(normal, FANG)
    normal.font.size = SIZE3
    keep_grid(normal, document.element.body.sectPr)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(20), Mm(23)
    document.settings.element.insert_element_before(element("mirrorMargins"), "w:proofState")
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        _page_number(footer.paragraphs[0], side)
    if heading.is_draft:
        for header in (section.header, section.even_page_header):
            _aligned(header.paragraphs[0], CENTER)
            write_run(header.paragraphs[0], phrase("head", "draft_mark"), HEI)
    _properties(document.core_properties, heading, data)


def _properties(properties: Any, heading: Heading, data: CircularData) -> None:
    made = datetime.combine(heading.issue_date or data.last, time(), UTC).replace(tzinfo=None)
    properties.title = heading.title
    properties.author = properties.last_modified_by = "、".join(heading.issuers)
    properties.created = properties.modified = made
    properties.comments = ""
    properties.language = "zh-CN"


def _page_number(paragraph: Any, side: Any) -> None:
    _aligned(paragraph, side)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = SIZE4
    write_run(paragraph, "— ", SONG, SIZE4)
    add_field(paragraph, "PAGE", SONG, SIZE4)
    write_run(paragraph, " —", SONG, SIZE4)


def _add(holder: Any, *, before: float = 0, side: Any = None) -> Any:
    """A paragraph on the line grid; `before` in lines."""
    paragraph = holder.add_paragraph()
    _aligned(paragraph, side, PITCH)
    paragraph.paragraph_format.space_before = Length(int(PITCH * before))
    return paragraph


def _aligned(paragraph: Any, side: Any, pitch: Length | None = None) -> None:
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.alignment = side
    if pitch is not None:
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, pitch


def _head(document: Any, text: Content) -> None:
    if len(text.mark) == 1:
        _mark(document, text.mark[0] + phrase("head", "file"))
    else:
        _joint_mark(document, text.mark)
    number = _add(document, before=2, side=CENTER)
    number.paragraph_format.line_spacing = SIZE3
    write_run(number, text.number or text.draft)
    edges(number, {"bottom": 8}, space=11, color=str(RED))
    _title(document, text.title, before=2)
    _add(document)


def _mark(document: Any, words: str) -> None:
    paragraph = document.paragraphs[0] if document.paragraphs else document.add_paragraph()
    _aligned(paragraph, CENTER, Pt(MARK + 8))
    paragraph.paragraph_format.space_before = Mm(33.5)
    run = write_run(paragraph, words, XBS, Pt(MARK), RED)
    squeeze(run, min(100, int(Mm(150) * 100 / (len(words) * Pt(MARK)))))


def _joint_mark(document: Any, issuers: tuple[str, ...]) -> None:
    """Issuers over one another, spread to one width; 「文件」 beside them at mid-height."""
    space = document.add_paragraph()
    _aligned(space, CENTER, Mm(34))
    size = min(JOINT_MARK, 88 / len(issuers))
    longest = max(map(len, issuers))
    file_width = Pt(MARK * 2 + 12)
    width = Length(min(int(Pt(size * 1.06) * longest), AREA - file_width))
    table = document.add_table(len(issuers), 2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    fix_widths(table, [width, file_width])
    cell_margins(table, {"left": 0, "right": 0})
    for row, issuer in zip(table.rows, issuers, strict=True):
        paragraph = row.cells[0].paragraphs[0]
        _aligned(paragraph, WD_ALIGN_PARAGRAPH.DISTRIBUTE, Pt(size * 1.4))
        run = write_run(paragraph, issuer, XBS, Pt(size), RED)
        squeeze(run, min(100, int(width * 100 / (longest * Pt(size)))))
    joint = table.cell(0, 1).merge(table.cell(len(issuers) - 1, 1))
    joint.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    _aligned(joint.paragraphs[0], RIGHT)
    write_run(joint.paragraphs[0], phrase("head", "file"), XBS, Pt(MARK), RED)


def _title(document: Any, lines: tuple[str, ...], before: float = 0) -> None:
    paragraph = _add(document, before=before, side=CENTER)
    paragraph.paragraph_format.line_spacing = Pt(32)
    for index, line in enumerate(lines):
        run = write_run(paragraph, "", XBS, SIZE2)
        if index:
            run.add_break()
        run.add_text(line)


def _paragraph(document: Any, written: Paragraph, *, last: bool) -> None:
    paragraph = _add(document, side=WD_ALIGN_PARAGRAPH.JUSTIFY)
    paragraph.paragraph_format.keep_with_next = last or written.style is Style.HEADING
    if written.style is not Style.ADDRESSEES:
        indent_characters(paragraph, 2)
    if written.label:
        write_run(paragraph, written.label, KAI)
    write_run(paragraph, written.text, HEI if written.style is Style.HEADING else FANG)


def _annex_list(document: Any, text: Content) -> None:
    several = len(text.annexes) > 1
    lead = phrase("annexes", "list")
    for index, annex in enumerate(text.annexes):
        paragraph = _add(document, before=0 if index else 1)
        number = f"{index + 1}. " if several else ""
        hanging = length(number) + (0 if index else length(lead))
        layout = paragraph.paragraph_format
        layout.left_indent = Length(int(CHARACTER * (2 + length(lead) + length(number))))
        layout.first_line_indent = Length(-int(CHARACTER * hanging))
        layout.keep_with_next = True
        write_run(paragraph, ("" if index else lead) + number + annex.title)


def _signatures(document: Any, text: Content) -> None:
    """Names side by side, each with room for its seal; the date under the last, 4 characters in."""
    last = text.signatures[-1][-1]
    beyond = max(0.0, (length(last) - length(text.date)) / 2) if text.date else 0
    edge = Length(int(CHARACTER * max(0.5, 3.5 - beyond)))
    for names in text.signatures:
        for _ in range(3):
            _add(document).paragraph_format.keep_with_next = True
        table = document.add_table(2, len(names) + 1)
        table.alignment = WD_TABLE_ALIGNMENT.RIGHT
        widths = [Length(int(CHARACTER * max(length(name) + 1, DATE_WIDTH))) for name in names]
        fix_widths(table, [*widths, edge])
        cell_margins(table, {"left": 0, "right": 0})
        for cell, name in zip(table.rows[0].cells, names, strict=False):
            _cell(cell, name, keep=True)
        if names is text.signatures[-1]:
            _cell(table.cell(1, len(names) - 1), text.date)


def _cell(cell: Any, text: str, *, keep: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    _aligned(paragraph, CENTER, PITCH)
    paragraph.paragraph_format.keep_with_next = keep
    write_run(paragraph, text)


def _annex(document: Any, annex: tables.Annex, number: str) -> None:
    label = _add(document)
    label.paragraph_format.page_break_before = True
    write_run(label, phrase("annexes", "label", number=number), HEI)
    _title(document, balanced(annex.title), before=1)
    note = _add(document, before=0.5)
    note.paragraph_format.line_spacing = Pt(16)
    write_run(note, annex.note, FANG, SIZE5)
    for table in annex.tables:
        if table.heading:
            heading = _add(document, before=0.3)
            heading.paragraph_format.keep_with_next = True
            write_run(heading, table.heading, KAI)
        _figures(document, table)


def _figures(document: Any, table: tables.Table) -> None:
    made = document.add_table(2 + len(table.rows), len(table.columns))
    taken = sum(column.width for column in table.columns)
    fix_widths(made, [Mm(column.width or 156 - taken) for column in table.columns])
    cell_margins(made, {"left": 25, "right": 25})
    rules(made, dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), 4))
    _column_heads(made, table.columns)
    for cells, row in zip([row.cells for row in made.rows][2:], table.rows, strict=True):
        for cell, column, value in zip(cells, table.columns, row, strict=True):
            is_text = column.form is tables.Form.TEXT
            words = tables.written(column.form, value)
            _figure(cell, words, LEFT if is_text else CENTER, SIZE5 if is_text else SIZE6)
    whole_rows(made, header_rows=2)


def _column_heads(made: Any, columns: tuple[tables.Column, ...]) -> None:
    """Two rows: plain heads span both, 「各级采用」 spans its four levels."""
    upper, lower = made.rows[0].cells, made.rows[1].cells
    for key in dict.fromkeys(column.over for column in columns if column.over):
        span = [index for index, column in enumerate(columns) if column.over == key]
        _figure(upper[span[0]].merge(upper[span[-1]]), phrase("columns", key), CENTER, SIZE6)
    for index, column in enumerate(columns):
        cell = lower[index] if column.over else upper[index].merge(lower[index])
        _figure(cell, column.title, CENTER, SIZE6)


def _figure(cell: Any, words: str, side: Any, size: Length) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    _aligned(paragraph, side, Pt(13))
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    write_run(paragraph, words, FANG, size)


def _imprint(document: Any, text: Content) -> None:
    """版记 between rules, in a frame on the lower edge of the last page's type area."""
    _aligned(document.add_paragraph(), LEFT, Pt(1))
    if text.copies:
        copies = _folded(text.copies)
        height = Length(int(ROW * (copies.count("\n") + 2) + Pt(1)))
        edges(_framed(document, copies, top=Length(AREA_HEIGHT - height)), {"top": THICK})
    issuer = _framed(document, f"{SPACE}{text.issuer}\t{text.issued}")
    issuer.paragraph_format.tab_stops.add_tab_stop(Length(AREA - SIZE4), WD_TAB_ALIGNMENT.RIGHT)
    edges(issuer, {"top": THIN if text.copies else THICK, "bottom": THICK})
    _aligned(document.add_paragraph(), LEFT, Pt(1))


def _folded(copies: str) -> str:
    """抄送 by lines of 29 characters, one in on both sides, recipients under one another."""
    label, colon, recipients = copies.partition("：")
    lines = re.findall(r".{1,26}[、，；。]?", recipients)
    return SPACE + label + colon + f"\n{SPACE * 4}".join(lines)


def _framed(document: Any, words: str, top: Length | None = None) -> Any:
    """A frame of its own for each row: writers drop a frame whose paragraphs' rules differ."""
    paragraph = document.add_paragraph()
    _aligned(paragraph, LEFT, ROW)
    write_run(paragraph, words, FANG, SIZE4)
    put_into_frame(paragraph, AREA, top)
    return paragraph
