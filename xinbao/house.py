"""The house's processes, alone or all under one roof: pages, API and worker."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from enum import StrEnum
from importlib import import_module
from typing import Any

import uvicorn
from arq.connections import RedisSettings
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from domain.kit.db import open_database
from domain.kit.settings import settings
from xinbao.health import Health
from xinbao.signals import Switch

log = logging.getLogger("xinbao")
LONGEST_STOP = 15
"""Seconds that running requests are given to end."""


class Part(StrEnum):
    """A process of the house."""

    WEB = "web"
    API = "api"
    WORKER = "worker"


FACES = {Part.WEB, Part.API}


class OneOrigin:
    """`/graphql` to the API, health to itself, all else to the pages."""

    def __init__(self, health: Health, apps: Mapping[Part, Starlette]) -> None:
        self._health = Starlette(
            routes=[Route("/healthz", health.healthz), Route("/readyz", health.readyz)]
        )
        self._pages = apps.get(Part.WEB, self._health)
        self._graphql = apps.get(Part.API, self._health)

    def _app(self, path: str) -> Starlette:
        if path in ("/healthz", "/readyz"):
            return self._health
        return self._graphql if path.split("/")[1:2] == ["graphql"] else self._pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope["path"])(scope, receive, send)


def create_apps(parts: frozenset[Part]) -> dict[Part, Starlette]:
    """The faces among these parts; each is loaded only where it is served."""
    faces: dict[Part, Any] = {part: import_module(f"{part}.app") for part in parts & FACES}
    return {part: module.create_app() for part, module in faces.items()}


class Server(uvicorn.Server):
    """uvicorn that leaves signals to the house and says when it has begun."""

    def __init__(self, config: uvicorn.Config, begun: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._begun = begun

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            await self._begun()


async def supervised(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Run it again whenever it ends, sooner at first than later, until cancelled."""
    loop, delay = asyncio.get_running_loop(), 0.5
    while True:
        began = loop.time()
        try:
            await run()
        except Exception as error:  # noqa: BLE001 -- whatever ended it, the house goes on
            log.warning("%s ended (%r) and is started again in %.1f s", name, error, delay)
        await asyncio.sleep(delay)
        delay = 0.5 if loop.time() - began > 60 else min(delay * 2, 10)


async def work(queue: RedisSettings) -> None:
    """One life of the worker: it ends when the queue goes away."""
    worker: Any = import_module("workers.settings").make_worker(queue)
    try:
        await worker.async_run()
    finally:
        with contextlib.suppress(Exception, asyncio.CancelledError):
            await worker.close()


@asynccontextmanager
async def meanwhile(**tasks: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """These run, supervised, for as long as the body does."""
    running = [asyncio.create_task(supervised(name, run)) for name, run in tasks.items()]
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


@asynccontextmanager
async def opened(parts: frozenset[Part], database_url: str, redis_url: str) -> AsyncIterator[None]:
    """The database and the bell, around whatever needs them; the worker, when it is a part."""
    queue = RedisSettings.from_dsn(redis_url)
    tasks = {"worker": lambda: work(queue)} if Part.WORKER in parts else {}
    bell: Any = import_module("workers.settings").bell
    async with open_database(database_url), bell(queue), meanwhile(**tasks):
        yield


async def serve(
    parts: frozenset[Part],
    redis_url: str,
    listener: socket.socket,
    *,
    begun: Callable[[], Awaitable[None]],
    switch: Switch,
) -> None:
    """Answer requests until SIGTERM or SIGINT; running requests are finished."""
    apps = create_apps(parts)
    config = uvicorn.Config(
        OneOrigin(Health(redis_url), apps),
        log_level="warning",
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        forwarded_allow_ips=settings().proxies,
        timeout_graceful_shutdown=LONGEST_STOP,
    )
    server = Server(config, begun)
    async with AsyncExitStack() as lives:
        for app in apps.values():
            await lives.enter_async_context(app.router.lifespan_context(app))
        with switch.does(lambda: setattr(server, "should_exit", True)):
            await server.serve([listener])
