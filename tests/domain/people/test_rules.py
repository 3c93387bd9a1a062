from datetime import date

import pytest

from domain.kit.actor import SYSTEM, Actor, Duty, Held, Scope
from domain.kit.errors import DutyRequired, TokensMayNot
from domain.kit.ids import new_id
from domain.people import rules
from domain.people.models import Appointment, Person
from domain.people.rules import Span

HERE, THERE = new_id(), new_id()
D = date


def held(duty: Duty, unit_id=HERE, **given) -> Held:
    return Held(duty=duty, post="示例", unit_id=unit_id, unit_name="示例乡", **given)


def someone(*duties: Held | Duty, person_id=None) -> Actor:
    return Actor(
        name="示例甲",
        person_id=person_id or new_id(),
        held=tuple(one if isinstance(one, Held) else held(one) for one in duties),
    )


@pytest.mark.parametrize(
    ("duty", "other"),
    [
        (Duty.ADMINISTRATOR, Duty.AUDITOR),
        (Duty.ADMINISTRATOR, Duty.PRINCIPAL_LEADER),
        (Duty.ADMINISTRATOR, Duty.LEADER_IN_CHARGE),
        (Duty.ADMINISTRATOR, Duty.CONFIDENTIALITY_REVIEWER),
    ],
)
def test_who_administers_neither_audits_nor_signs(duty, other):
    for first, second in ((duty, other), (other, duty)):
        new = Span(first, HERE, D(2020, 1, 1), None)
        old = Span(second, THERE, D(2019, 1, 1), D(2020, 1, 1))
        with pytest.raises(rules.DutiesDoNotMix):
            rules.check_mix("示例甲", new, [old])


@pytest.mark.parametrize(
    ("duty", "other"),
    [
        (Duty.CORRESPONDENT, Duty.LEADER_IN_CHARGE),
        (Duty.ADMINISTRATOR, Duty.CORRESPONDENT),
        (Duty.OFFICE_EDITOR, Duty.PUBLICITY_DEPARTMENT),
        (Duty.AUDITOR, Duty.LEADER_IN_CHARGE),
        (Duty.ADMINISTRATOR, Duty.ADMINISTRATOR),
    ],
)
def test_other_duties_mix(duty, other):
    old = Span(other, HERE, D(2019, 1, 1), None)
    rules.check_mix("示例甲", Span(duty, HERE, D(2020, 1, 1), None), [old])


def test_duties_one_after_the_other_do_mix():
    old = Span(Duty.AUDITOR, HERE, D(2019, 1, 1), D(2019, 12, 31))
    rules.check_mix("示例甲", Span(Duty.ADMINISTRATOR, HERE, D(2020, 1, 1), None), [old])


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ((D(2020, 1, 1), D(2020, 1, 31)), (D(2020, 1, 31), None), True),
        ((D(2020, 1, 1), D(2020, 1, 30)), (D(2020, 1, 31), None), False),
        ((D(2020, 1, 1), None), (D(2019, 1, 1), None), True),
        ((D(2020, 1, 1), None), (D(2019, 1, 1), D(2019, 12, 31)), False),
    ],
)
def test_spans_overlap_when_they_share_a_day(first, second, overlap):
    one, two = Span(Duty.FINANCE, HERE, *first), Span(Duty.FINANCE, HERE, *second)
    assert one.overlaps(two) is two.overlaps(one) is overlap


def test_editors_and_only_editors_belong_to_an_office():
    rules.check_office(Duty.OFFICE_EDITOR, HERE)
    rules.check_office(Duty.CORRESPONDENT, None)
    with pytest.raises(rules.OfficeRequired):
        rules.check_office(Duty.OFFICE_EDITOR, None)
    with pytest.raises(rules.OfficeOnlyForEditors):
        rules.check_office(Duty.CORRESPONDENT, HERE)


@pytest.mark.parametrize("duty", list(Duty))
def test_the_publicity_department_appoints_the_roster_and_no_others(duty):
    publicity = someone(Duty.PUBLICITY_DEPARTMENT)
    if duty in (Duty.CORRESPONDENT, Duty.LEADER_IN_CHARGE):
        rules.check_appoints(publicity, new_id(), duty)
    else:
        with pytest.raises(DutyRequired):
            rules.check_appoints(publicity, new_id(), duty)


@pytest.mark.parametrize("duty", list(Duty))
def test_nobody_appoints_himself(duty):
    admin = someone(Duty.ADMINISTRATOR)
    rules.check_appoints(admin, new_id(), duty)
    with pytest.raises(rules.NotYourself):
        rules.check_appoints(admin, admin.person_id, duty)


def test_a_token_never_hands_out_rights():
    token = Actor(name="示例接口", token_id=new_id(), scopes=frozenset(Scope))
    with pytest.raises(TokensMayNot):
        rules.check_administers(token)
    with pytest.raises(TokensMayNot):
        rules.check_appoints(token, new_id(), Duty.CORRESPONDENT)


def leader(duty=Duty.LEADER_IN_CHARGE, **given) -> Appointment:
    facts = {"person_id": new_id(), "unit_id": HERE, "duty": duty, "post": "示例"}
    facts |= {"starts_on": D(2020, 1, 1), "ends_on": None}
    return Appointment(**facts | given)


async def test_the_absent_leader_and_his_principal_leader_name_a_deputy(db):
    appointment = leader()
    rules.check_grants(SYSTEM, appointment)
    rules.check_grants(someone(person_id=appointment.person_id), appointment)
    rules.check_grants(someone(Duty.PRINCIPAL_LEADER), appointment)


@pytest.mark.parametrize(
    "actor",
    [
        someone(Duty.LEADER_IN_CHARGE),
        someone(Duty.CORRESPONDENT),
        someone(Duty.ADMINISTRATOR),
        someone(held(Duty.PRINCIPAL_LEADER, THERE)),
        someone(held(Duty.PRINCIPAL_LEADER, deputy_for="示例乙")),
    ],
)
async def test_nobody_else_names_a_deputy(db, actor):
    with pytest.raises(rules.NotYoursToGrant):
        rules.check_grants(actor, leader())


async def test_an_administrator_takes_a_grant_back_but_never_makes_one(db):
    rules.check_revokes(someone(Duty.ADMINISTRATOR), leader())
    with pytest.raises(rules.NotYoursToGrant):
        rules.check_revokes(someone(Duty.CORRESPONDENT), leader())


@pytest.mark.parametrize("duty", [duty for duty in Duty if duty not in rules.SIGNING])
def test_only_signing_is_done_by_a_deputy(duty):
    with pytest.raises(rules.NoDeputyFor):
        rules.check_deputy(leader(duty), Person(name="示例乙"), {HERE})


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "fits"),
    [
        (D(2026, 11, 23), D(2026, 11, 23), True),
        (D(2026, 11, 23), D(2027, 11, 23), True),
        (D(2026, 11, 23), D(2027, 11, 24), False),
        (D(2026, 11, 22), D(2026, 12, 1), False),
        (D(2026, 12, 2), D(2026, 12, 1), False),
    ],
)
def test_a_grant_runs_forward_from_today_for_a_year_at_most(starts_on, ends_on, fits):
    if fits:
        rules.check_grant_days(starts_on, ends_on, D(2026, 11, 23))
    else:
        with pytest.raises(rules.GrantDaysWrong):
            rules.check_grant_days(starts_on, ends_on, D(2026, 11, 23))


@pytest.mark.parametrize(
    ("starts_on", "last_day", "undone"),
    [
        (D(2026, 11, 1), D(2026, 11, 1), False),
        (D(2026, 11, 23), D(2026, 11, 22), True),
        (D(2026, 12, 1), D(2026, 11, 23), True),
    ],
)
def test_only_what_never_took_hold_is_undone(starts_on, last_day, undone):
    appointment = leader(starts_on=starts_on)
    assert rules.is_undone(appointment, last_day, D(2026, 11, 23)) is undone


def test_what_was_in_force_cannot_be_undone():
    with pytest.raises(rules.EndsBeforeItBegan):
        rules.is_undone(leader(starts_on=D(2026, 11, 22)), D(2026, 11, 21), D(2026, 11, 23))


PERSON = Person(id=new_id(), name="示例甲", mobile="13800001234")


@pytest.mark.parametrize(
    ("actor", "shown"),
    [
        (someone(held(Duty.CORRESPONDENT, HERE)), "13800001234"),
        (someone(held(Duty.PUBLICITY_DEPARTMENT, THERE)), "13800001234"),
        (someone(person_id=PERSON.id), "13800001234"),
        (SYSTEM, "13800001234"),
        (someone(held(Duty.CORRESPONDENT, THERE)), "138****1234"),
        (someone(held(Duty.ADMINISTRATOR, THERE)), "138****1234"),
        (Actor(name="示例接口", token_id=new_id(), unit_id=HERE), "138****1234"),
    ],
)
def test_a_mobile_is_for_the_own_unit_and_the_publicity_department(actor, shown):
    assert rules.shown_mobile(actor, PERSON, {HERE}) == shown


@pytest.mark.parametrize(
    ("mobile", "shown"), [("", ""), ("12345678", "********"), ("+8613800001234", "+86****1234")]
)
def test_short_numbers_are_hidden_whole(mobile, shown):
    assert rules.masked(mobile) == shown
