"""Signing in and out, and what a visitor learns."""

import pytest

from domain.kit.actor import SYSTEM, Duty
from domain.people import actions as people
from domain.people.models import Account, LoginSession
from tests import make
from tests.web.browser import text
from web.session import local

NEW = "雪线以上 slow river 82"


async def account(login: str = "shili", *, password: str = NEW):
    """A correspondent who has changed the one-time password."""
    appointment = await make.appointment(Duty.CORRESPONDENT)
    one_time = await people.open_account(SYSTEM, appointment.person_id, login=login)
    return appointment, one_time


@pytest.mark.parametrize("path", ["/account", "/sample/new", "/nowhere", "/sample/missing"])
async def test_a_visitor_is_shown_the_door_whatever_he_asks_for(shell, path):
    answer = await shell.get(path + "?month=2018-04")
    assert answer.status_code == 303
    wanted = path.replace("/", "%2F") + "%3Fmonth%3D2018-04"
    assert answer.headers["location"] == f"/sign-in?next={wanted}"


async def test_a_visitor_by_htmx_is_led_to_the_door(shell):
    current = "http://xinbao.test/sample/new?a=1"
    answer = await shell.get("/sample/new", htmx=True, **{"HX-Current-URL": current})
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/sign-in?next=%2Fsample%2Fnew%3Fa%3D1"


async def test_a_person_signs_in_changes_the_first_password_and_goes_on(shell):
    _appointment, one_time = await account()
    await shell.get("/sign-in?next=/sample/new")
    answer = await shell.post("/sign-in", login="SHILI", password=one_time, next="/sample/new")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sample/new")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie

    held_up = await shell.get("/sample/new")
    assert (held_up.status_code, held_up.headers["location"]) == (303, "/account")
    assert "请先改掉初始密码" in text(await shell.get("/account"))

    await shell.post("/account/password", old=one_time, new=NEW, again=NEW)
    assert "密码已修改" in text(await shell.get("/account"))
    assert (await shell.get("/sample/new")).status_code == 200


async def test_a_new_session_begins_with_every_sign_in(shell):
    _appointment, one_time = await account()
    await shell.post("/sign-in", login="shili", password=one_time)
    first = shell.client.cookies["session"]
    await shell.post("/sign-out")
    assert "session" not in shell.client.cookies
    await shell.post("/sign-in", login="shili", password=one_time)
    assert shell.client.cookies["session"] != first
    assert await LoginSession.filter(ended_at=None).count() == 1


async def test_a_wrong_password_keeps_the_login_and_says_no_more_than_a_wrong_login(shell):
    await account()
    answer = await shell.post("/sign-in", login="shili", password="不是这个", next="/sample/new")
    assert answer.status_code == 422
    assert 'name="login" autocomplete="username" value="shili"' in answer.text
    assert 'name="next" value="/sample/new"' in answer.text
    assert "不是这个" not in answer.text
    stranger = await shell.post("/sign-in", login="nobody", password="不是这个", next="/sample/new")
    assert text(stranger).replace("nobody", "shili") == text(answer)


async def test_the_fifth_wrong_password_locks_the_account_and_says_so(shell):
    _appointment, one_time = await account()
    for _ in range(5):
        answer = await shell.post("/sign-in", login="shili", password="不是这个")
    assert answer.status_code == 422
    said = text(answer)
    assert (await shell.post("/sign-in", login="shili", password=one_time)).status_code == 422
    assert await LoginSession.all().count() == 0
    assert (await Account.get(login="shili")).locked_until is not None
    assert "锁" in said.partition("忘记密码")[0]


async def test_signing_out_ends_the_session_and_clears_the_browser(shell):
    await shell.be(Duty.CORRESPONDENT)
    token = shell.client.cookies["session"]
    await shell.get("/account")
    answer = await shell.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    shell.client.cookies.set("session", token, domain="xinbao.test")
    assert (await shell.get("/account")).headers["location"] == "/sign-in?next=%2Faccount"


async def test_signing_out_needs_a_form(shell):
    await shell.be(Duty.CORRESPONDENT)
    assert (await shell.get("/sign-out")).status_code == 405
    assert (await shell.get("/account")).status_code == 200


async def test_a_person_ends_a_sign_in_on_another_device(shell):
    person = await shell.be(Duty.CORRESPONDENT)
    await shell.sign_in(person)
    other = await LoginSession.filter(account__person_id=person.id).order_by("created_at").first()
    await shell.get("/account")
    await shell.post(f"/account/sessions/{other.id}/end")
    await other.refresh_from_db()
    assert other.ended_at is not None
    assert "退出此设备" not in text(await shell.get("/account"))


async def test_nobody_ends_somebody_elses_sign_in(shell):
    await shell.be(Duty.CORRESPONDENT)
    theirs = await LoginSession.get()
    await shell.be(Duty.CORRESPONDENT)
    assert (await shell.post(f"/account/sessions/{theirs.id}/end")).status_code == 404
    await theirs.refresh_from_db()
    assert theirs.ended_at is None


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example",
        "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)", "///evil.example", "evil",
        "/sign-in?next=/", "/sign-out", "", None, "/" + "a" * 2000, "/a\\b", "http:/evil", "/ /x",
    ],
)  # fmt: skip
def test_a_way_back_never_leads_elsewhere(path):
    assert local(path) == "/"


@pytest.mark.parametrize("path", ["/items", "/items?month=2018-04&state=%E7%AD%BE", "/a//b"])
def test_a_way_back_leads_to_our_own_pages(path):
    assert local(path) == path


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/x", "/\\evil.example"])
async def test_signing_in_never_leads_elsewhere(shell, wanted):
    _appointment, one_time = await account()
    answer = await shell.post("/sign-in", login="shili", password=one_time, next=wanted)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await shell.get("/sign-in")).headers["location"] == "/"


async def test_the_two_new_passwords_must_be_the_same(shell):
    await shell.be(Duty.CORRESPONDENT)
    answer = await shell.post("/account/password", htmx=True, old="a", new=NEW, again=NEW + "x")
    assert answer.status_code == 422
    assert text(answer).count("两次输入的新密码不一样。") == 2
    assert NEW not in answer.text


async def test_the_rail_shows_the_places_of_ones_duties_with_what_waits_there(shell):
    await shell.be(Duty.CORRESPONDENT)
    said = text(await shell.get("/sample/guide")).partition(" 更多")[0]
    assert said == "跳到正文 信 信报 首页 稿件 3 件待办"
    await shell.be(Duty.OFFICE_EDITOR)
    said = text(await shell.get("/sample/guide")).partition(" 更多")[0]
    assert said == "跳到正文 信 信报 首页 收件"
