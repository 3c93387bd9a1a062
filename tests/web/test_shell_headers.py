"""What every response carries, whatever happened."""

import pytest

from domain.kit.actor import Duty
from domain.kit.settings import settings

CSP = (
    "default-src 'none'; script-src 'self' https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/; "
    "style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
ANSWERS = [
    ("/sign-in", 200), ("/account", 200), ("/sample/missing", 404), ("/nowhere", 404),
    ("/sample/boom", 500), ("/sample/away", 503), ("/sample/plain", 200), ("/sign-out", 405),
    ("/static/0/app.css", 200), ("/static/0/none.css", 404), ("/favicon.ico", 200),
]  # fmt: skip


@pytest.mark.parametrize(("path", "status"), ANSWERS)
async def test_every_response_carries_the_security_headers(shell, path, status):
    await shell.be(Duty.CORRESPONDENT)
    answer = await shell.get(path)
    assert answer.status_code == (303 if path == "/sign-in" else status)
    assert answer.headers["content-security-policy"] == CSP
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "strict-transport-security" not in answer.headers


async def test_pages_of_a_signed_in_person_are_kept_nowhere(shell):
    await shell.be(Duty.CORRESPONDENT)
    assert (await shell.get("/account")).headers["cache-control"] == "no-store"
    assert (await shell.get("/sample/boom")).headers["cache-control"] == "no-store"


async def test_https_brings_hsts_and_host_bound_cookies(shell, monkeypatch):
    monkeypatch.setenv("XINBAO_PUBLIC_URL", "https://xinbao.test")
    settings.cache_clear()
    answer = await shell.get("/sign-in")
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    name, _, rest = answer.headers["set-cookie"].partition("=")
    assert name == "__Host-visitor"
    assert rest.partition(";")[2] == " Path=/; HttpOnly; SameSite=Lax; Secure"


async def test_own_files_are_kept_for_a_year_at_addresses_that_change_with_them(shell):
    page = (await shell.get("/sign-in")).text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    answer = await shell.get(address)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["content-encoding"] == "gzip"
    stale = await shell.get("/static/000000000000/app.css")
    assert stale.headers["cache-control"] == "no-cache"
    assert stale.text == answer.text


async def test_htmx_comes_pinned_from_the_cdn(shell):
    page = (await shell.get("/sign-in")).text
    assert (
        '<script src="https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js" '
        'integrity="sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg" '
        'crossorigin="anonymous" defer></script>'
    ) in page


async def test_a_local_copy_of_htmx_needs_nobody_else(shell, htmx, own_htmx):
    page = await shell.get("/sign-in")
    assert page.headers["content-security-policy"].split("; ")[1] == "script-src 'self'"
    assert "cdn.jsdelivr.net" not in page.text
    address = page.text.partition('<script src="')[2].partition('"')[0]
    assert (await shell.get(address)).content == htmx


async def test_a_page_is_small(shell):
    await shell.be(Duty.CORRESPONDENT)
    assert len((await shell.get("/sample/guide")).content) < 100_000
