"""An office's inbox: its own rows, its own verdicts."""

import pytest

from domain.items import actions as items
from domain.items.models import Item, ItemState
from domain.kit.actor import Duty
from domain.reception import actions as reception
from domain.reception.models import Reception, ReceptionState
from tests import make
from tests.counting import counting
from tests.web import house
from tests.web.browser import text


@pytest.fixture
async def place(web):
    built = await house.build()
    await web.sign_in(built.editor)
    return built


async def test_the_inbox_is_sorted_by_state_and_filtered_in_the_address(web, place):
    await place.submitted("等接收的")
    held = await place.reception(await place.submitted("收到的", is_major=False))
    await reception.receive(await place.actor(place.editor), held.id)
    waiting = await web.get("/inbox")
    assert ("等接收的" in waiting.text, "收到的" in waiting.text) == (True, False)
    received = await web.get("/inbox?state=received", htmx=True)
    assert ("<html" in received.text, "收到的" in received.text) == (False, True)
    assert "收到的" not in (await web.get("/inbox?state=received&major=on")).text
    assert "收到的" not in (await web.get("/inbox?state=received&q=别的")).text


@pytest.mark.parametrize("htmx", [False, True])
async def test_an_item_is_received_edited_and_adopted(web, place, htmx):
    held = await place.reception(await place.submitted())
    for version, (verb, state) in enumerate(
        [
            ("receive", ReceptionState.RECEIVED),
            ("edit", ReceptionState.IN_EDITING),
            ("adopt", ReceptionState.ADOPTED),
        ],
        1,
    ):
        page = await web.get(f"/inbox/{held.id}")
        assert f'action="/inbox/{held.id}/{verb}"' in page.text
        done = await web.post(f"/inbox/{held.id}/{verb}", htmx=htmx, expected_version=version)
        assert done.status_code == (200 if htmx else 303)
        assert (await Reception.get()).state is state


@pytest.mark.parametrize(
    ("verb", "state"),
    [("return", ReceptionState.RETURNED), ("reject", ReceptionState.REJECTED)],
)
async def test_a_refusing_verdict_needs_its_reason(web, place, verb, state):
    held = await place.reception(await place.submitted())
    page = await web.post(f"/inbox/{held.id}/{verb}", htmx=True, reason="", expected_version=1)
    assert page.status_code == 422
    assert (await Reception.get()).state is ReceptionState.SUBMITTED
    await web.post(f"/inbox/{held.id}/{verb}", reason="请补充户数", expected_version=1)
    now = await Reception.get()
    assert (now.state, now.reason) == (state, "请补充户数")


async def test_a_wrong_reason_stays_in_its_own_panel(web, place):
    held = await place.reception(await place.submitted())
    page = await web.post(f"/inbox/{held.id}/reject", reason="很长" * 300, expected_version=1)
    panels = page.text.split('<details class="confirm"')[1:]
    assert [panel.startswith(" open") for panel in panels] == [False, True, False]
    assert ["很长" in panel for panel in panels] == [False, True, False]


async def test_an_item_raised_to_major_waits_for_the_principal_leader(web, place):
    held = await place.reception(await place.submitted())
    await web.post(f"/inbox/{held.id}/raise", reason="涉及民生", expected_version=1)
    page = await web.get(f"/inbox/{held.id}")
    assert "待主要领导审签" in page.text
    assert (await Item.get()).state is ItemState.PENDING_SIGN_OFF


async def test_an_office_reads_the_text_it_was_given_not_the_one_being_written(web, place):
    item = await place.submitted()
    held = await place.reception(item)
    await reception.return_for_revision(
        await place.actor(place.editor), held.id, reason="请补充户数"
    )
    writer = await place.actor(place.correspondent)
    await items.save(writer, item.id, title="改后的题", body="<p>改后的话。</p>")
    for path in (f"/inbox/{held.id}", f"/items/{item.id}"):
        page = await web.get(path)
        assert ("通村公路" in page.text, "改后的话" in page.text) == (True, False), path


async def test_a_step_taken_meanwhile_is_said_and_the_page_is_true(web, place):
    held = await place.reception(await place.submitted())
    await reception.receive(await place.actor(place.editor), held.id)
    page = await web.post(f"/inbox/{held.id}/receive", htmx=True, expected_version=1)
    assert page.status_code == 409
    assert f'action="/inbox/{held.id}/edit"' in page.text
    assert f'action="/inbox/{held.id}/receive"' not in page.text


async def test_another_office_neither_sees_nor_decides(web, place):
    held = await place.reception(await place.submitted("本办的"))
    await web.be(Duty.OFFICE_EDITOR)
    assert "本办的" not in (await web.get("/inbox")).text
    assert (await web.get(f"/inbox/{held.id}")).status_code == 404
    sent = await web.post(f"/inbox/{held.id}/receive", expected_version=1)
    assert (sent.status_code, (await Reception.get()).state) == (404, ReceptionState.SUBMITTED)


async def test_a_unit_follows_its_item_but_decides_nothing(web, place):
    held = await place.reception(await place.submitted())
    await web.sign_in(place.correspondent)
    page = await web.get(f"/inbox/{held.id}")
    assert (page.status_code, "/receive" in page.text) == (200, False)
    assert (await web.post(f"/inbox/{held.id}/receive", expected_version=1)).status_code == 403


async def test_an_editor_of_two_offices_sees_which_is_which(web, place):
    second = await make.office("示例政府办")
    await make.appointment(Duty.OFFICE_EDITOR, person=place.editor, office=second)
    await place.submitted(office_ids=[place.office.id, second.id])
    page = text(await web.get("/inbox"))
    assert "示例县委办" in page and "示例政府办" in page


async def test_the_inbox_costs_the_same_at_one_and_at_three(web, place):
    costs = []
    for more in (1, 2):
        for _ in range(more):
            held = await place.reception(await place.submitted())
        for path in ("/inbox", f"/inbox/{held.id}"):
            with counting() as statements:
                await web.get(path)
            costs.append(len(statements))
    assert costs[:2] == costs[2:]
    assert min(costs) > 0
