import asyncio
from datetime import date, timedelta

import pytest

from domain.kit import clock
from domain.kit.actor import SYSTEM, Duty, Scope
from domain.kit.errors import DutyRequired, NotFound, StaleVersion
from domain.kit.inputs import InputMissing
from domain.kit.models import AuditEvent
from domain.notices.models import Message
from domain.people import actions, queries, rules
from domain.people.models import Appointment, DeputyGrant, Person
from domain.units import actions as units
from domain.units.models import Unit
from domain.units.rules import UnitClosed
from tests import make


def day(offset: int) -> date:
    return clock.today() + timedelta(days=offset)


async def person_of(appointment: Appointment) -> Person:
    return await Person.get(id=appointment.person_id)


async def test_a_person_is_entered_with_nothing_but_a_name(db):
    person = await make.person(" 示例甲 ")
    assert (await queries.get(SYSTEM, person.id)).name == "示例甲"
    assert (await queries.actor_of(person)).held == ()
    with pytest.raises(InputMissing) as refusal:
        await make.person(" \u3000")
    assert refusal.value.field == "person_name"


async def test_of_two_edits_of_one_version_the_later_is_refused(db):
    person = await make.person()
    edits = [
        actions.change_person(SYSTEM, person.id, expected_version=1, mobile=mobile)
        for mobile in ("13800000001", "13800000002")
    ]
    done = await asyncio.gather(*edits, return_exceptions=True)
    assert sorted(type(one) for one in done if isinstance(one, StaleVersion)) == [StaleVersion]
    [kept] = [one for one in done if isinstance(one, Person)]
    assert (await Person.get(id=person.id)).mobile == kept.mobile


async def test_an_appointment_gives_the_duty_with_its_post_on_the_next_request(db):
    admin, unit, person = (
        await make.actor(Duty.ADMINISTRATOR),
        await make.unit(),
        await make.person(),
    )
    await actions.appoint(
        admin, person.id, unit_id=unit.id, duty=Duty.LEADER_IN_CHARGE, post="副乡长"
    )
    actor = await queries.actor_of(person)
    assert (actor.name, actor.unit_id, actor.unit_name) == (person.name, unit.id, unit.name)
    [held] = actor.held
    assert (held.duty, held.post, held.deputy_for) == (Duty.LEADER_IN_CHARGE, "副乡长", None)
    event = await AuditEvent.filter(verb="appoint").order_by("-seq").first()
    assert event.facts["post"] == "副乡长"


async def test_one_person_may_hold_duties_in_several_units(db):
    person, first, second = await make.person(), await make.unit(), await make.unit()
    office = await make.office()
    await make.appointment(Duty.CORRESPONDENT, person=person, unit=first)
    await make.appointment(Duty.OFFICE_EDITOR, person=person, unit=second, office=office)
    actor = await queries.actor_of(person)
    assert {(held.duty, held.unit_id) for held in actor.held} == {
        (Duty.CORRESPONDENT, first.id),
        (Duty.OFFICE_EDITOR, second.id),
    }
    assert actor.offices == {office.id}
    assert actor.unit_id == first.id


async def test_the_same_duty_is_not_given_twice(db):
    old = await make.appointment(Duty.CORRESPONDENT)
    with pytest.raises(rules.AlreadyAppointed):
        await make.appointment(
            Duty.CORRESPONDENT, person=await old.person, unit=await old.unit, starts_on=day(30)
        )
    assert await Appointment.all().count() == 1


async def test_of_two_appointing_at_once_one_wins(db):
    person, unit = await make.person(), await make.unit()
    done = await asyncio.gather(
        *(make.appointment(Duty.CORRESPONDENT, person=person, unit=unit) for _ in range(5)),
        return_exceptions=True,
    )
    assert len([one for one in done if isinstance(one, rules.AlreadyAppointed)]) == 4
    assert await Appointment.all().count() == 1


async def test_an_administrator_becomes_no_auditor_even_when_both_are_given_at_once(db):
    person, unit = await make.person(), await make.unit()
    done = await asyncio.gather(
        make.appointment(Duty.ADMINISTRATOR, person=person, unit=unit),
        make.appointment(Duty.AUDITOR, person=person, unit=unit),
        return_exceptions=True,
    )
    assert len([one for one in done if isinstance(one, rules.DutiesDoNotMix)]) == 1
    assert await Appointment.all().count() == 1


async def test_nobody_appoints_himself_or_switches_himself_off(db):
    admin = await make.actor(Duty.ADMINISTRATOR)
    with pytest.raises(rules.NotYourself):
        await actions.appoint(
            admin, admin.person_id, unit_id=admin.unit_id, duty=Duty.FINANCE, post="示例"
        )
    with pytest.raises(rules.NotYourself):
        await actions.deactivate_person(admin, admin.person_id)
    assert (await make.again(admin)).duties == {Duty.ADMINISTRATOR}


async def test_nobody_is_appointed_to_a_closed_unit(db):
    unit = await make.unit()
    await units.close(SYSTEM, unit.id, last_day=day(-1))
    with pytest.raises(UnitClosed):
        await make.appointment(Duty.CORRESPONDENT, unit=unit, starts_on=day(0))
    assert await Appointment.all().count() == 0


@pytest.mark.parametrize(
    ("starts", "ends", "in_force"),
    [(0, None, True), (-9, 0, True), (-9, -1, False), (1, None, False), (0, 0, True)],
)
async def test_rights_hold_from_the_first_to_the_last_day(db, starts, ends, in_force):
    made = await make.appointment(Duty.PRINCIPAL_LEADER, starts_on=day(starts))
    if ends is not None:
        await Appointment.filter(id=made.id).update(ends_on=day(ends))
    actor = await queries.actor_of(await made.person)
    assert actor.duties == ({Duty.PRINCIPAL_LEADER} if in_force else set())
    leaders = await queries.leaders_of(made.unit_id, Duty.PRINCIPAL_LEADER)
    assert [leader.id for leader in leaders] == ([made.id] if in_force else [])


async def test_rights_end_with_the_unit(db):
    actor = await make.actor(Duty.PRINCIPAL_LEADER)
    await units.close(SYSTEM, actor.unit_id, last_day=day(0))
    assert (await make.again(actor)).duties == {Duty.PRINCIPAL_LEADER}
    await Unit.filter(id=actor.unit_id).update(valid_until=day(-1))
    assert (await make.again(actor)).held == ()


async def test_an_ended_appointment_ends_rights_at_once_and_for_good(db):
    made = await make.appointment(Duty.LEADER_IN_CHARGE)
    await actions.end_appointment(SYSTEM, made.id, last_day=day(-1))
    assert (await queries.actor_of(await made.person)).held == ()
    with pytest.raises(rules.AppointmentOver):
        await actions.end_appointment(SYSTEM, made.id, last_day=day(5))
    assert (await Appointment.get(id=made.id)).ends_on == day(-1)


async def test_an_appointment_made_by_mistake_today_is_undone_today(db):
    made = await make.appointment(Duty.PRINCIPAL_LEADER, starts_on=day(0))
    await actions.end_appointment(SYSTEM, made.id, last_day=day(-1))
    assert (await queries.actor_of(await person_of(made))).held == ()
    assert await Appointment.all().count() == 0
    assert await AuditEvent.filter(verb="end", thing="appointment").count() == 1


async def test_an_appointment_in_force_since_yesterday_is_not_undone(db):
    made = await make.appointment(Duty.PRINCIPAL_LEADER, starts_on=day(-1))
    with pytest.raises(rules.EndsBeforeItBegan):
        await actions.end_appointment(SYSTEM, made.id, last_day=day(-2))
    assert (await Appointment.get(id=made.id)).ends_on is None


async def test_the_publicity_department_ends_the_roster_s_duties_only(db):
    publicity = await make.actor(Duty.PUBLICITY_DEPARTMENT)
    roster = await make.appointment(Duty.CORRESPONDENT)
    leader = await make.appointment(Duty.PRINCIPAL_LEADER)
    await actions.end_appointment(publicity, roster.id, last_day=day(0))
    with pytest.raises(DutyRequired):
        await actions.end_appointment(publicity, leader.id, last_day=day(0))
    assert (await Appointment.get(id=leader.id)).ends_on is None


@pytest.mark.parametrize("duty", [duty for duty in Duty if duty is not Duty.ADMINISTRATOR])
async def test_nobody_but_administrators_hands_out_keys(db, duty):
    actor, person = await make.actor(duty), await make.person()
    account = await make.account(await make.person())
    for attempt in (
        actions.open_account(actor, person.id, login="shili"),
        actions.reset_password(actor, account.id),
        actions.deactivate_person(actor, person.id),
        actions.reactivate_person(actor, person.id),
        actions.new_token(actor, name="示例", scopes=[Scope.READ], unit_id=None, days=1),
    ):
        with pytest.raises(DutyRequired):
            await attempt
    assert await queries.accounts(SYSTEM).count() == 1
    assert await queries.tokens(SYSTEM).count() == 0


async def test_somebody_who_left_stays_named_and_loses_everything(db):
    made = await make.appointment(Duty.CORRESPONDENT)
    person = await person_of(made)
    token, _ = await make.session(person)
    await actions.deactivate_person(SYSTEM, person.id, expected_version=1)
    assert await queries.actor_by_session(token) is None
    assert (await queries.actor_of(await person_of(made))).held == ()
    assert (await queries.get(SYSTEM, person.id)).name == person.name
    with pytest.raises(rules.PersonInactive):
        await make.appointment(Duty.FINANCE, person=person)
    await actions.reactivate_person(SYSTEM, person.id, expected_version=2)
    assert (await queries.actor_of(await person_of(made))).duties == {Duty.CORRESPONDENT}
    assert await queries.actor_by_session(token) is None


# 「X 代 Y」


async def a_leader_and_a_deputy() -> tuple[Appointment, Person]:
    unit = await make.unit()
    leader = await make.appointment(
        Duty.LEADER_IN_CHARGE, unit=unit, person=await make.person("示例甲")
    )
    deputy = await make.appointment(
        Duty.CORRESPONDENT, unit=unit, person=await make.person("示例乙")
    )
    return leader, await person_of(deputy)


async def test_a_deputy_holds_the_duty_under_his_own_post_and_the_leaders_name(db):
    leader, deputy = await a_leader_and_a_deputy()
    actor = await queries.actor_of(await person_of(leader))
    grant = await actions.grant_deputy(
        actor,
        leader.id,
        deputy_id=deputy.id,
        deputy_post="人大主席",
        starts_on=day(0),
        ends_on=day(7),
        reason="外出学习",
    )
    held = (await queries.actor_of(deputy)).holding(Duty.LEADER_IN_CHARGE)
    assert (held.post, held.deputy_for, held.unit_id) == ("人大主席", "示例甲", leader.unit_id)
    assert (await queries.actor_of(deputy)).unit_id == leader.unit_id
    message = await Message.get(unit_id=leader.unit_id)
    assert message.code == "deputy-granted"
    assert (message.facts["deputy"], message.facts["absent"]) == ("示例乙", "示例甲")
    assert await AuditEvent.filter(verb="grant", thing_id=str(grant.id)).count() == 1


@pytest.mark.parametrize(
    ("starts", "ends", "in_force"), [(0, 0, True), (-3, -1, False), (1, 3, False), (-3, 0, True)]
)
async def test_a_grant_is_good_in_its_days_only(db, starts, ends, in_force):
    leader, deputy = await a_leader_and_a_deputy()
    await make.deputy(leader, deputy, starts_on=day(starts), ends_on=day(ends))
    assert (await queries.actor_of(deputy)).has(Duty.LEADER_IN_CHARGE) is in_force


async def test_a_grant_taken_back_ends_at_once_and_the_unit_is_told(db):
    leader, deputy = await a_leader_and_a_deputy()
    grant = await make.deputy(leader, deputy)
    principal = await make.actor(Duty.PRINCIPAL_LEADER, unit=await leader.unit)
    await actions.revoke_deputy(principal, grant.id)
    await actions.revoke_deputy(principal, grant.id)
    assert (await queries.actor_of(deputy)).duties == {Duty.CORRESPONDENT}
    codes = await Message.all().order_by("id").values_list("code", flat=True)
    assert codes == ["deputy-granted", "deputy-revoked"]
    assert await AuditEvent.filter(verb="revoke", thing="deputy").count() == 1


async def test_a_grant_lapses_with_the_leaders_own_post(db):
    leader, deputy = await a_leader_and_a_deputy()
    await make.deputy(leader, deputy, ends_on=day(30))
    await actions.end_appointment(SYSTEM, leader.id, last_day=day(-1))
    assert (await queries.actor_of(deputy)).duties == {Duty.CORRESPONDENT}


async def test_a_grant_lapses_when_the_deputy_leaves_the_unit(db):
    leader, deputy = await a_leader_and_a_deputy()
    await make.deputy(leader, deputy, ends_on=day(30))
    await make.appointment(Duty.CORRESPONDENT, person=deputy)
    own = await Appointment.get(person_id=deputy.id, unit_id=leader.unit_id)
    await actions.end_appointment(SYSTEM, own.id, last_day=day(-1))
    assert not (await queries.actor_of(deputy)).has(Duty.LEADER_IN_CHARGE)


async def test_only_people_of_the_unit_stand_in(db):
    leader, _ = await a_leader_and_a_deputy()
    outsider = await person_of(await make.appointment(Duty.LEADER_IN_CHARGE))
    with pytest.raises(rules.DeputyFromOutside):
        await make.deputy(leader, outsider)
    with pytest.raises(rules.OwnDeputy):
        await make.deputy(leader, await person_of(leader))
    assert await DeputyGrant.all().count() == 0


async def test_an_administrator_never_signs_not_even_as_a_deputy(db):
    leader, _ = await a_leader_and_a_deputy()
    admin = await make.appointment(Duty.ADMINISTRATOR, unit=await leader.unit)
    with pytest.raises(rules.DutiesDoNotMix):
        await make.deputy(leader, await person_of(admin))
    assert await DeputyGrant.all().count() == 0


async def test_correspondents_and_administrators_name_no_deputies(db):
    leader, deputy = await a_leader_and_a_deputy()
    admin = await make.actor(Duty.ADMINISTRATOR, unit=await leader.unit)
    for actor in (await queries.actor_of(deputy), admin):
        with pytest.raises(rules.NotYoursToGrant):
            await actions.grant_deputy(
                actor,
                leader.id,
                deputy_id=deputy.id,
                deputy_post="示例",
                starts_on=day(0),
                ends_on=day(1),
                reason="示例",
            )
    assert (await DeputyGrant.all().count(), await Message.all().count()) == (0, 0)


async def test_grants_are_seen_in_their_unit_only(db):
    leader, deputy = await a_leader_and_a_deputy()
    grant = await make.deputy(leader, deputy)
    assert [one.id for one in await queries.grants(await queries.actor_of(deputy))] == [grant.id]
    stranger = await make.actor(Duty.PRINCIPAL_LEADER)
    assert await queries.grants(stranger).count() == 0
    with pytest.raises(NotFound):
        await actions.revoke_deputy(stranger, grant.id)
    assert (await DeputyGrant.get(id=grant.id)).revoked_at is None
