"""No path of the contract shows what its door does not: neither by id, nor beneath others, nor by count."""

import pytest

from domain.kit.actor import Duty, Scope
from schema.nodes import encode
from tests import make
from tests.asking import Client
from tests.schema.county import ADOPTION, ITEM, RECEPTION, County, county

DAY = "2018-04-11"
ITEMS = "{ items { totalCount nodes { id title } } }"


async def restricted(place: County) -> dict:
    """A problem of a unit, at its office, adopted, counted: restricted wherever it is met."""
    item = await place.submitted(
        informationType="PROBLEM", counterMeasure="示例对策", title="示例：内部问题"
    )
    assert item["restricted"] is True
    editor, publicity = (
        await place.who(Duty.OFFICE_EDITOR),
        await place.who(Duty.PUBLICITY_DEPARTMENT),
    )
    [reception] = item["receptions"]
    for verb in ("receiveItem", "startEditing", "markAdopted"):
        await editor.do(verb, RECEPTION, receptionId=reception["id"])
    outlet = await make.outlet("示例内参")
    adoption = await editor.do(
        "recordAdoption", ADOPTION, itemId=item["id"], outletId=encode("MediaOutlet", outlet.id),
        adoptedOn=DAY, evidenceUrl="https://example.org/a",
    )  # fmt: skip
    assert adoption["__typename"] == "Adoption", adoption
    adoption = await publicity.do("confirmAdoption", ADOPTION, adoptionId=adoption["id"])
    seen = await editor.ask("query($id: ID!) { item(id: $id) { signOffs { id } } }", id=item["id"])
    return item | {
        "adoption": adoption["id"],
        "reception": reception["id"],
        "signOff": seen["item"]["signOffs"][0]["id"],
    }


async def strangers(place: County) -> dict[str, Client]:
    other = await make.unit("示例邻乡")
    read_all, _ = await make.token(Scope.READ)
    read_own, _ = await make.token(Scope.READ, unit=place.unit)
    adopt, _ = await make.token(Scope.ADOPT)
    return {
        "another unit's correspondent": await place.who(Duty.CORRESPONDENT, unit=other),
        "another unit's leader": await place.who(Duty.PRINCIPAL_LEADER, unit=other),
        "the supervision office": await place.who(Duty.SUPERVISION_OFFICE, unit=other),
        "the administrator": await place.who(Duty.ADMINISTRATOR, unit=other),
        "finance": await place.who(Duty.FINANCE, unit=other),
        "a reading token": Client(read_all),
        "the unit's own token": Client(read_own),
        "an adopting token": Client(adopt),
    }


async def test_a_restricted_item_is_absent_from_every_path(db):
    place = await county()
    item = await restricted(place)
    unit = encode("Unit", place.unit.id)
    for who, client in (await strangers(place)).items():
        assert await client.ask(ITEMS) == {"items": {"totalCount": 0, "nodes": []}}, who
        for hidden in (item["id"], item["adoption"], item["reception"], item["signOff"]):
            assert await client.ask("query($id: ID!) { node(id: $id) { id } }", id=hidden) == {
                "node": None
            }, who
        direct = await client.ask(
            """query($item: ID!, $adoption: ID!, $reception: ID!) {
              item(id: $item) { title } adoption(id: $adoption) { id } reception(id: $reception) { id }
              adoptions(filter: {itemId: $item}) { totalCount nodes { id } }
              receptions(filter: {itemId: $item}) { totalCount nodes { id } } }""",
            item=item["id"], adoption=item["adoption"], reception=item["reception"],
        )  # fmt: skip
        nothing = {"totalCount": 0, "nodes": []}
        assert direct == {
            "item": None,
            "adoption": None,
            "reception": None,
            "adoptions": nothing,
            "receptions": nothing,
        }, who
        ledger = await client.ask(
            "query($unit: ID!) { pointsEntries(unitId: $unit) { totalCount nodes { explanation item { id } adoption { id } } } }",
            unit=unit,
        )
        for entry in ledger["pointsEntries"]["nodes"]:
            assert (entry["item"], entry["adoption"]) == (None, None), who
            assert "示例：内部问题" not in entry["explanation"], who
            assert "示例内参" not in entry["explanation"], who
        assert ledger["pointsEntries"]["totalCount"] == 2, who
        by_item = await client.ask(
            "query($id: ID!) { pointsEntries(itemId: $id) { totalCount } }", id=item["id"]
        )
        assert by_item == {"pointsEntries": {"totalCount": 0}}, who


async def test_a_restricted_item_is_seen_by_its_unit_its_office_and_the_publicity_department(db):
    place = await county()
    item = await restricted(place)
    for duty in (
        Duty.CORRESPONDENT,
        Duty.LEADER_IN_CHARGE,
        Duty.OFFICE_EDITOR,
        Duty.PUBLICITY_DEPARTMENT,
    ):
        client = await place.who(duty)
        assert (await client.ask(ITEMS))["items"]["totalCount"] == 1, duty
        found = await client.ask(
            "query($id: ID!) { node(id: $id) { ... on Item { title adoptions { outlet { name } } } } }",
            id=item["id"],
        )
        assert found == {
            "node": {"title": "示例：内部问题", "adoptions": [{"outlet": {"name": "示例内参"}}]}
        }, duty


async def test_a_draft_is_its_units_own(db):
    place = await county()
    writer = await place.who(Duty.CORRESPONDENT)
    item = await writer.do("createItem", ITEM, **place.draft())
    others = await strangers(place)
    del others["the unit's own token"]
    others["an editor"] = await place.who(Duty.OFFICE_EDITOR, unit=await make.unit("示例办所在"))
    others["the publicity department"] = await place.who(
        Duty.PUBLICITY_DEPARTMENT, unit=await make.unit("示例宣传部")
    )
    for who, client in others.items():
        assert await client.ask("query($id: ID!) { node(id: $id) { id } }", id=item["id"]) == {
            "node": None
        }, who
        for verb, given in (
            ("saveItem", {"title": "示例"}), ("layItemForSignOff", {}), ("takeBackItem", {}), ("submitItem", {}),
            ("withdrawItem", {}), ("signItem", {"contentSha256": item["contentSha256"]}), ("sendBackItem", {"reason": "x"}),
        ):  # fmt: skip
            answer = await client.do(verb, itemId=item["id"], **given)
            assert answer["__typename"] in ("Missing", "Forbidden"), (who, verb)
    assert (await writer.ask(ITEMS))["items"]["nodes"] == [
        {"id": item["id"], "title": item["title"]}
    ]


async def test_what_is_unknown_and_what_is_hidden_look_the_same(db):
    place = await county()
    item = await restricted(place)
    client = (await strangers(place))["another unit's correspondent"]
    unknown = encode("Item", "01890000-0000-7000-8000-000000000000")
    hidden = await client.do("saveItem", itemId=item["id"], title="示例")
    missing = await client.do("saveItem", itemId=unknown, title="示例")
    assert hidden == missing
    assert hidden["code"] == "not-found"


@pytest.mark.parametrize(
    "id",
    [
        "",
        "x",
        "SXRlbTo=",
        "SXRlbTp4",
        "Tm9wZTowMTg5",
        "VW5pdDowMTg5",
        "é",
        "a" * 5000,
        "SXRlbQ==",
        "////",
    ],
)
async def test_a_damaged_id_is_nothing_to_a_query_and_missing_to_a_verb(db, id):
    place = await county()
    client = await place.who(Duty.CORRESPONDENT)
    query = "query($id: ID!) { node(id: $id) { id } item(id: $id) { id } }"
    assert await client.ask(query, id=id) == {"node": None, "item": None}
    answer = await client.do("layItemForSignOff", itemId=id)
    assert (answer["__typename"], answer["code"]) == ("Missing", "bad-id")


async def test_the_mobile_of_a_stranger_is_shown_in_part(db):
    place = await county()
    person = await make.person("示例某", mobile="13800001234")
    await make.appointment(Duty.CORRESPONDENT, person=person, unit=place.unit)
    query = "query($id: ID!) { person(id: $id) { mobile } }"
    someone = encode("Person", person.id)
    own, other = (
        await place.who(Duty.CORRESPONDENT),
        await place.who(Duty.CORRESPONDENT, unit=await make.unit()),
    )
    assert await own.ask(query, id=someone) == {"person": {"mobile": "13800001234"}}
    assert await other.ask(query, id=someone) == {"person": {"mobile": "138****1234"}}


@pytest.mark.parametrize("name", ["jobs", "accounts", "tokens"])
async def test_the_administrators_lists_are_refused_to_others(db, name):
    place = await county()
    secret, _ = await make.token(Scope.READ)
    for client in (await place.who(Duty.PRINCIPAL_LEADER), Client(secret)):
        answer = await client.answer(f"{{ {name} {{ totalCount nodes {{ id }} }} }}")
        assert answer["data"] is None
        assert answer["errors"][0]["extensions"]["code"] in (
            "duty-required",
            "scope-missing",
            "tokens-may-not",
        )


async def test_no_token_signs_whatever_its_scopes(db):
    place = await county()
    writer = await place.who(Duty.CORRESPONDENT)
    item = await writer.do("createItem", ITEM, **place.draft())
    laid = await writer.do("layItemForSignOff", ITEM, itemId=item["id"])
    secret, _ = await make.token(Scope.READ, Scope.SUBMIT, Scope.ADOPT, unit=place.unit)
    answer = await Client(secret).do(
        "signItem", itemId=item["id"], contentSha256=laid["contentSha256"]
    )
    assert (answer["__typename"], answer["code"]) == ("Forbidden", "tokens-may-not")
    seen = await writer.ask(
        "query($id: ID!) { item(id: $id) { state signOffs { id } } }", id=item["id"]
    )
    assert seen == {"item": {"state": "PENDING_SIGN_OFF", "signOffs": []}}
