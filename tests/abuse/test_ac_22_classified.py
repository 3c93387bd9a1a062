"""AC22: marked content is refused by every door and not kept; the ordinary word is not a mark."""

import io
import itertools

import docx
import openpyxl
import pytest

from domain.items import actions as items
from domain.items.marks import MarkedClassified
from domain.items.models import Attachment, Item
from domain.kit.models import AuditEvent, StoredFile
from domain.outlets import actions as outlets
from tests.domain.items import chain

MARKS = [
    "绝密★", "机密★", "秘密★", "绝密★10年", "机密 ★ 5年", "秘密☆", "秘密★2年", "【机密】", "〔绝密〕",
    "密级：秘密", "密级:机密", "绝　密　★", "機密★", "绝密★启用前", "机\u200b密★", "机\ufe0f密★",
    "秘\u0332密\u0332★", "机\u00ad密★", "机\u2060密\u3164★", "密级 ： 绝 密",
]  # fmt: skip
HARMLESS = [
    "保守国家秘密人人有责", "牧民的秘密花园", "《秘密》读后感", "开展保密宣传周活动",
    "机密性和完整性", "军事机密不可泄露", "商业秘密保护条例", "签订保密承诺书", "密级管理办法培训",
    "绝密档案展览开幕", "秘密战线英雄事迹报告会", "无秘密可言", "她的秘密是早起", "五星级★酒店",
    "★ 重点工作", "秘密，不能说", "定密责任人培训班", "涉密人员管理", "机密文件丢失案例警示", "内部资料汇编",
]  # fmt: skip


def word(text):
    out, document = io.BytesIO(), docx.Document()
    paragraph = document.add_paragraph()
    for char in text:  # each in a run of its own, as a word processor leaves it
        paragraph.add_run(char)
    document.save(out)
    return out.getvalue()


def header(text):
    out, document = io.BytesIO(), docx.Document()
    document.sections[0].header.paragraphs[0].text = text
    document.save(out)
    return out.getvalue()


def sheet(text):
    out, book = io.BytesIO(), openpyxl.Workbook()
    book.active["C7"] = text
    book.save(out)
    return out.getvalue()


async def attached(house, item, name, content):
    await items.attach(house.writer, item.id, name=name, content=content)


DOORS = {
    "a new title": lambda house, item, text: chain.draft(house, title=f"示例{text}通知"),
    "a new body": lambda house, item, text: chain.draft(house, body=f"<p>{text}</p><p>示例</p>"),
    "a body in pieces": lambda house, item, text: chain.draft(
        house, body="<p>" + "".join(f"<b>{each}</b>" for each in text) + "</p>"
    ),
    "a later title": lambda house, item, text: items.save(house.writer, item.id, title=text),
    "a later body": lambda house, item, text: items.save(house.writer, item.id, body=text),
    "counter-measures": lambda house, item, text: items.save(
        house.writer, item.id, counter_measure=f"示例\n{text}"
    ),
    "a file's name": lambda house, item, text: attached(house, item, f"{text}.txt", b"plain"),
    "a text file": lambda house, item, text: attached(house, item, "文.txt", text.encode()),
    "a text file in GB18030": lambda house, item, text: attached(
        house, item, "文.txt", f"{text}示例文字".encode("gb18030")
    ),
    "a word document": lambda house, item, text: attached(house, item, "文.docx", word(text)),
    "a header": lambda house, item, text: attached(house, item, "文.docx", header(text)),
    "a sheet": lambda house, item, text: attached(house, item, "表.xlsx", sheet(text)),
    "evidence": lambda house, item, text: outlets.keep_evidence(
        house.editor, name="证.txt", content=text.encode()
    ),
}


async def test_sixty_marked_papers_are_refused_and_leave_nothing(db):
    house = await chain.house()
    item = await chain.draft(house)
    planted = list(zip(range(60), itertools.cycle(MARKS), itertools.cycle(DOORS), strict=False))
    for _, text, door in planted:
        with pytest.raises(MarkedClassified):
            await DOORS[door](house, item, text)
    kept = await Item.get(id=item.id)
    assert (await Item.all().count(), kept.version) == (1, item.version)
    assert (await Attachment.all().count(), await StoredFile.all().count()) == (0, 0)
    noted = await AuditEvent.filter(verb="refuse-marked")
    assert len(noted) == 60
    said = str([event.facts for event in noted])
    assert not any(each in said for each in ("密", "★"))


async def test_every_door_is_shut_to_a_mark(db):
    house = await chain.house()
    item = await chain.draft(house)
    for door in DOORS:
        with pytest.raises(MarkedClassified):
            await DOORS[door](house, item, "机密★3年")


async def test_twenty_harmless_mentions_are_kept(db):
    house = await chain.house()
    for number, text in enumerate(HARMLESS):
        item = await chain.draft(house, title=text, body=f"<p>{text}。</p>")
        if number < 9:
            await attached(house, item, f"{number}.docx", word(text))
    assert await Item.all().count() == len(HARMLESS) == 20
