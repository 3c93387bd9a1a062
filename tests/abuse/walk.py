"""The pages as people find them: by following links, noting every form on the way."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self
from urllib.parse import urlsplit

from starlette.routing import Match, Route

from tests.abuse import trial
from tests.abuse.county import Place, picture
from tests.web.browser import Browser
from web.app import create_app

GIVEN = {
    "date": "2018-05-02", "month": "2018-05", "number": "1", "url": "https://example.org/1",
    "password": "雪山下 quiet lantern 47", "checkbox": "on",
}  # fmt: skip
NOBODY = "nobody"


@dataclass
class Input:
    """One input of a form, with a value that it would take."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)

    @property
    def valid(self) -> str:
        if self.kind == "select":
            return self.value or next((each for each in self.options if each), "")
        if self.kind in ("hidden", "checkbox", "radio"):
            return self.value
        return self.value or GIVEN.get(self.kind, "示例：填写")


@dataclass
class Form:
    """A form as somebody saw it on a page."""

    method: str
    action: str
    inputs: list[Input] = field(default_factory=list)
    who: str = ""
    route: str = ""

    def values(self) -> dict[str, list[str]]:
        """What sending it filled in would say."""
        found: dict[str, list[str]] = {}
        for each in self.inputs:
            if each.kind == "file" or each.name == "csrf_token" or not each.name:
                continue
            kept = found.setdefault(each.name, [])
            if each.kind not in ("radio", "submit", "checkbox") or not kept:
                kept.append(each.valid)
        return found

    @property
    def files(self) -> list[str]:
        return [each.name for each in self.inputs if each.kind == "file"]


class _Page(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"].partition("#")[0])
        elif (
            tag in ("img", "link", "script") and given.get("src", given.get("href", ""))[:1] == "/"
        ):
            self.links.append(given.get("src") or given["href"])
        elif tag == "form":
            self.open = Form(given.get("method", "get"), given.get("action", ""))
            self.forms.append(self.open)
        elif self.open is not None:
            self._input(tag, given)

    def _input(self, tag, given) -> None:
        inputs = self.open.inputs
        if tag in ("input", "button") and given.get("name"):
            kind = given.get("type", "submit" if tag == "button" else "text")
            inputs.append(Input(given["name"], kind, given.get("value", "")))
        elif tag in ("textarea", "select") and given.get("name"):
            inputs.append(Input(given["name"], tag))
        elif tag == "option" and inputs and inputs[-1].kind == "select":
            inputs[-1].options.append(given.get("value", ""))
            if "selected" in given:
                inputs[-1].value = given.get("value", "")

    def handle_endtag(self, tag) -> None:
        if tag == "form":
            self.open = None


class Walk:
    """Everybody's browser, and what each found: addresses and forms by route."""

    def __init__(self, place: Place) -> None:
        self.app = create_app()
        self.routes = {route.name: route for route in self.app.routes if isinstance(route, Route)}
        self.place = place
        self.browsers: dict[str, Browser] = {}
        self.seen: dict[str, dict[str, str]] = defaultdict(dict)
        """Route → address → who found it."""
        self.forms: dict[str, list[Form]] = defaultdict(list)

    async def __aenter__(self) -> Self:
        for who in (NOBODY, *self.place.people):
            browser = self.browsers[who] = await Browser(self.app).__aenter__()
            if who != NOBODY:
                await browser.sign_in(self.place.people[who])
        self.before = await trial.contents()
        return self

    async def __aexit__(self, *_exc) -> None:
        for browser in self.browsers.values():
            await browser.__aexit__(*_exc)

    def route(self, path: str, method: str = "GET") -> str:
        """The name of the route that answers, or ''."""
        scope = {"type": "http", "method": method, "path": urlsplit(path).path}
        for name, route in self.routes.items():
            if route.matches(scope)[0] is Match.FULL:
                return name
        return ""

    async def everywhere(self, visit, *, each: int) -> None:
        """Follow links as everybody, at most `each` addresses of a route for one person.

        Of items more: their pages offer other forms in every state.
        """
        for who, browser in self.browsers.items():
            await self._as(who, browser, visit, each)

    async def _as(self, who, browser, visit, each: int) -> None:
        waiting, done, counts = ["/", "/account"], set(), Counter()
        while waiting:
            path = waiting.pop(0)
            route = self.route(path)
            if path in done or counts[route] >= self._most(route, each) or not route:
                continue
            done.add(path)
            counts[route] += 1
            answer = await visit(who, browser, path)
            if answer.status_code == 200:
                self.seen[route].setdefault(path, who)
            if location := answer.headers.get("location"):
                waiting.append(location)
            if "text/html" in answer.headers.get("content-type", ""):
                waiting += self._read(who, answer.text)

    def _most(self, route: str, each: int) -> int:
        return 15 if route == "items:show" else each

    def _read(self, who: str, text: str) -> Iterator[str]:
        page = _Page(text)
        for form in page.forms:
            if form.method == "post":
                self._note(who, form)
            else:
                query = "&".join(f"{name}=" for name in form.values())
                yield f"{form.action}?{query}"
        yield from page.links

    def _note(self, who: str, form: Form) -> None:
        """One form of each route, person and set of inputs is enough."""
        form.who, form.route = who, self.route(form.action, "POST")
        known = [(each.who, [*each.values()]) for each in self.forms[form.route]]
        if (who, [*form.values()]) not in known:
            self.forms[form.route].append(form)


def upload(route: str) -> tuple[str, bytes, str]:
    """A file that the input of a route takes."""
    if "import" in route:
        return "示例.csv", "单位,类别\n示例村镇,乡镇\n".encode(), "text/csv"
    if "polic" in route:
        return "示例.json", b'{"levels": {"county": 1}}', "application/json"
    return "示例.png", picture(), "image/png"
