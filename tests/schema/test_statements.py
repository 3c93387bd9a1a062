"""A list asks PostgreSQL as often for a hundred rows as for one."""

import pytest

from schema.context import Context
from schema.root import schema
from tests.counting import counting
from tests.schema.rows import Rows

UNIT = "unit { name kind }"
ITEM = f"""item {{ title body daysLate {UNIT} author {{ name mobile }} topic {{ name }} }}"""
LISTS = {
    "units": "name successor { name successor { name } }",
    "offices": f"name {UNIT}",
    "topics": "name",
    "people": f"name mobile appointments {{ duty post {UNIT} office {{ name }} }}",
    "deputyGrants": "reason deputy { name mobile } appointment { post unit { name } person { name } }",
    "accounts": "login person { name mobile appointments { post } }",
    "tokens": "name scopes unit { name }",
    "items": f"""title body daysLate {UNIT} author {{ name mobile }} topic {{ name }}
      offices {{ office {{ name }} }} attachments {{ name }} signOffs {{ signerName }}
      receptions {{ state office {{ name }} way {{ state }} }} adoptions {{ outlet {{ name }} }}""",
    "approvals": f"title {UNIT} author {{ name }} offices {{ office {{ name }} }} signOffs {{ signerName }}",
    "receptions": f"state {ITEM} office {{ name }} way {{ state at }}",
    "mediaOutlets": "name owner { name unit { name } }",
    "adoptions": f"adoptedOn {ITEM} outlet {{ name owner {{ name }} }}",
    "quotas": f"count {UNIT}",
    "pointsEntries": f"points explanation {UNIT} {ITEM} adoption {{ outlet {{ name }} }} policy {{ name }}",
    "scoringPolicies": "name rules",
    "circulars": "title data corrects { title } files { format sha256 path }",
    "messages": f"text {UNIT} item {{ title }}",
    "jobs": "kind dueAt",
    "meetings": f"""title convenerUnit {{ name }} members {{ reply {UNIT} person {{ name mobile }} }}
      leading {{ text unit {{ name }} }} minutes {{ text }}
      agenda {{ number title note hostUnit {{ name }} parent {{ number }} }}
      proposals {{ title sourceUnit {{ name }} mergedInto {{ title }} }}""",
    "resolutions": f"text overdue {UNIT} agendaItem {{ number title meeting {{ title }} resolutions {{ text }} }}",
}


async def statements(rows: Rows, name: str, fields: str) -> tuple[int, int]:
    """How many rows came, and how many statements that took."""
    query = f"{{ {name}(first: 100) {{ totalCount edges {{ cursor node {{ {fields} }} }} pageInfo {{ hasNextPage }} }} }}"
    with counting() as sent:
        result = await schema.execute(query, {}, Context(viewer=rows.everybody()))
    assert result.errors is None, result.errors
    return len(result.data[name]["edges"]), len(sent)


async def test_every_list_takes_as_many_statements_for_one_ten_and_a_hundred_rows(db):
    rows, found = Rows(), {}
    for more in (1, 9, 90):
        await rows.add(more)
        for name, fields in LISTS.items():
            found.setdefault(name, []).append(await statements(rows, name, fields))
    twice = ("items", "people")
    assert {name: [n for n, _ in each] for name, each in found.items()} == {
        name: [2, 20, 100] if name in twice else [1, 10, 100] for name in LISTS
    }
    assert {
        name for name, each in found.items() if len({sent for _, sent in each[1:]}) != 1
    } == set()
    assert {name for name, each in found.items() if each[0][1] > each[1][1]} == set()


def test_every_connection_of_the_contract_is_measured():
    fields = schema._schema.query_type.fields
    lists = {name for name, field in fields.items() if "first" in field.args}
    assert lists == set(LISTS)


async def test_a_count_is_asked_for_only_when_it_is_wanted(db):
    rows = await Rows().add(3)
    for query, expected in (
        ("{ topics { nodes { name } } }", 1),
        ("{ topics { totalCount } }", 1),
        ("{ topics { totalCount nodes { name } pageInfo { endCursor } } }", 2),
    ):
        with counting() as sent:
            await schema.execute(query, {}, Context(viewer=rows.everybody()))
        assert len(sent) == expected, query


@pytest.mark.parametrize("count", [1, 10, 100])
async def test_a_ranking_takes_as_many_statements_for_every_county(db, count):
    rows = await Rows().add(count)
    query = '{ ranking(period: "2018-04") { policy { name } lines { rank points unit { name } } } }'
    with counting() as sent:
        result = await schema.execute(query, {}, Context(viewer=rows.everybody()))
    assert len(result.data["ranking"]["lines"]) == count
    assert len(sent) == 4
