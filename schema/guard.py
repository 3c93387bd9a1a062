"""What a document may ask for, measured in one pass before anything else looks at it.

Fragments are measured once and remembered, so a document costs what it is long, however its
fragments spread one another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from schema.paging import DEFAULT, MOST

MAX_DEPTH = 8
MAX_ALIASES = 30
MAX_ROOT_FIELDS = 20
MAX_COST = 20_000
MAX_DIRECTIVES = 20
MAX_INTROSPECTIONS = 3
MAX_NESTING = 64
"""Selections and spreads inside one another, before the measuring itself is given up."""
ONE_AT_A_TIME = frozenset({"signIn", "changePassword"})
"""Guessing a password must take a request each."""
INTROSPECTION = frozenset({"__schema", "__type"})
CAP = 10**9


class OverLimit(GraphQLError):
    """The document asks for more than one request may."""

    def __init__(self, what: str, found: int, most: int) -> None:
        code = {"code": "over-limit", "limit": what, "found": found, "most": most}
        super().__init__(f"{what}: {found}, at most {most}", extensions=code)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a selection asks for. `fields` counts those of its own level."""

    depth: int = 0
    aliases: int = 0
    cost: int = 0
    fields: int = 0
    directives: int = 0
    introspections: int = 0
    guesses: int = 0

    def __add__(self, other: "Measure") -> "Measure":
        return Measure(
            max(self.depth, other.depth),
            min(self.aliases + other.aliases, CAP),
            min(self.cost + other.cost, CAP),
            min(self.fields + other.fields, CAP),
            min(self.directives + other.directives, CAP),
            min(self.introspections + other.introspections, CAP),
            min(self.guesses + other.guesses, CAP),
        )


NOTHING = Measure()


@dataclass(slots=True)
class Guard:
    """Measures the operations of one document. `visits` tells how much work that took."""

    schema: GraphQLSchema
    document: DocumentNode
    variables: Mapping[str, Any] = field(default_factory=dict)
    visits: int = 0
    _fragments: dict[str, FragmentDefinitionNode] = field(init=False)
    _measured: dict[tuple[str, int | None], Measure] = field(init=False, default_factory=dict)
    _open: set[str] = field(init=False, default_factory=set)
    _defaults: dict[str, Any] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        definitions = self.document.definitions
        self._fragments = {
            each.name.value: each
            for each in definitions
            if isinstance(each, FragmentDefinitionNode)
        }

    def check(self) -> list[GraphQLError]:
        """The first limit that an operation goes over; an empty list when all keep to them."""
        try:
            for definition in self.document.definitions:
                if isinstance(definition, OperationDefinitionNode):
                    self._check_operation(definition)
        except OverLimit as error:
            return [error]
        return []

    def _check_operation(self, operation: OperationDefinitionNode) -> None:
        root = self.schema.get_root_type(operation.operation)
        self._defaults = {
            each.variable.name.value: each.default_value
            for each in operation.variable_definitions or ()
        }
        self._measured.clear()
        found = self._selections(operation.selection_set, root, None, 1)
        found += Measure(directives=len(operation.directives or ()))
        for what, value, most in (
            ("depth", found.depth, MAX_DEPTH),
            ("aliases", found.aliases, MAX_ALIASES),
            ("root fields", found.fields, MAX_ROOT_FIELDS),
            ("directives", found.directives, MAX_DIRECTIVES),
            ("introspection fields", found.introspections, MAX_INTROSPECTIONS),
            ("password fields", found.guesses, 1),
            ("cost", found.cost, MAX_COST),
        ):
            if value > most:
                raise OverLimit(what, value, most)

    def _selections(
        self, node: SelectionSetNode, parent: GraphQLNamedType | None, size: int | None, level: int
    ) -> Measure:
        if level > MAX_NESTING:
            raise OverLimit("nesting", level, MAX_NESTING)
        found = NOTHING
        for each in node.selections:
            self.visits += 1
            found += self._selection(each, parent, size, level)
            found += Measure(directives=len(each.directives or ()))
        return found

    def _selection(
        self, node: SelectionNode, parent: GraphQLNamedType | None, size: int | None, level: int
    ) -> Measure:
        if isinstance(node, FieldNode):
            return self._field(node, parent, size, level)
        if isinstance(node, FragmentSpreadNode):
            return self._spread(node.name.value, size, level)
        assert isinstance(node, InlineFragmentNode)
        on = node.type_condition
        inner = self.schema.get_type(on.name.value) if on else parent
        return self._selections(node.selection_set, inner, size, level + 1)

    def _spread(self, name: str, size: int | None, level: int) -> Measure:
        if (name, size) in self._measured:
            return self._measured[name, size]
        if name in self._open or name not in self._fragments:
            return NOTHING
        fragment = self._fragments[name]
        self._open.add(name)
        on = self.schema.get_type(fragment.type_condition.name.value)
        found = self._selections(fragment.selection_set, on, size, level + 1)
        self._open.discard(name)
        self._measured[name, size] = found
        return found

    def _field(
        self, node: FieldNode, parent: GraphQLNamedType | None, size: int | None, level: int
    ) -> Measure:
        name = node.name.value
        own = Measure(
            depth=1,
            aliases=int(node.alias is not None),
            cost=1,
            fields=1,
            introspections=int(name in INTROSPECTION),
            guesses=int(name in ONE_AT_A_TIME),
        )
        if node.selection_set is None or name in INTROSPECTION:
            return own
        definition = _definition(parent, name)
        inner = self._inner(node, definition, level)
        below = Measure(inner.depth + 1, inner.aliases, 0, 0, inner.directives)
        times = _times(definition, size)
        return own + below + Measure(cost=min(times * inner.cost, CAP), guesses=inner.guesses)

    def _inner(self, node: FieldNode, definition: GraphQLField | None, level: int) -> Measure:
        assert node.selection_set is not None
        kind = get_named_type(definition.type) if definition else None
        pages = definition is not None and "first" in definition.args
        rows = self._rows(node) if pages else None
        return self._selections(node.selection_set, kind, rows, level + 1)

    def _rows(self, node: FieldNode) -> int:
        """How many rows a connection may give: as asked for, in the document or a variable."""
        for argument in node.arguments or ():
            if argument.name.value in ("first", "last"):
                return min(abs(self._number(argument.value)), MOST)
        return DEFAULT

    def _number(self, value: ValueNode | None) -> int:
        if isinstance(value, VariableNode):
            name = value.name.value
            given = self.variables.get(name)
            if isinstance(given, int):
                return given
            return self._number(self._defaults.get(name))
        if isinstance(value, IntValueNode):
            return int(value.value[:10])
        return DEFAULT if value is None or isinstance(value, NullValueNode) else MOST


def _definition(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    if isinstance(parent, (GraphQLObjectType, GraphQLInterfaceType)):
        found: GraphQLField | None = parent.fields.get(name)
        return found
    return None


def _times(definition: GraphQLField | None, size: int | None) -> int:
    """How often what stands inside a field is answered."""
    if definition is None or not is_list_type(get_nullable_type(definition.type)):
        return 1
    if size is not None:
        return size
    declared = definition.extensions.get("strawberry-definition")
    most = getattr(declared, "metadata", {}).get("most", MOST)
    return int(most)
