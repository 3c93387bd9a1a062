"""AC01: a signature is the signed-in person's own, by an appointment in force, or it is none."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.approvals import actions as approvals
from domain.approvals.models import SignOff
from domain.approvals.rules import StepOfAnother
from domain.items.models import Item, ItemState
from domain.kit import clock
from domain.kit.actor import SYSTEM, Duty, Scope
from domain.kit.errors import NotFound, TokensMayNot
from domain.people import actions as people
from domain.people.models import Appointment
from domain.units import actions as units
from tests import make
from tests.abuse.attack import refused_by_the_database
from tests.domain.items import chain

WRITE = """insert into sign_off (id, item_id, step, decision, reason, signer_id, signer_name, signer_post,
  signer_unit, in_absence, declared_unclassified, content_sha256, method, signed_at)
  select '{id}', id, 'leader_in_charge', 'signed', '', {signer}, '示例领导', '示例乡长', '示例乡',
  false, true, content_sha256, '{method}', now() from item"""


async def signs(actor, item):
    with pytest.raises((NotFound, TokensMayNot, StepOfAnother)) as refusal:
        await chain.sign(actor, item)
    assert await SignOff.all().count() == 0
    assert (await Item.get(id=item.id)).state is ItemState.PENDING_SIGN_OFF
    return refusal.type


async def test_no_token_and_no_job_signs(db):
    house = await chain.house()
    item = await chain.laid(house)
    for scopes in [[scope] for scope in Scope if scope is not Scope.ADMINISTER]:
        _, token = await make.token(*scopes, unit=house.unit)
        assert await signs(token, item) is TokensMayNot
    _, token = await make.token(Scope.ADMINISTER)
    assert await signs(token, item) is TokensMayNot
    assert await signs(SYSTEM, item) is TokensMayNot


@pytest.mark.parametrize("duty", [Duty.LEADER_IN_CHARGE, Duty.PRINCIPAL_LEADER])
async def test_no_leader_of_another_unit_signs(db, duty):
    item = await chain.laid(await chain.house())
    assert await signs(await make.actor(duty), item) is NotFound


@pytest.mark.parametrize("duty", sorted({*Duty} - {Duty.LEADER_IN_CHARGE, Duty.PRINCIPAL_LEADER}))
async def test_no_other_duty_in_the_unit_signs(db, duty):
    house = await chain.house()
    item = await chain.laid(house)
    other = await make.actor(duty, unit=house.unit, office=house.office)
    assert await signs(other, item) in (NotFound, StepOfAnother)


async def ended_yesterday(house):
    row = await Appointment.get(person_id=house.leader.person_id)
    await people.end_appointment(SYSTEM, row.id, last_day=clock.today() - timedelta(days=1))


async def from_tomorrow(house):
    row = await Appointment.get(person_id=house.leader.person_id)
    row.starts_on = clock.today() + timedelta(days=1)
    await row.save()


async def somebody_left(house):
    await people.deactivate_person(SYSTEM, house.leader.person_id)


@pytest.mark.parametrize("lose", [ended_yesterday, from_tomorrow, somebody_left])
async def test_an_appointment_that_is_not_in_force_signs_nothing(db, lose):
    house = await chain.house()
    item = await chain.laid(house)
    await lose(house)
    assert await signs(await make.again(house.leader), item) is NotFound


async def test_a_deputys_grant_that_is_over_or_taken_back_signs_nothing(db):
    house = await chain.house()
    item = await chain.laid(house)
    leader = await Appointment.get(person_id=house.leader.person_id)
    deputy = await make.actor(Duty.FINANCE, unit=house.unit)
    grant = await make.deputy(leader, await make.Person.get(id=deputy.person_id))
    deputy = await make.again(deputy)
    assert deputy.holding(Duty.LEADER_IN_CHARGE).deputy_for == house.leader.name
    await people.revoke_deputy(SYSTEM, grant.id)
    assert await signs(await make.again(deputy), item) is NotFound
    grant.revoked_at, grant.starts_on = None, clock.today() - timedelta(days=2)
    grant.ends_on = clock.today() - timedelta(days=1)
    await grant.save()
    assert await signs(await make.again(deputy), item) is NotFound


async def test_a_grant_falls_with_the_leader_it_stands_for(db):
    house = await chain.house()
    item = await chain.laid(house)
    leader = await Appointment.get(person_id=house.leader.person_id)
    deputy = await make.actor(Duty.FINANCE, unit=house.unit)
    await make.deputy(leader, await make.Person.get(id=deputy.person_id))
    await people.deactivate_person(SYSTEM, house.leader.person_id)
    assert await signs(await make.again(deputy), item) is NotFound


async def test_the_leaders_of_a_closed_unit_sign_nothing(db):
    house = await chain.house()
    item = await chain.laid(house)
    await units.close(SYSTEM, house.unit.id, last_day=clock.today() - timedelta(days=1))
    assert await signs(await make.again(house.principal), item) is NotFound


async def test_the_fingerprint_of_another_item_signs_nothing(db):
    house = await chain.house()
    item, other = await chain.laid(house), await chain.laid(house, title="另一条示例信息")
    with pytest.raises(approvals.rules.TextChanged):
        await approvals.sign(house.leader, item.id, content_sha256=other.content_sha256)
    assert await SignOff.all().count() == 0


async def test_raw_sql_writes_no_signature_of_nobody_and_none_on_paper_for_what_came_by_the_web(db):
    await chain.laid(await chain.house())
    nobody = WRITE.format(id=uuid4(), signer="null", method="session")
    assert await refused_by_the_database(db, nobody) == "sign_off_by_somebody"
    paper = WRITE.format(id=uuid4(), signer="null", method="late_entry")
    assert await refused_by_the_database(db, paper) == "sign_off_on_paper"
