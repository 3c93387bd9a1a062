"""`xinbao circular`: a period's circular as files."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from domain.circulars import actions, queries, rendering
from domain.circulars.data import CircularData, Heading
from domain.circulars.models import Circular, CircularFile, FileFormat
from domain.kit import clock
from domain.kit.actor import SYSTEM
from domain.kit.clock import Period, parse_period
from domain.kit.text import refusal
from domain.points.lines import Order
from domain.units.rules import NoCountyYet
from xinbao.inside import inside
from xinbao.say import Stop, out, tell

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class Written:
    """The files, and the number they were issued under; None for a draft."""

    files: dict[FileFormat, bytes]
    number: str | None
    sha256: str
    other_order: bool = False


@app.command()
def circular(
    period: Annotated[str, typer.Argument(help="2018-04 | 2018-Q2 | 2018")],
    folder: Annotated[Path, typer.Option("--out", help="写入的目录 / folder to write into")],
    order: Annotated[
        Order | None,
        typer.Option(help="按名次或按单位固定顺序 / by rank, or in the units' fixed order"),
    ] = None,
) -> None:
    """把一个时段的通报写成 .pdf、.docx、.xlsx 和 .json 四个文件。

    Write a period's circular as four files, named after the period.

    已印发的，写出印发时存下的原件；未印发的，按当前台账写出，并标明“草案”。

    An issued circular comes as it was kept when issued; anything else comes from the ledger as
    it is now and is marked as a draft (草案).

    退出码 / Exit codes: 0 已写出 written; 2 时段或目录有误 wrong period or folder.
    """
    wanted = _period(period)
    written = inside(lambda: _written(wanted, order))
    _store(written, folder, str(wanted))
    if written.number:
        tell("circular-issued", number=written.number, sha256=written.sha256)
    else:
        tell("circular-draft", period=wanted, sha256=written.sha256)
    if written.other_order:
        tell("circular-keeps-order")


def _period(given: str) -> Period:
    try:
        period = parse_period(given)
    except ValueError:
        raise Stop("period-wrong", given=given) from None
    if period.first > clock.today():
        raise Stop("period-not-begun", period=period)
    return period


async def _written(period: Period, order: Order | None) -> Written:
    issued = await queries.latest_issued(period)
    if issued is not None:
        return await _as_issued(issued, order)
    try:
        heading, data = await _as_it_stands(period)
    except NoCountyYet as error:
        raise Stop("refused", zh=refusal(error, "zh"), en=refusal(error, "en")) from None
    data = replace(data, order=order or data.order)
    return Written(await rendering.files(heading, data), None, data.sha256())


async def _as_issued(circular: Circular, order: Order | None) -> Written:
    kept = await CircularFile.filter(circular_id=circular.id)
    own = queries.data_of(circular).order
    return Written(
        {file.format: bytes(file.content) for file in kept},
        circular.document_number,
        circular.data_sha256,
        other_order=order not in (None, own),
    )


async def _as_it_stands(period: Period) -> tuple[Heading, CircularData]:
    """Of an ended period the draft, made or brought up to date; of a running one what is there."""
    if period.last < clock.today():
        draft = await actions.draft(SYSTEM, period)
        return queries.heading_of(draft), queries.data_of(draft)
    return await queries.draft_heading(period), await queries.live(period)


def _store(written: Written, folder: Path, name: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind, content in written.files.items():
            path = folder / f"{name}.{kind.value}"
            path.write_bytes(content)
            out.print(str(path), markup=False)
    except OSError as error:
        raise Stop("unwritable-output", folder=folder, reason=error.strerror) from None
