"""Files as they come: encodings, spreadsheets, and what is refused before it is parsed."""

import io
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook, load_workbook

from domain.intake import files
from domain.intake.files import Formula
from domain.intake.rules import FILE_LIMIT, FileUnreadable, OldWorkbook, TooLarge
from tests.domain.intake.sheet import text, xlsx

TABLE = [["单位", "类别"], ["示例镇", "乡镇"]]


def rows(content: bytes, name: str = "表.csv") -> list[tuple]:
    (grid,) = files.read(content, name)
    return list(grid.rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_every_encoding_that_spreadsheets_write_is_read(encoding):
    assert rows(text(*TABLE).encode(encoding)) == [("单位", "类别"), ("示例镇", "乡镇")]


def test_rare_characters_survive_gb18030():
    assert rows("姓名\n䶮堃𠮷\n".encode("gb18030")) == [("姓名",), ("䶮堃𠮷",)]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_found(delimiter):
    assert rows(text(*TABLE, delimiter=delimiter).encode()) == [
        ("单位", "类别"),
        ("示例镇", "乡镇"),
    ]


def test_blank_lines_keep_the_numbers_of_the_others():
    (grid,) = files.read("单位\n\n示例镇\n,,\n\n".encode(), "表.csv")
    assert (grid.numbers, grid.rows) == ((1, 3), (("单位",), ("示例镇",)))


def test_a_cell_may_hold_several_lines():
    assert rows('标题,正文\n甲,"一\n二"\n'.encode())[1] == ("甲", "一\n二")


def test_dates_and_numbers_of_a_workbook_keep_their_kind():
    assert rows(xlsx([datetime(2018, 4, 3), 3, "3"]), "表.xlsx") == [(datetime(2018, 4, 3), 3, "3")]


def test_a_hidden_worksheet_is_not_read():
    book = Workbook()
    book.active.append(["单位"])
    hidden = book.create_sheet("旧")
    hidden.append(["不要"])
    hidden.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    assert [grid.rows for grid in files.read(buffer.getvalue(), "表.xlsx")] == [(("单位",),)]


def test_a_formula_without_a_value_is_seen_as_one():
    (grid,) = files.read(xlsx(["单位", "=1+1"]), "表.xlsx")
    assert grid.rows[0][0] == "单位"
    assert isinstance(grid.rows[0][1], Formula)


def test_a_formulas_value_is_taken():
    content = xlsx(["单位", "=1+1"])
    with zipfile.ZipFile(io.BytesIO(content)) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
    parts[sheet] = parts[sheet].replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after:
        for name, content in parts.items():
            after.writestr(name, content)
    assert load_workbook(buffer, data_only=True).active["B1"].value == 2
    assert rows(buffer.getvalue(), "表.xlsx") == [("单位", 2)]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x81\xff\xff not text", "表.csv"),
        (b"a\0b", "表.csv"),
        (b"", "表.csv"),
        (b"PK\x03\x04 but no workbook", "表.xlsx"),
        (b"plain text", "表.xlsx"),
    ],
)
def test_what_is_no_table_is_refused(content, name):
    with pytest.raises(FileUnreadable) as refused:
        files.read(content, name)
    assert refused.value.code == "file-unreadable"


def test_an_old_workbook_is_named_as_such():
    with pytest.raises(OldWorkbook):
        files.read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "表.xls")


def with_part(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO(xlsx(["单位"]))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def test_a_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(TooLarge) as refused:
        files.read(with_part("xl/big.xml", b" " * 40_000_000), "表.xlsx")
    assert refused.value.what == "unpacked"


def test_entities_are_refused():
    with pytest.raises(FileUnreadable):
        files.read(with_part("xl/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "表.xlsx")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"a" * (FILE_LIMIT + 1), "file"),
        (b"a\n" * 20_021, "rows"),
        (b",".join([b"a"] * 65), "columns"),
        (b"a" * 32_768, "cell"),
    ],
)
def test_limits_are_named(content, what):
    with pytest.raises(TooLarge) as refused:
        files.read(content, "表.csv")
    assert refused.value.what == what
