"""Stored files, sent so that a browser never runs what is inside them."""

from urllib.parse import quote

from starlette.responses import Response

from domain.items import files
from domain.kit.errors import NotFound

SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
}


async def answer(sha256: str, *, media_type: str, name: str = "") -> Response:
    """A stored file: pictures and PDF in the window, everything else as a download.

    Raises NotFound when the data folder has lost it. The caller has checked the reader's right.
    """
    try:
        content = await files.read(sha256)
    except FileNotFoundError:
        raise NotFound from None
    how = "inline" if media_type in SHOWN else "attachment"
    name = name or f"{sha256[:12]}.{ENDINGS.get(media_type, 'bin')}"
    headers = {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "ETag": f'"{sha256}"',
    }
    return Response(content, headers=headers, media_type=media_type)
