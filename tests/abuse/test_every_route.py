"""Every page and every form of the product, with what nobody should send: the routes are read from
the application and the forms from its pages, so that what is added later is tried as well."""

import html
import random
import re
import zlib
from urllib.parse import quote, urlencode

import pytest

from tests.abuse import odd, trial
from tests.abuse.walk import NOBODY, Form, Walk, upload
from tests.web.browser import ORIGIN, text
from web import csrf, forms

TAGS = {"zh": "zh-Hans", "en": "en"}
SPEAKS = {"zh": re.compile("[\u4e00-\u9fff]"), "en": re.compile("[A-Za-z]+,? [a-z]+")}
TRIES = {"account", "audit_event", "audit_head"}
KEEPS = {"sign-in:enter": TRIES, "account:password": TRIES, "circulars:issue": {"circular"}}
"""What a refused request leaves on purpose: wrong passwords are counted, drafts kept up to date."""
UNLINKED = {"circulars:newest", "favicon"}
"""Addresses that nobody follows a link to: one is written by hand, one asked for by browsers."""


class Rounds:
    """Sends requests, undoes them, and gathers what was wrong with the answers."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.wrong, self.count = walk, [], 0

    async def get(self, who: str, path: str, language: str = "zh"):
        return await self._try(who, "GET", path, language)

    async def post(self, form: Form, values, language: str, *, who=None, files=None):
        """A form as `who` might send it; `values` may also be the raw body and its type."""
        who = who or form.who
        return await self._try(who, "POST", form.action, language, values, files, form.route)

    async def _try(self, who, method, path, language, values=None, files=None, route=""):
        self.count += 1
        browser = self.walk.browsers[who]
        if not browser.token:
            await browser.get("/sign-in" if who == NOBODY else "/account")
        sent = {"Accept-Language": language, "Origin": ORIGIN}
        sent[csrf.HEADER] = browser.token
        body = {"data": values, "files": files}
        if isinstance(values, tuple):
            sent["Content-Type"] = values[0]
            body = {"content": values[1]}
        cookies = dict(browser.client.cookies)
        async with trial.undone(self.walk.before) as found:
            answer = await browser.client.request(method, path, headers=sent, **body)
        browser.client.cookies.clear()
        for name, value in cookies.items():
            browser.client.cookies.set(name, value, domain="xinbao.test")
        route = route or self.walk.route(path)
        said = _sent(values, files)
        for fault in faults(answer, found, language, method, route):
            self.wrong.append(f"{who} {method} {path[:150]} {said} → {answer.status_code}: {fault}")
        return answer


def _sent(values, files) -> str:
    return str(values)[:300] + (f" files {str(files)[:80]}" if files else "")


def faults(answer, found: trial.Outcome, language: str, method: str, route: str):
    """What an answer must never be."""
    kind = answer.headers.get("content-type", "")
    said = text(answer) if "html" in kind else answer.text if "text/plain" in kind else ""
    if answer.status_code >= 500:
        yield "5xx"
    if leaked := trial.leak(said):
        yield f"speaks of its inside: {leaked!r}"
    if method == "GET" and found.wrote:
        yield f"a reader wrote {found.wrote}"
    if answer.status_code < 400:
        return
    if kept := set(found.kept) - KEEPS.get(route, set()):
        yield f"a refusal left something in {sorted(kept)}"
    if f'<html lang="{TAGS[language]}"' not in answer.text:
        yield "no page in the reader's language"
    reason = re.search(r'class="(?:problems|error)".*?</(?:div|p)>', answer.text, re.DOTALL)
    sentence = re.sub(r"^[^>]*>|<[^>]+>", " ", reason[0]).strip() if reason else ""
    if not SPEAKS[language].search(sentence):
        yield f"no reason in the reader's language: {sentence!r}"


def pick(name: str, choices: list, many: int) -> list:
    """Some of the choices, always the same for the same name."""
    chance = random.Random(zlib.crc32(name.encode()))
    return choices if many >= len(choices) else chance.sample(choices, many)


@pytest.fixture
async def rounds(place):
    async with Walk(place) as walk:
        yield Rounds(walk)


async def explore(rounds: Rounds, *, each: int) -> None:
    async def visit(who, _browser, path):
        language = ("zh", "en")[rounds.count % 2]
        return await rounds.get(who, path, language)

    await rounds.walk.everywhere(visit, each=each)


def names_read(route) -> list[str]:
    """The inputs that a handler's module knows of."""
    module = __import__(route.endpoint.__module__, fromlist=["_"])
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type)]
    return sorted({
        name for kind in kinds if issubclass(kind, forms.Fields) for name in kind.model_fields
    })  # fmt: skip


async def odd_addresses(rounds: Rounds, *, many: int) -> None:
    """Ids and words in paths, and every filter a page may read, as somebody who may read it."""
    walk = rounds.walk
    for name, route in walk.routes.items():
        found = [*walk.seen[name].items()]
        path, who = found[0] if found else (_filled(route.path, odd.UNKNOWN), "administrator")
        path = path.partition("?")[0]
        if "GET" not in route.methods or "static" in name:
            continue
        values = [*odd.VALUES.items(), *odd.RAW.items()]
        for n, (_, value) in enumerate(pick(name, values, many)):
            language = ("zh", "en")[n % 2]
            raw = value.decode() if isinstance(value, bytes) else quote(value[:150], safe="")
            query = "&".join(f"{each}={raw}" for each in names_read(route))
            await rounds.get(who, f"{path}?{query}&{raw}={raw}&next={raw}", language)
            if "{" in route.path:
                await rounds.get(who, _filled(route.path, raw[:500]), language)


def _filled(path: str, value: str) -> str:
    return re.sub(r"\{[^}]+\}", lambda _: value, path)


async def strangers(rounds: Rounds, *, many: int) -> None:
    """Everybody at everybody's addresses and forms."""
    walk = rounds.walk
    everyone = [*walk.browsers]
    for name in walk.routes:
        for path in pick(name, [*walk.seen[name]], 1 + many // 4):
            for who in pick(path, everyone, many):
                await rounds.get(who, path, "en")
        for form in pick(name, walk.forms[name], 1 + many // 4):
            for who in pick(form.action, everyone, many):
                files = {each: upload(name) for each in form.files}
                await rounds.post(form, form.values(), "en", who=who, files=files or None)
    await _unknown(rounds)


async def _unknown(rounds: Rounds) -> None:
    """Each form's address with an id of nothing, and with an id of another kind."""
    walk = rounds.walk
    other = next(iter(walk.seen["units:show"]), "/").rpartition("/")[2]
    for name, route in walk.routes.items():
        if "POST" in route.methods and "{" in route.path:
            who = next((form.who for form in walk.forms[name]), "administrator")
            for value in (odd.UNKNOWN, other):
                form = Form("post", _filled(route.path, value), [], who, name)
                await rounds.post(form, {}, "zh")


async def odd_forms(rounds: Rounds, *, many: int) -> None:
    """Each input of each form in turn, the others as they should be."""
    for name, found in rounds.walk.forms.items():
        for form in pick(name, found, 1 if many < 5 else len(found)):
            files = {each: upload(name) for each in form.files}
            await rounds.post(form, form.values(), "zh", files=files or None)
            await odd_inputs(rounds, form, files, many)
            await odd_wholes(rounds, form, many)


async def odd_inputs(rounds: Rounds, form: Form, files, many: int) -> None:
    for field in form.values():
        for n, (kind, value) in enumerate(pick(form.route + field, [*odd.VALUES.items()], many)):
            language = ("zh", "en")[n % 2]
            values = form.values() | {field: [value]}
            answer = await rounds.post(form, values, language, files=files or None)
            check_kept(rounds, form, field, kind, values, answer)
        missing = {key: value for key, value in form.values().items() if key != field}
        await rounds.post(form, missing, "en", files=files or None)
    for field in form.files:
        for _, file in pick(form.route + field, [*odd.FILES.items()], many):
            await rounds.post(form, form.values(), "zh", files=files | {field: file})
        await rounds.post(form, form.values() | {field: ["text"]}, "en")


def check_kept(rounds: Rounds, form: Form, field, kind, values, answer) -> None:
    """After a refusal that can be put right, what was typed elsewhere stands there again."""
    typed = {each.name for each in form.inputs if each.kind in ("text", "textarea", "url")}
    if answer.status_code != 422 or form.route == "account:password":
        return
    for name in typed - {field}:
        if values[name][0] not in html.unescape(answer.text):
            rounds.wrong.append(f"{form.who} POST {form.action} {field}={kind}: lost {name}")


async def odd_wholes(rounds: Rounds, form: Form, many: int) -> None:
    """Bodies that are no form, bytes that are no text, everything twice, files for words."""
    names = names_read(rounds.walk.routes[form.route])
    for _, body in pick(form.route, [*odd.BODIES.items()], many):
        await rounds.post(form, body, "zh")
    for _, raw in pick(form.route, [*odd.RAW.items()], many):
        plain = urlencode(form.values(), doseq=True).encode()
        odd_body = b"&".join([plain, *(name.encode() + b"=" + raw for name in names), raw])
        await rounds.post(form, ("application/x-www-form-urlencoded", odd_body), "en")
    for _, value in pick(form.route + "!", [*odd.VALUES.items()], many):
        twice = {name: [value, value] for name in {*names, *form.values()}}
        await rounds.post(form, twice, "zh")
    files = dict.fromkeys([*form.values()][:9], ("示例.txt", b"words", "text/plain"))
    await rounds.post(form, {"x" * 5_000: "1"}, "en", files=files or None)


async def all_rounds(rounds: Rounds, *, each: int, many: int) -> None:
    await explore(rounds, each=each)
    await odd_addresses(rounds, many=many)
    await strangers(rounds, many=many)
    await odd_forms(rounds, many=many)


async def test_no_request_is_too_odd_for_an_answer(rounds):
    """A few of everything; the slow round takes all of it."""
    await all_rounds(rounds, each=1, many=1)
    assert "\n".join(sorted(set(rounds.wrong))) == ""


@pytest.mark.slow
async def test_every_page_is_found_by_following_links(rounds):
    """Otherwise nothing above would try it."""
    await explore(rounds, each=4)
    pages = {name for name, route in rounds.walk.routes.items() if "GET" in route.methods}
    assert pages - {name for name, found in rounds.walk.seen.items() if found} == UNLINKED


@pytest.mark.slow
async def test_no_request_at_all_is_too_odd_for_an_answer(rounds):
    await all_rounds(rounds, each=4, many=1_000)
    assert "\n".join(sorted(set(rounds.wrong))) == ""
