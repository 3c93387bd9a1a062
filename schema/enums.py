"""Enums of the domain in the contract: same members, described by the county's own words."""

from enum import Enum
from typing import TypeVar

import strawberry

from domain.kit import text

Members = TypeVar("Members", bound=type[Enum])


def enum(kind: Members, description: str, *, name: str | None = None) -> Members:
    """Put a domain enum into the contract. Each member is called what the pages call it."""
    made = strawberry.enum(kind, name=name, description=description)
    for value in vars(made)["__strawberry_definition__"].values:
        member = kind(value.value)
        value.description = f"{text.name(member, 'en').capitalize()}. {text.name(member, 'zh')}"
    return made
