"""Documents read once: parsed, measured and validated, then kept for the next request."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    StringValueNode,
    Visitor,
    parse,
    validate,
    visit,
)
from strawberry.extensions import SchemaExtension
from strawberry.types.execution import ExecutionContext

from schema.context import Context, SignInRequired
from schema.guard import Guard
from schema.inputs import is_unusable

ANONYMOUS_TOKENS = 1_000
TOKENS = 2_000
KEPT = 200
LONGEST_KEPT = 20_000
"""Characters of a document that is worth keeping."""
OPEN_TO_ALL = frozenset({"signIn", "__typename"})
"""All that somebody may ask for who has not signed in."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A document that parsed, and what is wrong with it, whatever its variables."""

    document: DocumentNode
    errors: list[GraphQLError]
    has_variables: bool


class Shelf:
    """The documents read last, by text. Bounded, so that strangers cannot fill the memory."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Reading] = OrderedDict()

    def get(self, text: str) -> Reading | None:
        if text in self._kept:
            self._kept.move_to_end(text)
        return self._kept.get(text)

    def keep(self, text: str, reading: Reading) -> None:
        if len(text) <= LONGEST_KEPT and not reading.errors:
            self._kept[text] = reading
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)


class _Strings(Visitor):
    """Finds text that no record can hold."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[GraphQLError] = []

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        if is_unusable(node.value):
            self.errors.append(GraphQLError("Text holds control characters.", node))


class Documents(SchemaExtension):
    """Takes parsing and validation over from the executor. Made anew for each request."""

    shelf = Shelf()

    def on_parse(self) -> Iterator[None]:
        running = self.execution_context
        text, viewer = running.query or "", _context(running).viewer
        reading = self.shelf.get(text) if viewer else None
        if reading is None:
            reading = self._read(text, TOKENS if viewer else ANONYMOUS_TOKENS)
            if viewer and not reading.errors:
                self.shelf.keep(text, reading)
        self._reading = reading
        running.graphql_document = reading.document
        yield

    def on_validate(self) -> Iterator[None]:
        running = self.execution_context
        running.pre_execution_errors = list(self._errors(running))
        yield

    def _read(self, text: str, tokens: int) -> Reading:
        document = parse(text, max_lexical_tokens=tokens, no_location=False)
        has_variables = "$" in text
        schema = self.execution_context.schema._schema  # noqa: SLF001  # Strawberry's own extensions do the same
        errors = Guard(schema, document, self._variables()).check()
        if not errors:
            errors = validate(schema, document, max_errors=5) + _strings(document)
        return Reading(document, errors, has_variables)

    def _errors(self, running: ExecutionContext) -> list[GraphQLError]:
        reading = self._reading
        if _context(running).viewer is None and not _is_open(reading.document):
            refusal = SignInRequired()
            return [GraphQLError(refusal.code, original_error=refusal)]
        if _is_ambiguous(running, reading.document):
            return [GraphQLError("Name one of the operations in operationName.")]
        if reading.errors or not reading.has_variables:
            return reading.errors
        schema = running.schema._schema  # noqa: SLF001  # as above
        return Guard(schema, reading.document, self._variables()).check()

    def _variables(self) -> Mapping[str, Any]:
        return self.execution_context.variables or {}


def _context(running: ExecutionContext) -> Context:
    assert isinstance(running.context, Context)
    return running.context


def _is_ambiguous(running: ExecutionContext, document: DocumentNode) -> bool:
    operations = [
        each for each in document.definitions if isinstance(each, OperationDefinitionNode)
    ]
    named = running._provided_operation_name  # noqa: SLF001  # its public twin falls back to the first
    return named is None and len(operations) > 1


def _strings(document: DocumentNode) -> list[GraphQLError]:
    strings = _Strings()
    visit(document, strings)
    return strings.errors


def _is_open(document: DocumentNode) -> bool:
    """Whether a document asks for nothing but what is open to all, spelled out plainly."""
    return all(
        isinstance(each, OperationDefinitionNode)
        and all(
            isinstance(field, FieldNode) and field.name.value in OPEN_TO_ALL
            for field in each.selection_set.selections
        )
        for each in document.definitions
    )
