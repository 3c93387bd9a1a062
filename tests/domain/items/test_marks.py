"""Marks of secrecy are found however they are written; ordinary words are not marks."""

import pytest

from domain.items import marks

MARKED = [
    "机密★", "绝密★启用前", "秘密☆", "机密 ★ 10年", "秘密★1年", "绝　密★", "機密★", "祕密★",
    "机\u200b密★", "〔密〕", "【机密】", "[秘密]", "密级：机密", "密级: 绝密", "★机密", "秘密10年★",
    "内部资料 严禁外传", "内部资料，严禁外传！", "內部資料 嚴禁外傳".replace("內", "内"), "机\n密\n★",
]  # fmt: skip
PLAIN = [
    "牧民的秘密花园", "保守国家秘密", "机密性", "严格执行保密制度", "五★景区", "★重点项目★",
    "密切联系群众", "秘密", "★秘密花园", "密级管理培训", "内部资料", "严禁外传谣言", "（密）度",
]  # fmt: skip


@pytest.mark.parametrize("text", MARKED)
def test_a_mark_is_found(text):
    assert marks.rule_hit(f"前文{text}后文") is not None or marks.rule_hit(text) is not None


@pytest.mark.parametrize("text", PLAIN)
def test_an_ordinary_word_is_no_mark(text):
    assert marks.rule_hit(f"，{text}，") is None


def test_the_first_marked_field_is_named():
    assert marks.first_hit([("title", "好"), ("body", "机密★")]) == ("body", "star")
    assert marks.first_hit([("title", "好")]) is None
