"""Each refusal of units, people and quotas can be said, with its facts filled in."""

from datetime import date, datetime

import pytest

from domain.kit import inputs, text
from domain.kit.actor import Duty, Scope
from domain.kit.clock import COUNTY, Month
from domain.people import keys, passwords
from domain.people import rules as people
from domain.quotas import rules as quotas
from domain.units import rules as units

DAY, LATER = date(2018, 3, 26), date(2018, 4, 1)
APRIL = Month.parse("2018-04")

REFUSALS = [
    inputs.InputMissing("post"),
    inputs.InputTooLong("person_name", 41, 40),
    inputs.InputNotPlain("mobile"),
    units.UnitNameTaken("示例乡"),
    units.EndsBeforeItBegins(LATER, DAY),
    units.UnitClosed("示例乡", DAY),
    units.SuccessorGoesInCircles("示例镇"),
    units.SuccessorNotThere("示例镇", DAY),
    units.LineOrderUnknown("alphabet"),
    units.TopicTaken("示例"),
    units.OfficeTaken("示例办"),
    units.NoCountyYet(),
    people.PersonInactive("示例甲"),
    people.NotYourself(),
    people.DutiesDoNotMix("示例甲", Duty.AUDITOR, Duty.ADMINISTRATOR),
    people.OfficeRequired(),
    people.OfficeOnlyForEditors(Duty.FINANCE),
    people.AlreadyAppointed("示例甲", Duty.FINANCE, DAY),
    people.AppointmentOver(DAY),
    people.EndsBeforeItBegan(LATER, DAY),
    people.NotYoursToGrant(),
    people.NoDeputyFor(Duty.FINANCE),
    people.OwnDeputy("示例甲"),
    people.DeputyFromOutside("示例甲", "示例乡"),
    people.GrantDaysWrong(LATER, DAY),
    keys.LoginNotUsable("a b"),
    keys.LoginTaken("shili"),
    keys.AccountExists("示例甲", "shili"),
    keys.SignInRefused(),
    keys.AccountLocked(datetime(2018, 3, 26, 9, 15, tzinfo=COUNTY)),
    keys.WrongPassword(),
    keys.ScopesMissing(),
    keys.TokenUnitWrong(Scope.SUBMIT),
    keys.TokenDaysWrong(400),
    passwords.PasswordLength(3),
    passwords.PasswordCommon(),
    passwords.PasswordTellsName(),
    passwords.PasswordUnchanged(),
    quotas.QuotaNeedsReason(6),
    quotas.QuotaImpossible(100),
    quotas.MonthClosed(APRIL, APRIL.next),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_every_refusal_can_be_said_in_both_languages(refusal):
    chinese, english = text.refusal(refusal, "zh"), text.refusal(refusal, "en")
    assert chinese.endswith("。")
    assert english.endswith(".")
    assert "{" not in chinese + english


def test_no_refusal_of_these_features_is_left_out():
    modules = (inputs, units, people, keys, passwords, quotas)
    made = {
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type)
        and thing.__module__ == module.__name__
        and hasattr(thing, "code")
    }
    assert made == {type(refusal) for refusal in REFUSALS}


def test_an_input_is_blamed_by_the_name_people_know():
    assert text.refusal(inputs.InputMissing("post"), "zh") == "“职务”必填，现在是空的。请填写。"
    assert text.refusal(inputs.InputMissing("post"), "en") == "“post” must be filled in."


def test_a_lock_tells_until_when_in_county_time():
    refusal = keys.AccountLocked(datetime(2018, 3, 26, 9, 15, tzinfo=COUNTY))
    assert text.refusal(refusal, "zh").startswith("密码连续错了 5 次，已锁定到 2018-03-26 09:15。")
