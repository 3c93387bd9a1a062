"""Requests that once broke a page or an answer, or lost what was typed."""

from domain.kit.actor import Duty
from domain.kit.models import AuditEvent
from tests import make
from tests.abuse.county import picture
from tests.asking import Client
from tests.schema.county import county
from tests.web import house
from tests.web.browser import Browser, text
from web.app import create_app


async def test_a_register_is_searched_for_more_than_its_columns_hold(db):
    place = await county()
    async with Browser(create_app()) as web:
        await web.be(Duty.AUDITOR)
        for name in ("act", "thing_id"):
            assert (await web.get(f"/trail?{name}={'a' * 65}")).status_code == 422
        assert (await web.get("/trail?day=9999-12-31")).status_code == 422
    client: Client = await place.who(Duty.ADMINISTRATOR)
    answer = await client.answer('{ jobs(kind: "%s") { totalCount } }' % ("长" * 61))
    assert [each["extensions"]["field"] for each in answer["errors"]] == ["kind"]


async def test_a_month_in_which_nothing_was_counted_has_no_points(db):
    place = await county()
    client = await place.who(Duty.CORRESPONDENT)
    found = await client.ask("{ me { unit { id } } }")
    unit = found["me"]["unit"]["id"]
    asked = 'query($unit: ID!) { unitMonth(unitId: $unit, month: "2018-04") { points } }'
    assert await client.ask(asked, unit=unit) == {"unitMonth": {"points": "0"}}


async def test_a_refused_deputy_form_stands_there_again_as_it_was_typed(db):
    leader = await make.appointment(Duty.LEADER_IN_CHARGE)
    async with Browser(create_app()) as web:
        person = await leader.person
        await web.sign_in(person)
        page = await web.post(
            f"/appointments/{leader.id}/deputy", deputy_post="示例代理乡长", reason="示例：下乡"
        )
    assert page.status_code == 422
    assert 'value="示例代理乡长"' in page.text and 'value="示例：下乡"' in page.text
    assert page.text.count('role="alert" tabindex') == 1


async def test_whoever_may_not_do_it_is_told_so_on_a_page_without_the_form(db):
    unit = await make.unit()
    async with Browser(create_app()) as web:
        await web.be(Duty.CORRESPONDENT, unit=unit)
        page = await web.post("/quotas", unit_id=unit.id, from_month="2018-05", count=2)
    assert page.status_code == 403
    assert "这项操作须由" in text(page)


async def test_a_record_that_is_refused_keeps_no_evidence_either(db):
    async with Browser(create_app()) as web:
        built = await house.build()
        await web.sign_in(built.correspondent)
        item, outlet = await built.submitted(), await make.outlet()
        typed = {"outlet_id": str(outlet.id), "adopted_on": str(item.occurred_on), "mode": "sole"}
        evidence = {"evidence": ("示例.png", picture(), "image/png")}
        path = f"/items/{item.id}/adoptions"
        assert (await web.post(path, files=evidence, **typed)).status_code == 303
        before = await AuditEvent.all().count()
        refused = await web.post(path, files=evidence, **typed)
        assert (refused.status_code, await AuditEvent.all().count()) == (409, before)


async def test_a_topic_without_an_id_is_a_wrong_topic(db):
    place = await county()
    client = await place.who(Duty.CORRESPONDENT)
    item = await client.do("createItem", "... on Item { id }", **place.draft())
    refused = await client.do("saveItem", itemId=item["id"], topicId="")
    assert (refused["__typename"], refused["code"]) == ("Missing", "bad-id")
    kept = await client.do("saveItem", "... on Item { topic { id } }", itemId=item["id"])
    assert kept["topic"] is not None
    cleared = await client.do(
        "saveItem", "... on Item { topic { id } }", itemId=item["id"], topicId=None
    )
    assert cleared["topic"] is None


async def test_lists_are_narrowed_by_words_longer_than_their_columns(db):
    place = await county()
    client = await place.who(Duty.ADMINISTRATOR)
    for name, field in (("units", "rankGroup"), ("circulars", "period")):
        answer = await client.answer(
            f'{{ {name}(filter: {{{field}: "{"长" * 41}"}}) {{ totalCount }} }}'
        )
        [error] = answer["errors"]
        assert error["extensions"]["code"] == "input-too-long"
