"""What may be uploaded: judged by content, parsed whole, before anything is kept. (A5, AC17)"""

import re
import warnings
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from xml.etree.ElementTree import ParseError

import puremagic
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser
from PIL import Image, UnidentifiedImageError

from domain.items import rules
from domain.kit.errors import Invalid

FILE_LIMIT = 20 * 1024 * 1024
FILES_PER_ITEM = 9
NAME_LIMIT = 160
CAPTION_LIMIT = 200
UNPACKED_LIMIT = 100 * 1024 * 1024
RATIO_LIMIT = 100
ENTRY_LIMIT = 2_000
ELEMENT_LIMIT = 1_000_000
BLOCK = 64 * 1024
WORDS_LIMIT = 10_000_000
"""Characters in all; no report comes near it, and all of them are searched for marks."""
PIXEL_LIMIT = 40_000_000

Image.MAX_IMAGE_PIXELS = PIXEL_LIMIT
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
MEDIA_TYPES = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp",
    ".pdf": "application/pdf", ".docx": WORD, ".xlsx": SHEET, ".txt": "text/plain",
}  # fmt: skip
_MAIN_PART = {WORD: "word/document.xml", SHEET: "xl/workbook.xml"}
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


class FileEmpty(Invalid):
    code, field = "file-empty", "content"


class FileTooLarge(Invalid):
    code, field = "file-too-large", "content"

    def __init__(self) -> None:
        super().__init__()
        self.limit = FILE_LIMIT // 1024 // 1024


class FileTypeRefused(Invalid):
    """Not one of the allowed types, or not what its name says."""

    code, field = "file-type-refused", "content"


class FileBroken(Invalid):
    """It begins like an allowed type, but cannot be read as one."""

    code, field = "file-broken", "content"


class FileUnsafe(Invalid):
    """Unpacks to far more than it holds, or carries macros."""

    code, field = "file-unsafe", "content"


class TooManyFiles(Invalid):
    code, field = "too-many-files", "attachments"

    def __init__(self) -> None:
        super().__init__()
        self.limit = FILES_PER_ITEM


class CaptionMissing(Invalid):
    code, field = "caption-missing", "caption"


class CaptionTooLong(Invalid):
    code, field = "caption-too-long", "caption"

    def __init__(self) -> None:
        super().__init__()
        self.limit = CAPTION_LIMIT


@dataclass(frozen=True, slots=True)
class Inspected:
    """An upload that passed: its clean name, its true type and the words found in it."""

    name: str
    media_type: str
    text: str

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURES


def safe_name(name: str) -> str:
    """The last part of a file name, without anything a path or a page could stumble over."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = rules.tidy(_FORBIDDEN.sub("_", last)).strip(". ") or "file"
    stem, suffix = PurePosixPath(shown).stem, PurePosixPath(shown).suffix
    return stem[: NAME_LIMIT - len(suffix)] + suffix


def inspect(name: str, content: bytes) -> Inspected:
    """Judge an upload by its bytes; run it in a thread, it parses the whole file.

    Raises FileEmpty, FileTooLarge, FileTypeRefused, FileBroken, FileUnsafe.
    """
    if not content:
        raise FileEmpty
    if len(content) > FILE_LIMIT:
        raise FileTooLarge
    clean = safe_name(name)
    media_type = _type_of(clean, content)
    return Inspected(clean, media_type, _parse(media_type, content))


def check_count(already: int) -> None:
    if already >= FILES_PER_ITEM:
        raise TooManyFiles


def check_caption(caption: str, *, is_picture: bool) -> None:
    """A picture is nothing in the library without its caption (A5, R20)."""
    if is_picture and not caption:
        raise CaptionMissing
    if len(caption) > CAPTION_LIMIT:
        raise CaptionTooLong


def _type_of(name: str, content: bytes) -> str:
    """The type that name and content agree on."""
    claimed = MEDIA_TYPES.get(PurePosixPath(name).suffix.lower())
    if claimed is None or (claimed != "text/plain" and claimed not in _sniffed(content)):
        raise FileTypeRefused
    return claimed


def _sniffed(content: bytes) -> set[str]:
    try:
        found = {match.mime_type for match in puremagic.magic_string(content)}
    except puremagic.PureError:
        return set()
    return found | ({WORD, SHEET} if content.startswith(b"PK\x03\x04") else set())


def _parse(media_type: str, content: bytes) -> str:
    if media_type in PICTURES:
        return _parse_picture(content, PICTURES[media_type])
    if media_type in _MAIN_PART:
        return _parse_office(content, _MAIN_PART[media_type])
    return _parse_pdf(content) if media_type == "application/pdf" else _parse_text(content)


def _parse_picture(content: bytes, form: str) -> str:
    try:
        with Image.open(BytesIO(content), formats=[form]) as picture:
            if picture.width * picture.height > PIXEL_LIMIT:
                raise FileUnsafe
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileUnsafe from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise FileBroken from error
    return ""


def _parse_pdf(content: bytes) -> str:
    """A PDF from its first byte to its end mark; nothing that acts when opened."""
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2_048:]:
        raise FileBroken
    if re.search(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles|RichMedia)\b", content):
        raise FileUnsafe
    return ""


def _parse_text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(char < " " and char not in "\t\n\r\f" for char in text):
            raise FileTypeRefused
        return text
    raise FileTypeRefused


def _parse_office(content: bytes, main_part: str) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            _check_parts(parts.infolist(), main_part)
            return _words_in(parts)
    except (
        zipfile.BadZipFile, ParseError, DefusedXmlException, OSError, EOFError, KeyError,
        NotImplementedError, RuntimeError, ValueError,
    ) as error:  # fmt: skip
        raise FileBroken from error


def _check_parts(parts: list[zipfile.ZipInfo], main_part: str) -> None:
    """Before anything is unpacked: how many, how large, how dense, and no macros."""
    names = {part.filename for part in parts}
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    macros = any("vbaproject" in name.lower() for name in names)
    if len(parts) > ENTRY_LIMIT or unpacked > UNPACKED_LIMIT or macros:
        raise FileUnsafe
    if unpacked > RATIO_LIMIT * max(packed, 1):
        raise FileUnsafe
    if main_part not in names or "[Content_Types].xml" not in names:
        raise FileBroken


def _texts_in(parts: zipfile.ZipFile) -> list[str]:
    return [
        name
        for name in parts.namelist()
        if name.endswith(".xml") and name.startswith(("word/", "xl/", "docProps/"))
    ]


class _Words:
    """Takes the words out of XML as it is read; no tree is built, however large it would be."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.length = self.elements = 0

    def start(self, _tag: str, _attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > ELEMENT_LIMIT:
            raise FileUnsafe

    def data(self, text: str) -> None:
        self.said.append(text)
        self.length += len(text)
        if self.length > WORDS_LIMIT:
            raise FileUnsafe

    def end(self, tag: str) -> None:
        if tag.rsplit("}", 1)[-1] in ("p", "si", "row"):
            self.said.append("\n")


def _words_in(parts: zipfile.ZipFile) -> str:
    words = _Words()
    for name in _texts_in(parts):
        parser = XMLParser(target=words)
        with parts.open(name) as part:
            while block := part.read(BLOCK):
                parser.feed(block)
        parser.close()
        words.said.append("\n")
    return "".join(words.said)
