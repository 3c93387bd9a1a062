"""`xinbao demo`: a fictional county with a year behind it. 示例县: nothing in it is true."""

from collections.abc import Callable

import typer

from domain.intake import actions as intake
from domain.intake.harvest import Harvest
from domain.kit import clock
from domain.kit.actor import SYSTEM, Actor
from domain.kit.clock import Month
from domain.kit.db import work
from domain.outlets import queries as outlets
from domain.people import queries as people
from domain.people.models import Account, Person
from domain.quotas import queries as quotas
from domain.units import queries as units
from domain.units.models import County
from xinbao import counties
from xinbao.example import cast, stage, year
from xinbao.example.cast import Login
from xinbao.inside import inside
from xinbao.presets import EXAMPLE, check_empty, enter
from xinbao.say import line, tell

app = typer.Typer(add_completion=False)


@app.command()
def demo() -> None:
    """在空库里填入示例县：约 110 个单位、一年的信息、采用、封账和通报。全部虚构。

    Fill an empty database with the example county: about 110 units and a year of items, adoptions,
    closed months and circulars. All of it is invented. A filled one is left as it is.

    退出码 / Exit codes: 0 完成 done; 2 库里已有别的内容 the database holds something else.
    """

    async def main() -> list[Login]:
        await fill(typer.echo)
        await finish()
        return await logins()

    found = inside(main)
    tell("example-logins")
    for each in found:
        tell("example-login", **vars(each))


async def is_filled() -> bool:
    """Whether this is the example county, with its people."""
    return await County.exists(is_example=True) and await Account.exists(login="tongxun")


async def logins() -> list[Login]:
    """One for each role; none in a real county."""
    return cast.logins() if await is_filled() else []


async def check_fillable() -> None:
    """Raises Stop when there is a county, or anything of one."""
    await check_empty(counties.read(EXAMPLE))


async def fill(progress: Callable[[str], object]) -> None:
    """Fill an empty database, all of it or nothing; leave the filled one as it is. Seconds.

    Raises Stop when there is something else in it.
    """
    if await is_filled():
        return
    await check_fillable()
    progress(line("demo-filling"))
    async with work():
        first = _first_month()
        await enter(counties.read(EXAMPLE), since=first.first)
        setting, harvest = await _setting(first)
        year.write(setting, harvest)
        await intake.store(SYSTEM, harvest)
        await stage.play(setting, Month.of(setting.now.date()).previous.previous)


async def finish() -> None:
    """Issue what was closed: rendering takes a while, and is done while the house is open."""
    if await is_filled():
        await stage.issue(await _actor("xianweiban"), await _actor("ducha"))


async def _actor(login: str) -> Actor:
    return await people.actor_of(await Person.get(account__login=login))


def _first_month() -> Month:
    """A year before this month."""
    today = clock.today()
    return Month(today.replace(year=today.year - 1, day=1))


async def _setting(first: Month) -> tuple[year.Setting, Harvest]:
    harvest, now = Harvest(), clock.now()
    listed, offices = await units.current(), await units.offices()
    everyone = await cast.hire(harvest, listed, offices, first.first)
    setting = year.Setting(
        units=listed,
        offices=offices,
        outlets=await outlets.visible_outlets(SYSTEM),
        topics={topic.name: topic for topic in await units.topics()},
        quotas={key: quota.count for key, quota in (await quotas.for_month(first)).items()},
        cast=everyone,
        first=first,
        now=now,
    )
    return setting, harvest
