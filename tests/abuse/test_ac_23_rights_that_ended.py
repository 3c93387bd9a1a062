"""AC23: rights are gone with the next request, however the person came to lose them."""

from datetime import timedelta

import pytest

from domain.items import actions as items
from domain.items import queries
from domain.kit import clock
from domain.kit.actor import SYSTEM, Duty, Scope
from domain.kit.errors import DutyRequired, NotFound
from domain.people import actions as people
from domain.people import queries as people_queries
from domain.people.models import Account, ApiToken, Appointment, LoginSession, Person
from domain.reception import queries as receptions
from domain.units import actions as units
from tests import make
from tests.domain.items import chain

YESTERDAY = timedelta(days=1)


async def appointment_ended(actor, unit):
    row = await Appointment.get(person_id=actor.person_id)
    await people.end_appointment(SYSTEM, row.id, last_day=clock.today() - YESTERDAY)


async def unit_closed(actor, unit):
    await units.close(SYSTEM, unit.id, last_day=clock.today() - YESTERDAY)


async def person_left(actor, unit):
    await people.deactivate_person(SYSTEM, actor.person_id)


async def password_reset(actor, unit):
    await people.reset_password(SYSTEM, (await Account.get(person_id=actor.person_id)).id)


async def signed_in(duty, unit, **given):
    person = await make.person()
    await make.appointment(duty, person=person, unit=unit, **given)
    return await make.session(person)


@pytest.mark.parametrize("lose", [appointment_ended, unit_closed, person_left, password_reset])
@pytest.mark.parametrize("duty", [Duty.CORRESPONDENT, Duty.LEADER_IN_CHARGE])
async def test_the_next_request_sees_and_does_nothing(db, lose, duty):
    house = await chain.house()
    item = await chain.draft(house)
    token, actor = await signed_in(duty, house.unit)
    assert (await queries.get(actor, item.id)).id == item.id
    await lose(actor, house.unit)
    later = await people_queries.actor_by_session(token)
    if lose in (person_left, password_reset):
        assert later is None
        return
    assert later.held == ()
    with pytest.raises(NotFound):
        await items.save(later, item.id, body="示例")
    with pytest.raises(DutyRequired):
        await chain.draft(house, actor=later)


async def test_an_editor_who_moved_sees_the_old_inbox_no_more(db):
    house, other = await chain.house(), await make.office()
    await chain.submitted(house)
    person = await Person.get(id=house.editor.person_id)
    assert await receptions.inbox(house.editor).count() == 1
    await appointment_ended(house.editor, None)
    await make.appointment(Duty.OFFICE_EDITOR, person=person, office=other)
    assert await receptions.inbox(await make.again(house.editor)).count() == 0


async def test_a_sign_in_ends_after_half_an_hour_idle_and_twelve_hours_in_all(db):
    unit = await make.unit()
    for change in (
        {"last_seen_at": clock.now() - timedelta(minutes=30, seconds=1)},
        {"ends_at": clock.now() - timedelta(seconds=1)},
        {"ended_at": clock.now()},
    ):
        token, actor = await signed_in(Duty.CORRESPONDENT, unit)
        await LoginSession.filter(id=actor.session_id).update(**change)
        assert await people_queries.actor_by_session(token) is None


async def test_a_revoked_expired_or_closed_units_token_is_nobody(db):
    unit = await make.unit()
    for change in (
        {"revoked_at": clock.now()},
        {"expires_at": clock.now() - timedelta(seconds=1)},
    ):
        secret, actor = await make.token(Scope.READ, unit=unit)
        await ApiToken.filter(id=actor.token_id).update(**change)
        assert await people_queries.actor_by_token(secret) is None
    secret, _ = await make.token(Scope.READ, unit=unit)
    await unit_closed(None, unit)
    assert await people_queries.actor_by_token(secret) is None


async def test_a_one_time_password_gives_no_right_until_it_is_changed(db):
    house = await chain.house()
    item = await chain.draft(house)
    person = await make.person()
    await make.appointment(Duty.CORRESPONDENT, person=person, unit=house.unit)
    once = await people.open_account(SYSTEM, person.id, login="shili.jr")
    token, _ = await people.sign_in("shili.jr", once)
    actor = await people_queries.actor_by_session(token)
    assert actor.held == ()
    with pytest.raises(NotFound):
        await queries.get(actor, item.id)
