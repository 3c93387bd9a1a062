"""What no template may hold, whoever writes it."""

import re
from pathlib import Path

import pytest
from jinja2 import nodes

from web import render

TEMPLATES = sorted(render.TEMPLATES.rglob("*.html"))
NAMES = [str(path.relative_to(render.TEMPLATES)) for path in TEMPLATES]
STATIC = render.TEMPLATES.parent / "static"


@pytest.mark.parametrize("name", NAMES)
def test_no_style_and_no_script_stands_inside_a_page(name):
    source = (render.TEMPLATES / name).read_text("utf-8")
    assert (
        re.findall(r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|\shx-on|hx-vals='js", source)
        == []
    )
    assert re.findall(r"<script(?![^>]*\ssrc=)", source) == []


@pytest.mark.parametrize("name", NAMES)
def test_only_cleaned_text_is_trusted(name):
    """`|safe` is for prose that `items.prose` has cleaned, and nothing else."""
    tree = render.env.parse((render.TEMPLATES / name).read_text("utf-8"))
    trusted = [each.lineno for each in tree.find_all(nodes.Filter) if each.name == "safe"]
    assert trusted == [] or "prose" in name or "items" in name or "approvals" in name
    assert not list(tree.find_all(nodes.ScopedEvalContextModifier))


@pytest.mark.parametrize("name", NAMES)
def test_every_form_that_acts_carries_the_token(name):
    source = (render.TEMPLATES / name).read_text("utf-8")
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", source, flags=re.DOTALL)
    assert [form for form in forms if "csrf()" not in form] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(name):
    render.env.get_template(name)


def test_one_stylesheet_and_only_tokens_for_colour():
    (sheet,) = STATIC.glob("*.css")
    css = sheet.read_text("utf-8")
    assert "@import" not in css
    assert "url(" not in css
    rules = re.sub(r":root\s*\{.*?\}", "", css, flags=re.DOTALL)
    loose = re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(", rules)
    assert loose == ["#fffdfa"]


def test_no_script_of_ours_evaluates_text():
    for path in STATIC.glob("*.js"):
        source = path.read_text("utf-8")
        assert (
            re.findall(
                r"\beval\(|(?:inner|outer)HTML\s*\+?=(?!=)|insertAdjacentHTML|new Function", source
            )
            == []
        )
        assert Path(path).stat().st_size < 20_000
