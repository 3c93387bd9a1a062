"""`xinbao init`: an empty, ready county."""

from datetime import date
from typing import Annotated

import typer

from domain.approvals import actions as approvals
from domain.intake.rules import EVER
from domain.kit.actor import SYSTEM
from domain.kit.clock import Month
from domain.kit.db import work
from domain.outlets import actions as outlets
from domain.points import actions as points
from domain.quotas import actions as quotas
from domain.units import actions as units
from domain.units.models import County, ReceivingOffice, Unit
from xinbao import counties
from xinbao.counties import Preset
from xinbao.inside import inside
from xinbao.say import Stop, tell

app = typer.Typer(add_completion=False)

EMPTY = "empty"
EXAMPLE = "example"


@app.command()
def init(
    *,
    preset: Annotated[
        str, typer.Option(help="预设：hongyuan-2018 或 empty / a preset")
    ] = "hongyuan-2018",
    county: Annotated[str, typer.Option(help="县名，用于 empty / the county's name")] = "",
    word: Annotated[
        str, typer.Option(help="发文机关代字，如 红委办 / the word in document numbers")
    ] = "",
) -> None:
    """在空库里建立一个县，不含任何人员。

    hongyuan-2018：红原县 2018 年的单位、三个接收单位、七家媒体、十二个重点、任务数和示例计分办法。

    empty：只有接收单位、重点和审签流程，县名用 --county 给出；其余用 xinbao import 导入。

    Set up a county in an empty database, without any people. hongyuan-2018: units, offices,
    outlets, topics, tasks and an example scoring policy. empty: offices, topics and the sign-off
    chain only, for the county named by --county; the rest is imported.

    退出码 / Exit codes: 0 完成 done; 2 库里已有内容或输入有误 not empty, or wrong input.
    """
    chosen = _chosen(preset, county.strip(), word.strip())

    async def main() -> None:
        async with work():
            await check_empty(chosen)
            await enter(chosen)

    inside(main)
    counts = {"units": sum(len(group.names) for group in chosen.units)}
    tell("initialised", county=chosen.county.name, outlets=len(chosen.outlets), **counts)


def _chosen(preset: str, county: str, word: str) -> Preset:
    known = [name for name in counties.names() if name != EXAMPLE]
    if preset not in known:
        raise Stop("no-such-preset", preset=preset, known="、".join(known))
    if preset == EMPTY and not county:
        raise Stop("county-needed")
    return counties.read(preset, county=county, word=word or f"{county[:1]}委办")


async def check_empty(preset: Preset) -> None:
    """Raises Stop when there is a county already, or units that the preset would double.

    Units imported before the county was named stay as they are.
    """
    if await County.exists() or (preset.units and await Unit.exists()):
        raise Stop("not-empty")


async def enter(preset: Preset, since: date = EVER) -> None:
    """Write a preset into an empty database, by the same actions as everybody else.

    `since`: the units' first day; circulars of earlier months do not list them.
    """
    await units.set_county(SYSTEM, **preset.county.model_dump())
    entered = await _enter_units(preset, since)
    offices = await _enter_offices(preset, entered)
    await _enter_outlets(preset, offices)
    for position, topic in enumerate(preset.topics, 1):
        await units.add_topic(SYSTEM, name=topic, valid_from=EVER, position=position)
    await approvals.set_chain(SYSTEM, valid_from=EVER, **preset.chain.model_dump())
    await _enter_papers(preset)


async def _enter_units(preset: Preset, since: date) -> dict[str, Unit]:
    entered: dict[str, Unit] = {}
    month = Month.parse(preset.quotas.from_month)
    for group in preset.units:
        for name in group.names:
            unit = await units.create(
                SYSTEM,
                name=name,
                kind=group.kind,
                restricted_line=group.restricted,
                valid_from=since,
                position=len(entered) + 1,
            )
            await quotas.set_quota(SYSTEM, unit.id, from_month=month, count=group.quota)
            entered[name] = unit
    return entered


async def _enter_offices(preset: Preset, entered: dict[str, Unit]) -> dict[str, ReceivingOffice]:
    return {
        office.name: await units.set_office(
            SYSTEM,
            name=office.name,
            mailbox=office.mailbox,
            unit_id=entered[office.unit].id if office.unit else None,
            issues_monthly=office.issues_monthly,
            position=position,
        )
        for position, office in enumerate(preset.offices, 1)
    }


async def _enter_outlets(preset: Preset, offices: dict[str, ReceivingOffice]) -> None:
    for outlet in preset.outlets:
        await outlets.create_outlet(
            SYSTEM,
            name=outlet.name,
            level=outlet.level,
            kind=outlet.kind,
            owner_id=offices[outlet.office].id if outlet.office else None,
            valid_from=EVER,
        )


async def _enter_papers(preset: Preset) -> None:
    paper = ""
    if preset.document is not None:
        await units.add_document(SYSTEM, **preset.document.model_dump())
        paper = preset.document.document_number
    if preset.policy is not None:
        await points.add_policy(
            SYSTEM,
            name=preset.policy.name,
            valid_from=EVER,
            rules=preset.policy.rules,
            is_example=True,
            document=paper,
        )
