"""Each office has its own state, reason and handler; the unit hears of all of them."""

import asyncio

import pytest

from domain.approvals import queries as approvals
from domain.items import actions as items
from domain.items import queries as item_queries
from domain.items import rules as item_rules
from domain.items.models import Item, ItemState
from domain.kit import clock, hooks
from domain.kit.actor import Duty, Scope
from domain.kit.errors import DutyRequired, NotFound, StaleVersion
from domain.kit.hooks import Happening
from domain.notices import queries as notices
from domain.notices.models import Message
from domain.outlets import actions as outlets
from domain.reception import actions, queries, rules
from domain.reception.models import Reception, ReceptionEvent
from domain.reception.models import ReceptionState as State
from tests import make
from tests.domain.items import chain


@pytest.fixture
def heard(monkeypatch):
    """What is told upward, without its usual listeners."""
    told = []

    async def listen(**facts):
        told.append(facts)

    monkeypatch.setattr(hooks, "_listeners", {happening: [listen] for happening in Happening})
    return told


async def second_office(house):
    office = await make.office()
    return office, await make.actor(Duty.OFFICE_EDITOR, office=office)


async def states(item):
    rows = await Reception.filter(item_id=item.id).order_by("office__position")
    return [row.state for row in rows]


async def revise(house, item, **changes):
    """The unit mends the text, has it signed and submits it again."""
    await items.save(house.writer, item.id, **changes)
    await items.lay_for_sign_off(house.writer, item.id)
    return await chain.sign(house.leader, item)


async def test_submitting_makes_a_row_for_each_office(db, heard):
    house = await chain.house()
    office, _ = await second_office(house)
    item = await chain.submitted(house, office_ids=[house.office.id, office.id])
    assert await states(item) == [State.SUBMITTED, State.SUBMITTED]
    row = await chain.at(item, office)
    assert (row.content_sha256, row.round) == (item.content_sha256, 1)
    assert [facts["item"].id for facts in heard] == [item.id]
    assert item_rules.is_same_day(item.occurred_on, item.submitted_at)


async def test_nothing_unsigned_is_submitted(db, heard):
    house = await chain.house()
    draft, laid = await chain.draft(house), await chain.laid(house)
    for item in (draft, laid):
        with pytest.raises(rules.NotSignedOff):
            await actions.submit(house.writer, item.id)
    assert (await Reception.all().count(), heard) == (0, [])


async def test_a_unit_submits_by_itself_once_signed(db, heard):
    house = await chain.house()
    item = await chain.sign(house.leader, await chain.laid(house, submit_when_signed=False))
    with pytest.raises(NotFound):
        await actions.submit(house.editor, item.id)
    _, token = await make.token(Scope.SUBMIT, unit=house.unit)
    item = await actions.submit(token, item.id)
    assert (item.state, await states(item)) == (ItemState.SUBMITTED, [State.SUBMITTED])


async def test_of_two_submissions_at_once_one_counts(db, heard):
    house = await chain.house()
    item = await chain.sign(house.leader, await chain.laid(house, submit_when_signed=False))
    answers = await asyncio.gather(
        *(actions.submit(house.writer, item.id) for _ in range(5)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Item"] + ["NotSignedOff"] * 4
    assert len(heard) == 1


async def test_an_office_takes_an_item_from_inbox_to_adoption(db):
    house = await chain.house()
    item = await chain.submitted(house)
    row = (await queries.inbox(house.editor))[0]
    row = await actions.receive(house.editor, row.id)
    assert (row.state, row.handler_name) == (State.RECEIVED, house.editor.name)
    assert row.received_at is not None
    row = await actions.start_editing(house.editor, row.id, expected_version=row.version)
    row = await actions.mark_adopted(house.editor, row.id)
    assert (row.state, row.settled_at is not None) == (State.ADOPTED, True)
    events = await ReceptionEvent.filter(reception_id=row.id).order_by("at", "id")
    assert [event.state for event in events] == [
        State.SUBMITTED, State.RECEIVED, State.IN_EDITING, State.ADOPTED,
    ]  # fmt: skip
    assert [step.state for step in await queries.way(await item_queries.get(house.writer, item.id))] == [
        None, None, State.SUBMITTED, State.RECEIVED, State.IN_EDITING, State.ADOPTED,
    ]  # fmt: skip
    assert [message.code for message in await Message.all()] == ["office-adopted"]


async def test_two_offices_decide_at_once_and_neither_overwrites_the_other(db):
    house = await chain.house()
    office, editor = await second_office(house)
    item = await chain.submitted(house, office_ids=[house.office.id, office.id])
    first, second = await chain.at(item, house.office), await chain.at(item, office)
    await asyncio.gather(
        actions.receive(house.editor, first.id), actions.receive(editor, second.id)
    )
    await asyncio.gather(
        actions.mark_adopted(house.editor, first.id),
        actions.return_for_revision(editor, second.id, reason="请补充数据"),
    )
    first, second = await chain.at(item, house.office), await chain.at(item, office)
    assert (first.state, first.reason, first.handler_name) == (
        State.ADOPTED, "", house.editor.name,
    )  # fmt: skip
    assert (second.state, second.reason, second.handler_name) == (
        State.RETURNED, "请补充数据", editor.name,
    )  # fmt: skip
    assert (await Item.get()).state is ItemState.RETURNED


async def test_two_offices_return_at_once_and_both_rounds_count(db):
    house = await chain.house()
    office, editor = await second_office(house)
    item = await chain.submitted(house, office_ids=[house.office.id, office.id])
    await asyncio.gather(
        actions.return_for_revision(
            house.editor, (await chain.at(item, house.office)).id, reason="示例一"
        ),
        actions.return_for_revision(editor, (await chain.at(item, office)).id, reason="示例二"),
    )
    item = await Item.get()
    assert (item.state, item.round) == (ItemState.RETURNED, 3)
    assert sorted(message.facts["reason"] for message in await Message.all()) == [
        "示例一", "示例二",
    ]  # fmt: skip


async def test_two_editors_of_one_office_do_not_both_receive(db):
    house = await chain.house()
    other = await make.actor(Duty.OFFICE_EDITOR, office=house.office)
    item = await chain.submitted(house)
    row = await chain.at(item, house.office)
    answers = await asyncio.gather(
        actions.receive(house.editor, row.id),
        actions.receive(other, row.id),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Reception", "StepRefused"]


async def test_a_returned_item_is_seen_at_home_and_comes_back_in_a_new_round(db, heard):
    house = await chain.house()
    item = await chain.submitted(house)
    row = await chain.at(item, house.office)
    await actions.return_for_revision(house.editor, row.id, reason="请补充数据")
    assert [each.reason for each in await queries.returned_to(house.writer)] == ["请补充数据"]
    message = (await notices.unread(house.writer))[0]
    assert (message.code, message.item_id) == ("office-returned", item.id)
    first_at = (await Item.get()).submitted_at
    item = await revise(house, item, body="示例乡三公里牧道今日通车，惠及二十户。")
    row = await chain.at(item, house.office)
    assert (row.state, row.round, row.content_sha256) == (
        State.SUBMITTED, 2, item.content_sha256,
    )  # fmt: skip
    assert item.submitted_at == first_at
    assert [type(facts["item"]) for facts in heard] == [Item]
    assert await queries.returned_to(house.writer) == []


async def test_the_other_offices_keep_their_revision(db):
    house = await chain.house()
    office, editor = await second_office(house)
    item = await chain.submitted(house, office_ids=[house.office.id, office.id])
    await actions.receive(editor, (await chain.at(item, office)).id)
    before = await chain.at(item, office)
    row = await chain.at(item, house.office)
    await actions.return_for_revision(house.editor, row.id, reason="请补充数据")
    await actions.mark_adopted(editor, before.id)
    await revise(house, item, title="示例乡牧道今日通车")
    after = await chain.at(item, office)
    assert (after.state, after.content_sha256) == (State.ADOPTED, before.content_sha256)
    assert (await queries.text_held(after)).content["title"] == "示例乡牧道通车"
    first = await chain.at(item, house.office)
    assert (await queries.text_held(first)).content["title"] == "示例乡牧道今日通车"


async def test_a_returned_text_sent_again_unchanged_is_signed_again(db):
    house = await chain.house()
    item = await chain.submitted(house)
    row = await chain.at(item, house.office)
    await actions.return_for_revision(house.editor, row.id, reason="请核实")
    item = await items.lay_for_sign_off(house.writer, item.id)
    assert item.state is ItemState.PENDING_SIGN_OFF
    assert (await chain.sign(house.leader, item)).state is ItemState.SUBMITTED
    assert (await chain.at(item, house.office)).round == 2


async def test_offices_may_be_added_while_revising_but_not_left_out(db):
    house = await chain.house()
    office, editor = await second_office(house)
    item = await chain.submitted(house)
    row = await chain.at(item, house.office)
    await actions.return_for_revision(house.editor, row.id, reason="请补充数据")
    with pytest.raises(item_rules.OfficeHoldsIt):
        await items.save(house.writer, item.id, office_ids=[office.id])
    await items.save(house.writer, item.id, office_ids=[house.office.id, office.id])
    with pytest.raises(NotFound):
        await item_queries.get(editor, item.id)
    await revise(house, item, title="示例乡牧道今日通车")
    assert await states(item) == [State.SUBMITTED, State.SUBMITTED]


async def test_others_read_what_was_handed_in_while_the_unit_revises(db):
    house = await chain.house()
    publicity = await make.actor(Duty.PUBLICITY_DEPARTMENT)
    item = await chain.submitted(house)
    row = await chain.at(item, house.office)
    assert await queries.shown_text(house.editor, item) is None
    await actions.return_for_revision(house.editor, row.id, reason="请补充数据")
    item = await items.save(house.writer, item.id, title="还没有审签的标题")
    for reader in (house.editor, publicity):
        seen = await item_queries.get(reader, item.id)
        assert (await queries.shown_text(reader, seen))["title"] == "示例乡牧道通车"
    assert await queries.shown_text(house.leader, item) is None


async def test_others_open_only_the_files_that_were_handed_in(db):
    house = await chain.house()
    item = await chain.draft(house)
    old = await items.attach(house.writer, item.id, name="一.txt", content=b"old")
    await items.lay_for_sign_off(house.writer, item.id)
    item = await chain.sign(house.leader, item)
    row = await chain.at(item, house.office)
    await actions.return_for_revision(house.editor, row.id, reason="请补充数据")
    new = await items.attach(house.writer, item.id, name="二.txt", content=b"new")
    item = await items.detach(house.writer, item.id, old.id)
    assert await item_queries.shown_attachments(house.editor, item) == []
    assert [each.id for each in await item_queries.shown_attachments(house.leader, item)] == [
        new.id
    ]
    with pytest.raises(NotFound):
        await item_queries.attachment(house.editor, new.id)
    with pytest.raises(NotFound):
        await item_queries.file_of(house.editor, item.id, new.sha256)
    for reader in (house.editor, house.leader):
        kept = await item_queries.file_of(reader, item.id, old.sha256)
        assert (kept.sha256, kept.size) == (old.sha256, 3)
    assert (await item_queries.attachment(house.leader, new.id)).id == new.id


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (actions.mark_not_adopted, "office-not-adopted"),
        (actions.reject, "office-rejected"),
        (actions.return_for_revision, "office-returned"),
    ],
)
async def test_a_refusal_has_a_reason_and_the_unit_reads_it(db, act, code):
    house = await chain.house()
    item = await chain.submitted(house)
    row = await actions.receive(house.editor, (await chain.at(item, house.office)).id)
    with pytest.raises(rules.ReasonMissing):
        await act(house.editor, row.id, reason=" \n")
    assert (await chain.at(item, house.office)).state is State.RECEIVED
    await act(house.editor, row.id, reason="与已发内容重复")
    message = await Message.get()
    assert (message.code, message.facts["reason"]) == (code, "与已发内容重复")
    assert "与已发内容重复" in notices.sentence(message, "zh")


async def test_rejection_is_final_and_leaves_the_item_submitted(db):
    house = await chain.house()
    item = await chain.submitted(house)
    row = await chain.at(item, house.office)
    await actions.reject(house.editor, row.id, reason="不属采用范围")
    assert (await Item.get()).state is ItemState.SUBMITTED
    with pytest.raises(rules.StepRefused):
        await actions.return_for_revision(house.editor, row.id, reason="示例")


async def test_nobody_acts_for_another_office(db):
    house = await chain.house()
    office, editor = await second_office(house)
    item = await chain.submitted(house, office_ids=[house.office.id, office.id])
    row = await chain.at(item, house.office)
    for other in (editor, house.writer, house.leader):
        with pytest.raises(DutyRequired):
            await actions.receive(other, row.id)
    _, stranger = await second_office(house)
    with pytest.raises(NotFound):
        await actions.receive(stranger, row.id)
    assert await states(item) == [State.SUBMITTED, State.SUBMITTED]


async def test_a_late_step_is_refused(db):
    house = await chain.house()
    row = await chain.at(await chain.submitted(house), house.office)
    await actions.receive(house.editor, row.id)
    with pytest.raises(StaleVersion):
        await actions.mark_adopted(house.editor, row.id, expected_version=row.version)
    assert (await Reception.get()).state is State.RECEIVED


async def test_an_item_is_withdrawn_while_no_office_has_begun(db, heard):
    house = await chain.house()
    item = await actions.withdraw(house.writer, (await chain.submitted(house)).id, reason="有误")
    assert (item.state, await states(item)) == (ItemState.WITHDRAWN, [State.WITHDRAWN])
    assert [facts["item"].id for facts in heard] == [item.id, item.id]
    with pytest.raises(item_rules.NotInHand):
        await items.save(house.writer, item.id, title="换过的标题")


async def test_what_one_office_has_received_is_not_withdrawn(db):
    house = await chain.house()
    office, editor = await second_office(house)
    item = await chain.submitted(house, office_ids=[house.office.id, office.id])
    await actions.receive(editor, (await chain.at(item, office)).id)
    with pytest.raises(rules.AlreadyReceived) as refused:
        await actions.withdraw(house.writer, item.id)
    assert refused.value.offices == (office.name,)
    assert (await Item.get()).state is ItemState.SUBMITTED


async def test_what_came_back_once_is_not_withdrawn(db):
    house = await chain.house()
    item = await chain.submitted(house)
    row = await chain.at(item, house.office)
    await actions.return_for_revision(house.editor, row.id, reason="请补充数据")
    item = await revise(house, item, title="示例乡牧道今日通车")
    with pytest.raises(rules.AlreadyReceived):
        await actions.withdraw(house.writer, item.id)


async def test_what_an_outlet_has_run_is_not_withdrawn(db):
    house, outlet = await chain.house(), await make.outlet()
    item = await chain.submitted(house)
    await outlets.record(
        house.writer, item.id, outlet_id=outlet.id, adopted_on=clock.today(),
        evidence_url="https://example.org/1",
    )  # fmt: skip
    with pytest.raises(rules.AdoptedSomewhere):
        await actions.withdraw(house.writer, item.id)


async def test_withdrawal_races_reception_and_one_of_them_wins(db):
    house = await chain.house()
    item = await chain.submitted(house)
    row = await chain.at(item, house.office)
    answers = await asyncio.gather(
        actions.withdraw(house.writer, item.id),
        actions.receive(house.editor, row.id),
        return_exceptions=True,
    )
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert [type(each) in (rules.StepRefused, rules.AlreadyReceived) for each in refused] == [True]
    assert ((await Item.get()).state, await states(item)) in [
        (ItemState.WITHDRAWN, [State.WITHDRAWN]),
        (ItemState.SUBMITTED, [State.RECEIVED]),
    ]


async def test_an_office_raises_an_item_and_the_principal_leader_signs_the_same_text(db, heard):
    house = await chain.house()
    item = await chain.submitted(house)
    row = await actions.receive(house.editor, (await chain.at(item, house.office)).id)
    with pytest.raises(rules.ReasonMissing):
        await actions.raise_to_major(house.editor, row.id, reason="")
    row = await actions.raise_to_major(house.editor, row.id, reason="涉及重大项目")
    item = await item_queries.get(house.writer, item.id)
    assert (item.is_major, item.state) == (True, ItemState.PENDING_SIGN_OFF)
    assert row.state is State.RECEIVED
    steps = await approvals.steps_of(item)
    assert [(step.duty, step.signed is not None) for step in steps] == [
        (Duty.LEADER_IN_CHARGE, True), (Duty.PRINCIPAL_LEADER, False),
    ]  # fmt: skip
    with pytest.raises(rules.AwaitsPrincipalLeader):
        await actions.mark_adopted(house.editor, row.id)
    item = await chain.sign(house.principal, item)
    assert (item.state, await states(item)) == (ItemState.SUBMITTED, [State.RECEIVED])
    assert (await actions.mark_adopted(house.editor, row.id)).state is State.ADOPTED
    assert [message.code for message in await Message.all().order_by("created_at")] == [
        "raised-to-major", "office-adopted",
    ]  # fmt: skip
    assert len(heard) == 1


async def test_a_raised_item_that_is_rewritten_reaches_the_waiting_office_anew(db):
    house = await chain.house()
    item = await chain.submitted(house)
    row = await actions.receive(house.editor, (await chain.at(item, house.office)).id)
    await actions.raise_to_major(house.editor, row.id, reason="涉及重大项目")
    item = await items.save(house.writer, item.id, title="示例乡牧道今日通车")
    assert item.state is ItemState.RETURNED
    await items.lay_for_sign_off(house.writer, item.id)
    item = await chain.sign(house.principal, item)
    row = await chain.at(item, house.office)
    assert (row.state, row.content_sha256) == (State.SUBMITTED, item.content_sha256)


async def test_only_a_submitted_ordinary_item_is_raised(db):
    house = await chain.house()
    item = await chain.submitted(house, is_major=True)
    row = await chain.at(item, house.office)
    with pytest.raises(rules.AlreadyMajor):
        await actions.raise_to_major(house.editor, row.id, reason="示例")
    item = await chain.submitted(house)
    row = await chain.at(item, house.office)
    await actions.reject(house.editor, row.id, reason="示例")
    with pytest.raises(rules.StepRefused):
        await actions.raise_to_major(house.editor, row.id, reason="示例")
    assert (await Item.get(id=item.id)).is_major is False


async def test_the_inbox_is_the_offices_own_longest_waiting_first(db):
    house = await chain.house()
    office, editor = await second_office(house)
    first = await chain.submitted(house)
    second = await chain.submitted(house, office_ids=[house.office.id, office.id])
    await actions.receive(house.editor, (await chain.at(second, house.office)).id)
    rows = await queries.inbox(house.editor)
    assert [row.item_id for row in rows] == [first.id, second.id]
    rows = await queries.inbox(house.editor, State.SUBMITTED)
    assert [row.item_id for row in rows] == [first.id]
    assert [row.item_id for row in await queries.inbox(editor)] == [second.id]
    assert await queries.inbox(house.writer) == []
