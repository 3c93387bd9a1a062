from io import BytesIO

import docx as library
import pytest
import time_machine
from docx.oxml.ns import qn
from docx.shared import Mm

from domain.circulars.documents import docx
from domain.circulars.documents.content import content
from tests.domain.circulars.documents.figures import (
    JOINT,
    LATE,
    april,
    county,
    draft,
    heading,
)


def opened(head=None, data=None):
    return library.Document(BytesIO(docx.write(head or heading(), data or april())))


def texts(document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text.strip()]


def one(document, words: str):
    return next(paragraph for paragraph in document.paragraphs if paragraph.text == words)


def faces(paragraph) -> list[str]:
    return [run.element.rPr.rFonts.get(qn("w:eastAsia")) for run in paragraph.runs]


def test_the_type_area_has_the_standards_margins():
    section = opened().sections[0]
    sides = (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
    assert [round(side / Mm(1)) for side in sides] == [37, 28, 35, 26]
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)


def test_margins_mirror_for_printing_on_both_sides():
    assert opened().settings.element.find(qn("w:mirrorMargins")) is not None


def test_the_text_is_that_of_the_circular():
    head, data = heading(), april(late=(LATE,))
    text = content(head, data)
    written = texts(opened(head, data))
    assert written[0] == "示委办〔2018〕31号"
    assert written[1] == "\n".join(text.title)
    end = 2 + len(text.paragraphs)
    assert written[2:end] == [each.label + each.text for each in text.paragraphs]
    assert written[end : end + 3] == [
        "附件：1. 2018年4月新闻宣传和信息报送分组排名表",
        "2. 2018年4月新闻宣传和信息报送总排名表",
        "3. 2018年4月迟报采用情况表",
    ]


def test_the_body_names_the_faces_offices_have():
    document = opened()
    assert faces(one(document, "一、总体情况")) == ["黑体"]
    assert faces(one(document, "示委办〔2018〕31号")) == ["仿宋_GB2312"]
    zero = "（一）零报送单位。以下1个单位本月未上报信息：县教育局。"
    assert faces(one(document, zero)) == ["楷体_GB2312", "仿宋_GB2312"]


def test_body_lines_are_a_22nd_of_the_type_area_and_begin_two_characters_in():
    paragraph = one(opened(), "现将2018年4月新闻宣传和信息报送工作情况通报如下。")
    assert paragraph.paragraph_format.line_spacing.pt == pytest.approx(28.95)
    assert paragraph._p.pPr.ind.get(qn("w:firstLineChars")) == "200"
    assert paragraph.runs[0].font.size.pt == 16


def test_a_red_rule_lies_under_the_number():
    rule = one(opened(), "示委办〔2018〕31号")._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert (rule.get(qn("w:color")), rule.get(qn("w:space"))) == ("E60012", "11")


def test_joint_issuers_stand_over_one_another_beside_one_mark():
    mark = opened().tables[0]
    assert [row.cells[0].text for row in mark.rows] == list(JOINT)
    assert {row.cells[1].text for row in mark.rows} == {"文件"}
    assert mark.cell(0, 0).paragraphs[0].runs[0].font.color.rgb == library.shared.RGBColor(
        0xE6, 0, 0x12
    )


def test_a_single_issuer_has_its_mark_on_one_line():
    assert texts(opened(heading(JOINT[1:])))[0] == "示例县人民政府办公室文件"


def test_page_numbers_change_sides():
    section = opened().sections[0]
    footers = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert [footer.text for footer in footers] == ["—  —", "—  —"]
    assert [footer.alignment.name for footer in footers] == ["RIGHT", "LEFT"]
    assert [footer._p.findtext(f".//{qn('w:instrText')}") for footer in footers] == ["PAGE", "PAGE"]


def test_heads_repeat_and_rows_stay_whole():
    table = opened(data=county(30)).tables[-1]
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True, True, *[False] * 30]
    assert {row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows} == {True}


def test_the_overall_table_shows_every_unit_and_figure():
    rows = [[cell.text for cell in row.cells] for row in opened().tables[-1].rows]
    assert rows[2] == [
        "1", "堃喆玥乡", "2", "3", "150.0", "66.7", "2", "66.7", "1", "1", "0", "0", "7.5", "20", "↑2",
    ]  # fmt: skip
    assert rows[4][:4] == ["3", "县教育局", "2", "0"]
    assert rows[5][2:5] == ["免", "1", "—"]


def test_the_date_stands_under_the_last_signature():
    signatures = opened().tables[1]
    assert [cell.text for cell in signatures.rows[0].cells] == [*JOINT, ""]
    assert [cell.text for cell in signatures.rows[1].cells] == ["", "2018年5月4日", ""]


def test_the_imprint_closes_the_document():
    document = opened()
    assert texts(document)[-2:] == [
        "\u3000抄送：县委、县政府领导，县督查室。",
        "\u3000中共示例县委办公室\t2018年5月4日印发",
    ]
    frame = document.paragraphs[-2]._p.pPr.find(qn("w:framePr"))
    assert frame.get(qn("w:yAlign")) == "bottom"


def test_long_copy_lists_hang_under_the_first_recipient():
    written = texts(opened(heading(copy_recipients="县委" * 20 + "。")))[-2]
    assert written == "\u3000抄送：" + "县委" * 13 + "\n" + "\u3000" * 4 + "县委" * 7 + "。"


def test_a_draft_says_so_on_every_page_and_has_no_number():
    document = opened(draft())
    section = document.sections[0]
    assert [header.paragraphs[0].text for header in (section.header, section.even_page_header)] == [
        "草案",
        "草案",
    ]
    assert texts(document)[0] == "（草案，未编文号，核对后印发）"


def test_the_same_circular_is_the_same_bytes_on_another_day():
    first = docx.write(heading(), april())
    with time_machine.travel("2031-01-01"):
        assert docx.write(heading(), april()) == first
