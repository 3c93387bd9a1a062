"""GET /graphql/circulars/{id}/{format}: an issued circular's file, to those who see it."""

from starlette.requests import Request
from starlette.responses import Response

from api.auth import viewer
from api.endpoint import HEADERS, refusal
from api.gate import Refused
from domain.circulars import queries as circulars
from domain.kit.errors import NotFound
from schema.nodes import key

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


async def circular(request: Request) -> Response:
    """The frozen bytes; their SHA-256 is the ETag."""
    try:
        return await _file(request)
    except Refused as refused:
        return refusal(request, refused)
    except NotFound:
        return refusal(request, Refused(404, "no-such-file"))


async def _file(request: Request) -> Response:
    actor = await viewer(request)
    if actor is None:
        raise Refused(401, "sign-in-required")
    wanted = request.path_params["format"]
    found = await circulars.file(actor, key("Circular", request.path_params["id"]), wanted)
    headers = {
        "ETag": f'"{found.sha256}"',
        "Content-Disposition": f'attachment; filename="circular.{wanted}"',
    }
    return Response(bytes(found.content), headers=HEADERS | headers, media_type=MEDIA_TYPES[wanted])
