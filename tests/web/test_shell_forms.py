"""Forms: read as a whole, refused input by input, nothing typed is lost."""

from datetime import date
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

import pytest
from lxml import etree
from pydantic import Field

from domain.kit.actor import Duty
from domain.kit.clock import Month
from domain.kit.errors import Refusals
from tests.web import sample
from tests.web.browser import text
from web import forms
from web.forms import Form

ONE = UUID("01890000-0000-7000-8000-000000000001")


class Everything(forms.Fields):
    title: forms.Line
    body: forms.Prose = ""
    day: date | None = None
    month: forms.MonthField | None = None
    count: Annotated[int, Field(ge=1, le=5)] = 1
    kind: Literal["a", "b"] = "a"
    offices: tuple[UUID, ...] = ()
    is_major: bool = False
    link: forms.Address = ""
    unit_id: UUID | None = None


def read(**typed):
    return forms.parse(Form.of(**{"title": "标题"} | typed), Everything).given()


def refused(**typed):
    with pytest.raises(Refusals) as caught:
        read(**typed)
    return [(each.field, each.kind) for each in caught.value.errors]


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("title", "  春季补播\n完成 ", "春季补播 完成"),
        ("title", "e\u0301", "é"),
        ("body", "一\r\n二\x0b三", "一\n二\n三"),
        ("body", "𠮷 ང་ཚོ 🐂", "𠮷 ང་ཚོ 🐂"),
        ("day", "2018-04-18", date(2018, 4, 18)),
        ("day", "", None),
        ("month", "2018-04", Month(date(2018, 4, 1))),
        ("count", "5", 5),
        ("offices", [str(ONE), ""], (ONE,)),
        ("is_major", "on", True),
        ("link", "https://example.org/a", "https://example.org/a"),
        ("link", "", ""),
    ],
)
def test_an_input_is_read(name, typed, value):
    assert read(**{name: forms.clean(typed) if isinstance(typed, str) else typed})[name] == value


@pytest.mark.parametrize(
    ("name", "typed", "kind"),
    [
        ("title", "", "missing"),
        ("title", "字" * 201, "too-long"),
        ("title", "a\x00b", "unsafe"),
        ("body", "a\ud800b", "unsafe"),
        ("body", "a\x1bb", "unsafe"),
        ("day", "4月18日", "date"),
        ("day", "2018-02-30", "date"),
        ("month", "2018-13", "month"),
        ("count", "六", "number"),
        ("count", "6", "range"),
        ("count", "9" * 5000, "number"),
        ("kind", "c", "choice"),
        ("offices", ["x"], "choice"),
        ("is_major", "maybe", "choice"),
        ("link", "javascript:alert(1)", "address"),
        ("unit_id", "1", "choice"),
    ],
)
def test_an_input_is_refused_by_name(name, typed, kind):
    assert refused(**{name: typed}) == [(name, kind)]


def test_several_wrong_inputs_are_named_at_once_in_the_order_of_the_form():
    assert refused(title="", count="0", day="x") == [
        ("title", "missing"), ("day", "date"), ("count", "range"),
    ]  # fmt: skip


def test_unknown_inputs_are_ignored():
    assert "owner_id" not in read(owner_id="1")


async def test_a_refused_form_comes_back_with_what_was_typed(shell):
    await shell.be(Duty.CORRESPONDENT)
    answer = await shell.post(
        "/sample", title="", occurred_on="昨天", body="第一段<b>\n第二段", office_ids=["b"],
        is_major="on",
    )  # fmt: skip
    assert answer.status_code == 422
    assert answer.text.startswith("<!doctype html>")
    page = answer.text
    assert (
        '<input type="text" id="f-title" name="title" autocomplete="off" value="" maxlength="200"'
        ' required aria-describedby="f-title-error f-title-hint" aria-invalid="true">'
    ) in page
    assert '<p class="error" id="f-title-error">这一项不能空着。</p>' in page
    assert 'name="occurred_on" autocomplete="off" value="昨天"' in page
    assert "第一段&lt;b&gt;\n第二段</textarea>" in page
    assert 'value="b" checked' in page
    assert 'name="is_major" value="on" checked' in page
    assert '<a href="#f-occurred_on">' in page
    assert sample.seen == []


async def test_htmx_gets_only_the_block_with_the_refusal_in_place(shell):
    await shell.be(Duty.CORRESPONDENT)
    answer = await shell.post("/sample", htmx=True, title="", occurred_on="2018-04-20")
    assert answer.status_code == 422
    assert answer.text.lstrip().startswith('<section id="panel">')
    assert answer.text.count("这一项不能空着。") == 2
    assert "<html" not in answer.text
    assert answer.headers["vary"].split(", ")[0] == "HX-Request"


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "</textarea><svg onload=alert(1)>",
    "{{ 7*7 }}",
    "javascript:alert(1)//",
]


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_what_was_typed_comes_back_as_text_never_as_markup(shell, payload):
    await shell.be(Duty.CORRESPONDENT)
    form = {"title": payload, "occurred_on": payload, "body": payload, "office_ids": [payload]}
    answer = await shell.post("/sample", **form)
    assert answer.status_code == 422
    tree = etree.fromstring(answer.text.encode(), etree.HTMLParser())
    assert tree.xpath("string(//*[@id='f-title']/@value)") == payload
    assert tree.xpath("string(//*[@id='f-body'])").strip() == payload
    assert (
        tree.xpath("count(//script[not(@src)] | //img | //@onerror | //@onfocus | //@onload)") == 0
    )


async def test_a_forged_message_cookie_stays_text(shell):
    await shell.be(Duty.CORRESPONDENT)
    shell.client.cookies.set("said", quote(PAYLOADS[0]), domain="xinbao.test")
    answer = await shell.get("/sample/new")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert PAYLOADS[0] not in answer.text


async def test_after_an_act_a_browser_is_sent_on_and_told_once_what_was_done(shell):
    person = await shell.be(Duty.CORRESPONDENT)
    answer = await shell.post("/sample", title="标题", occurred_on="2018-04-20")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sample/new")
    assert f"{person.name}已存。" in text(await shell.get("/sample/new"))
    assert f"{person.name}已存。" not in text(await shell.get("/sample/new"))


async def test_after_an_act_htmx_navigates(shell):
    await shell.be(Duty.CORRESPONDENT)
    answer = await shell.post("/sample", htmx=True, title="标题", occurred_on="2018-04-20")
    assert (answer.status_code, answer.headers["hx-redirect"]) == (200, "/sample/new")
    assert answer.text == ""


async def test_a_file_is_read_within_its_limit(shell):
    await shell.be(Duty.CORRESPONDENT)
    files = {"file": ("图.png", b"\x89PNG", "image/png")}
    answer = await shell.post("/sample", files=files, title="标题", occurred_on="2018-04-20")
    assert answer.status_code == 303
    assert sample.seen[0].file.filename == "图.png"


async def test_too_large_or_empty_a_file_is_refused(monkeypatch):
    monkeypatch.setattr(forms, "LARGEST_FILE", 3 * 1024 * 1024)
    for data, kind in ((b"", "file"), (b"x" * (forms.LARGEST_FILE + 1), "file-too-large")):
        with pytest.raises(forms.BadInput) as caught:
            await forms.content(_upload(data), "picture")
        assert (caught.value.field, caught.value.kind) == ("picture", kind)


def _upload(data: bytes):
    import io

    from starlette.datastructures import UploadFile

    return UploadFile(io.BytesIO(data), filename="a.png")


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"])
def test_a_day_without_neighbours_is_no_day(day):
    """The day after the calendar's last is asked for in many places."""
    assert refused(day=day) == [("day", "date")]


def test_a_number_that_no_record_holds_is_refused_by_the_shell():
    class Version(forms.Fields):
        expected_version: int

    with pytest.raises(Refusals) as caught:
        forms.parse(Form.of(expected_version=2**31), Version)
    [error] = caught.value.errors
    assert (error.field, error.said) == ("expected_version", {"limit": f"≤ {2**31 - 1}"})
