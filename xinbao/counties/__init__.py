"""Counties ready to be entered: as data, in TOML. Nothing in them is a person."""

import json
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from domain.kit.actor import Duty
from domain.outlets.models import OutletKind, OutletLevel
from domain.units.models import UnitKind


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class County(_Part):
    name: str
    document_word: str
    is_example: bool = False


class Office(_Part):
    name: str
    mailbox: str
    unit: str | None = None
    issues_monthly: bool = False


class Outlet(_Part):
    name: str
    level: OutletLevel
    kind: OutletKind
    office: str | None = None


class Units(_Part):
    """Units alike in kind and monthly task."""

    kind: UnitKind
    names: list[str]
    quota: int
    restricted: bool = False


class Quotas(_Part):
    from_month: str = "2000-01"


class Chain(_Part):
    ordinary: list[Duty]
    major: list[Duty]
    restricted_first: list[Duty]


class Policy(_Part):
    name: str
    rules: dict[str, Any]


class Document(_Part):
    title: str
    document_number: str
    issuers: list[str]
    issue_date: date
    annexes: list[str]


class Preset(_Part):
    """Everything a county needs before its people are entered."""

    county: County
    offices: list[Office]
    topics: list[str]
    chain: Chain
    outlets: list[Outlet] = []
    units: list[Units] = []
    quotas: Quotas = Quotas()
    policy: Policy | None = None
    document: Document | None = None


def names() -> Sequence[str]:
    """The presets for real counties."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.toml"))


def read(name: str, **blanks: str) -> Preset:
    """A preset by its name, its {blanks} filled. Raises FileNotFoundError."""
    text = Path(__file__).with_name(f"{name}.toml").read_text("utf-8")
    for blank, filling in blanks.items():
        text = text.replace(f"{{{blank}}}", json.dumps(filling, ensure_ascii=False)[1:-1])
    return Preset.model_validate(tomllib.loads(text))
