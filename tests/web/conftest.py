"""Pages for tests: over ASGI without JavaScript, and in a real Chromium."""

import asyncio
from contextlib import asynccontextmanager, contextmanager

import pytest
import uvicorn
from playwright.async_api import async_playwright

from domain.kit.settings import settings
from tests.web import sample
from tests.web.browser import Browser
from web import assets
from web.app import FEATURES, create_app

NETWORK = ("Failed to load resource", "htmx:afterRequest", "htmx:sendError", "htmx:responseError")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--no-first-run",
]  # fmt: skip


@pytest.fixture
async def web(db):
    """The product's pages, read without JavaScript. See `Browser`."""
    async with Browser(create_app()) as browser:
        yield browser


@pytest.fixture
async def shell(db):
    """The shell alone, with a sample feature under /sample."""
    sample.seen.clear()
    async with Browser(create_app((*_shell(), sample))) as browser:
        yield browser


def _shell():
    return [feature for feature in FEATURES if feature.__name__ in ("web.assets", "web.auth")]


class _Server(uvicorn.Server):
    """Leaves the signals to pytest, and tells when it listens."""

    def __init__(self, config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    @contextmanager
    def capture_signals(self):
        yield

    async def startup(self, sockets=None):
        await super().startup(sockets)
        self.listening.set()


@asynccontextmanager
async def serving(app, *, lifespan="off"):
    """The address of an app served on this machine by uvicorn."""
    config = uvicorn.Config(app, port=0, log_level="warning", lifespan=lifespan)
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    await server.listening.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await task


@pytest.fixture
async def site(db):
    """The address of the product's pages."""
    assets.assets.cache_clear()
    async with serving(create_app()) as address:
        yield address


@pytest.fixture
async def shell_site(db):
    """The address of the shell alone with the sample feature."""
    async with serving(create_app((*_shell(), sample))) as address:
        yield address


@pytest.fixture
def own_htmx(htmx):
    """The data folder holds htmx, as after `xinbao assets fetch`."""
    file = settings().htmx_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(htmx)
    assets.assets.cache_clear()
    yield file
    file.unlink()
    assets.assets.cache_clear()


@pytest.fixture
async def window(chromium, htmx):
    """Open a Chromium window: `page = await window(width=360, scheme="dark", language="en")`.

    Any violation of the content security policy and any script error fails the test.
    """
    wrong: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)

        async def cdn(route):
            await route.fulfill(
                body=htmx,
                content_type="text/javascript",
                headers={"Access-Control-Allow-Origin": "*"},
            )

        def heard(message):
            if message.type == "error" and not message.text.startswith(NETWORK):
                wrong.append(message.text)

        async def opened(*, width=1280, height=780, scheme="light", language="zh", **given):
            locale = {"zh": "zh-CN", "en": "en-GB"}[language]
            context = await browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                locale=locale,
                **given,
            )
            await context.route("https://cdn.jsdelivr.net/**", cdn)
            page = await context.new_page()
            page.on("console", heard)
            page.on("pageerror", lambda error: wrong.append(str(error)))
            return page

        yield opened
        await browser.close()
    assert wrong == []


async def carry(page, browser, address):
    """Let a Chromium page be the person that `browser` is signed in as."""
    token = browser.client.cookies["session"]
    await page.context.add_cookies([{"name": "session", "value": token, "url": address}])
