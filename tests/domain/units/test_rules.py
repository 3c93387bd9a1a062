from datetime import date

import pytest

from domain.kit.actor import SYSTEM, Actor, Duty, Held, Scope
from domain.kit.errors import DutyRequired, ScopeMissing
from domain.kit.ids import new_id
from domain.units import rules
from domain.units.models import Unit, UnitKind

HERE = new_id()


def a_unit(**given) -> Unit:
    facts = {
        "name": "示例乡",
        "kind": UnitKind.TOWNSHIP,
        "rank_group": "乡镇",
        "valid_from": date(2018, 1, 1),
        "valid_until": None,
        "position": 1,
    }
    return Unit(**facts | given)


def a_person(*duties: Duty) -> Actor:
    held = tuple(Held(duty=duty, post="示例", unit_id=HERE, unit_name="示例乡") for duty in duties)
    return Actor(name="示例甲", person_id=new_id(), held=held)


def a_token(*scopes: Scope, unit_id=None) -> Actor:
    return Actor(name="示例接口", token_id=new_id(), scopes=frozenset(scopes), unit_id=unit_id)


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        (UnitKind.TOWNSHIP, "乡镇"),
        (UnitKind.COUNTY_DEPARTMENT, "县级部门"),
        (UnitKind.STATIONED_UNIT, "驻县单位"),
        (UnitKind.ENTERPRISE_INSTITUTION, "企事业单位"),
    ],
)
def test_every_kind_is_ranked_in_its_own_group(kind, group):
    assert rules.default_group(kind) == group


@pytest.mark.parametrize(
    ("present", "given", "after"),
    [
        ("乡镇", None, "县级部门"),
        ("牧区", None, "牧区"),
        ("乡镇", "一组", "一组"),
        ("乡镇", "", "县级部门"),
    ],
)
def test_a_unit_in_its_kinds_group_follows_its_kind(present, given, after):
    unit = a_unit(rank_group=present)
    assert rules.group_after(unit, UnitKind.COUNTY_DEPARTMENT, given) == after


@pytest.mark.parametrize(
    ("day", "there"),
    [
        (date(2017, 12, 31), False),
        (date(2018, 1, 1), True),
        (date(2020, 6, 30), True),
        (date(2020, 7, 1), False),
    ],
)
def test_a_unit_is_there_from_its_first_to_its_last_day(day, there):
    assert rules.is_current(a_unit(valid_until=date(2020, 6, 30)), day) is there


def test_the_last_day_may_be_the_first_but_not_before_it():
    rules.check_days(date(2018, 1, 1), date(2018, 1, 1))
    with pytest.raises(rules.EndsBeforeItBegins) as refusal:
        rules.check_days(date(2018, 1, 1), date(2017, 12, 31))
    assert refusal.value.facts == {
        "first_day": date(2018, 1, 1),
        "last_day": date(2017, 12, 31),
    }


def test_a_unit_is_no_heir_of_itself():
    unit, successor = a_unit(), a_unit(name="示例镇")
    with pytest.raises(rules.SuccessorGoesInCircles):
        rules.check_successor(unit, successor, {successor.id, unit.id}, date(2020, 1, 1))


@pytest.mark.parametrize(
    ("first", "last", "fits"),
    [
        (date(2019, 1, 1), None, True),
        (date(2020, 1, 2), None, True),
        (date(2020, 1, 3), None, False),
        (date(2018, 1, 1), date(2020, 1, 1), False),
        (date(2018, 1, 1), date(2020, 1, 2), True),
    ],
)
def test_a_successor_is_there_on_the_day_after(first, last, fits):
    unit, successor = a_unit(), a_unit(name="示例镇", valid_from=first, valid_until=last)
    if fits:
        rules.check_successor(unit, successor, {successor.id}, date(2020, 1, 1))
        return
    with pytest.raises(rules.SuccessorNotThere) as refusal:
        rules.check_successor(unit, successor, {successor.id}, date(2020, 1, 1))
    assert refusal.value.day == date(2020, 1, 2)


@pytest.mark.parametrize(
    ("actor", "refused"),
    [
        (SYSTEM, None),
        (a_person(Duty.ADMINISTRATOR), None),
        (a_person(Duty.PRINCIPAL_LEADER), DutyRequired),
        (a_person(), DutyRequired),
        (a_token(Scope.ADMINISTER), None),
        (a_token(Scope.READ, Scope.SUBMIT), ScopeMissing),
        (a_token(Scope.ADMINISTER, unit_id=HERE), ScopeMissing),
        (Actor(name=""), DutyRequired),
    ],
)
def test_registers_are_kept_by_administrators_and_county_wide_tokens(actor, refused):
    if refused is None:
        rules.check_manages(actor, Duty.ADMINISTRATOR)
    else:
        with pytest.raises(refused):
            rules.check_manages(actor, Duty.ADMINISTRATOR)


@pytest.mark.parametrize("order", ["rank", "units"])
def test_circulars_list_units_by_rank_or_in_their_order(order):
    rules.check_line_order(order)


def test_circulars_list_units_in_no_other_order():
    with pytest.raises(rules.LineOrderUnknown):
        rules.check_line_order("alphabet")
