"""The Word elements python-docx has no words for: faces, borders, spans, fields, fixed bytes."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Pt, RGBColor

# Word users have these faces; Word itself replaces one that is missing.
FANG, XBS, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
RED = RGBColor(0xE6, 0x00, 0x12)
SIZE2, SIZE3, SIZE4, SIZE5, SIZE6 = Pt(22), Pt(16), Pt(14), Pt(10.5), Pt(9)
PITCH = Pt(28.95)  # 22 lines in 225 mm
CHARACTER = Pt(15.75)
TIGHT = -5  # twips: 28 characters of 16 pt in 156 mm
SAME_TIME = (1980, 1, 1, 0, 0, 0)


def element(tag: str, **attributes: object) -> Any:
    """A w: element; attribute names are w: too."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def set_face(run_or_style: Any, face: str) -> None:
    """The same face for Chinese, digits and Latin, as official documents have it."""
    properties = run_or_style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), face)
    fonts.set(qn("w:hint"), "eastAsia")


def xml(thing: Any) -> Any:
    """The XML behind a paragraph, run, row or table of python-docx."""
    return thing._element  # noqa: SLF001  # the library's own way to what it has no words for


def write_run(
    paragraph: Any, text: str, face: str = FANG, size: Length = SIZE3, color: RGBColor | None = None
) -> Any:
    run = paragraph.add_run(text)
    set_face(run, face)
    run.font.size = size
    if color is not None:
        run.font.color.rgb = color
    if size == SIZE3:
        _to_run(run, element("spacing", val=TIGHT), "w:w", "w:kern", "w:position", "w:sz")
    return run


def squeeze(run: Any, percent: int) -> None:
    """Narrow the letters of a long issuing mark."""
    _to_run(run, element("w", val=percent), "w:kern", "w:position", "w:sz")


def _to_run(run: Any, child: Any, *before: str) -> None:
    run.element.get_or_add_rPr().insert_element_before(child, *before)


def indent_characters(paragraph: Any, first: int) -> None:
    """First-line indent in characters, which follow the face."""
    paragraph.paragraph_format.first_line_indent = first * CHARACTER
    xml(paragraph).pPr.ind.set(qn("w:firstLineChars"), str(first * 100))


def edges(
    paragraph: Any, sides: Mapping[str, int], *, space: int = 0, color: str = "000000"
) -> None:
    """Rules along a paragraph's sides, in eighths of a point, `space` points away from it."""
    lines = element("pBdr")
    for side, eighths in sides.items():
        lines.append(element(side, val="single", sz=eighths, space=space, color=color))
    properties = xml(paragraph).get_or_add_pPr()
    properties.insert_element_before(lines, "w:tabs", "w:spacing", "w:ind", "w:jc")


def keep_grid(style: Any, layout: Any) -> None:
    """22 lines a page: nothing widens Chinese beside digits, nothing moves a lone line."""
    style.paragraph_format.widow_control = False
    properties = style.element.get_or_add_pPr()
    for name in ("autoSpaceDE", "autoSpaceDN", "snapToGrid"):
        properties.insert_element_before(element(name, val=0), "w:spacing", "w:ind", "w:jc")
    for grid in layout.findall(qn("w:docGrid")):
        layout.remove(grid)
    layout.append(element("docGrid", type="lines", linePitch=579))


def add_field(paragraph: Any, instruction: str, face: str, size: Length) -> None:
    """A field that Word fills, such as PAGE."""
    code = element("instrText")
    code.text = instruction
    for part in (
        element("fldChar", fldCharType="begin"),
        code,
        element("fldChar", fldCharType="end"),
    ):
        write_run(paragraph, "", face, size).element.append(part)


def fix_widths(table: Any, widths: list[Length]) -> None:
    """Columns exactly as wide as given, whatever is written in them."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def cell_margins(table: Any, sides: Mapping[str, int]) -> None:
    """Inner margins of all cells, in twips."""
    margins = element("tblCellMar")
    for side, width in sides.items():
        margins.append(element(side, w=width, type="dxa"))
    xml(table).tblPr.insert_element_before(margins, "w:tblLook")


def rules(table: Any, sides: Mapping[str, int]) -> None:
    """Rules of a table by side, in eighths of a point."""
    lines = element("tblBorders")
    for side, eighths in sides.items():
        lines.append(element(side, val="single", sz=eighths, space=0, color="000000"))
    xml(table).tblPr.insert_element_before(lines, "w:tblLayout", "w:tblCellMar", "w:tblLook")


def whole_rows(table: Any, header_rows: int) -> None:
    """No row splits over pages; the first rows come again on every page."""
    for index, row in enumerate(table.rows):
        properties = xml(row).get_or_add_trPr()
        properties.append(element("cantSplit"))
        if index < header_rows:
            properties.append(element("tblHeader"))


def put_into_frame(paragraph: Any, width: Length, top: Length | None) -> None:
    """A frame `top` below the upper edge of the type area, or on its lower edge."""
    frame = element(
        "framePr", w=width.twips, hSpace=0, wrap="around", vAnchor="margin", hAnchor="margin", x=1
    )
    side, place = ("yAlign", "bottom") if top is None else ("y", top.twips)
    frame.set(qn(f"w:{side}"), str(place))
    properties = xml(paragraph).get_or_add_pPr()
    properties.insert_element_before(
        frame, "w:widowControl", "w:pBdr", "w:tabs", "w:spacing", "w:ind", "w:jc"
    )


def same_bytes(document: bytes) -> bytes:
    """The same archive with one time for all parts, so that equal input is equal bytes."""
    made = BytesIO()
    with ZipFile(BytesIO(document)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = ZipInfo(name, SAME_TIME)
            info.compress_type = ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return made.getvalue()
