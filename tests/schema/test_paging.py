"""Pages keep still while rows come and go: nothing is lost, nothing is repeated."""

import base64
import json

import pytest

from domain.items.models import Item
from schema.context import Context
from schema.root import schema
from tests.schema.rows import Rows

PAGE = (
    "nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
)


async def read(rows: Rows, name: str, **window):
    given = ", ".join(f"{key}: {json.dumps(value)}" for key, value in window.items())
    query = f"{{ {name}({given}) {{ {PAGE} }} }}"
    result = await schema.execute(query, {}, Context(viewer=rows.everybody()))
    assert result.errors is None, result.errors
    return result.data[name]


async def forward(rows: Rows, name: str, *, first: int, meanwhile=None) -> list[str]:
    found, after = [], None
    while True:
        page = await read(rows, name, first=first, **({"after": after} if after else {}))
        found += [node["id"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]
        if meanwhile:
            await meanwhile()


async def backward(rows: Rows, name: str, *, last: int) -> list[str]:
    found, before = [], None
    while True:
        page = await read(rows, name, last=last, **({"before": before} if before else {}))
        found = [node["id"] for node in page["nodes"]] + found
        if not page["pageInfo"]["hasPreviousPage"]:
            return found
        before = page["pageInfo"]["startCursor"]


LISTS = sorted(
    name for name, field in schema._schema.query_type.fields.items()
    if "first" in field.args and name not in ("items", "approvals")
)  # fmt: skip


async def test_every_list_reads_the_same_forward_backward_and_at_once(db):
    rows = await Rows().add(7)
    for name in (*LISTS, "items", "approvals"):
        whole = [node["id"] for node in (await read(rows, name, first=100))["nodes"]]
        assert len(set(whole)) == len(whole) >= 7, name
        assert await forward(rows, name, first=2) == whole, name
        assert await backward(rows, name, last=3) == whole, name


async def test_nothing_is_lost_or_repeated_when_rows_arrive_while_paging(db):
    rows = await Rows().add(6)
    for name in LISTS:
        before = [node["id"] for node in (await read(rows, name, first=100))["nodes"]]

        arriving = iter(range(2))

        async def another(arriving=arriving):
            if next(arriving, None) is not None:
                await rows.add(1)

        found = await forward(rows, name, first=2, meanwhile=another)
        assert len(set(found)) == len(found), name
        assert [each for each in found if each in before] == before, name


async def test_nothing_is_lost_when_the_row_of_the_cursor_goes(db):
    rows = await Rows().add(5)
    page = await read(rows, "items", first=3)
    ids = [item.id for item in await Item.filter(state="pending_sign_off").order_by("-id")]
    rest = await read(rows, "items", first=100, after=page["pageInfo"]["endCursor"])
    await Item.filter(id=ids[1]).delete()
    again = await read(rows, "items", first=100, after=page["pageInfo"]["endCursor"])
    assert again == rest
    assert len(rest["nodes"]) == 7


async def test_the_ends_of_a_list_are_known(db):
    rows = await Rows().add(3)
    page = await read(rows, "topics", first=3)
    assert (page["pageInfo"]["hasNextPage"], page["pageInfo"]["hasPreviousPage"]) == (False, False)
    page = await read(rows, "topics", first=1, after=page["pageInfo"]["startCursor"])
    assert (page["pageInfo"]["hasNextPage"], page["pageInfo"]["hasPreviousPage"]) == (True, True)
    end = (await read(rows, "topics", last=1))["pageInfo"]["endCursor"]
    empty = await read(rows, "topics", first=5, after=end)
    assert empty["nodes"] == []
    assert (empty["pageInfo"]["startCursor"], empty["pageInfo"]["endCursor"]) == (None, None)


def forged(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "====", "%%%", "bnVsbA", forged(), forged(1), forged("position,id", 1), forged("position,id", "1", "x"),
     forged("position,id", 1, "x"), forged("position,id", 10**30, "01890000-0000-7000-8000-000000000000"),
     forged("position,id", 40_000, "01890000-0000-7000-8000-000000000000"),
     forged("position,id", True, "01890000-0000-7000-8000-000000000000"),
     forged("position,id", None, "01890000-0000-7000-8000-000000000000"),
     forged("-position,-id", 1, "01890000-0000-7000-8000-000000000000"), forged({"a": 1}), "x" * 10_000],
)  # fmt: skip
async def test_a_damaged_or_foreign_cursor_is_refused(db, cursor):
    rows = await Rows().add(2)
    query = f"{{ topics(after: {json.dumps(cursor)}) {{ nodes {{ name }} }} }}"
    result = await schema.execute(query, {}, Context(viewer=rows.everybody()))
    [error] = result.errors
    assert error.original_error.code == "bad-cursor"


async def test_a_cursor_of_one_list_does_not_serve_another(db):
    rows = await Rows().add(2)
    page = await read(rows, "quotas", first=1)
    query = f'{{ items(after: "{page["pageInfo"]["endCursor"]}") {{ nodes {{ id }} }} }}'
    result = await schema.execute(query, {}, Context(viewer=rows.everybody()))
    assert result.errors[0].original_error.code == "bad-cursor"


@pytest.mark.parametrize(
    "window", ["first: 0", "first: -1", "first: 101", "last: 0", "last: 101", "first: 1, last: 1"]
)
async def test_a_page_has_one_size_between_one_and_a_hundred(db, window):
    rows = await Rows().add(1)
    viewer = Context(viewer=rows.everybody())
    result = await schema.execute(f"{{ topics({window}) {{ nodes {{ name }} }} }}", {}, viewer)
    assert result.errors[0].original_error.code == "bad-page"


async def test_a_page_size_in_a_variable_is_held_to_the_same_limit(db):
    rows = await Rows().add(1)
    query = "query($n: Int) { topics(first: $n) { nodes { name } } }"
    for size, errors in ((100, 0), (101, 1), (-5, 1), (None, 0)):
        result = await schema.execute(query, {"n": size}, Context(viewer=rows.everybody()))
        assert len(result.errors or []) == errors
