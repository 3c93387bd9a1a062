"""What the example county's units write: by theme, season and kind of unit. All of it invented."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random

from pydantic import BaseModel, ConfigDict

from domain.items.models import InformationType
from domain.units.models import Unit


class Theme(BaseModel):
    """One thing that units write about, in several ways."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    topic: str
    titles: list[str]
    lead: str
    points: list[str]
    end: str
    who: list[str] = []
    """Kinds of unit, or parts of a name; everybody when empty."""
    months: list[int] = []
    type: InformationType = InformationType.DYNAMIC
    stability: bool = False
    counter_measure: str = ""

    def suits(self, unit: Unit, month: int) -> bool:
        in_season = not self.months or month in self.months
        theirs = any(each == unit.kind.value or each in unit.name for each in self.who)
        return in_season and (not self.who or theirs)


class Text(BaseModel):
    """A written item."""

    theme: Theme
    title: str
    first_body: str
    """As it was before an office asked for more."""
    body: str


@cache
def themes() -> Sequence[Theme]:
    path = Path(__file__).with_name("themes.toml")
    listed = tomllib.loads(path.read_text("utf-8"))["themes"]
    return [Theme.model_validate(each) for each in listed]


class Writer:
    """Writes the same texts again from the same seed."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._used: set[str] = set()

    def write(self, unit: Unit, month: int) -> Text:
        theme = self._theme(unit, month)
        chosen = self._points(theme)
        paragraphs = [self._filled(part, unit) for part in (theme.lead, *chosen, theme.end)]
        return Text(
            theme=theme,
            title=self._title(theme, unit),
            first_body=_body(paragraphs[:-2]),
            body=_body(paragraphs),
        )

    def _points(self, theme: Theme) -> list[str]:
        """Some of what there is to say; what is counted 一是、二是 is not taken apart."""
        number = min(len(theme.points), self._random.choice((2, 3, 4)))
        if theme.points[0].startswith("一是"):
            return theme.points[: max(number, 3)]
        points = self._random.sample(theme.points, k=number)
        return [point for point in theme.points if point in points]

    def _theme(self, unit: Unit, month: int) -> Theme:
        """Ordinary news mostly; what is the unit's own trade rather than what all write about."""
        wanted = self._random.choices(list(InformationType), weights=(82, 7, 4, 4, 3), k=1)[0]
        fitting = [theme for theme in themes() if theme.type is wanted and theme.suits(unit, month)]
        weights = [0.3 if theme.stability else 4 if theme.who else 1 for theme in fitting]
        return self._random.choices(fitting, weights=weights, k=1)[0]

    def _title(self, theme: Theme, unit: Unit) -> str:
        titles = [title.replace("{unit}", unit.name) for title in theme.titles]
        self._random.shuffle(titles)
        fresh = next((title for title in titles if title not in self._used), None)
        number = 2
        while fresh is None:
            candidate = f"{titles[0]}（{_chinese(number)}）"
            fresh = candidate if candidate not in self._used else None
            number += 1
        self._used.add(fresh)
        return fresh

    def _filled(self, text: str, unit: Unit) -> str:
        for blank, low, high in (
            ("{a}", 2, 9),
            ("{b}", 11, 96),
            ("{c}", 110, 980),
            ("{d}", 62, 99),
        ):
            while blank in text:
                text = text.replace(blank, str(self._random.randint(low, high)), 1)
        return text.replace("{unit}", unit.name)


def _body(paragraphs: list[str]) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _chinese(number: int) -> str:
    digits = "零一二三四五六七八九十"
    return digits[number] if number <= 10 else str(number)
