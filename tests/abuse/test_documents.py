"""Documents made to hurt: each costs what it is long, and none reaches a resolver."""

import pytest
from graphql import parse

from schema import documents, guard
from schema.context import Context
from schema.documents import Documents
from schema.guard import Guard
from schema.root import schema
from tests.counting import counting
from tests.schema.rows import Rows

CORE = schema._schema
NAMES = "abcdefghijklmnopqrstuvwxyz"


def fan_out(levels: int, field: str = "name") -> str:
    """Each fragment spreads the next twice: 2^levels selections if one were to follow them."""
    parts = ["{ units { nodes { ...f0 } } }"]
    parts += [f"fragment f{n} on Unit {{ ...f{n + 1} ...f{n + 1} }}" for n in range(levels)]
    return " ".join([*parts, f"fragment f{levels} on Unit {{ {field} }}"])


def nested(levels: int) -> str:
    return "{ units { nodes { " + "successor { " * levels + "name" + " }" * levels + " } } }"


def chain(length: int) -> str:
    parts = ["{ units { nodes { ...f0 } } }"]
    parts += [f"fragment f{n} on Unit {{ successor {{ ...f{n + 1} }} }}" for n in range(length)]
    return " ".join([*parts, f"fragment f{length} on Unit {{ name }}"])


def circle(length: int) -> str:
    parts = ["{ units { nodes { ...f0 } } }"]
    return " ".join(
        [
            *parts,
            *(f"fragment f{n} on Unit {{ ...f{(n + 1) % length} name }}" for n in range(length)),
        ]
    )


def aliases(count: int) -> str:
    return "{ county { " + " ".join(f"a{n}: name" for n in range(count)) + " } }"


def roots(count: int, field: str = "county { name }") -> str:
    return "{ " + " ".join([field] * count) + " }"


def directives(count: int) -> str:
    return "{ county { name " + "@include(if: true) " * count + "} }"


def lists(size: int, levels: int) -> str:
    inner = "name"
    for _ in range(levels):
        inner = f"appointments {{ person {{ {inner} }} }}"
    return f"{{ people(first: {size}) {{ nodes {{ {inner} }} }} }}"


def introspection(levels: int) -> str:
    return (
        "{ __schema { types { " + "fields { type { " * levels + "name" + " } }" * levels + " } } }"
    )


OVER = {
    **{f"fan-out to {n} with aliases": (fan_out(n, "a: name b: kind"), "aliases") for n in (5, 10, 20, 60)},
    **{f"fan-out to {n} deep": (fan_out(n, "successor { " * 7 + "name" + " }" * 7), "depth") for n in (1, 10, 22)},
    **{f"{n} nested": (nested(n), "depth") for n in (7, 10, 20)},
    **{f"{n} nested beyond measure": (nested(n), "nesting") for n in (70, 100, 150)},
    **{f"chain of {n}": (chain(n), "depth") for n in (6, 20)},
    **{f"chain of {n}, beyond measure": (chain(n), "nesting") for n in (70, 150)},
    **{f"{n} aliases": (aliases(n), "aliases") for n in (31, 100, 400)},
    **{f"{n} roots": (roots(n), "root fields") for n in (21, 100, 300)},
    **{f"{n} directives": (directives(n), "directives") for n in (21, 100, 300)},
    **{f"directives on {n} fields": ("{ county { " + "name @skip(if: false) " * n + "} }", "directives") for n in (21, 200)},
    "fan-out to 150": (fan_out(150), "nesting"),
    "cost in aliases": ("{ " + " ".join(f"a{n}: people(first: 100) {{ nodes {{ appointments {{ post unit {{ name }} }} }} }}" for n in range(20)) + " }", "cost"),
    "a table for each circular": ("{ circulars(first: 100) { nodes { lines { rank points } } } }", "cost"),
    "a table for each circular, by fragment": (
        "{ circulars(first: 100) { ...f } } fragment f on CircularConnection { nodes { ...g } } fragment g on Circular { lines { rank points } }", "cost",
    ),
    "a table for each circular, inline": (
        "{ ... on Query { circulars(first: 100) { ... on CircularConnection { edges { node { ... { lines { rank points } } } } } } } }", "cost",
    ),
    "four introspections": (" ".join(["{", *(f"a{n}: __schema {{ queryType {{ name }} }}" for n in range(4)), "}"]), "introspection fields"),
    "introspection by fragments": (
        "{ ...a ...b ...c ...d } " + " ".join(f"fragment {n} on Query {{ x{n}: __schema {{ queryType {{ name }} }} }}" for n in "abcd"),
        "introspection fields",
    ),
    "passwords by alias": (
        "mutation { " + " ".join(f'{n}: signIn(input: {{login: "a", password: "{n}"}}) {{ __typename }}' for n in NAMES[:20]) + " }",
        "password fields",
    ),
    "passwords by fragment": (
        "mutation { ...f } fragment f on Mutation { " + " ".join(f'{n}: changePassword(input: {{old: "a", new: "{n}"}}) {{ __typename }}' for n in "ab") + " }",
        "password fields",
    ),
    "fragments on interfaces": ('{ node(id: "a") { ... on Unit { ' + "successor { " * 8 + "name" + " }" * 8 + " } } }", "depth"),
    "a second operation": ("query a { county { name } } query b " + roots(30), "root fields"),
}  # fmt: skip


def measured(text: str, **variables) -> tuple[list, int]:
    found = Guard(CORE, parse(text), variables)
    return found.check(), found.visits


@pytest.mark.parametrize(("text", "limit"), OVER.values(), ids=OVER)
def test_what_goes_over_a_limit_is_refused_by_name(text, limit):
    [error], _ = measured(text)
    assert error.extensions["limit"] == limit
    assert error.extensions["found"] > error.extensions["most"]


@pytest.mark.parametrize("text", [text for text, _ in OVER.values()] + [fan_out(150), circle(100)])
def test_measuring_takes_no_more_steps_than_the_document_has_words(text):
    _, visits = measured(text)
    assert visits <= len(text.split())


@pytest.mark.parametrize("levels", [1, 22, 100, 200])
def test_fragments_that_spread_one_another_twice_are_measured_once_each(levels):
    errors, visits = measured(fan_out(levels)) if levels < 60 else measured(fan_out(50))
    assert visits <= 2 * levels + 4
    assert errors == [] or errors[0].extensions["limit"] in ("cost", "nesting")


def test_fragments_in_a_circle_are_measured_and_then_refused_by_the_standard_rules():
    errors, visits = measured(circle(20))
    assert (errors, visits) == ([], 43)


WITHIN = [
    "{ county { name } }", aliases(30), roots(20), directives(20), nested(5), lists(20, 1),
    "{ items(first: 100) { nodes { title unit { name } topic { name } signOffs { signerName } receptions { state office { name } } } } }",
    "{ circulars(first: 5) { nodes { lines { rank points unit { name } } } } }",
    '{ ranking(period: "2018-04") { lines { rank points unit { name } } } }',
]  # fmt: skip


@pytest.mark.parametrize("text", WITHIN)
def test_what_people_really_ask_for_keeps_to_the_limits(text):
    assert measured(text)[0] == []


def test_a_size_in_a_variable_counts_as_it_is_given():
    text = "query($n: Int = 2) { circulars(first: $n) { nodes { lines { rank points } } } }"
    assert measured(text)[0] == []
    assert measured(text, n=5)[0] == []
    assert measured(text, n=100)[0][0].extensions["limit"] == "cost"
    assert measured(text, n=10**9)[0][0].extensions["limit"] == "cost"
    assert measured(text, n=-100)[0][0].extensions["limit"] == "cost"
    assert measured(text.replace(" = 2", " = 100"))[0][0].extensions["limit"] == "cost"
    assert (
        measured(text.replace("$n: Int = 2", "$n: Int").replace("first: $n", 'first: "x"'))[0][
            0
        ].extensions["limit"]
        == "cost"
    )


@pytest.mark.parametrize("name", OVER)
async def test_no_statement_is_sent_for_a_refused_document(db, name):
    viewer = (await Rows().add(1)).everybody()
    with counting() as sent:
        result = await schema.execute(OVER[name][0], {}, Context(viewer=viewer))
    assert (result.data, sent) == (None, [])
    assert len(result.errors) == 1


@pytest.mark.parametrize(
    ("tokens", "viewer"), [(documents.TOKENS, True), (documents.ANONYMOUS_TOKENS, False)]
)
async def test_long_documents_are_given_up_while_they_are_read(db, tokens, viewer):
    actor = (await Rows().add(1)).everybody() if viewer else None
    result = await schema.execute("{ " + "__typename " * tokens + "}", {}, Context(viewer=actor))
    assert f"more than {tokens} tokens" in result.errors[0].message
    result = await schema.execute(
        "{ " + "__typename " * (tokens - 4) + "}", {}, Context(viewer=actor)
    )
    assert "tokens" not in str(result.errors)


async def test_deep_introspection_is_refused_and_the_usual_one_is_not(db):
    viewer = (await Rows().add(1)).everybody()
    for levels, refused in ((1, False), (4, True), (40, True)):
        result = await schema.execute(introspection(levels), {}, Context(viewer=viewer))
        assert bool(result.errors) is refused, levels


async def test_a_sound_document_is_read_once_and_its_variables_are_measured_each_time(
    db, monkeypatch
):
    rows = await Rows().add(2)
    reads = []
    monkeypatch.setattr(
        documents, "parse", lambda text, **options: (reads.append(text), parse(text, **options))[1]
    )
    monkeypatch.setattr(Documents, "shelf", documents.Shelf())
    text = "query($n: Int) { circulars(first: $n) { nodes { lines { rank points } } } }"
    for n, errors in ((1, 0), (2, 0), (100, 1), (3, 0)):
        result = await schema.execute(text, {"n": n}, Context(viewer=rows.everybody()))
        assert len(result.errors or []) == errors
    assert reads == [text]


async def test_the_shelf_of_documents_is_bounded_and_closed_to_strangers(db, monkeypatch):
    shelf = documents.Shelf()
    monkeypatch.setattr(Documents, "shelf", shelf)
    viewer = (await Rows().add(1)).everybody()
    for n in range(documents.KEPT + 20):
        await schema.execute(f"{{ a{n}: __typename }}", {}, Context(viewer=viewer))
        await schema.execute(f"{{ __typename # {n}\n}}", {}, Context(viewer=None))
    assert len(shelf._kept) == documents.KEPT
    await schema.execute("{ nothing }", {}, Context(viewer=viewer))
    await schema.execute(
        "{ __typename #" + "x" * documents.LONGEST_KEPT + "\n}", {}, Context(viewer=viewer)
    )
    assert {text[:3] for text in shelf._kept} == {"{ a"}


def test_the_limits_are_the_ones_agreed():
    assert (guard.MAX_DEPTH, guard.MAX_ALIASES, guard.MAX_ROOT_FIELDS, guard.MAX_COST) == (
        8,
        30,
        20,
        20_000,
    )
    assert (documents.ANONYMOUS_TOKENS, documents.TOKENS) == (1_000, 2_000)
