"""Refusals are data: typed, coded, naming their field, said in the caller's language, nothing changed."""

from domain.items.models import Item
from domain.kit.actor import Duty
from domain.kit.models import AuditEvent
from schema.nodes import encode
from tests.schema.county import ITEM, county


async def test_a_refusal_is_said_in_both_languages(db):
    place = await county()
    for language, sentence in (("zh", "无权"), ("en", "There is no")):
        client = await place.who(Duty.CORRESPONDENT, language=language)
        missing = encode("Item", "01890000-0000-7000-8000-000000000000")
        answer = await client.do("saveItem", itemId=missing, title="示例")
        assert (answer["__typename"], answer["code"], answer["field"]) == (
            "Missing",
            "not-found",
            None,
        )
        assert sentence in answer["message"]


async def test_everything_that_is_missing_is_said_at_once(db):
    place = await county()
    writer = await place.who(Duty.CORRESPONDENT)
    item = await writer.do("createItem", ITEM, title="示例", occurredOn="2018-04-10")
    before = await AuditEvent.all().count()
    answer = await writer.do("layItemForSignOff", itemId=item["id"])
    assert (answer["__typename"], answer["code"], answer["field"]) == (
        "InvalidInput",
        "several-fields",
        None,
    )
    assert {(each["code"], each["field"]) for each in answer["errors"]} == {
        ("text-missing", "body"), ("office-missing", "officeIds"), ("topic-missing", "topicId"),
        ("declaration-missing", "declaredUnclassified"),
    }  # fmt: skip
    assert await AuditEvent.all().count() == before
    assert (await Item.get(title="示例")).state == "draft"


async def test_a_late_save_is_given_both_texts_and_nothing_is_lost(db):
    place = await county()
    writer = await place.who(Duty.CORRESPONDENT)
    item = await writer.do("createItem", ITEM, **place.draft())
    first = await writer.do(
        "saveItem", ITEM, itemId=item["id"], expectedVersion=1, title="示例：先存"
    )
    late = await writer.do(
        "saveItem", ITEM, itemId=item["id"], expectedVersion=1, title="示例：后存", body="<p>后</p>"
    )
    assert (late["__typename"], late["code"]) == ("Stale", "item-changed")
    assert late["details"]["expected"] == 1
    assert late["details"]["current"] == first["version"]
    assert late["details"]["mine"] == {"title": "示例：后存", "body": "<p>后</p>"}
    assert late["details"]["theirs"] == {"title": "示例：先存", "body": "<p>示例正文。</p>"}
    assert (await Item.first()).title == "示例：先存"


async def test_signing_a_text_that_has_changed_is_stale(db):
    place = await county()
    writer, leader = await place.who(Duty.CORRESPONDENT), await place.who(Duty.LEADER_IN_CHARGE)
    item = await writer.do("createItem", ITEM, **place.draft())
    shown = await writer.do("layItemForSignOff", ITEM, itemId=item["id"])
    await writer.do("saveItem", itemId=item["id"], title="示例：换过")
    again = await writer.do("layItemForSignOff", ITEM, itemId=item["id"])
    answer = await leader.do(
        "signItem", ITEM, itemId=item["id"], contentSha256=shown["contentSha256"]
    )
    assert (answer["__typename"], answer["code"]) == ("Stale", "text-changed")
    assert again["contentSha256"] != shown["contentSha256"]
    assert (await Item.first()).state == "pending_sign_off"


async def test_an_act_of_somebody_else_is_forbidden(db):
    place = await county()
    writer = await place.who(Duty.CORRESPONDENT)
    answer = await writer.do("createUnit", name="示例", kind="TOWNSHIP")
    assert (answer["__typename"], answer["code"]) == ("Forbidden", "duty-required")
    item = await writer.do("createItem", ITEM, **place.draft())
    laid = await writer.do("layItemForSignOff", ITEM, itemId=item["id"])
    own = await writer.do("signItem", ITEM, itemId=item["id"], contentSha256=laid["contentSha256"])
    assert own["__typename"] == "Forbidden"


async def test_an_id_of_another_kind_is_missing(db):
    place = await county()
    writer = await place.who(Duty.CORRESPONDENT)
    answer = await writer.do("saveItem", itemId=encode("Unit", place.unit.id), title="示例")
    assert (answer["__typename"], answer["code"]) == ("Missing", "bad-id")
    assert "Item" in answer["message"]


async def test_a_verb_shows_what_it_changed_when_several_are_sent_together(db):
    place = await county()
    writer = await place.who(Duty.CORRESPONDENT)
    item = await writer.do("createItem", ITEM, **place.draft())
    query = """mutation($id: ID!) {
      a: saveItem(input: {itemId: $id, title: "示例：一"}) { ... on Item { title unit { name } } }
      b: saveItem(input: {itemId: $id, title: "示例：二"}) { ... on Item { title version unit { name } } }
      c: saveItem(input: {itemId: $id, title: "示例：三", expectedVersion: 1}) { ... on Problem { code } } }"""
    assert await writer.ask(query, id=item["id"]) == {
        "a": {"title": "示例：一", "unit": {"name": "示例乡"}},
        "b": {"title": "示例：二", "version": 3, "unit": {"name": "示例乡"}},
        "c": {"code": "item-changed"},
    }


async def test_what_is_left_out_stays_and_null_clears_what_may_be_empty(db):
    place = await county()
    writer = await place.who(Duty.CORRESPONDENT)
    item = await writer.do("createItem", ITEM, **place.draft(constructionField="ECONOMY"))
    fields = "... on Item { title body constructionField topic { id } occurredOn }"
    kept = await writer.do(
        "saveItem", fields, itemId=item["id"], title="示例：新题", body=None, occurredOn=None
    )
    assert (kept["body"], kept["constructionField"], kept["occurredOn"]) == (
        "<p>示例正文。</p>",
        "ECONOMY",
        "2018-04-10",
    )
    cleared = await writer.do(
        "saveItem", fields, itemId=item["id"], constructionField=None, topicId=None
    )
    assert (cleared["title"], cleared["constructionField"], cleared["topic"]) == (
        "示例：新题",
        None,
        None,
    )
