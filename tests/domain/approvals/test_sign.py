"""Nothing leaves a unit without the right leaders' names and posts under exactly this text."""

import asyncio
from datetime import timedelta

import pytest
from tortoise import connections
from tortoise.exceptions import IntegrityError

from domain.approvals import actions, queries, rules
from domain.approvals.models import SignOff
from domain.items import actions as items
from domain.items import queries as item_queries
from domain.items.models import Item, ItemState
from domain.kit import clock
from domain.kit.actor import Duty, Scope
from domain.kit.errors import NotFound, StaleVersion, TokensMayNot
from domain.kit.models import AuditEvent
from domain.notices.models import Message
from domain.people import actions as people
from domain.people.models import Appointment
from tests import make
from tests.domain.items import chain

COLUMNS = ("step", "signer_name", "signer_post", "signer_unit", "on_behalf_of", "in_absence")


async def rows(item):
    found = await SignOff.filter(item_id=item.id).order_by("signed_at", "id")
    return [tuple(getattr(row, column) for column in COLUMNS) for row in found]


async def state(item):
    return (await Item.get(id=item.id)).state


async def test_an_ordinary_item_leaves_with_the_leader_in_charge(db):
    house = await chain.house()
    item = await chain.sign(house.leader, await chain.laid(house))
    assert item.state is ItemState.SUBMITTED
    assert await rows(item) == [
        (Duty.LEADER_IN_CHARGE, house.leader.name, "示例副乡长", house.unit.name, None, False)
    ]
    kept = await SignOff.get(item_id=item.id)
    assert (kept.content_sha256, kept.declared_unclassified) == (item.content_sha256, True)


async def test_a_signature_is_in_the_trail(db):
    house = await chain.house()
    item = await chain.sign(house.leader, await chain.laid(house))
    event = await AuditEvent.get(verb="sign")
    assert (event.person_id, event.thing_id) == (house.leader.person_id, str(item.id))
    assert event.facts["post"] == "示例副乡长"


async def test_a_signed_item_waits_when_its_unit_wants_to_submit_itself(db):
    house = await chain.house()
    item = await chain.sign(house.leader, await chain.laid(house, submit_when_signed=False))
    assert item.state is ItemState.SIGNED_OFF


async def test_leader_in_charge_alone_cannot_pass_a_major_item(db):
    house = await chain.house()
    item = await chain.sign(house.leader, await chain.laid(house, is_major=True))
    assert item.state is ItemState.PENDING_SIGN_OFF
    with pytest.raises(rules.StepOfAnother) as refused:
        await chain.sign(house.leader, item)
    assert refused.value.step is Duty.PRINCIPAL_LEADER
    item = await chain.sign(house.principal, item)
    assert item.state is ItemState.SUBMITTED
    assert [row[:2] for row in await rows(item)] == [
        (Duty.LEADER_IN_CHARGE, house.leader.name),
        (Duty.PRINCIPAL_LEADER, house.principal.name),
    ]


async def test_the_principal_leader_fulfils_both_steps_of_a_major_item_in_one_act(db):
    house = await chain.house()
    item = await chain.sign(house.principal, await chain.laid(house, is_major=True))
    assert item.state is ItemState.SUBMITTED
    name = house.principal.name
    assert await rows(item) == [
        (Duty.LEADER_IN_CHARGE, name, "示例乡长", house.unit.name, None, True),
        (Duty.PRINCIPAL_LEADER, name, "示例乡长", house.unit.name, None, False),
    ]


async def test_the_principal_leader_of_a_unit_without_leader_in_charge_signs_in_nobodys_absence(db):
    house = await chain.house()
    own = await Appointment.get(person_id=house.leader.person_id)
    await people.end_appointment(make.SYSTEM, own.id, last_day=clock.today() - timedelta(days=1))
    item = await chain.sign(house.principal, await chain.laid(house))
    assert [row[5] for row in await rows(item)] == [False]


async def test_a_raised_item_may_be_signed_twice_by_the_principal_leader(db):
    house = await chain.house()
    item = await chain.sign(house.principal, await chain.laid(house, submit_when_signed=False))
    await items.save(house.writer, item.id, is_major=True)
    item = await chain.sign(house.principal, item)
    assert item.state is ItemState.SIGNED_OFF


async def test_nobody_signs_what_he_wrote_himself(db):
    house = await chain.house()
    item = await chain.draft(house, house.leader)
    await items.lay_for_sign_off(house.leader, item.id)
    with pytest.raises(rules.OwnText):
        await chain.sign(house.leader, item)
    assert (await rows(item), await state(item)) == ([], ItemState.PENDING_SIGN_OFF)
    assert (await chain.sign(house.principal, item)).state is ItemState.SUBMITTED


async def test_nobody_signs_a_text_he_changed(db):
    house = await chain.house()
    item = await chain.draft(house)
    await items.save(house.leader, item.id, title="示例乡牧道今日通车")
    await items.lay_for_sign_off(house.writer, item.id)
    with pytest.raises(rules.OwnText):
        await chain.sign(house.leader, item)
    assert await queries.inbox_ids(house.leader) == []
    assert await queries.inbox_ids(house.principal) == [item.id]


async def test_a_leader_who_saved_without_changing_the_text_may_sign(db):
    house = await chain.house()
    item = await chain.laid(house)
    await items.save(house.leader, item.id, submit_when_signed=False)
    assert (await chain.sign(house.leader, item)).state is ItemState.SIGNED_OFF


async def test_a_unit_with_the_exception_lets_its_leader_sign_his_own(db):
    house = await chain.house(self_sign_off=True)
    item = await chain.draft(house, house.leader)
    await items.lay_for_sign_off(house.leader, item.id)
    assert (await chain.sign(house.leader, item)).state is ItemState.SUBMITTED


async def test_the_database_itself_refuses_self_approval(db):
    house = await chain.house()
    item = await chain.draft(house, house.leader)
    with pytest.raises(IntegrityError):
        await SignOff.create(
            item_id=item.id, step=Duty.LEADER_IN_CHARGE, signer_id=house.leader.person_id,
            signer_name="示例", signer_post="示例", signer_unit="示例",
            content_sha256=item.content_sha256, signed_at=clock.now(),
        )  # fmt: skip


async def test_the_database_itself_refuses_an_unsigned_submission(db):
    house = await chain.house()
    item = await chain.laid(house)
    with pytest.raises(Exception, match="only signed"):
        await connections.get("default").execute_query(
            "update item set state = 'submitted' where id = $1", [item.id]
        )


async def test_another_text_than_the_one_shown_is_not_signed(db):
    house = await chain.house()
    item = await chain.laid(house)
    shown = item.content_sha256
    await items.save(house.writer, item.id, title="换过的标题")
    await items.lay_for_sign_off(house.writer, item.id)
    with pytest.raises(rules.TextChanged):
        await actions.sign(house.leader, item.id, content_sha256=shown)
    assert (await rows(item), await state(item)) == ([], ItemState.PENDING_SIGN_OFF)


async def test_a_signer_who_does_not_declare_does_not_sign(db):
    house = await chain.house()
    item = await chain.laid(house)
    with pytest.raises(rules.SignerNotDeclared):
        await chain.sign(house.leader, item, declared_unclassified=False)
    assert await rows(item) == []


async def test_a_late_version_is_refused(db):
    house = await chain.house()
    item = await chain.laid(house)
    with pytest.raises(StaleVersion):
        await chain.sign(house.leader, item, expected_version=item.version - 1)
    assert await rows(item) == []


@pytest.mark.parametrize("scope", list(Scope))
async def test_no_token_signs_whatever_its_scope(db, scope):
    house = await chain.house()
    item = await chain.laid(house)
    unit = None if scope is Scope.ADMINISTER else house.unit
    _, token = await make.token(scope, unit=unit)
    with pytest.raises(TokensMayNot):
        await chain.sign(token, item)
    with pytest.raises(TokensMayNot):
        await actions.send_back(token, item.id, reason="示例")
    assert (await rows(item), await state(item)) == ([], ItemState.PENDING_SIGN_OFF)


@pytest.mark.parametrize(
    "duty",
    [duty for duty in Duty if duty not in (Duty.LEADER_IN_CHARGE, Duty.PRINCIPAL_LEADER)],
)
async def test_no_other_duty_of_the_unit_signs_an_ordinary_item(db, duty):
    house = await chain.house()
    item = await chain.laid(house)
    other = await make.actor(duty, unit=house.unit)
    with pytest.raises((rules.StepOfAnother, NotFound)):
        await chain.sign(other, item)
    assert await rows(item) == []


async def test_a_leader_of_another_unit_does_not_even_see_it(db):
    house, other = await chain.house(), await chain.house()
    item = await chain.laid(house)
    with pytest.raises(NotFound):
        await chain.sign(other.leader, item)


async def test_a_deputy_signs_as_x_for_y_with_his_own_post(db):
    house = await chain.house()
    own = await Appointment.get(person_id=house.leader.person_id)
    deputy = await make.actor(Duty.CORRESPONDENT, unit=house.unit)
    await make.deputy(own, await make.Person.get(id=deputy.person_id), deputy_post="示例主任")
    item = await chain.sign(await make.again(deputy), await chain.laid(house))
    assert await rows(item) == [
        (
            Duty.LEADER_IN_CHARGE, deputy.name, "示例主任", house.unit.name, house.leader.name,
            False,
        )
    ]  # fmt: skip


async def test_an_expired_grant_signs_nothing(db):
    house = await chain.house()
    own = await Appointment.get(person_id=house.leader.person_id)
    deputy = await make.actor(Duty.CORRESPONDENT, unit=house.unit)
    grant = await make.deputy(own, await make.Person.get(id=deputy.person_id))
    item = await chain.laid(house)
    grant.starts_on = grant.ends_on = clock.today() - timedelta(days=1)
    await grant.save()
    with pytest.raises(rules.StepOfAnother):
        await chain.sign(await make.again(deputy), item)


async def test_the_leader_in_charge_does_not_take_both_steps_as_deputy_of_the_principal(db):
    house = await chain.house()
    own = await Appointment.get(person_id=house.principal.person_id)
    await make.deputy(own, await make.Person.get(id=house.leader.person_id))
    leader = await make.again(house.leader)
    item = await chain.sign(leader, await chain.laid(house, is_major=True))
    with pytest.raises(rules.SignedAlready):
        await chain.sign(leader, item)
    assert [row[0] for row in await rows(item)] == [Duty.LEADER_IN_CHARGE]


@pytest.mark.parametrize(
    ("unit", "item"), [({"restricted_line": True}, {}), ({}, {"stability_related": True})]
)
async def test_a_restricted_line_is_reviewed_before_its_leader_signs(db, unit, item):
    house = await chain.house(**unit)
    reviewer = await make.actor(Duty.CONFIDENTIALITY_REVIEWER, unit=house.unit, post="示例保密员")
    laid = await chain.laid(house, **item)
    for leader in (house.leader, house.principal):
        with pytest.raises(rules.StepOfAnother) as refused:
            await chain.sign(leader, laid)
        assert refused.value.step is Duty.CONFIDENTIALITY_REVIEWER
    await chain.sign(reviewer, laid)
    done = await chain.sign(house.leader, laid)
    assert done.state is ItemState.SUBMITTED
    assert [row[0] for row in await rows(done)] == [
        Duty.CONFIDENTIALITY_REVIEWER,
        Duty.LEADER_IN_CHARGE,
    ]


async def test_a_later_change_of_post_changes_no_signature(db):
    house = await chain.house()
    item = await chain.submitted(house)
    await Appointment.filter(person_id=house.leader.person_id).update(post="另一职务")
    assert [row[2] for row in await rows(item)] == ["示例副乡长"]


async def test_five_leaders_sign_at_once_and_one_wins(db):
    house = await chain.house()
    more = [await make.actor(Duty.LEADER_IN_CHARGE, unit=house.unit) for _ in range(4)]
    item = await chain.laid(house)
    answers = await asyncio.gather(
        *(
            actions.sign(leader, item.id, content_sha256=item.content_sha256)
            for leader in (house.leader, *more)
        ),
        return_exceptions=True,
    )
    won = [answer for answer in answers if isinstance(answer, Item)]
    lost = [answer for answer in answers if isinstance(answer, rules.NotWaiting)]
    assert (len(won), len(lost)) == (1, 4)
    assert len(await rows(item)) == 1


async def test_a_change_races_a_signature_and_the_signature_never_lands_on_another_text(db):
    house = await chain.house()
    item = await chain.laid(house, submit_when_signed=False)
    shown = item.content_sha256
    await asyncio.gather(
        actions.sign(house.leader, item.id, content_sha256=shown),
        items.save(house.writer, item.id, title="换过的标题"),
        return_exceptions=True,
    )
    now = await Item.get(id=item.id)
    assert now.content_sha256 != shown
    assert now.state is ItemState.DRAFT
    assert await queries.valid_sign_offs(now) == []


async def test_a_leader_sends_back_with_a_reason_and_the_unit_is_told(db):
    house = await chain.house()
    item = await chain.laid(house)
    with pytest.raises(rules.SendBackReasonMissing):
        await actions.send_back(house.leader, item.id, reason=" ")
    item = await actions.send_back(house.leader, item.id, reason="数字请核实")
    assert item.state is ItemState.DRAFT
    row = await SignOff.get(item_id=item.id)
    assert (row.decision, row.reason, row.signer_name) == (
        "sent_back", "数字请核实", house.leader.name,
    )  # fmt: skip
    message = await Message.get(unit_id=house.unit.id)
    assert (message.code, message.facts["reason"]) == ("sent-back", "数字请核实")


async def test_sending_back_is_no_signature(db):
    house = await chain.house()
    item = await chain.laid(house)
    await actions.send_back(house.leader, item.id, reason="数字请核实")
    assert await queries.valid_sign_offs(await Item.get(id=item.id)) == []


async def test_a_county_may_ask_for_more_signatures_from_a_day_on(db):
    admin = await make.actor(Duty.ADMINISTRATOR)
    both = [Duty.LEADER_IN_CHARGE, Duty.PRINCIPAL_LEADER]
    await actions.set_chain(
        admin, valid_from=clock.today(), ordinary=both, major=both, restricted_first=[]
    )
    assert (await queries.chain_on()).ordinary == tuple(both)
    yesterday = clock.today() - timedelta(days=1)
    assert await queries.chain_on(yesterday) == rules.DEFAULT_CHAIN


async def test_the_inbox_holds_what_waits_for_me(db):
    house = await chain.house()
    ordinary = await chain.laid(house)
    major = await chain.laid(house, title="示例重大", is_major=True)
    await chain.draft(house)
    assert await queries.inbox_ids(house.leader) == [ordinary.id, major.id]
    assert await queries.inbox_ids(house.principal) == []
    could = await queries.waiting_for(house.principal)
    assert [(item_id, each.seat.in_absence) for item_id, each in could.items()] == [
        (ordinary.id, True), (major.id, True),
    ]  # fmt: skip
    await chain.sign(house.leader, major)
    assert [item.id for item in await (await queries.inbox(house.leader))] == [ordinary.id]
    assert await queries.inbox_ids(house.principal) == [major.id]
    assert await queries.inbox_ids(house.writer) == []


async def test_the_page_can_name_who_may_sign(db):
    house = await chain.house()
    item = await item_queries.get(house.writer, (await chain.laid(house)).id)
    step = await queries.open_step(item)
    signers = await queries.signers_of(item, step)
    assert [signer.person.name for signer in signers] == [house.leader.name, house.principal.name]
    assert await queries.signers_of(item, Duty.CONFIDENTIALITY_REVIEWER) == []
    assert await queries.open_step(await Item.get(id=(await chain.draft(house)).id)) is None
