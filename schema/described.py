"""Descriptions that are written once: the county's words beside the English name."""

import re
import tomllib
from functools import cache
from pathlib import Path

from strawberry.types.field import StrawberryField

from domain.kit import text

LETTERS = re.compile(r"[A-Za-z`]")


def described(field: StrawberryField) -> str | None:
    """What the contract says of a field: English, then the Chinese term.

    A description of its own wins; one in Chinese alone is put behind the field's name; an input
    without one is called what the county's forms call it.
    """
    own = field.description
    if own is None:
        return _inputs().get(field.python_name) or _as_in_forms(field)
    return own if LETTERS.search(own) else f"{spelled(field)}. {own}"


@cache
def _inputs() -> dict[str, str]:
    return tomllib.loads(Path(__file__).with_name("inputs.toml").read_text("utf-8"))


def _as_in_forms(field: StrawberryField) -> str:
    words = text.words()["fields"].get(field.python_name)
    return f"{words['en'].capitalize()}. {words['zh']}" if words else f"{spelled(field)}."


def spelled(field: StrawberryField) -> str:
    return field.python_name.replace("_", " ").strip().capitalize()
