"""Times as people say them: 今天 16:20, 4月18日; the exact one stands in `datetime` and `title`."""

from datetime import date, datetime

from domain.kit import clock
from domain.kit.clock import Month, Period, Quarter
from web.i18n import gettext as _
from web.i18n import language


def spoken(when: date | datetime, today: date | None = None) -> str:
    """A day or a moment in the reader's language, as short as it stays clear."""
    today = today or clock.today()
    if isinstance(when, datetime):
        local = when.astimezone(clock.COUNTY)
        return f"{_day(local.date(), today)} {local:%H:%M}"
    return _day(when, today)


def _day(day: date, today: date) -> str:
    match (day - today).days:
        case 0:
            return _("今天")
        case -1:
            return _("昨天")
        case 1:
            return _("明天")
    return written(day, with_year=day.year != today.year)


def written(day: date, *, with_year: bool = True) -> str:
    """4月18日 or 2018年4月18日; 18 Apr or 18 Apr 2018."""
    if language.get() == "en":
        return f"{day.day} {day:%b}" + (f" {day.year}" if with_year else "")
    return (f"{day.year}年" if with_year else "") + f"{day.month}月{day.day}日"


def exact(when: date | datetime) -> str:
    """2018-04-18, or 2018-04-18 16:20 in the county's own time."""
    if isinstance(when, datetime):
        return f"{when.astimezone(clock.COUNTY):%Y-%m-%d %H:%M}"
    return when.isoformat()


def machine(when: date | datetime) -> str:
    """The value of a `datetime` attribute."""
    if isinstance(when, datetime):
        return when.astimezone(clock.COUNTY).isoformat(timespec="seconds")
    return when.isoformat()


def period(which: Period) -> str:
    """2018年4月, 2018年第2季度, 2018年; April 2018, Q2 2018, 2018."""
    year = which.first.year
    if isinstance(which, Quarter):
        return _("{year}年第{number}季度", year=year, number=(which.first.month + 2) // 3)
    if isinstance(which, Month):
        english, chinese = f"{which.first:%B} {year}", f"{year}年{which.first.month}月"
    else:
        english, chinese = f"{year}", f"{year}年"
    return english if language.get() == "en" else chinese
