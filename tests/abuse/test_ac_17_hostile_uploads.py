"""AC17: no hostile file gets in, and none costs more memory than its size allows."""

import io
import random
import tracemalloc
import zipfile

import pytest
from PIL import Image

from domain.items import actions as items
from domain.items import attaching, uploads
from domain.items.models import Attachment
from domain.kit.models import StoredFile
from tests.abuse.attack import at_once, refusals
from tests.domain.items import chain

DOCUMENT = (
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/x"><w:body>%s</w:body></w:document>'
)


def picture(form="PNG", size=(9, 9), **given) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size).save(out, form, **given)
    return out.getvalue()


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return out.getvalue()


def word(inside: bytes = b"<w:p/>", **parts: bytes) -> bytes:
    return packed(word__document_DOT_xml=DOCUMENT % inside, **parts)


ENTITIES = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
LAUGHS = b"<!DOCTYPE a [<!ENTITY b 'bbbb'>%s]><a>&c9;</a>" % b"".join(
    b"<!ENTITY c%d '%s'>" % (n, b"&c%d;" % (n - 1) * 10 if n else b"&b;" * 10) for n in range(10)
)
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PDF = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF"
HOSTILE = {
    "a script as a picture": ("图.svg", SCRIPT),
    "a script called a picture": ("图.png", SCRIPT),
    "a page called a text document": ("文.docx", b"<html><script>alert(1)</script></html>"),
    "a page": ("文.html", b"<p>x</p>"),
    "an old document": ("文.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600),
    "a program": ("文.exe", b"MZ" + b"\0" * 600),
    "a program called a picture": ("图.jpg", b"MZ" + b"\0" * 600),
    "an archive": ("文.zip", word()),
    "macros by name": ("文.docm", word()),
    "macros by content": ("文.docx", word(word__vbaProject_DOT_bin=b"x")),
    "macros in a sheet": ("表.xlsx", packed(xl__workbook_DOT_xml=b"<a/>", xl__vbaProject_DOT_bin=b"x")),
    "a word document called a sheet": ("表.xlsx", word()),
    "a picture called a word document": ("文.docx", picture()),
    "a sheet called a picture": ("图.png", packed(xl__workbook_DOT_xml=b"<a/>")),
    "half a picture": ("图.png", picture()[:40]),
    "entities": ("文.docx", word(word__header1_DOT_xml=ENTITIES)),
    "a file from outside": ("文.docx", word(docProps__core_DOT_xml=OUTSIDE)),
    "a billion laughs": ("文.docx", word(word__footer1_DOT_xml=LAUGHS)),
    "broken xml": ("文.docx", word(b"<w:p>")),
    "a bomb of blanks": ("文.docx", word(b" " * 30_000_000)),
    "a thousand parts": ("文.docx", word(**{f"word__p{n}_DOT_xml": b"<a/>" for n in range(2_001)})),
    "a picture of 169 million points": ("图.png", picture(size=(13_000, 13_000))),
    "a picture wider than allowed": ("图.png", picture(size=(40_001, 1_000))),
    "a pdf that acts": ("文.pdf", PDF),
    "a pdf that is none": ("文.pdf", b"%PDF-1.7 and then nothing"),
    "text with control characters": ("文.txt", b"a\x00b"),
    "text that is no text": ("文.txt", b"\xff\xff\xff\x81"),
    "nothing": ("图.png", b""),
    "no ending": ("图", picture()),
    "too much": ("文.txt", b"a" * (20 * 1024 * 1024 + 1)),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_by_a_refusal(case):
    with pytest.raises(
        (
            uploads.FileTypeRefused,
            uploads.FileBroken,
            uploads.FileUnsafe,
            uploads.FileEmpty,
            uploads.FileTooLarge,
        )
    ):
        uploads.inspect(*HOSTILE[case])


def test_a_document_of_millions_of_empty_elements_takes_no_memory_and_is_refused():
    """Padded with noise, so that it is dense enough for its size on disk."""
    noise = random.Random(1).randbytes(200_000)
    bomb = word(b"<a/>" * 4_000_000, word__noise_DOT_bin=noise)
    tracemalloc.start()
    try:
        with pytest.raises(uploads.FileUnsafe):
            uploads.inspect("文.docx", bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40_000_000


async def test_nothing_is_kept_of_what_was_refused(db):
    house = await chain.house()
    item = await chain.draft(house)
    acts = [
        items.attach(house.writer, item.id, name=name, content=content, caption="示例")
        for case, (name, content) in HOSTILE.items()
        if len(content) < 100_000
    ]
    assert len(refusals(await at_once(*acts))) == len(acts)
    assert (await Attachment.all().count(), await StoredFile.all().count()) == (0, 0)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.txt", "C:\\windows\\示例.txt", "a\x00b.txt", "示例\u202etxt.exe.txt",
        "示\ud800.txt", "示" + "." * 300 + ".txt", "示" * 500 + ".txt", "<script>.txt", "a\r\nb: c.txt",
    ],
)  # fmt: skip
async def test_a_hostile_name_becomes_a_plain_one(db, name):
    house = await chain.house()
    item = await chain.draft(house)
    file = await items.attach(house.writer, item.id, name=name, content="示例".encode())
    assert file.name.isprintable()
    assert not set(file.name) & set('<>:"/\\|?*')
    assert len(file.name) <= 160


async def test_nine_files_are_nine_however_fast_they_come(db):
    house = await chain.house()
    item = await chain.draft(house)
    acts = [
        items.attach(house.writer, item.id, name=f"{n}.txt", content=b"%d" % n) for n in range(12)
    ]
    assert refusals(await at_once(*acts)) == ["too-many-files"] * 3
    assert sorted(await Attachment.all().values_list("position", flat=True)) == list(range(1, 10))


async def test_two_files_are_looked_into_at_a_time(db, monkeypatch):
    house, seen, most = await chain.house(), [], []

    def inspect(name, content):
        seen.append(name)
        most.append(len(seen))
        found = real(name, content)
        seen.remove(name)
        return found

    real = uploads.inspect
    monkeypatch.setattr(uploads, "inspect", inspect)
    await at_once(
        *(attaching.inspect(house.writer, f"{n}.png", picture(size=(900, 900))) for n in range(8))
    )
    assert max(most) <= 2
