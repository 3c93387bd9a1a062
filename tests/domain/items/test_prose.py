"""What people paste becomes clean prose (A4)."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.items import prose

WORD = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{color:red}</style>'
    "<title>文档</title></head><body><!--[if gte mso 9]><xml>乱</xml><![endif]-->"
    '<p class="MsoNormal" style="text-indent:32pt"><b><span style="font-family:仿宋">牧道</span></b>'
    "通车<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p></body></html>"
)
WPS = (
    '<div style="mso-line-height-rule:exactly"><h1 style="x">标题</h1>'
    '<font color="red">红<i>字</i></font></div>'
    '<table border="1" style="w"><tr><td colspan="2" style="a" onclick="x()">格</td></tr></table>'
)


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        (WORD, "<p><strong>牧道</strong>通车</p>"),
        (
            WPS,
            '<h2>标题</h2>红<em>字</em><table><tbody><tr><td colspan="2">格</td></tr></tbody></table>',
        ),
        ("第一段\n\n第二段", "<p>第一段</p><p>第二段</p>"),
        ("一 < 二 & 三 > 二", "<p>一 &lt; 二 &amp; 三 &gt; 二</p>"),
        ("<p>好</p><script>alert(1)</script>", "<p>好</p>"),
        ('<p onmouseover="x()">好<img src=x onerror=y></p>', "<p>好</p>"),
        ('<p><a href="javascript:x()">点</a></p>', "<p>点</p>"),
        ("<ul><li>一</li><li> </li></ul>", "<ul><li>一</li></ul>"),
        ("<p><svg><script>x</script></svg>好</p>", "<p>好</p>"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_pasted_text_keeps_only_its_prose(pasted, kept):
    assert prose.clean(pasted) == kept


PIECES = st.sampled_from(
    ["<p>", "</p>", "<div>", "<b>", "</b>", "<script>", "<style>", "<!--", "-->", "<td>", "<tr>",
     "<table>", "&lt;", "&amp;", "<", ">", "牧道", "\n", " ", "<h1>", "</h1>", "<svg>", "<math>",
     "<p style='x'>", "<img src=x onerror=y>", "<li>", "&nbsp;", "\x00", "a"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join))
@example("<span>&nbsp;</span>")
def test_cleaning_is_final_and_leaves_only_allowed_tags(text):
    cleaned = prose.clean(text)
    assert prose.clean(cleaned) == cleaned
    tags = {name.lower() for name in re.findall(r"<\s*/?\s*([a-zA-Z0-9:]+)", cleaned)}
    assert tags - prose.TAGS == set()
    assert re.search(r"<[^>]*(style|onerror|onclick|src|href)[^>]*>", cleaned) is None


def test_the_words_of_prose():
    body = "<p>一 &lt; 二</p><table><tbody><tr><td>三</td><td>四</td></tr></tbody></table>"
    assert prose.as_text(body) == "一 < 二\n三\t四"
