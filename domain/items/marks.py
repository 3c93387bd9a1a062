"""Marks of state secrets: on a network not certified for them they are refused, not labelled.

只收公开和内部两级；带密级标志的内容一律拒收，不留存。
"""

import re
import unicodedata
from collections.abc import Iterable

from domain.kit.errors import Invalid

_LEVEL = "(?:[绝絕]密|[机機]密|[秘祕]密)"
_MARKS = {
    "star": re.compile(
        f"{_LEVEL}(?:[★☆⭐]|[★☆]?[0-9]{{1,2}}年[★☆])|[★☆]{_LEVEL}(?![\\u4e00-\\u9fff])"
    ),
    "bracket": re.compile(f"[〔【\\[](?:{_LEVEL}|密)[〕】\\]]"),
    "grade": re.compile(f"密[级級][:]{_LEVEL}"),
    "not-to-be-passed-on": re.compile("内部[资資]料[,，、。!！]*[严嚴]禁外[传傳]"),
}


class MarkedClassified(Invalid):
    """Nothing of the content is kept; the trail notes who, when and which rule."""

    code = "marked-classified"

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field

    @property
    def facts(self) -> dict[str, object]:
        return {}


def rule_hit(text: str) -> str | None:
    """The name of the mark found, however it is spaced or widened; None for clean text.

    The bare word 秘密 is no mark.
    """
    plain = _squeezed(text)
    return next((rule for rule, mark in _MARKS.items() if mark.search(plain)), None)


def first_hit(texts: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """The field and the rule of the first marked text among (field, text) pairs."""
    hits = ((field, rule_hit(text)) for field, text in texts)
    return next(((field, rule) for field, rule in hits if rule), None)


def _squeezed(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text)
    return wide.translate({ord(char): None for char in set(wide) if _is_unseen(char)})


def _is_unseen(char: str) -> bool:
    """Blanks, joiners, variation selectors, strokes laid over a character, fillers."""
    return (
        char.isspace()
        or unicodedata.category(char) in ("Cc", "Cf", "Mn", "Me")
        or char in "\u115f\u1160\u2800"
    )
