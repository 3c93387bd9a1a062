"""What of an error a client may see: our own refusals and the faults of its document, no more."""

import logging
import secrets
from collections.abc import Sequence
from typing import Any, cast

from graphql import GraphQLError

from domain.kit.db import is_away
from domain.kit.errors import DomainError
from domain.kit.text import Language
from schema.errors import details, say, sentence

MOST_ERRORS = 5
UNAVAILABLE = {"code": "unavailable"}

log = logging.getLogger("xinbao.api")


def shown(
    errors: Sequence[GraphQLError], language: Language, *, hints: bool
) -> list[dict[str, Any]]:
    """The first errors as a client sees them. `hints` keeps suggestions of near names."""
    return [_shown(error, language, hints=hints) for error in errors[:MOST_ERRORS]]


def _shown(error: GraphQLError, language: Language, *, hints: bool) -> dict[str, Any]:
    cause = error.original_error
    if isinstance(cause, DomainError):
        return _with_place(error, refusal(cause, language))
    if cause is not None and is_away(cause):
        return _with_place(error, fault(cause, language)[1])
    if _is_about_the_document(error):
        message = error.message if hints else error.message.split(" Did you mean ")[0]
        extensions = {"code": "bad-document", **(error.extensions or {})}
        return _with_place(error, {"message": message, "extensions": extensions})
    return _with_place(error, _unexpected(error, language))


def refusal(cause: DomainError, language: Language) -> dict[str, Any]:
    """A refusal of a query; mutations answer theirs as data."""
    extensions = {"code": cause.code, "field": cause.field, "details": details(cause)}
    return {"message": sentence(cause, language), "extensions": extensions}


def _is_about_the_document(error: GraphQLError) -> bool:
    """Found before any resolver ran: syntax, limits, validation, coercion of variables.

    A fault of our own at that point has a cause, but no place in the document.
    """
    return error.path is None and (error.original_error is None or bool(error.nodes))


def _unexpected(error: GraphQLError, language: Language) -> dict[str, Any]:
    reference = secrets.token_hex(5)
    cause = error.original_error
    log.error("%s at %s", reference, error.path, exc_info=cause or error)
    return {
        "message": say("unexpected", language, reference=reference),
        "extensions": {"code": "unexpected", "reference": reference},
    }


def fault(cause: BaseException, language: Language) -> tuple[int, dict[str, Any]]:
    """What is said when no request could be carried out at all: 503, or 500 with a reference."""
    if is_away(cause):
        log.warning("database away")
        return 503, {"message": say("unavailable", language), "extensions": UNAVAILABLE}
    return 500, _unexpected(GraphQLError("", original_error=cast(Exception, cause)), language)


def is_unavailable(errors: Sequence[GraphQLError]) -> bool:
    """Whether the database went away while the request was carried out."""
    return any(error.original_error and is_away(error.original_error) for error in errors)


def _with_place(error: GraphQLError, answer: dict[str, Any]) -> dict[str, Any]:
    if error.path is not None:
        answer["path"] = list(error.path)
    elif error.locations:
        answer["locations"] = [place.formatted for place in error.locations]
    return answer
