"""Adoptions on pages: recorded by one with evidence, confirmed by another."""

import pytest

from domain.kit import clock
from domain.kit.actor import Duty
from domain.outlets import actions as outlets
from domain.outlets.models import Adoption, AdoptionState
from tests import make
from tests.counting import counting
from tests.web import house
from tests.web.browser import text


@pytest.fixture
async def place(web):
    built = await house.build()
    await web.sign_in(built.correspondent)
    return built


def typed(outlet, **given):
    facts = {
        "outlet_id": str(outlet.id),
        "adopted_on": clock.today().isoformat(),
        "mode": "sole",
        "evidence_url": "https://example.org/1",
    }
    return facts | given


async def recorded(place, **given) -> Adoption:
    item = await place.submitted()
    return await outlets.record(
        await place.actor(place.correspondent), item.id, outlet_id=(await make.outlet()).id,
        adopted_on=clock.today(), evidence_url="https://example.org/1", **given,
    )  # fmt: skip


async def test_a_correspondent_records_what_ran(web, place):
    item, outlet = await place.submitted(), await make.outlet("示例日报")
    page = await web.get(f"/items/{item.id}/adoptions/new")
    assert "示例日报（县级）" in page.text
    sent = await web.post(f"/items/{item.id}/adoptions", **typed(outlet, position="2版"))
    adoption = await Adoption.get()
    assert (sent.status_code, sent.headers["location"]) == (303, f"/adoptions/{adoption.id}")
    assert (adoption.state, adoption.position) == (AdoptionState.RECORDED, "2版")
    page = await web.get(sent.headers["location"])
    assert "由您登记，须由另一人确认。" in page.text and "/confirm" not in page.text


async def test_without_evidence_nothing_is_recorded(web, place):
    item, outlet = await place.submitted(), await make.outlet()
    page = await web.post(
        f"/items/{item.id}/adoptions", htmx=True, **typed(outlet, evidence_url="", position="2版")
    )
    assert (page.status_code, 'value="2版"' in page.text) == (422, True)
    assert await Adoption.all().count() == 0


async def test_a_clipping_is_kept_and_opened_again(web, place):
    item, outlet = await place.submitted(), await make.outlet()
    content = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    await web.post(
        f"/items/{item.id}/adoptions", files={"evidence": ("样报.pdf", content, "application/pdf")},
        **typed(outlet, evidence_url=""),
    )  # fmt: skip
    adoption = await Adoption.get()
    opened = await web.get(f"/adoptions/{adoption.id}/evidence")
    assert (opened.headers["content-type"], opened.content) == ("application/pdf", content)


@pytest.mark.parametrize("htmx", [False, True])
async def test_another_person_confirms_and_points_follow(web, place, htmx):
    adoption = await recorded(place)
    await web.sign_in(place.editor)
    assert f"/adoptions/{adoption.id}" in (await web.get("/adoptions")).text
    sent = await web.post(
        f"/adoptions/{adoption.id}/confirm", htmx=htmx, expected_version=adoption.version
    )
    await adoption.refresh_from_db()
    assert (sent.status_code, adoption.state) == (
        200 if htmx else 303, AdoptionState.CONFIRMED,
    )  # fmt: skip
    assert f"/adoptions/{adoption.id}" not in (await web.get("/adoptions")).text


async def test_one_does_not_confirm_ones_own_record(web, place):
    adoption = await recorded(place)
    sent = await web.post(f"/adoptions/{adoption.id}/confirm", expected_version=adoption.version)
    await adoption.refresh_from_db()
    assert (sent.status_code, adoption.state) == (403, AdoptionState.RECORDED)


async def test_a_withdrawal_needs_its_reason(web, place):
    adoption = await recorded(place)
    await web.sign_in(place.editor)
    refused = await web.post(f"/adoptions/{adoption.id}/withdraw", reason="")
    assert (refused.status_code, 'id="f-reason-error"' in refused.text) == (422, True)
    await web.post(f"/adoptions/{adoption.id}/withdraw", reason="登记有误")
    await adoption.refresh_from_db()
    assert (adoption.state, adoption.withdrawal_reason) == (AdoptionState.WITHDRAWN, "登记有误")


async def test_what_was_not_handed_in_cannot_have_run(web, place):
    item, outlet = await place.draft(), await make.outlet()
    page = await web.post(f"/items/{item.id}/adoptions", **typed(outlet))
    assert (page.status_code >= 400, await Adoption.all().count()) == (True, 0)


async def test_another_unit_sees_and_records_nothing(web, place):
    adoption = await recorded(place)
    await web.be(Duty.CORRESPONDENT)
    item_id = adoption.item_id
    paths = (f"/adoptions/{adoption.id}", f"/items/{item_id}/adoptions/new")
    assert [(await web.get(path)).status_code for path in paths] == [404, 404]
    sent = await web.post(f"/items/{item_id}/adoptions", **typed(await make.outlet()))
    assert (sent.status_code, await Adoption.all().count()) == (404, 1)


async def test_the_list_costs_the_same_at_one_and_at_three(web, place):
    await web.sign_in(place.editor)
    costs = []
    for more in (1, 2):
        for _ in range(more):
            await recorded(place)
        with counting() as statements:
            page = await web.get("/adoptions")
        costs.append(len(statements))
    assert costs[0] == costs[1] > 0
    assert "待确认" in text(page)
