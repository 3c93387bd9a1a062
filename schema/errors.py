"""Refusals as data: the domain's four kinds, mapped once for every mutation."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import strawberry
from strawberry.scalars import JSON

from domain.kit import errors, text
from domain.kit.text import Language
from schema.context import Info


class BadId(errors.NotFound):
    """A global id that names nothing of the wanted kind."""

    code = "bad-id"

    def __init__(self, id: str, kind: str) -> None:
        super().__init__(id, kind)
        self.id, self.kind = id[:80], kind


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def say(code: str, language: Language, **facts: object) -> str:
    """A sentence of the contract's own; the county's rules speak through `domain.kit.text`."""
    return _words()[code][language].format(**facts)


def sentence(error: errors.DomainError, language: Language) -> str:
    """What was wrong, why, and what to do, in the language of the request."""
    if error.code in _words():
        return say(error.code, language, **error.facts)
    return text.refusal(error, language)


def plain(fact: object) -> Any:
    """A fact as JSON."""
    if isinstance(fact, dict):
        return {str(key): plain(value) for key, value in fact.items()}
    if isinstance(fact, (list, tuple, set, frozenset)):
        return [plain(each) for each in fact]
    return fact if fact is None or isinstance(fact, (bool, int, float)) else str(fact)


def details(error: errors.DomainError) -> dict[str, Any]:
    facts = {} if isinstance(error, errors.Refusals) else error.facts
    both = {name: vars(error)[name] for name in ("mine", "theirs") if name in vars(error)}
    facts = facts | both
    return {name: plain(fact) for name, fact in facts.items() if name != "field"}


@strawberry.interface(description="Why a mutation was refused; nothing was changed. 未予办理的原因")
class Problem:
    code: str = strawberry.field(description="Stable, for programs: `title-too-long`. 代码")
    field: str | None = strawberry.field(description="The input to blame, if one is. 有误的填写项")
    message: str = strawberry.field(
        description="What is wrong and what to do, in the language of Accept-Language. 说明"
    )
    details: JSON = strawberry.field(
        description="The facts of the refusal: limits, versions, both texts of a conflict. 详情"
    )


@strawberry.type(description="One wrong input among several. 一处有误的填写项")
class FieldProblem(Problem): ...


@strawberry.type(description="The input breaks a rule. 填写有误")
class InvalidInput(Problem):
    errors: list[FieldProblem] = strawberry.field(
        description="Every wrong input, so that all are said in one answer. 全部有误之处"
    )


@strawberry.type(description="The act belongs to somebody else. 无权办理")
class Forbidden(Problem): ...


@strawberry.type(description="No such thing, or none the viewer may see. 未找到")
class Missing(Problem): ...


@strawberry.type(description="The thing is no longer in a state that allows this. 情况已变化")
class Stale(Problem): ...


Refused = InvalidInput | Forbidden | Missing | Stale
"""Every mutation answers with its object or one of these."""


def _said(error: errors.DomainError, language: Language) -> dict[str, Any]:
    return {
        "code": error.code,
        "field": _camel(error.field),
        "message": sentence(error, language),
        "details": details(error),
    }


def _camel(field: str | None) -> str | None:
    if field is None:
        return None
    first, *rest = field.split("_")
    return first + "".join(word.capitalize() for word in rest)


class _Invalid(strawberry.ExceptionHandler[errors.Invalid, InvalidInput]):
    def handle(self, exception: errors.Invalid, *, info: Info, **_: object) -> InvalidInput:
        language = info.context.language
        each = exception.errors if isinstance(exception, errors.Refusals) else (exception,)
        return InvalidInput(
            **_said(exception, language),
            errors=[FieldProblem(**_said(error, language)) for error in each],
        )


class _Forbidden(strawberry.ExceptionHandler[errors.NotPermitted, Forbidden]):
    def handle(self, exception: errors.NotPermitted, *, info: Info, **_: object) -> Forbidden:
        return Forbidden(**_said(exception, info.context.language))


class _Missing(strawberry.ExceptionHandler[errors.NotFound, Missing]):
    def handle(self, exception: errors.NotFound, *, info: Info, **_: object) -> Missing:
        return Missing(**_said(exception, info.context.language))


class _Stale(strawberry.ExceptionHandler[errors.Conflict, Stale]):
    def handle(self, exception: errors.Conflict, *, info: Info, **_: object) -> Stale:
        return Stale(**_said(exception, info.context.language))


HANDLERS = (_Invalid(), _Forbidden(), _Missing(), _Stale())
