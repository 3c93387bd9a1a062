"""Sentences for codes and enums, in simplified Chinese and in English.

Each feature keeps its words in `domain/<feature>/words.toml`; nothing else in the core is a
sentence. Tests hold that no code and no enum member lacks either language.
"""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Literal

from domain.kit.clock import COUNTY
from domain.kit.errors import DomainError, Refusals

Language = Literal["zh", "en"]
Section = Literal["refusals", "enums", "verbs", "notices", "jobs", "fields", "rules"]


@cache
def words() -> dict[str, dict[str, dict[str, str]]]:
    """All features' words: section → key → language → text. Enum keys are `Class.member`."""
    merged: dict[str, dict[str, dict[str, str]]] = {}
    for path in sorted(Path(__file__).parents[1].glob("*/words.toml")):
        for section, entries in tomllib.loads(path.read_text("utf-8")).items():
            merged.setdefault(section, {}).update(_flat(entries))
    return merged


def _flat(entries: Mapping[str, Any], prefix: str = "") -> dict[str, dict[str, str]]:
    flat: dict[str, dict[str, str]] = {}
    for key, value in entries.items():
        if {"zh", "en"} <= value.keys():
            flat[prefix + key] = dict(value)
        else:
            flat |= _flat(value, f"{prefix}{key}.")
    return flat


def say(section: Section, key: str, language: Language, **facts: object) -> str:
    """The sentence for a key, filled with facts. Raises KeyError for an unknown key."""
    text = words()[section][key][language]
    return text.format(**{name: show(fact, language) for name, fact in facts.items()})


def name(member: Enum, language: Language) -> str:
    """What an enum member is called."""
    return say("enums", f"{type(member).__name__}.{member.value}", language)


def refusal(error: DomainError, language: Language) -> str:
    """What was wrong, why, and what to do."""
    if isinstance(error, Refusals):
        return " ".join(refusal(each, language) for each in error.errors)
    return say("refusals", error.code, language, **error.facts | _blamed(error, language))


def _blamed(error: DomainError, language: Language) -> dict[str, str]:
    """The input to blame, by the name people know it by."""
    called = words().get("fields", {}).get(error.field or "", {})
    return {"field": called.get(language) or error.field or ""}


def show(fact: object, language: Language) -> str:
    """A fact as people write it."""
    if isinstance(fact, Enum):
        return name(fact, language)
    if isinstance(fact, datetime):
        return fact.astimezone(COUNTY).strftime("%Y-%m-%d %H:%M")
    if isinstance(fact, Decimal):
        return f"{fact.normalize():f}"
    if isinstance(fact, Iterable) and not isinstance(fact, str):
        return ("、" if language == "zh" else ", ").join(show(each, language) for each in fact)
    return "" if fact is None else str(fact)
