"""The tour tells the truth: its files exist, its data model is the models'."""

import re

from tests.architecture.diagram import TOUR, with_diagram

ROOT = TOUR.parents[1]


def test_the_data_model_is_drawn_from_the_models():
    text = TOUR.read_text("utf-8")
    assert with_diagram(text) == text


def test_every_file_the_tour_names_exists():
    text = TOUR.read_text("utf-8")
    named = set(
        re.findall(
            r"`((?:domain|schema|api|web|workers|xinbao|migrations|tests|docs)/[\w./-]+)`", text
        )
    )
    assert {name for name in named if not (ROOT / name).exists()} == set()
    assert len(named) >= 20
