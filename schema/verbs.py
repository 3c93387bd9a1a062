"""How a mutation is declared: one input object, one action, one of the typed answers."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar, Union

import strawberry
from strawberry.extensions.field_extension import AsyncExtensionResolver, FieldExtension
from strawberry.field_extensions import InputMutationExtension

from schema.context import Context
from schema.errors import Refused

Method = TypeVar("Method", bound=Callable[..., Any])


class _Fresh(FieldExtension):
    """What was read before the change is forgotten, so that the answer shows the change."""

    async def resolve_async(
        self,
        next_: AsyncExtensionResolver,
        source: Any,
        info: strawberry.Info[Context, Any],
        **kwargs: Any,
    ) -> Any:
        info.context.loaders.clear()
        try:
            return await next_(source, info, **kwargs)
        finally:
            info.context.loaders.clear()


def verb(answer: Any, description: str, *, bare: bool = False) -> Callable[[Method], Method]:
    """A mutation. Its arguments become the fields of `<Name>Input`; `bare` has none."""

    def declare(method: Method) -> Method:
        field: Any = strawberry.mutation(
            graphql_type=answer,
            description=description,
            extensions=[_Fresh()] if bare else [InputMutationExtension(), _Fresh()],
        )
        made: Method = field(method)
        return made

    return declare


def result(name: str, kind: Any) -> Any:
    """What the verbs of one kind of thing answer: the thing, or why not."""
    return Annotated[Union[kind, Refused], strawberry.union(name)]  # noqa: UP007  # built at run time
