"""A ledger line in words: 「为什么是这个分」. Pure. (I2)"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from domain.items.models import Genre, InformationType
from domain.kit import text
from domain.kit.clock import Month
from domain.outlets.models import OutletLevel
from domain.points.models import LedgerEntry

_LABELS: tuple[type[Enum], ...] = (OutletLevel, InformationType, Genre)
_ABOUT_ITEMS = ("sending", "sending-without-policy", "sending-withdrawn", "withdrawn")
_AT_MONTH_END = ("task-met", "task-missed", "items-short", "adoption-rate", "floor")


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of a unit's month, with the item's title where the reader may know it."""

    entry: LedgerEntry
    title: str | None

    def sentence(self, language: text.Language) -> str:
        parts = [self._what(language), *self._steps(language), *self._together(language)]
        if self.entry.late_from is not None:
            parts.append(_say("late", language, month=str(Month(self.entry.late_from))))
        return _say("joint", language).join(part for part in parts if part) + _say("end", language)

    def _what(self, language: text.Language) -> str:
        entry, facts = self.entry, self.entry.facts
        if entry.rule in (*_AT_MONTH_END, "corrected"):
            return _say(
                entry.rule,
                language,
                label=facts.get("label", ""),
                amount=entry.points,
                reason=entry.reason,
            )
        code = entry.rule if entry.rule in _ABOUT_ITEMS else "adopted"
        if entry.rule.endswith("recounted"):
            code = "recounted"
        return _say(
            code,
            language,
            title=self._title(language),
            outlet=self._outlet(language),
            day=facts.get("adopted_on", ""),
            reason=self._reason(language),
            name=facts.get("name", ""),
            number=facts.get("number", ""),
        )

    def _title(self, language: text.Language) -> str:
        return self.title or _say("not-shown", language)

    def _reason(self, language: text.Language) -> str:
        """Why an adoption was withdrawn may tell what the item is about."""
        about_item = self.entry.item_id is not None and self.title is None
        return _say("not-shown", language) if about_item else self.entry.reason

    def _outlet(self, language: text.Language) -> str:
        """A restricted item's outlet would say too much; its level is counted in any case."""
        if self.title is None:
            return _label(str(self.entry.facts.get("level", "")), language)
        return str(self.entry.facts.get("outlet", ""))

    def _steps(self, language: text.Language) -> list[str]:
        steps: Any = self.entry.facts.get("steps", ())
        return [
            _say(
                f"by-{step['code']}",
                language,
                label=self._shown(step, language),
                amount=Decimal(step["amount"]),
            )
            for step in steps
            if step["code"] != "sending" or Decimal(step["amount"])
        ]

    def _shown(self, step: dict[str, str], language: text.Language) -> str:
        if step["code"] == "outlet":
            return self._outlet(language)
        return _label(step["label"], language)

    def _together(self, language: text.Language) -> list[str]:
        """How the item's adoptions count together, where that is not simply this one's points."""
        facts = self.entry.facts
        if "total" not in facts or Decimal(str(facts.get("worth", 0))) == self.entry.points:
            return []
        code = f"repeat-{facts['repeat']}" if facts["left_out"] else "together"
        total, before = Decimal(str(facts["total"])), Decimal(str(facts["before"]))
        return [_say(code, language, total=total, before=before)]


def _label(value: str, language: text.Language) -> str:
    """What a level, type or genre is called; other labels are names already."""
    for kind in _LABELS:
        if value in {member.value for member in kind}:
            return text.name(kind(value), language)
    return value


def _say(code: str, language: text.Language, **facts: object) -> str:
    return text.say("rules", code, language, **facts)
