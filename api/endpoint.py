"""POST /graphql: a sound request in, one JSON answer out."""

import logging
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from api import gate, masking
from api.auth import address, viewer
from api.gate import Refused
from api.language import language
from domain.kit.settings import settings
from schema.context import Context, SignInRequired
from schema.errors import say
from schema.root import schema

log = logging.getLogger("xinbao.api")

OPERATIONS = (OperationType.QUERY, OperationType.MUTATION)
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Authorization, Cookie, Accept-Language",
}
MORE = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "5"}}


async def graphql(request: Request) -> Response:
    """Answer one GraphQL request; what nobody foresaw too, without a word of its inside."""
    try:
        return await _graphql(request)
    except Exception as error:  # noqa: BLE001  # the last resort: no traceback ever leaves
        status, said = masking.fault(error, language(request))
        return answer(status, {"errors": [said]})


async def _graphql(request: Request) -> Response:
    """Refusals of the request itself are 4xx with one error."""
    if request.method != "POST":
        return refusal(request, Refused(405, "method-not-allowed"))
    try:
        actor = await viewer(request)
        asked = await gate.read(request)
    except Refused as refused:
        return refusal(request, refused)
    context = Context(
        viewer=actor,
        language=language(request),
        user_agent=request.headers.get("user-agent", "")[:200],
        address=address(request),
    )
    return await _answer(asked, context)


async def _answer(asked: gate.Asked, context: Context) -> Response:
    try:
        result = await schema.execute(
            asked.query,
            asked.variables,
            context,
            operation_name=asked.operation_name,
            allowed_operation_types=OPERATIONS,
        )
    except (CannotGetOperationTypeError, InvalidOperationTypeError):
        code = "no-such-operation"
        error = {"message": say(code, context.language), "extensions": {"code": code}}
        return answer(400, {"errors": [error]})
    return answer(_status(result), _body(result, context))


def _status(result: ExecutionResult) -> int:
    """200 once carried out; 401 for strangers; 400 for a bad document; 503 without a database."""
    if result.errors and masking.is_unavailable(result.errors):
        return 503
    if result.data is not None or not result.errors:
        return 200
    if isinstance(result.errors[0].original_error, SignInRequired):
        return 401
    return 200 if result.errors[0].path is not None else 400


def _body(result: ExecutionResult, context: Context) -> dict[str, Any]:
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        hints = not settings().production
        body["errors"] = masking.shown(result.errors, context.language, hints=hints)
    return body


def refusal(request: Request, refused: Refused) -> Response:
    """A request that never became one."""
    message = refused.says(language(request))
    error = {"message": message, "extensions": {"code": refused.code}}
    response = answer(refused.status, {"errors": [error]})
    if refused.status == 405:
        response.headers["Allow"] = "POST"
    return response


def answer(status: int, body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), status, HEADERS | MORE.get(status, {}), "application/json")
