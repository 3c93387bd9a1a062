"""Reads a PDF back: words, places in millimetres from the upper left, rules and glyphs."""

import re
from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ContentStream

MM = 25.4 / 72
HEIGHT = 297


@dataclass(frozen=True)
class Word:
    text: str
    x: float
    y: float
    size: float


def read(document: bytes) -> PdfReader:
    return PdfReader(BytesIO(document))


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def text_of(document: bytes) -> str:
    """All pages without blanks, line ends and page numbers."""
    pages = [plain(page.extract_text()) for page in read(document).pages]
    return "".join(re.sub(r"—\d+—", "", page) for page in pages)


def words(page) -> list[Word]:
    """Baselines; typst sets each line's run with a matrix of its own."""
    found = []

    def visit(text, cm, tm, _font, size):
        if text.strip():
            x, y = cm[4] + tm[4] * cm[0], cm[5] + tm[5] * cm[3]
            found.append(Word(plain(text), x * MM, HEIGHT - y * MM, size))

    page.extract_text(visitor_text=visit)
    return found


def rules(page, reader) -> list[tuple[tuple[float, ...], float, float, float]]:
    """Stroked horizontal lines: colour, left, height on the page, length."""
    found, stack, place, colour, start = [], [], (0.0, 0.0), (), (0.0, 0.0)
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        numbers = [float(each) for each in operands if isinstance(each, int | float)]
        match operator:
            case b"q":
                stack.append((place, colour))
            case b"Q":
                place, colour = stack.pop()
            case b"cm":
                place = (place[0] + numbers[4], place[1] + numbers[5])
            case b"SCN":
                colour = tuple(numbers)
            case b"m":
                start = (numbers[0], numbers[1])
            case b"l" if abs(numbers[1] - start[1]) < 0.01:
                left, height = place[0] + start[0], HEIGHT - (place[1] + start[1]) * MM
                found.append((colour, left * MM, height, abs(numbers[0] - start[0]) * MM))
    return found


def glyphs(reader) -> set[int]:
    """All glyph numbers drawn; 0 would be an empty box."""
    drawn = set()
    for page in reader.pages:
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator in {b"Tj", b"TJ"}:
                parts = operands[0] if isinstance(operands[0], list) else [operands[0]]
                for part in parts:
                    if hasattr(part, "original_bytes"):
                        raw = part.original_bytes
                        drawn |= {int.from_bytes(raw[i : i + 2]) for i in range(0, len(raw), 2)}
    return drawn


def fonts(reader) -> dict[str, bool]:
    """Font names and whether each lies in the file."""
    found = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"]
            found[descendant["/BaseFont"]] = "/FontFile3" in descriptor
    return found
