"""Uploads are judged by their bytes, whatever they are called (A5, AC17)."""

import asyncio
import struct
import zipfile
import zlib
from io import BytesIO

import docx
import openpyxl
import pytest
from PIL import Image

from domain.items import actions, files, uploads
from domain.items.marks import MarkedClassified
from domain.items.models import Attachment, Item
from domain.kit.models import AuditEvent, StoredFile
from tests.domain.items import chain


def image(form, size=(12, 8), **given):
    out = BytesIO()
    Image.new("RGB", size, (30, 90, 60)).save(out, form, **given)
    return out.getvalue()


def word(text="示例正文"):
    out, document = BytesIO(), docx.Document()
    document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def sheet(text="示例单元格"):
    out, book = BytesIO(), openpyxl.Workbook()
    book.active["A1"] = text
    book.save(out)
    return out.getvalue()


def archive(parts, compress=zipfile.ZIP_DEFLATED):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", compress) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def repacked(content, **changes):
    with zipfile.ZipFile(BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    return archive(parts | changes)


def bomb_picture(width, height):
    """A PNG of one colour, tiny on disk."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = zlib.compress(b"\0" * ((width // 8 + 1) * height), 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.jpg", image("JPEG"), "image/jpeg"),
        ("A.JPEG", image("JPEG"), "image/jpeg"),
        ("a.png", image("PNG"), "image/png"),
        ("a.webp", image("WEBP"), "image/webp"),
        ("a.pdf", PDF, "application/pdf"),
        ("a.docx", word(), uploads.WORD),
        ("a.xlsx", sheet(), uploads.SHEET),
        ("a.txt", "示例".encode(), "text/plain"),
        ("a.txt", "示例".encode("gb18030"), "text/plain"),
    ],
)
def test_the_allowed_types_pass(name, content, media_type):
    assert uploads.inspect(name, content).media_type == media_type


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    "nothing": ("a.txt", b"", uploads.FileEmpty),
    "too large": ("a.txt", b"a" * (uploads.FILE_LIMIT + 1), uploads.FileTooLarge),
    "svg": ("a.svg", SVG, uploads.FileTypeRefused),
    "svg as png": ("a.png", SVG, uploads.FileTypeRefused),
    "html": ("a.html", b"<html></html>", uploads.FileTypeRefused),
    "gif as png": ("a.png", image("GIF"), uploads.FileTypeRefused),
    "png as jpg": ("a.jpg", image("PNG"), uploads.FileTypeRefused),
    "program as txt": ("a.txt", b"MZ\x90\x00\x03", uploads.FileTypeRefused),
    "old word": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", uploads.FileTypeRefused),
    "zip": ("a.zip", archive({"a": b"b"}), uploads.FileTypeRefused),
    "macro word": ("a.docm", word(), uploads.FileTypeRefused),
    "no suffix": ("png", image("PNG"), uploads.FileTypeRefused),
    "two suffixes": ("a.png.exe", image("PNG"), uploads.FileTypeRefused),
    "cut picture": ("a.png", image("PNG", (300, 300))[:200], uploads.FileBroken),
    "picture bomb": ("a.png", bomb_picture(13_000, 13_000), uploads.FileUnsafe),
    "just too many pixels": ("a.png", bomb_picture(8_000, 5_001), uploads.FileUnsafe),
    "pdf inside": ("a.pdf", b"junk" + PDF, uploads.FileTypeRefused),
    "cut pdf": ("a.pdf", PDF[:-7], uploads.FileBroken),
    "acting pdf": ("a.pdf", PDF.replace(b"/Root", b"/OpenAction<</S/JavaScript/JS(x)>>/Root"), uploads.FileUnsafe),
    "zip as docx": ("a.docx", archive({"a": b"b"}), uploads.FileBroken),
    "sheet as docx": ("a.docx", sheet(), uploads.FileBroken),
    "macros": ("a.docx", repacked(word(), **{"word/vbaProject.bin": b"x"}), uploads.FileUnsafe),
    "many parts": ("a.docx", repacked(word(), **{f"x/{n}": b"" for n in range(2_001)}), uploads.FileUnsafe),
    "dense bomb": ("a.docx", repacked(word(), **{"word/big.xml": b"0" * 60_000_000}), uploads.FileUnsafe),
    "outside entity": ("a.docx", repacked(word(), **{"word/document.xml": b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'}), uploads.FileBroken),
    "billion laughs": ("a.docx", repacked(word(), **{"word/document.xml": b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><d>&b;</d>'}), uploads.FileBroken),
    "broken xml": ("a.docx", repacked(word(), **{"word/document.xml": b"<a><b></a>"}), uploads.FileBroken),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_everything_else_is_refused(case):
    name, content, refusal = REFUSED[case]
    with pytest.raises(refusal):
        uploads.inspect(name, content)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/示例.png", "示例.png"),
        ("C:\\文件\\示例.png", "示例.png"),
        ('a<b>"c".png', "a_b__c_.png"),
        ("示例\u202egnp.txt", "示例gnp.txt"),
        (" .png", "png"),
        ("", "file"),
        ("长" * 300 + ".png", "长" * 156 + ".png"),
    ],
)
def test_names_lose_what_a_path_or_a_page_could_stumble_over(given, kept):
    assert uploads.safe_name(given) == kept


def test_words_are_found_across_runs_and_cells():
    document, out = docx.Document(), BytesIO()
    paragraph = document.add_paragraph("机")
    paragraph.add_run("密★")
    document.save(out)
    assert "机密★" in uploads.inspect("a.docx", out.getvalue()).text
    assert "示例单元格" in uploads.inspect("a.xlsx", sheet()).text


async def test_a_file_is_kept_once_under_its_own_hash(db, picture):
    house = await chain.house()
    item = await chain.draft(house)
    for _ in range(2):
        await actions.attach(house.writer, item.id, name="a.png", content=picture, caption="示例")
    assert await StoredFile.all().count() == 1
    first, second = await Attachment.all().order_by("position")
    assert (first.position, second.position, first.sha256) == (1, 2, second.sha256)
    path = files.path_of(first.sha256)
    assert path.read_bytes() == picture
    assert path.relative_to(files.folder()).parts == (first.sha256[:2], first.sha256)
    assert [entry.name for entry in path.parent.iterdir()] == [first.sha256]
    assert await files.read(first.sha256) == picture


async def test_a_damaged_file_is_noticed_when_read(db):
    sha256 = await files.keep(b"whole", "text/plain")
    files.path_of(sha256).write_bytes(b"other")
    with pytest.raises(files.DamagedFile):
        await files.read(sha256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 63, "A" * 64, ""])
def test_only_hashes_name_files(name):
    with pytest.raises(ValueError):
        files.path_of(name)


async def test_many_keep_the_same_file_at_once(db):
    kept = await asyncio.gather(*(files.keep(b"same", "text/plain") for _ in range(8)))
    assert len(set(kept)) == 1
    assert await StoredFile.all().count() == 1


async def test_a_picture_needs_its_caption_and_an_item_takes_nine_files(db, picture):
    house = await chain.house()
    item = await chain.draft(house)
    with pytest.raises(uploads.CaptionMissing):
        await actions.attach(house.writer, item.id, name="a.png", content=picture)
    for number in range(9):
        await actions.attach(house.writer, item.id, name=f"{number}.txt", content=b"x")
    with pytest.raises(uploads.TooManyFiles):
        await actions.attach(house.writer, item.id, name="10.txt", content=b"x")
    assert await Attachment.all().count() == 9


@pytest.mark.parametrize(
    ("name", "content", "caption"),
    [
        ("机密★.txt", b"x", ""),
        ("a.txt", "绝密★".encode(), ""),
        ("a.txt", "秘密★1年".encode("gb18030"), ""),
        ("a.docx", word("机密★10年"), ""),
        ("a.xlsx", sheet("〔密〕"), ""),
        ("a.png", image("PNG"), "秘密☆"),
    ],
)
async def test_a_marked_file_leaves_nothing_behind(db, name, content, caption):
    house = await chain.house()
    item = await chain.draft(house)
    before = set(files.folder().rglob("*")) if files.folder().exists() else set()
    with pytest.raises(MarkedClassified):
        await actions.attach(house.writer, item.id, name=name, content=content, caption=caption)
    after = set(files.folder().rglob("*")) if files.folder().exists() else set()
    assert after == before
    assert await Attachment.all().count() + await StoredFile.all().count() == 0
    assert (await Item.get()).version == item.version
    assert list((await AuditEvent.get(verb="refuse-marked")).facts) == ["rule"]
