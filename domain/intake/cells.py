"""Cells as people write them, and what they mean. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from domain.intake.rules import NotADate, NotAMonth, NotANumber, NotYesOrNo, UnknownChoice
from domain.kit.clock import COUNTY, Month, at

Member = TypeVar("Member", bound=StrEnum)


def plain(text: str) -> str:
    """A heading or choice without width, spaces, brackets' content and case."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】", "", text)
    return re.sub(r"[\s*:_·、]+", "", text).casefold()


def as_text(value: object) -> str:
    """A cell as people read it: 13800000000 and not 1.38e10, 2018-04-03 and not 43193."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time() else "%Y-%m-%d %H:%M")
    text = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\u200b]", "", text).strip()


def as_moment(column: str, value: object, *, hour: int = 12) -> datetime:
    """A date cell, or a date as people write it, with or without a time of day.

    Without one it is noon: the day is what counts. Raises NotADate.
    """
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=COUNTY)
        return moment.replace(hour=hour) if moment.time() == time() else moment
    if isinstance(value, date):
        return at(value, hour)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(column, value, hour)
    return _from_text(column, as_text(value), hour)


def as_date(column: str, value: object) -> date:
    """Raises NotADate."""
    return as_moment(column, value).date()


WRITTEN = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[ T]+(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?)?"
)


def _from_text(column: str, text: str, hour: int) -> datetime:
    text = unicodedata.normalize("NFKC", text)
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    found = WRITTEN.fullmatch(text)
    if not found:
        raise NotADate(column, text)
    year, month, day, *clock = found.groups()
    hours, minutes = (int(part) for part in clock) if clock[0] else (hour, 0)
    try:
        return at(date(int(year), int(month), int(day)), hours, minutes)
    except ValueError:
        raise NotADate(column, text) from None


def _from_number(column: str, value: float, hour: int) -> datetime:
    """20180403, or a spreadsheet's count of days whose cell has lost its date format."""
    if 20_000 <= value < 80_000:
        day = date.fromordinal(date(1899, 12, 30).toordinal() + int(value))
        return at(day, hour)
    return _from_text(column, as_text(value), hour)


def as_month(column: str, value: object) -> Month:
    """2018-04, 2018年4月, 201804, or any day of it. Raises NotAMonth."""
    if isinstance(value, date):
        return Month.of(value)
    text = unicodedata.normalize("NFKC", as_text(value))
    found = re.fullmatch(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?", text)
    if found and 1 <= int(found[2]) <= 12 and int(found[1]) >= 1900:
        return Month(date(int(found[1]), int(found[2]), 1))
    try:
        return Month.of(as_date(column, value))
    except NotADate:
        raise NotAMonth(column, text) from None


def as_year(column: str, value: object) -> int:
    """2018 or 2018年. Raises NotANumber."""
    text = as_text(value).removesuffix("年度").removesuffix("年").strip()
    if not re.fullmatch(r"(19|20)\d\d", text):
        raise NotANumber(column, as_text(value))
    return int(text)


YES = {"是", "√", "✓", "y", "yes", "true", "1", "有", "免", "免除", "重大"}
NO = {"", "否", "×", "x", "n", "no", "false", "0", "无", "一般", "普通", "-", "—", "/"}


def as_bool(column: str, value: object) -> bool:
    """是 or 否; blank is 否. Raises NotYesOrNo."""
    text = plain(as_text(value))
    if text in YES:
        return True
    if text in NO:
        return False
    raise NotYesOrNo(column, as_text(value))


def as_count(column: str, value: object) -> int:
    """A whole number, with or without its measure word: 3, 3条. Raises NotANumber."""
    text = unicodedata.normalize("NFKC", as_text(value)).removesuffix("条").strip()
    if not re.fullmatch(r"\d{1,4}", text):
        raise NotANumber(column, as_text(value))
    return int(text)


def as_choice(column: str, value: object, choices: Mapping[str, Member]) -> Member:
    """One of the names a column knows, in any width or spacing. Raises UnknownChoice."""
    known = {plain(member.value): member for member in choices.values()}
    known |= {plain(name): member for name, member in choices.items()}
    member = known.get(plain(as_text(value)))
    if member is None:
        raise UnknownChoice(column, as_text(value), _first_names(choices))
    return member


def _first_names(choices: Mapping[str, Member]) -> list[str]:
    """The usual name of each choice, for the refusal."""
    usual: dict[Any, str] = {}
    for name, member in choices.items():
        usual.setdefault(member, name)
    return list(usual.values())
