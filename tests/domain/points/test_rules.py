from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from domain.items.models import Genre, InformationType
from domain.kit import text
from domain.kit.errors import Refusals
from domain.outlets.models import AdoptionMode, OutletLevel
from domain.points import rules
from domain.points.reading import PolicyNotJson, PolicyRefused, parse_json, read_policy

NEWS = rules.Traits(information_type=InformationType.DYNAMIC, genre=Genre.NEWS)
RESEARCH = rules.Traits(information_type=InformationType.RESEARCH, genre=Genre.NEWS)
LEVELS = {"县": 1, "州": 3, "省": 5, "国": 10}


def policy(**given):
    return read_policy({"levels": LEVELS} | given)


def run(level="county", **given):
    facts = {"outlet": "示例报", "adopted_on": date(2018, 4, 1)} | given
    return rules.Run(adoption_id=uuid4(), level=OutletLevel(level), **facts)


def points(policy, *runs, traits=NEWS):
    worths = [rules.worth(policy, traits, each) for each in runs]
    return rules.score(policy, traits, worths).points


FOUR = ("county", "county", "prefecture", "province")


@pytest.mark.parametrize(
    ("repeat", "expected"),
    [
        ("highest", 5),
        ("sum", 10),
        ("once_per_level", 9),
        ({"rule": "top_n_levels", "n": 2}, 8),
        ({"rule": "highest", "further": 0.5}, Decimal("7.5")),
        ({"rule": "top_n_levels", "n": 1, "further": 1}, 10),
    ],
)
def test_repeated_adoption_counts_as_the_policy_says(repeat, expected):
    assert points(policy(repeat=repeat), *map(run, FOUR)) == expected


@pytest.mark.parametrize(
    ("given", "one", "expected"),
    [
        ({"outlets": {"示例报": 7}}, {}, 7),
        ({"weight_classes": {"A": 6}}, {"weight_class": "A"}, 6),
        ({"outlets": {"示例报": 7}, "weight_classes": {"A": 6}}, {"weight_class": "A"}, 7),
        ({"merged": {"factor": 0.5}}, {"mode": AdoptionMode.MERGED}, Decimal("0.5")),
        ({"merged": {"points": {"county": 3}}}, {"mode": AdoptionMode.MERGED}, 3),
        ({"merged": {"factor": 0.5}}, {}, 1),
        ({"positions": [{"match": "头版头条", "points": 20}, {"match": "头版", "factor": 2}]},
         {"position": "头版头条"}, 20),
        ({"positions": [{"match": "头版头条", "points": 20}, {"match": "头版", "factor": 2}]},
         {"position": "头版"}, 2),
        ({"genres": {"news": {"bonus": 2}}}, {}, 3),
    ],
)  # fmt: skip
def test_one_adoption_is_worth_what_the_most_special_rule_says(given, one, expected):
    assert points(policy(**given), run(**one)) == expected


def test_research_may_count_double_and_have_points_of_its_own():
    assert points(policy(types={"research": {"factor": 2}}), run(), traits=RESEARCH) == 2
    own = policy(types={"research": {"points": {"州": 20}}})
    assert points(own, run("prefecture"), run("county"), traits=RESEARCH) == 20
    assert points(own, run("prefecture")) == 3


def test_a_bonus_is_given_once_an_item():
    double = policy(repeat="sum", types={"dynamic": {"bonus": 2}})
    assert points(double, run(), run()) == 4
    assert points(double) == 0


def test_points_are_rounded_half_up_and_capped():
    assert points(policy(levels={"县": 0.25})) == 0
    assert points(policy(levels={"县": 0.25}), run()) == Decimal("0.3")
    assert points(policy(levels={"县": 0.25}, rounding=0.01), run()) == Decimal("0.25")
    assert points(policy(levels={"县": 2.5}, rounding=1), run()) == 3
    assert points(policy(repeat="sum", item_cap=6), *map(run, FOUR)) == 6


def test_month_end_deductions_stop_at_the_floor():
    strict = policy(
        month_end={
            "missing_item": -2, "quota_missed": -5, "floor": 0,
            "adoption_rate": {"below": 30, "points": -1},
        }
    )  # fmt: skip

    def end(**month):
        return sum(step.amount for step in rules.at_month_end(strict, rules.Ended(**month)))

    assert end(quota=3, submitted=1, adopted=1, points=Decimal(20)) == -9
    assert end(quota=3, submitted=4, adopted=1, points=Decimal(20)) == -1
    assert end(quota=3, submitted=4, adopted=2, points=Decimal(20)) == 0
    assert end(quota=3, submitted=0, adopted=0, points=Decimal(4)) == -4
    assert end(quota=3, submitted=0, adopted=0, points=Decimal(-1)) == 0


@pytest.mark.parametrize(
    ("rules_", "code", "path"),
    [
        ({}, "policy-key-missing", "levels"),
        ([], "policy-shape-wrong", "$"),
        ({"levels": {"村": 1}}, "policy-choice-wrong", "levels.村"),
        ({"levels": {"县": 1, "county": 2}}, "policy-shape-wrong", "levels"),
        ({"levels": {"县": True}}, "policy-number-wrong", "levels.county"),
        ({"levels": {"县": "many"}}, "policy-number-wrong", "levels.county"),
        ({"levels": {"县": 1e9}}, "policy-number-wrong", "levels.county"),
        ({"levels": {"县": float("nan")}}, "policy-number-wrong", "levels.county"),
        ({"levels": {"县": -1}}, "policy-sign-wrong", "levels.county"),
        ({"levels": LEVELS, "level": {}}, "policy-key-unknown", "level"),
        ({"levels": LEVELS, "repeat": "max"}, "policy-choice-wrong", "repeat.rule"),
        ({"levels": LEVELS, "repeat": {"rule": "top_n_levels"}}, "policy-levels", "repeat"),
        ({"levels": LEVELS, "rounding": 0.5}, "policy-choice-wrong", "rounding"),
        ({"levels": LEVELS, "merged": {}}, "policy-factor-or-points", "merged"),
        ({"levels": LEVELS, "positions": [{"match": "头版"}]}, "policy-factor-or-points",
         "positions.0"),
        ({"levels": LEVELS, "month_end": {"missing_item": 1}}, "policy-sign-wrong",
         "month_end.missing_item"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_policy_is_said_with_its_place(rules_, code, path):
    with pytest.raises(PolicyRefused) as refused:
        read_policy(rules_)
    assert (refused.value.code, refused.value.path) == (code, path)
    for language in ("zh", "en"):
        assert path in text.refusal(refused.value, language)


def test_several_mistakes_are_said_at_once():
    with pytest.raises(Refusals) as refused:
        read_policy({"levels": {"县": -1}, "x": 1})
    assert [error.path for error in refused.value.errors] == ["levels.county", "x"]


def test_numbers_in_a_file_are_exact():
    assert parse_json(b'\xef\xbb\xbf{"levels": {"county": 0.1}}') == {
        "levels": {"county": Decimal("0.1")}
    }
    with pytest.raises(PolicyNotJson) as refused:
        parse_json(b'{\n"levels": }')
    assert refused.value.path == "2:11"
