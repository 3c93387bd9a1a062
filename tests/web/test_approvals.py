"""Signing on a page: exactly the text that was shown, by the one whose turn it is."""

import pytest

from domain.approvals.models import Decision, SignOff
from domain.items import actions
from domain.items.models import Item, ItemState
from domain.kit.actor import Duty
from tests import make
from tests.counting import counting
from tests.web import house
from tests.web.browser import text


@pytest.fixture
async def place(web):
    built = await house.build()
    await web.sign_in(built.leader)
    return built


def signing(item, **given):
    facts = {
        "content_sha256": item.content_sha256,
        "expected_version": item.version,
        "declared_unclassified": "on",
    }
    return facts | given


async def test_the_inbox_has_what_waits_for_me_and_apart_what_waits_for_others(web, place):
    mine = await place.laid("我的")
    major = await place.laid("重大的", is_major=True)
    signed = signing(major)
    await web.post(f"/approvals/{major.id}/sign", **signed)
    page = await web.get("/approvals")
    own, others = page.text.split("待本单位其他领导审签")
    assert (f"/approvals/{mine.id}" in own, f"/approvals/{major.id}" in own) == (True, False)
    assert f"/approvals/{major.id}" in others


async def test_a_signature_is_of_the_text_shown_and_leads_to_the_next(web, place):
    first, second = await place.laid("第一件"), await place.laid("第二件")
    page = await web.get(f"/approvals/{first.id}")
    assert "第 1 件，共 2 件" in text(page) and "将署名：示例甲 副镇长" in text(page)
    sent = await web.post(f"/approvals/{first.id}/sign", **signing(first))
    assert (sent.status_code, sent.headers["location"]) == (303, f"/approvals/{second.id}")
    made = await SignOff.get()
    assert (made.signer_name, made.signer_post) == ("示例甲", "副镇长")
    assert (await Item.get(id=first.id)).state is ItemState.SUBMITTED
    last = await web.post(f"/approvals/{second.id}/sign", htmx=True, **signing(second))
    assert last.headers["hx-redirect"] == "/approvals"


async def test_without_the_declaration_nothing_is_signed(web, place):
    item = await place.laid()
    for htmx in (False, True):
        page = await web.post(
            f"/approvals/{item.id}/sign", htmx=htmx, **signing(item, declared_unclassified=None)
        )
        assert (page.status_code, 'id="f-declared_unclassified-error"' in page.text) == (422, True)
    assert await SignOff.all().count() == 0


async def test_a_text_that_changed_meanwhile_is_shown_instead_of_signed(web, place):
    item = await place.laid()
    other = await make.actor(Duty.CORRESPONDENT, unit=place.unit)
    await actions.save(other, item.id, body="<p>改过的话。</p>")
    changed = await actions.lay_for_sign_off(other, item.id)
    page = await web.post(
        f"/approvals/{item.id}/sign", htmx=True, **signing(item, expected_version=changed.version)
    )
    assert (page.status_code, "改过的话。" in page.text) == (409, True)
    assert changed.content_sha256 in page.text and item.content_sha256 not in page.text
    assert await SignOff.all().count() == 0


async def test_sending_back_needs_a_reason_and_keeps_what_was_typed(web, place):
    item = await place.laid()
    refused = await web.post(
        f"/approvals/{item.id}/send-back", reason="", expected_version=item.version
    )
    assert (refused.status_code, 'id="f-reason-error"' in refused.text) == (422, True)
    sent = await web.post(
        f"/approvals/{item.id}/send-back", reason="请补充户数", expected_version=item.version
    )
    made = await SignOff.get()
    assert (sent.status_code, made.decision, made.reason) == (
        303, Decision.SENT_BACK, "请补充户数",
    )  # fmt: skip
    await web.sign_in(place.correspondent)
    assert "请补充户数" in (await web.get(f"/items/{item.id}")).text


async def test_the_principal_leader_signs_second_on_a_major_item(web, place):
    item = await place.laid(is_major=True)
    await web.post(f"/approvals/{item.id}/sign", **signing(item))
    assert (await Item.get()).state is ItemState.PENDING_SIGN_OFF
    await web.sign_in(place.principal)
    item = await Item.get()
    page = text(await web.get(f"/approvals/{item.id}"))
    assert "分管领导审签 示例甲 副镇长" in page
    await web.post(f"/approvals/{item.id}/sign", **signing(item))
    assert (await Item.get()).state is ItemState.SUBMITTED


@pytest.mark.parametrize(("who", "status"), [("correspondent", 403), ("editor", 404)])
async def test_nobody_else_is_offered_or_allowed_the_signature(web, place, who, status):
    item = await place.laid()
    await web.sign_in(getattr(place, who))
    assert "同意并签字" not in (await web.get(f"/approvals/{item.id}")).text
    sent = await web.post(f"/approvals/{item.id}/sign", **signing(item))
    assert (sent.status_code, await SignOff.all().count()) == (status, 0)


async def test_a_leader_of_another_unit_sees_nothing(web, place):
    item = await place.laid()
    await web.be(Duty.LEADER_IN_CHARGE)
    assert (await web.get(f"/approvals/{item.id}")).status_code == 404
    assert (await web.post(f"/approvals/{item.id}/sign", **signing(item))).status_code == 404
    assert item.title not in (await web.get("/approvals")).text


async def test_the_inbox_costs_the_same_at_one_and_at_three(web, place):
    costs = []
    for more in (1, 2):
        for _ in range(more):
            await place.laid()
        with counting() as statements:
            await web.get("/approvals")
        costs.append(len(statements))
    assert costs[0] == costs[1] > 0
