"""The pages' process: `uvicorn web.app:app`, or one part of `xinbao up`.

A feature is a module with `routes` (full paths, names like `items:show`) and, if it has places
in the rail, `ENTRIES`. To add one: import it and put it into FEATURES.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from types import ModuleType

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Route

from domain.kit.db import is_open, open_database
from domain.kit.errors import DomainError
from domain.kit.settings import BadSetting, settings
from web import (
    adoptions,
    agenda,
    approvals,
    assets,
    auth,
    circulars,
    corrections,
    home,
    imports,
    items,
    jobs,
    meetings,
    outlets,
    people,
    policies,
    quotas,
    ranking,
    reception,
    reconciliation,
    tokens,
    trail,
    units,
)
from web.csrf import Csrf
from web.errors import Calm, on_http_error, on_refusal
from web.headers import SecurityHeaders
from web.i18n import Negotiation, catalogue
from web.nav import Entry
from web.session import Session

FEATURES: tuple[ModuleType, ...] = (
    assets, auth, home, items, approvals, reception, adoptions, outlets, units, people, quotas,
    ranking, circulars, reconciliation, corrections, policies, imports, jobs, tokens, trail,
    meetings, agenda,
)  # fmt: skip
MIDDLEWARE = [
    Middleware(SecurityHeaders),
    Middleware(Negotiation),
    Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
    Middleware(Calm),
    Middleware(Session),
    Middleware(Csrf),
]


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    """Standing alone, the process opens the database itself."""
    catalogue()
    async with AsyncExitStack() as stack:
        if not is_open():
            await stack.enter_async_context(open_database(_database()))
        yield


def _database() -> str:
    """Only `xinbao up` brings a database of its own."""
    dsn = settings().database_url
    if dsn is None:
        raise BadSetting("DATABASE_URL", "missing")
    return dsn


def create_app(features: Sequence[ModuleType] = FEATURES) -> Starlette:
    """The pages, assembled from their features."""
    routes: list[BaseRoute] = [route for feature in features for route in feature.routes]
    entries: list[Entry] = [
        entry for feature in features for entry in getattr(feature, "ENTRIES", ())
    ]
    app = Starlette(
        routes=routes,
        middleware=MIDDLEWARE,
        exception_handlers={DomainError: on_refusal, HTTPException: on_http_error},
        lifespan=lifespan,
    )
    app.state.entries = entries
    app.state.places = {
        route.name: set(route.param_convertors) for route in routes if isinstance(route, Route)
    }
    return app


app = create_app()
