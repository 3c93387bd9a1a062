"""A reader without JavaScript: keeps cookies, fills in forms as the page gave them."""

import html
import re
import secrets
from datetime import timedelta

import httpx2

from domain.kit import clock
from domain.kit.actor import Duty
from domain.people.models import Account, LoginSession, Person
from domain.people.queries import sha256
from tests import make

TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]+)"')
ORIGIN = "http://xinbao.test"


class Browser:
    """`await web.get("/items")`, `await web.post("/items", title="…")`; the last answer is kept.

    `post` takes the CSRF token from the last page that had one. `htmx=True` asks as htmx does.
    Redirects are not followed: `answer.headers["location"]` tells where to.
    """

    def __init__(self, app) -> None:
        transport = httpx2.ASGITransport(app=app)
        self.client = httpx2.AsyncClient(transport=transport, base_url=ORIGIN)
        self.token = ""
        self.last: httpx2.Response | None = None

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_exc):
        await self.client.aclose()

    async def get(self, path: str, *, htmx: bool = False, **headers: str) -> httpx2.Response:
        return self._keep(await self.client.get(path, headers=_headers(htmx, headers)))

    async def post(
        self, path: str, *, htmx: bool = False, files=None, token: str | None = None, **form
    ) -> httpx2.Response:
        """Send a form; lists become repeated inputs, None is left out."""
        if token is None and not self.token:
            await self.get("/account" if self.is_signed_in else "/sign-in")
        data = {name: value for name, value in form.items() if value is not None}
        data["csrf_token"] = self.token if token is None else token
        headers = _headers(htmx, {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"})
        return self._keep(await self.client.post(path, data=data, files=files, headers=headers))

    async def sign_in(self, person: Person) -> None:
        """Be this person from now on, without the work of a password."""
        account = await Account.get_or_none(person_id=person.id)
        account = account or await Account.create(
            person=person,
            login=f"login{secrets.token_hex(4)}",
            password_hash="!",
            password_changed_at=clock.now(),
        )
        token, now = secrets.token_urlsafe(32), clock.now()
        await LoginSession.create(
            account=account, token_sha256=sha256(token), csrf_token="-", created_at=now,
            last_seen_at=now, ends_at=now + timedelta(hours=12),
        )  # fmt: skip
        self.client.cookies.clear()
        self.client.cookies.set("session", token, domain="xinbao.test")
        self.token = ""

    async def be(self, duty: Duty, **given) -> Person:
        """Be somebody new with this duty; `given` goes to `make.appointment`."""
        appointment = await make.appointment(duty, **given)
        person = await Person.get(id=appointment.person_id)
        await self.sign_in(person)
        return person

    @property
    def is_signed_in(self) -> bool:
        return "session" in self.client.cookies

    def _keep(self, answer: httpx2.Response) -> httpx2.Response:
        if "session=" in answer.headers.get("set-cookie", ""):
            self.token = ""
        if found := TOKEN.search(answer.text):
            self.token = found[1]
        self.last = answer
        return answer


def _headers(htmx: bool, given: dict[str, str]) -> dict[str, str]:
    return ({"HX-Request": "true"} if htmx else {}) | given


def text(answer: httpx2.Response) -> str:
    """What a person reads, tags taken off and spaces joined."""
    body = re.sub(r"<(head|script|title|svg).*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())
