"""No refusal, enum or notice without its sentence in both languages, and no sentence without use."""

import importlib
import pkgutil
import re
import string
from enum import Enum
from pathlib import Path

import pytest
from tortoise import Model
from tortoise.fields.data import CharEnumFieldInstance

import domain
from domain.kit import errors, text
from domain.kit.actor import Duty, Scope
from domain.kit.db import FEATURES

KINDS = (
    errors.DomainError, errors.Invalid, errors.NotPermitted, errors.Conflict,
)  # fmt: skip


def load_domain() -> None:
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(module.name)


def subclasses(kind: type) -> set[type]:
    found = set()
    for child in kind.__subclasses__():
        found |= {child} | subclasses(child)
    return found


def refusals() -> list[type[errors.DomainError]]:
    load_domain()
    mine = {
        kind for kind in subclasses(errors.DomainError) if kind.__module__.startswith("domain.")
    }
    return sorted(mine - set(KINDS), key=lambda kind: kind.__qualname__)


def stored_enums() -> set[type[Enum]]:
    load_domain()
    found: set[type[Enum]] = {Duty, Scope}
    for feature in FEATURES:
        module = importlib.import_module(f"domain.{feature}.models")
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, Model) and thing is not Model:
                fields = thing._meta.fields_map.values()
                found |= {f.enum_type for f in fields if isinstance(f, CharEnumFieldInstance)}
    return found


@pytest.mark.parametrize("refusal", refusals(), ids=lambda kind: kind.__name__)
def test_every_refusal_has_a_code_and_both_sentences(refusal):
    entry = text.words()["refusals"][refusal.code]
    assert set(entry) == {"zh", "en"}
    assert re.search(r"[\u4e00-\u9fff]", entry["zh"])
    assert re.search(r"[a-z]", entry["en"])


def test_codes_are_named_after_their_refusals():
    load_domain()
    own = {kind.code for kind in refusals() if "code" in vars(kind)}
    assert {code for code in own if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)} == set()


def test_no_refusal_sentence_is_left_over():
    used = {kind.code for kind in refusals()}
    assert set(text.words()["refusals"]) - used == set()


@pytest.mark.parametrize(
    "enum", sorted(stored_enums(), key=lambda e: e.__name__), ids=lambda e: e.__name__
)
def test_every_stored_enum_is_named_in_both_languages(enum):
    missing = [
        (member.value, language)
        for member in enum
        for language in ("zh", "en")
        if not text.words()["enums"].get(f"{enum.__name__}.{member.value}", {}).get(language)
    ]
    assert missing == []


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_use_the_same_facts():
    differing = {
        (section, key)
        for section, entries in text.words().items()
        for key, entry in entries.items()
        if section != "enums" and placeholders(entry["zh"]) != placeholders(entry["en"])
    }
    assert differing == set()


def test_chinese_sentences_use_full_width_punctuation():
    half = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]")
    offenders = {
        (section, key)
        for section, entries in text.words().items()
        for key, entry in entries.items()
        if half.search(entry["zh"])
    }
    assert offenders == set()


def test_words_stand_in_their_features_only():
    files = {path.parent.name for path in Path(domain.__path__[0]).glob("*/words.toml")}
    assert files <= set(FEATURES) | {"kit"}
