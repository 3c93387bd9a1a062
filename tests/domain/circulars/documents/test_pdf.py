import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest
import time_machine

from domain.circulars.documents import pdf, tables
from domain.circulars.documents.content import content
from tests.domain.circulars.documents import reading
from tests.domain.circulars.documents.figures import (
    CHANGE,
    JOINT,
    LATE,
    april,
    county,
    draft,
    heading,
    line,
)

MANY_ISSUERS = ("中共示例县委办公室", "示例县人民政府办公室", "中共示例县委宣传部", "示例县督查室")


@pytest.fixture(scope="module")
def issued():
    return pdf.write(heading(), april(late=(LATE,)))


@pytest.fixture(scope="module")
def pages(issued):
    return reading.read(issued).pages


def expected(head, data) -> list[str]:
    """Every text of the circular, in printed order."""
    text = content(head, data)
    parts = [*text.mark, "文件", text.number or text.draft, *text.title]
    parts += [each.label + each.text for each in text.paragraphs]
    parts += [*(name for row in text.signatures for name in row), text.date]
    for number, annex in enumerate(text.annexes, 1):
        parts += [f"附件{number}", annex.title, annex.note]
        for table in annex.tables:
            forms = [column.form for column in table.columns]
            cells = ["".join(map(tables.written, forms, row)) for row in table.rows]
            parts += [table.heading, *cells]
    return [
        reading.plain(part) for part in [*parts, text.copies, text.issuer + text.issued] if part
    ]


def test_the_text_is_all_there_in_order():
    head, data = heading(), county(40, late=(LATE,), changes=(CHANGE,))
    printed, place = reading.text_of(pdf.write(head, data)), 0
    for part in expected(head, data):
        place = printed.index(part, place) + len(part)


def test_no_glyph_is_an_empty_box_whatever_the_unit_is_called():
    rare = april(
        [line(f"{name}乡", n) for n, name in enumerate("堃喆玥瑄珺翀淼鑫犇骉赟頔祎䶮㛃𬭎")]
    )
    reader = reading.read(pdf.write(heading(), rare))
    assert 0 not in reading.glyphs(reader)
    assert [
        name
        for name in rare.by_units
        if name.unit not in reading.text_of(pdf.write(heading(), rare))
    ] == []


def test_a_letter_no_font_has_does_not_hold_up_the_circular():
    unknown = pdf.write(heading(), april([line("示例\U000f0000乡", 1)]))
    assert "示例县人民政府办公室" in reading.text_of(unknown)


def test_all_fonts_lie_in_the_file_and_it_is_archival(issued):
    reader = reading.read(issued)
    assert set(reading.fonts(reader).values()) == {True}
    metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in metadata


def test_pages_are_a4(pages):
    assert {tuple(round(side * reading.MM) for side in page.mediabox[2:]) for page in pages} == {
        (210, 297)
    }


def test_the_type_area_begins_37_mm_down_and_28_mm_from_the_binding_edge(pages):
    first, second = reading.words(pages[0]), reading.words(pages[1])
    to = next(word for word in first if word.text.startswith("各乡镇党委"))
    assert round(to.x, 1) == 28
    assert round(min(word.x for word in second), 1) == 26
    assert round(second[0].y - 0.86 * second[0].size * reading.MM, 1) == 37


def test_twenty_two_lines_fill_the_type_area(pages):
    heights = [word.y for word in reading.words(pages[0]) if word.size == 15.75][1:]
    pitches = {round(after - before, 2) for before, after in pairwise(heights)}
    assert pitches == {round(225 / 22, 2)}


def test_the_red_rule_is_as_wide_as_the_type_area_and_4_mm_below_the_number(issued, pages):
    (colour, left, height, length), *_ = reading.rules(pages[0], reading.read(issued))
    number = next(word for word in reading.words(pages[0]) if word.text == "示委办〔2018〕31号")
    bottom = number.y + 0.14 * number.size * reading.MM
    assert (round(left, 1), round(length, 1), round(height - bottom, 1)) == (28, 156, 4)
    assert colour == pytest.approx((0.902, 0, 0.071), abs=0.001)


def test_page_numbers_stand_outside_and_7_mm_below_the_type_area(pages):
    numbers = [reading.words(page)[-1] for page in pages[:2]]
    assert [number.text for number in numbers] == ["—1—", "—2—"]
    assert numbers[0].x > 150
    assert round(numbers[1].x - 26, 2) == round(14 * reading.MM, 2)
    assert {round(number.y - 0.35 * 14 * reading.MM, 1) for number in numbers} == {297 - 35 + 7}


@pytest.mark.parametrize("units", [4, 20, 40, 41, 42, 43, 44, 60])
def test_the_imprint_ends_the_last_even_page_on_the_edge_of_the_type_area(units):
    reader = reading.read(pdf.write(heading(), county(units)))
    assert len(reader.pages) % 2 == 0
    last = reading.rules(reader.pages[-1], reader)[-3:]
    assert [round(length, 1) for *_, length in last] == [156, 156, 156]
    assert round(last[-1][2], 1) == 262


@pytest.mark.parametrize("issuers", [JOINT[:1], JOINT, MANY_ISSUERS])
def test_the_first_page_carries_text_however_many_issue(issuers):
    first = reading.read(pdf.write(heading(issuers), april())).pages[0]
    assert "现将2018年4月" in reading.plain(first.extract_text())


def test_the_signatures_stand_with_text_on_one_page():
    for units in (10, 25, 50, 105):
        reader = reading.read(pdf.write(heading(), county(units)))
        page = next(
            page for page in reader.pages if "2018年5月4日" in reading.plain(page.extract_text())
        )
        assert "见附件。" in reading.plain(page.extract_text())


def test_the_name_stands_centred_over_the_date_four_characters_in():
    reader = reading.read(pdf.write(heading(JOINT[1:]), april()))
    spread = [{word.text: word for word in reading.words(page)} for page in reader.pages]
    number, words = next((n, each) for n, each in enumerate(spread, 1) if "2018年5月4日" in each)
    name, date = words[JOINT[1]], words["2018年5月4日"]
    middle = name.x + len(name.text) * name.size * reading.MM / 2
    date_end = 210 - (26 if number % 2 else 28) - 4 * date.size * reading.MM
    assert (date.x + date_end) / 2 == pytest.approx(middle, abs=0.1)
    assert round(date.y - name.y, 2) == round(225 / 22, 2)


def test_names_too_long_for_one_row_take_several():
    long = ("中共示例藏族羌族自治县委员会办公室", "示例藏族羌族自治县人民政府办公室")
    assert content(heading(long), april()).signatures == ((long[0],), (long[1],))
    assert content(heading(MANY_ISSUERS), april()).signatures == (
        MANY_ISSUERS[:2],
        MANY_ISSUERS[2:],
    )


def test_a_draft_is_marked_on_every_page_and_has_neither_number_nor_date():
    reader = reading.read(pdf.write(draft(), april()))
    printed = [reading.plain(page.extract_text()) for page in reader.pages]
    assert [page for page in printed if "草案" not in page] == []
    assert "〔2018〕" not in "".join(printed)
    assert "2018年5月4日" not in "".join(printed)


def test_table_heads_come_again_on_every_page():
    reader = reading.read(pdf.write(heading(), county()))
    printed = [reading.plain(page.extract_text()) for page in reader.pages]
    body = next(number for number, page in enumerate(printed) if "附件1" in page)
    rows = [page for page in printed[body:] if "号单位" in page]
    assert len(rows) > 6
    assert [page for page in rows if "各级采用" not in page] == []


def test_the_same_circular_is_the_same_bytes_on_another_day(issued):
    with time_machine.travel("2031-01-01"):
        assert pdf.write(heading(), april(late=(LATE,))) == issued


def test_another_figure_is_another_file(issued):
    changed = april(late=(replace(LATE, title="草原防火宣传进寺庙"),))
    assert pdf.write(heading(), changed) != issued


def test_words_are_never_taken_for_markup():
    odd = april([line('#panic("x") *粗* $x$ \\ 《"引"》', 1)])
    assert '#panic("x")*粗*$x$\\《"引"》' in reading.text_of(pdf.write(heading(), odd))


def test_circulars_after_one_another_do_not_pile_up_in_memory():
    code = (
        "from pathlib import Path\n"
        "from domain.circulars.documents import pdf\n"
        "from tests.domain.circulars.documents.figures import county, heading\n"
        "def resident():\n"
        "    return int(Path('/proc/self/statm').read_text().split()[1]) * 4 // 1024\n"
        "sizes = []\n"
        "for units in range(100, 108):\n"
        "    pdf.write(heading(), county(units))\n"
        "    sizes.append(resident())\n"
        "print(sizes[-1] - sizes[1])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 60


def test_a_folder_without_fonts_changes_nothing(tmp_path, issued):
    assert pdf.write(heading(), april(late=(LATE,)), tmp_path) == issued


def test_reading_circulars_loads_no_writer():
    code = (
        "import sys, domain.circulars.data, domain.circulars.models,"
        " domain.circulars.documents.content\n"
        "print({'typst', 'docx', 'xlsxwriter'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"
