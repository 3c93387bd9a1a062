"""Tables: what is restricted, late, complete, and what a signature covers."""

from datetime import date
from types import SimpleNamespace
from uuid import UUID

import pytest

from domain.items import completeness, rules
from domain.items.models import (
    Attachment,
    Field,
    Genre,
    InformationType,
    ItemState,
)
from domain.kit import clock
from domain.kit.actor import SYSTEM, Actor, Duty, Held, Scope
from domain.kit.errors import DutyRequired, ScopeMissing
from domain.units.models import Topic, Unit, UnitKind

DAY = date(2018, 3, 26)
UNIT, OTHER = UUID(int=1), UUID(int=2)


def unit(**given) -> Unit:
    return Unit(name="示例乡", kind=UnitKind.TOWNSHIP, rank_group="乡镇", position=1, **given)


def item(**given):
    """What the rule reads of an item; relations of real ones need a database."""
    facts = {
        "unit": unit(), "reporter": "示例人", "title": "示例", "body": "<p>示例</p>",
        "information_type": InformationType.DYNAMIC, "genre": Genre.NEWS, "topic": None,
        "field": None, "counter_measure": "", "occurred_on": DAY, "stability_related": False,
    }  # fmt: skip
    facts |= given
    return SimpleNamespace(**facts, topic_id=facts["topic"] and facts["topic"].id)


def picture(position=1, **given) -> Attachment:
    facts = {"sha256": "a" * 64, "caption": "示例", "media_type": "image/png", "size": 1}
    return Attachment(name="a.png", position=position, **facts | given)


def sha(item, *attachments):
    return rules.content_sha256(rules.content_of(item, attachments))


COVERED = [
    {"title": "别的"}, {"body": "<p>别的</p>"}, {"information_type": InformationType.RESEARCH},
    {"genre": Genre.COMMENTARY}, {"topic": Topic(name="生态保护", position=1)},
    {"field": Field.CULTURE}, {"counter_measure": "对策"}, {"occurred_on": date(2018, 3, 25)},
    {"stability_related": True}, {"reporter": "别人"},
]  # fmt: skip


@pytest.mark.parametrize("given", COVERED, ids=lambda given: next(iter(given)))
def test_a_signature_covers(given):
    assert sha(item(**given)) != sha(item())


@pytest.mark.parametrize(
    "given",
    [{"is_major": True}, {"submit_when_signed": False}, {"round": 2}, {"version": 9}],
    ids=lambda given: next(iter(given)),
)
def test_a_signature_does_not_cover(given):
    assert sha(item(**given)) == sha(item())


def test_a_signature_covers_the_unit_and_the_files_with_their_captions_and_order():
    other = item()
    other.unit.name = "示例镇"
    first, second = picture(1), picture(2, sha256="b" * 64)
    different = [
        sha(item()), sha(other), sha(item(), first), sha(item(), picture(caption="别的")),
        sha(item(), first, second), sha(item(), picture(2), picture(1, sha256="b" * 64)),
    ]  # fmt: skip
    assert len(set(different)) == len(different)
    assert sha(item(), first, second) == sha(item(), second, first)


@pytest.mark.parametrize(
    ("line", "kind", "stability", "restricted", "review"),
    [
        (False, InformationType.DYNAMIC, False, False, False),
        (True, InformationType.DYNAMIC, False, True, True),
        (False, InformationType.DYNAMIC, True, True, True),
        (False, InformationType.PROBLEM, False, True, False),
        (False, InformationType.RESEARCH, False, False, False),
    ],
)
def test_what_is_restricted_and_what_is_reviewed(line, kind, stability, restricted, review):
    of = unit(restricted_line=line)
    assert rules.is_restricted(of, kind, stability_related=stability) == restricted
    assert rules.needs_confidentiality_review(of, stability_related=stability) == review


@pytest.mark.parametrize(
    ("moment", "same_day", "late"),
    [
        (clock.at(DAY), True, 0),
        (clock.at(DAY, 23, 59), True, 0),
        (clock.at(date(2018, 3, 27)), False, 1),
        (clock.at(date(2018, 4, 2), 9), False, 7),
        (clock.at(date(2018, 3, 25), 23), False, 0),
    ],
)
def test_the_same_day_is_the_countys_calendar_day(moment, same_day, late):
    assert rules.is_same_day(DAY, moment) == same_day
    assert rules.days_late(DAY, moment) == late


def test_the_zone_of_the_machine_does_not_matter():
    midnight_in_utc = clock.at(DAY, 7, 59).astimezone(clock.ZoneInfo("UTC"))
    assert midnight_in_utc.date() == date(2018, 3, 25)
    assert rules.is_same_day(DAY, midnight_in_utc)


def held(duty, unit_id=UNIT):
    return Held(duty=duty, post="示例", unit_id=unit_id, unit_name="示例")


def person(*duties, unit_id=UNIT):
    return Actor(
        name="示例", person_id=OTHER, unit_id=unit_id, held=tuple(held(each) for each in duties)
    )


def test_each_author_writes_for_his_own_unit():
    for duty in rules.AUTHORS:
        assert rules.authoring_unit(person(duty)) == UNIT
        with pytest.raises(DutyRequired):
            rules.authoring_unit(person(duty), OTHER)
    assert rules.authoring_unit(SYSTEM, OTHER) == OTHER
    with pytest.raises(DutyRequired):
        rules.authoring_unit(person(Duty.ADMINISTRATOR))
    with pytest.raises(DutyRequired):
        rules.authoring_unit(SYSTEM)


def test_a_token_writes_for_its_unit_with_the_scope_alone():
    token = Actor(name="示例", token_id=OTHER, unit_id=UNIT, scopes=frozenset({Scope.SUBMIT}))
    assert rules.authoring_unit(token) == UNIT
    with pytest.raises(DutyRequired):
        rules.authoring_unit(token, OTHER)
    with pytest.raises(ScopeMissing):
        rules.authoring_unit(
            Actor(name="示例", token_id=OTHER, unit_id=UNIT, scopes=frozenset({Scope.READ}))
        )


DRAFT, PENDING, SIGNED, RETURNED = (
    ItemState.DRAFT,
    ItemState.PENDING_SIGN_OFF,
    ItemState.SIGNED_OFF,
    ItemState.RETURNED,
)


@pytest.mark.parametrize(
    ("state", "changed", "raised", "before", "after"),
    [
        (DRAFT, True, False, False, DRAFT),
        (PENDING, False, False, False, PENDING),
        (PENDING, True, False, False, DRAFT),
        (PENDING, True, False, True, RETURNED),
        (PENDING, False, True, False, PENDING),
        (SIGNED, False, False, False, SIGNED),
        (SIGNED, True, False, False, DRAFT),
        (SIGNED, True, True, False, DRAFT),
        (SIGNED, False, True, False, PENDING),
        (SIGNED, True, False, True, RETURNED),
        (RETURNED, True, False, True, RETURNED),
    ],
)
def test_what_an_edit_does_to_the_state(state, changed, raised, before, after):
    assert (
        rules.state_after_edit(state, text_changed=changed, raised=raised, submitted_before=before)
        is after
    )


def test_a_title_has_at_most_120_characters():
    completeness.check_title("示" * 120)
    with pytest.raises(completeness.TitleTooLong) as refused:
        completeness.check_title("示" * 121)
    assert refused.value.facts == {"length": 121, "limit": 120}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  示例\t标题 \n", "示例 标题"),
        ("示\u200b例\u202e题", "示例题"),
        ("示例\x00题", "示例题"),
        ("e\u0301", "é"),
        ("\ud800示例", "示例"),
    ],
)
def test_a_line_is_kept_composed_and_printable(given, kept):
    assert rules.tidy(given) == kept


def test_several_lines_stay_several():
    assert rules.tidy_lines(" 一 \r\n二\x07\n\n三 ") == "一\n二\n\n三"
