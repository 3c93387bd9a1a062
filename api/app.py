"""The GraphQL process: `uvicorn api.app:app`, or one part of `xinbao up`."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from api.endpoint import graphql
from api.files import circular
from domain.kit.db import is_open, open_database
from domain.kit.settings import settings


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    """Standing alone, the process opens the database itself."""
    async with AsyncExitStack() as stack:
        dsn = settings().database_url
        if not is_open() and dsn:
            await stack.enter_async_context(open_database(dsn))
        yield


async def healthz(_request: Request) -> Response:
    """The process lives."""
    return PlainTextResponse("ok")


EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


def create_app() -> Starlette:
    """The API, on a database that is open already or is opened when it starts."""
    return Starlette(
        routes=[
            Route("/graphql", graphql, methods=EVERY_METHOD),
            Route("/graphql/circulars/{id}/{format}", circular, methods=["GET"]),
            Route("/healthz", healthz),
        ],
        lifespan=lifespan,
    )


app = create_app()
