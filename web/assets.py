"""Own stylesheet, scripts and icon, at addresses that change with their content."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.kit.settings import settings

STATIC = Path(__file__).parent / "static"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
HTMX: Final = "htmx-2.0.11.min.js"
HTMX_FOLDER: Final = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/"
HTMX_SRI: Final = "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"
FOREVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file kept in memory, plain and packed."""

    path: str
    media_type: str
    plain: bytes
    packed: bytes


@cache
def assets() -> dict[str, Asset]:
    """Every file by its plain name; read once."""
    files = {path.name: path for path in sorted(STATIC.iterdir()) if path.suffix in TYPES}
    if settings().assets == "local" or settings().htmx_file.is_file():
        files[HTMX] = settings().htmx_file
    return {name: _read(name, path) for name, path in files.items()}


def _read(name: str, path: Path) -> Asset:
    plain = path.read_bytes()
    mark = hashlib.sha256(plain).hexdigest()[:12]
    packed = gzip.compress(plain, mtime=0)
    return Asset(f"/static/{mark}/{name}", TYPES[Path(name).suffix], plain, packed)


def htmx_is_local() -> bool:
    """Whether the data folder held htmx at the start, or the settings say that it must."""
    return HTMX in assets()


def address(name: str) -> str:
    """The address of a file, its content's mark inside. Raises KeyError for an unknown name."""
    return assets()[name].path


def htmx_address() -> str:
    return address(HTMX) if htmx_is_local() else HTMX_FOLDER + "dist/htmx.min.js"


async def serve(request: Request) -> Response:
    """One file; an address with an old mark gives the file of today, not to be kept."""
    asset = assets().get(request.path_params["name"])
    if asset is None:
        raise HTTPException(404)
    kept = request.url.path == asset.path
    headers = {"Cache-Control": FOREVER if kept else "no-cache", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.packed, media_type=asset.media_type, headers=headers)
    return Response(asset.plain, media_type=asset.media_type, headers=headers)


async def icon(_request: Request) -> Response:
    """For browsers that ask without looking at the page."""
    asset = assets()["icon.svg"]
    return Response(asset.plain, media_type=asset.media_type)


routes = [
    Route("/static/{mark}/{name}", serve, name="static"),
    Route("/favicon.ico", icon, name="favicon"),
]
