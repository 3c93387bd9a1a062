import pytest

from domain.circulars.documents.titles import WIDTH, balanced, length


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "中共示例县委办公室 示例县人民政府办公室关于2018年4月新闻宣传和信息报送工作情况的通报",
            (
                "中共示例县委办公室 示例县人民政府办公室",
                "关于2018年4月新闻宣传",
                "和信息报送工作情况的通报",
            ),
        ),
        ("2018年4月新闻宣传和信息报送总排名表", ("2018年4月新闻宣传和信息报送总排名表",)),
        ("关于表彰的通报", ("关于表彰的通报",)),
    ],
)
def test_a_title_breaks_where_its_sense_does(title, lines):
    assert balanced(title) == lines


def test_issuers_too_long_for_one_line_take_one_each():
    issuers = ("中共示例藏族羌族自治县委员会办公室", "示例藏族羌族自治县人民政府办公室")
    assert balanced(" ".join(issuers) + "关于2018年度新闻宣传工作情况的通报")[:2] == issuers


def test_no_line_is_wider_than_the_page_or_begins_with_a_particle():
    lines = balanced("示例县督查室关于更正2018年第二季度新闻宣传和信息报送工作情况通报的通报")
    assert [line for line in lines if length(line) > WIDTH or line[0] in "的）》、"] == []
    assert (
        "".join(lines) == "示例县督查室关于更正2018年第二季度新闻宣传和信息报送工作情况通报的通报"
    )
