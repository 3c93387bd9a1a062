from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.circulars.data import CircularData, DamagedDataError, percent
from tests.domain.circulars.documents.figures import CHANGE, FOUR, LATE, TOWNSHIPS, april, line


@pytest.mark.parametrize(
    ("part", "whole", "rate"),
    [
        (16, 28, "57.1"),
        (8, 15, "53.3"),
        (1, 8, "12.5"),
        (1, 2000, "0.1"),
        (7, 14, "50"),
        (0, 0, "0"),
    ],
)
def test_rates_have_one_decimal_and_round_halves_up(part, whole, rate):
    assert percent(part, whole) == Decimal(rate)


def test_a_unit_without_quota_has_no_completion():
    assert line("示例镇", 1, quota=None).completion_rate == 0


def test_an_exempt_unit_is_no_zero_reporter():
    silent = line("示例镇", 1, submitted=0)
    assert (silent.is_zero_report, replace(silent, exempt=True).is_zero_report) == (True, False)


@pytest.mark.parametrize(("previous", "movement"), [(3, 2), (1, 0), (None, None)])
def test_movement_counts_places_gained(previous, movement):
    assert line("示例镇", 1, rank=1, previous_rank=previous).movement == movement


def test_lines_stand_by_rank_and_ties_in_unit_order():
    assert [each.unit for each in april().lines] == ["堃喆玥乡", "示例镇", "县教育局", "县统计局"]


def test_lines_stand_in_unit_order_when_asked():
    shown = april(reversed(FOUR), order="units")
    assert [each.unit for each in shown.lines] == [each.unit for each in FOUR]
    assert [each.unit for each in shown.ranked_in(TOWNSHIPS)] == ["示例镇", "堃喆玥乡"]


def test_a_group_stands_by_its_own_rank():
    assert [each.group_rank for each in april().ranked_in(TOWNSHIPS)] == [1, 2]


def test_data_comes_back_from_json_as_it_was():
    data = april(late=(LATE,), changes=(CHANGE,), unconfirmed=("县委办公室",))
    assert CircularData.from_json(orjson.loads(orjson.dumps(data.as_json()))) == data


@given(
    st.integers(0, 999),
    st.decimals(0, 9999, places=2),
    st.none() | st.integers(1, 200),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
)
def test_any_line_round_trips_to_the_same_bytes(submitted, points, previous, unit):
    data = april([line(unit, 1, submitted=submitted, points=points, previous_rank=previous)])
    again = CircularData.from_json(orjson.loads(orjson.dumps(data.as_json())))
    assert (again, again.canonical()) == (data, data.canonical())


def test_the_order_in_which_lines_were_counted_leaves_no_trace():
    assert april(FOUR).canonical() == april(reversed(FOUR)).canonical()


def test_the_hash_is_that_of_everything_else_with_sorted_keys():
    facts = april().as_json()
    frozen = facts.pop("sha256")
    assert sha256(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)).hexdigest() == frozen


def test_numbers_are_json_numbers():
    first = april().as_json()["lines"][0]
    assert (first["points"], first["totalPoints"], first["sameDayRate"]) == (7.5, 20, 66.7)
    assert type(first["totalPoints"]) is int


def test_json_names_what_a_reader_looks_for():
    assert april().as_json()["lines"][0] == {
        "unitId": "0190-0002",
        "unit": "堃喆玥乡",
        "kind": "township",
        "group": "乡镇",
        "order": 2,
        "quota": 2,
        "exempt": False,
        "submitted": 3,
        "sameDay": 2,
        "adopted": 2,
        "completionRate": 150,
        "sameDayRate": 66.7,
        "adoptionRate": 66.7,
        "levels": {"county": 1, "prefecture": 1, "province": 0, "nation": 0},
        "points": 7.5,
        "totalPoints": 20,
        "rank": 1,
        "groupRank": 1,
        "previousRank": 3,
        "zeroReport": False,
    }


def test_changed_figures_are_refused():
    facts = april().as_json()
    facts["lines"][0]["points"] = 99
    with pytest.raises(DamagedDataError):
        CircularData.from_json(facts)
