"""AC03: no signature is ever for another text than the one that was shown."""

from domain.approvals import actions as approvals
from domain.approvals.models import Decision, SignOff
from domain.items import actions as items
from domain.items import queries, rules
from domain.items.models import Item, ItemRevision, ItemState
from tests.abuse.attack import at_once, refused_by_the_database
from tests.domain.items import chain

RACES, TOGETHER = 200, 8


async def race(house, number):
    """One draft laid, then signed as shown while its writer saves another text."""
    item = await chain.laid(house, title=f"示例信息{number}", body=f"第{number}条，原文。")
    return item, [
        approvals.sign(house.leader, item.id, content_sha256=item.content_sha256),
        items.save(house.writer, item.id, body=f"第{number}条，改过。"),
    ]


async def test_two_hundred_saves_race_two_hundred_signatures(db):
    house = await chain.house()
    shown = {}
    for start in range(0, RACES, TOGETHER):
        acts = []
        for number in range(start, start + TOGETHER):
            item, both = await race(house, number)
            shown[item.id] = item.content_sha256
            acts += both if number % 2 else reversed(both)
        await at_once(*acts)
    signed = await SignOff.filter(decision=Decision.SIGNED)
    assert [row for row in signed if row.content_sha256 != shown[row.item_id]] == []
    signed_ids = {row.item_id for row in signed}
    for item in await Item.all().select_related("unit", "topic"):
        content = rules.content_of(item, await queries.attachments(item.id))
        assert rules.content_sha256(content) == item.content_sha256
        untouched = item.content_sha256 == shown[item.id]
        assert untouched == (item.state is ItemState.SUBMITTED)
        assert untouched == (item.id in signed_ids)
    assert await Item.all().count() == RACES


async def test_what_is_kept_of_a_signed_text_is_that_text(db):
    house = await chain.house()
    item = await chain.submitted(house)
    revision = await ItemRevision.get(item_id=item.id)
    assert rules.content_sha256(revision.content) == item.content_sha256
    assert (await SignOff.get()).content_sha256 == item.content_sha256


async def test_raw_sql_changes_no_text_that_was_handed_in(db):
    await chain.submitted(await chain.house())
    for change in (
        "body = '<p>换过的正文</p>'", "title = '换过的标题'", "content_sha256 = repeat('a', 64)",
        "occurred_on = occurred_on - 1", "reporter = '别人'", "counter_measure = '换过'",
    ):  # fmt: skip
        assert await refused_by_the_database(db, f"update item set {change}") == "item_keeps"


async def test_raw_sql_changes_no_signature_and_no_kept_text(db):
    await chain.submitted(await chain.house())
    for table in ("sign_off", "item_revision"):
        change = f"update {table} set content_sha256 = repeat('a', 64)"
        assert await refused_by_the_database(db, change) == "23001"
        assert await refused_by_the_database(db, f"delete from {table}") == "23001"
        assert await refused_by_the_database(db, f"truncate {table} cascade") == "23001"
