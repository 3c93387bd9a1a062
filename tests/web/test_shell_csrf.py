"""No act by a stranger's page; no act by GET."""

import pytest

from domain.kit.actor import Duty
from tests.web import sample
from tests.web.browser import ORIGIN, text
from web import csrf

FORM = {"title": "合作社冷链项目开工", "occurred_on": "2018-04-20"}


async def test_a_form_of_our_own_page_is_accepted(shell):
    await shell.be(Duty.CORRESPONDENT)
    await shell.get("/sample/new")
    assert (await shell.post("/sample", **FORM)).status_code == 303
    assert len(sample.seen) == 1


@pytest.mark.parametrize("token", ["", "00", "zz", "ab" * 64, "é"])
async def test_a_wrong_token_changes_nothing(shell, token):
    await shell.be(Duty.CORRESPONDENT)
    answer = await shell.post("/sample", token=token, **FORM)
    assert answer.status_code == 403
    assert "这个页面已经过期，没有办理。" in text(answer)
    assert sample.seen == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://xinbao.test:81"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_right_token_from_elsewhere_changes_nothing(shell, headers):
    await shell.be(Duty.CORRESPONDENT)
    await shell.get("/sample/new")
    data = FORM | {"csrf_token": shell.token}
    answer = await shell.client.post("/sample", data=data, headers=headers)
    assert answer.status_code == 403
    assert sample.seen == []


async def test_another_sign_ins_token_changes_nothing(shell):
    await shell.be(Duty.CORRESPONDENT)
    await shell.get("/sample/new")
    theirs = shell.token
    await shell.be(Duty.CORRESPONDENT)
    assert (await shell.post("/sample", token=theirs, **FORM)).status_code == 403
    assert sample.seen == []


async def test_the_token_may_come_in_a_header(shell):
    await shell.be(Duty.CORRESPONDENT)
    await shell.get("/sample/new")
    headers = {"X-CSRF-Token": shell.token, "Origin": ORIGIN}
    assert (await shell.client.post("/sample", data=FORM, headers=headers)).status_code == 303


async def test_a_visitor_cannot_be_signed_in_by_a_stranger(shell):
    answer = await shell.client.post("/sign-in", data={"login": "a", "password": "b"})
    assert answer.status_code == 403
    await shell.get("/sign-in")
    shell.client.cookies.clear()
    data = {"login": "a", "password": "b", "csrf_token": shell.token}
    assert (await shell.client.post("/sign-in", data=data)).status_code == 403


async def test_the_token_looks_different_on_every_page(shell):
    await shell.be(Duty.CORRESPONDENT)
    await shell.get("/sample/new")
    first = shell.token
    await shell.get("/sample/new")
    assert shell.token != first
    assert (await shell.post("/sample", token=first, **FORM)).status_code == 303


async def test_no_route_of_the_house_acts_on_get(web):
    """Whatever answers GET answers nothing else, except a form at its own address."""
    app = web.client._transport.app
    mixed = [
        route.name
        for route in app.routes
        if {"GET", "POST"} <= (getattr(route, "methods", None) or set())
    ]
    assert mixed == []


async def test_too_large_a_form_is_refused_before_it_is_read(shell):
    await shell.be(Duty.CORRESPONDENT)
    await shell.get("/sample/new")
    headers = {"Content-Length": str(csrf.BODY + 1), "Content-Type": csrf.TYPES[0]}
    answer = await shell.client.post("/sample", content=b"title=x", headers=headers)
    assert answer.status_code == 413
    assert "单个文件不超过 20 MB" in text(answer)


async def test_a_visitor_may_send_little(shell):
    answer = await shell.post("/sign-in", login="a" * (csrf.VISITOR_BODY + 1), password="b")
    assert answer.status_code == 413


async def test_a_body_longer_than_it_said_is_refused(shell):
    async def endless():
        for _ in range(csrf.VISITOR_BODY // 1000 + 2):
            yield b"login=" + b"a" * 1000 + b"&"

    headers = {"Content-Type": csrf.TYPES[0], "Content-Length": "10"}
    answer = await shell.client.post("/sign-in", content=endless(), headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("multipart/form-data", b"x", 400),
        ("multipart/form-data; boundary=b", b"--b\r\nnonsense\r\n\r\n--b--", 400),
        ("multipart/form-data; boundary=b; charset=rot13", b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--', 403),
        ("application/json", b"{}", 415),
        ("text/plain", b"csrf_token=1", 415),
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 3000), 400),
        ("application/x-www-form-urlencoded", b"a=%ff%00%zz&=&&", 403),
        ("", b"", 403),
    ],
)  # fmt: skip
async def test_a_malformed_body_gets_a_calm_answer(shell, kind, body, status):
    await shell.be(Duty.CORRESPONDENT)
    headers = {"Content-Type": kind} if kind else {}
    answer = await shell.client.post("/sample", content=body, headers=headers)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert '<div class="problems"' in answer.text
