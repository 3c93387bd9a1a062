"""Two languages: chosen by the reader, whole in both, one English for one Chinese."""

import ast
import re
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import nodes

from domain.kit.actor import Duty
from domain.kit.clock import Month, Quarter, Year
from tests.web.browser import text
from web import dates, i18n, render

WEB = Path(render.__file__).parent
CHINESE = re.compile(r"[\u3001-\u303f\u4e00-\u9fff\uff00-\uffef]")
OWN_NAMES = {"中文", "信"}
SAYING = {"_", "_n", "mark", "gettext", "ngettext"}


def templates():
    return sorted((WEB / "templates").rglob("*.html"))


def parsed(path):
    return render.env.parse(path.read_text("utf-8"))


def calls(tree):
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in SAYING:
            yield call


def said_in_templates():
    for path in templates():
        for call in calls(parsed(path)):
            assert isinstance(call.args[0], nodes.Const), f"{path.name}: {call.lineno}"
            yield call.args[0].value


def said_in_python():
    for path in sorted(WEB.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in SAYING
                and isinstance(node.args[0], ast.Constant)
            ):
                yield node.args[0].value


def translated():
    return {i18n.source(message) for _path, message in i18n.messages()}


def test_everything_said_is_said_in_english_too():
    said = {*said_in_templates(), *said_in_python()}
    assert sorted(said - translated()) == []
    empty = [i18n.source(m) for _p, m in i18n.messages() if not all(i18n.forms(m))]
    assert empty == []


def test_nothing_translated_has_gone_from_the_pages():
    assert sorted(translated() - {*said_in_templates(), *said_in_python()}) == []


def test_one_chinese_sentence_has_one_english():
    found = defaultdict(set)
    for _path, message in i18n.messages():
        found[i18n.source(message)].add(i18n.forms(message))
    assert {key: forms for key, forms in found.items() if len(forms) > 1} == {}


def test_a_translation_names_the_same_facts():
    fact = re.compile(r"\{\w+\}")
    for path, message in i18n.messages():
        facts = set(fact.findall(i18n.source(message)))
        for form in i18n.forms(message):
            left_out = facts - set(fact.findall(form))
            assert set(fact.findall(form)) <= facts, (path.name, form)
            assert left_out <= {"{n}"}, (path.name, form)


def test_english_has_no_chinese_in_it_but_what_it_quotes():
    """Articles of the notice, 二(一), and examples of what to type are quoted from the source."""
    quoted = re.compile(r"[\u3001-\u303f\u4e00-\u9fff\uff00-\uffef]+")
    loose = [
        (word, form)
        for _path, message in i18n.messages()
        for form in i18n.forms(message)
        for word in quoted.findall(form)
        if word not in i18n.source(message)
    ]
    assert loose == []


def test_no_sentence_stands_in_a_template_untranslated():
    loose = []
    for path in templates():
        tree = parsed(path)
        inside = {id(const) for call in calls(tree) for const in call.find_all(nodes.Const)}
        loose += [
            (path.name, word)
            for data in tree.find_all(nodes.TemplateData)
            for word in re.findall(r"[^\s<>\"]*[\u4e00-\u9fff][^\s<>\"]*", data.data)
            if word not in OWN_NAMES
        ]
        loose += [
            (path.name, const.value)
            for const in tree.find_all(nodes.Const)
            if isinstance(const.value, str)
            and CHINESE.search(const.value)
            and id(const) not in inside
        ]
    assert loose == []


def test_no_sentence_stands_in_a_page_handler_untranslated():
    """Docstrings may speak Chinese; whatever else is Chinese is said by `_` or `mark`."""
    loose = []
    for path in sorted(WEB.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        allowed = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id in SAYING:
                    allowed |= {id(each) for each in ast.walk(node)}
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                allowed.add(id(node.value))
        loose += [
            (path.name, node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.search(r"[\u4e00-\u9fff]{2,}", node.value)
            and id(node) not in allowed
        ]
    assert loose == []


@pytest.mark.parametrize(
    ("cookie", "accept", "chosen"),
    [
        (None, "", "zh"),
        (None, "en-GB,en;q=0.9", "en"),
        (None, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (None, "bo,en;q=0.8,zh;q=0.9", "zh"),
        (None, "fr", "zh"),
        (None, "en;q=0, zh", "zh"),
        (None, "en;q=x,,;;=", "zh"),
        ("en", "zh-CN", "en"),
        ("zh", "en", "zh"),
        ("xx", "en", "en"),
    ],
)
def test_the_language_is_the_readers(cookie, accept, chosen):
    assert i18n.negotiate(cookie, accept) == chosen


async def test_a_reader_chooses_a_language_and_stays_where_he_is(shell):
    await shell.be(Duty.CORRESPONDENT)
    page = await shell.get("/sample/new?a=1")
    assert '<html lang="zh-Hans">' in page.text
    assert 'name="next" value="/sample/new?a=1"' in page.text
    answer = await shell.post("/language", language="en", next="/sample/new?a=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sample/new?a=1")
    page = await shell.get("/sample/new?a=1")
    assert '<html lang="en">' in page.text
    assert "Skip to content" in text(page)


async def test_an_unknown_language_changes_nothing(shell):
    answer = await shell.post("/language", language="xx", next="//evil.example")
    assert answer.headers["location"] == "/"
    assert "language" not in shell.client.cookies


@pytest.fixture
def english():
    token = i18n.language.set("en")
    yield
    i18n.language.reset(token)


TODAY = date(2018, 4, 20)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (date(2018, 4, 20), "今天"),
        (date(2018, 4, 19), "昨天"),
        (date(2018, 4, 21), "明天"),
        (date(2018, 4, 18), "4月18日"),
        (date(2017, 12, 31), "2017年12月31日"),
        (datetime(2018, 4, 20, 16, 20, tzinfo=SHANGHAI), "今天 16:20"),
        (datetime(2018, 4, 19, 16, 30, tzinfo=ZoneInfo("UTC")), "今天 00:30"),
    ],
)
def test_times_are_said_as_people_say_them(when, said):
    assert dates.spoken(when, TODAY) == said


def test_times_are_said_in_english_too(english):
    assert dates.spoken(TODAY, TODAY) == "today"
    assert dates.spoken(date(2017, 4, 8), TODAY) == "8 Apr 2017"
    assert dates.period(Month.of(TODAY)) == "April 2018"
    assert dates.period(Quarter.of(TODAY)) == "Q2 2018"


def test_periods_are_named():
    names = [dates.period(kind.of(TODAY)) for kind in (Month, Quarter, Year)]
    assert names == ["2018年4月", "2018年第2季度", "2018年"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"), (0, "0"), (15.0, "15"), (Decimal("12.50"), "12.5"), (1500, "1500"),
        (12345.5, "12,345.5"), (-3, "-3"), (100, "100"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_in_the_county(value, written):
    assert render.number(value) == written


def test_one_and_many(english):
    assert i18n.ngettext("有 {n} 处需要改正", 1) == "1 input needs correcting"
    assert i18n.ngettext("有 {n} 处需要改正", 3) == "3 inputs need correcting"
