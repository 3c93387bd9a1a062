"""GraphQL documents made from the schema: every field asked, every argument well or badly given."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)

from domain.meetings.models import MeetingMember
from schema.nodes import decode, encode
from schema.root import schema
from tests.abuse import odd

CORE = schema._schema
KINDS = {"Query": CORE.query_type, "Mutation": CORE.mutation_type}
SCALARS = {
    "String": "示例：填写", "Int": 1, "Float": 1.5, "Boolean": True, "Date": "2018-05-02",
    "DateTime": "2018-05-02T09:00:00+08:00", "Month": "2018-05", "Period": "2018-05",
    "Decimal": "1.5", "JSON": {"levels": {"county": 1}},
}  # fmt: skip
NAMED = {
    "login": "shili9", "mobile": "13800001234", "mailbox": "a@example.org", "days": 30,
    "documentNumber": "示委办〔2018〕9号", "count": 2, "evidenceUrl": "https://example.org/1",
}  # fmt: skip
ODD = {
    "String": odd.TEXTS, "ID": odd.IDS | odd.TEXTS, "Int": {
        "most": 2**31 - 1, "least": -(2**31), "int2": 32768, "zero": 0, "too much": 2**63,
        "fraction": 1.5, "text": "1", "truth": True,
    },
    "Date": odd.DAYS, "DateTime": odd.DAYS, "Month": odd.MONTHS, "Period": odd.MONTHS | odd.DAYS,
    "Decimal": odd.NUMBERS, "Boolean": {"text": "true", "number": 1},
    "JSON": {
        "text": "{", "number": 1e308, "list": [1, [2]], "nul": {"levels": {"a\0": 1}}, "none": {},
        "odd": {"levels": {"county": odd.VERY_LONG[:5000], "nation": -1}, "repeat": {"x": None}},
        "endless": {"levels": {"county": "9" * 400}}, "nan": {"levels": {"county": "NaN"}},
    },
}  # fmt: skip
ANY = {"null": None, "object": {"a": {}}, "list": [[]], "text": "\u202e", "number": -1}


@dataclass(frozen=True)
class Operation:
    """A root field, with the variables that it takes."""

    kind: str
    name: str

    @property
    def field(self) -> Any:
        return KINDS[self.kind].fields[self.name]

    @property
    def document(self) -> str:
        args = self.field.args
        taken = ", ".join(f"${name}: {arg.type}" for name, arg in args.items())
        given = ", ".join(f"{name}: ${name}" for name in args)
        head = f"{self.kind.lower()}({taken})" if taken else self.kind.lower()
        call = f"{self.name}({given})" if given else self.name
        return f"{head} {{ {call} {selection(self.field.type, 3)} }}"

    def valid(self, ids: dict[str, str]) -> dict[str, Any]:
        """Variables as a reasonable client sends them."""
        found = {}
        for name, arg in self.field.args.items():
            if is_required_argument(arg) or name in ("filter", "first"):
                found[name] = given(name, arg.type, ids)
        return found

    def bent(self, ids: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """The same with one input odd, for each input and each odd value."""
        for name, arg in self.field.args.items():
            kind = get_named_type(arg.type)
            if isinstance(kind, GraphQLInputObjectType):
                base = given(name, arg.type, ids)
                for inner, field in kind.fields.items():
                    for which, value in oddities(field.type):
                        yield f"{inner}={which}", self.valid(ids) | {name: base | {inner: value}}
                    left = {key: value for key, value in base.items() if key != inner}
                    yield f"{inner} missing", self.valid(ids) | {name: left}
            for which, value in oddities(arg.type):
                yield f"{name}={which}", self.valid(ids) | {name: value}


def operations() -> list[Operation]:
    return [Operation(kind, name) for kind, root in KINDS.items() for name in root.fields]


def given(name: str, type_: Any, ids: dict[str, str]) -> Any:
    """A value that an input would take."""
    kind = get_named_type(type_)
    if isinstance(kind, GraphQLInputObjectType):
        return {
            key: given(key, field.type, ids)
            for key, field in kind.fields.items()
            if is_required_input_field(field) or key in ids
        }
    value = NAMED.get(name, SCALARS.get(kind.name))
    if kind.name == "ID":
        value = ids.get(name.removesuffix("s"), next(iter(ids.values())))
    if isinstance(kind, GraphQLEnumType):
        value = next(iter(kind.values))
    return [value] if is_list_type(get_nullable_type(type_)) else value


def oddities(type_: Any) -> Iterator[tuple[str, Any]]:
    kind = get_named_type(type_)
    for which, value in (ODD.get(kind.name, {}) | ANY).items():
        yield which, value
        if is_list_type(get_nullable_type(type_)):
            yield f"[{which}]", [value, value]


def selection(type_: Any, depth: int) -> str:
    """Everything that can be asked of a type without arguments, to a depth."""
    kind = get_named_type(type_)
    if isinstance(kind, GraphQLUnionType):
        parts = [f"... on {each.name} {selection(each, depth)}" for each in kind.types[:1]]
        parts.append("... on Problem { code field message details }")
        parts.append("... on InvalidInput { errors { code field message } }")
        return "{ __typename " + " ".join(parts) + " }"
    if isinstance(kind, GraphQLInterfaceType):
        return "{ __typename id }"
    if not isinstance(kind, GraphQLObjectType):
        return ""
    parts = [
        f"{name} {selection(field.type, depth - 1)}"
        for name, field in kind.fields.items()
        if not any(is_required_argument(arg) for arg in field.args.values())
        and (depth > 1 or not hasattr(get_named_type(field.type), "fields"))
        and (depth > 1 or not isinstance(get_named_type(field.type), GraphQLUnionType))
    ]
    return "{ __typename " + " ".join(parts) + " }"


async def ids_of() -> dict[str, str]:
    """A global id for every name that an input may have: unitId, itemId, …"""
    from schema.nodes import _models

    found = {}
    for kind, model in _models.items():
        row = await model.all().first()
        if row is not None:
            found[kind[0].lower() + kind[1:] + "Id"] = encode(kind, row.pk)
    called = await MeetingMember.filter(meeting_id=decode(found["jointMeetingId"])[1]).first()
    return found | {
        "officeId": found["receivingOfficeId"],
        "meetingId": found["jointMeetingId"],
        "memberId": encode("MeetingMember", called.pk),
        "id": found["itemId"],
    }
