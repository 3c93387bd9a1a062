"""The circular's own words, from `phrases.toml`."""

import tomllib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from domain.circulars.data import CircularData, Kind

NUMERALS = "零一二三四五六七八九十"


@cache
def _phrases() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("phrases.toml").read_text("utf-8"))


def phrase(section: str, key: str, **facts: object) -> str:
    """A sentence filled with facts. Raises KeyError for an unknown one."""
    return str(_phrases()[section][key]).format(**facts)


def plain(value: Decimal | int) -> str:
    """A figure as people write it: 5, 7.5."""
    return f"{Decimal(value).normalize():f}"


def joined(names: Iterable[str]) -> str:
    return "、".join(names)


def day(when: date) -> str:
    """成文日期: Arabic numerals, no leading zeros. (GB/T 9704)"""
    return phrase("period", "day", year=when.year, month=when.month, day=when.day)


def period_name(kind: Kind, first: date) -> str:
    """2018年4月, 2018年第二季度 or 2018年度."""
    quarter = _phrases()["period"]["quarters"][(first.month - 1) // 3]
    return phrase("period", kind.value, year=first.year, month=first.month, quarter=quarter)


def written_period(period: str) -> str:
    """The same from 2018-04, 2018-Q2 or 2018."""
    if "Q" in period:
        year, quarter = period.split("-Q")
        return period_name(Kind.QUARTERLY, date(int(year), int(quarter) * 3, 1))
    if "-" in period:
        return period_name(Kind.MONTHLY, date.fromisoformat(period + "-01"))
    return period_name(Kind.ANNUAL, date(int(period), 1, 1))


def span(data: CircularData) -> str:
    """The days covered: 2018年4月1日至4月30日."""
    last = day(data.last)
    if data.last.year == data.first.year:
        last = last.split("年", 1)[1]
    return phrase("period", "span", first=day(data.first), last=last)


def numeral(count: int) -> str:
    """1 … 99 as 一 … 九十九, for headings."""
    tens, ones = divmod(count, 10)
    if tens == 0:
        return NUMERALS[ones]
    return (NUMERALS[tens] if tens > 1 else "") + "十" + (NUMERALS[ones] if ones else "")
