"""`xinbao import`: what a county keeps in sheets, looked at first and then taken in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from domain.intake import actions, reports
from domain.intake.models import SheetKind
from domain.intake.rules import EVER, UNUSABLE
from domain.intake.verdicts import Options, Outcome, Preview
from domain.kit.actor import Actor
from domain.kit.errors import DomainError, Refusals
from domain.kit.text import name as called
from domain.kit.text import refusal
from domain.points import actions as points
from domain.points import queries as policies
from domain.points import reading
from domain.quotas import queries as tasks
from xinbao.inside import inside
from xinbao.say import Stop, err, line, out, tell

app = typer.Typer(add_completion=False, no_args_is_help=True)

IMPORTER = Actor(name="数据导入", is_system=True)
"""Whose name stands under what a sheet brings in."""
SHOWN = 20
"""Refused rows that the preview shows."""

File = Annotated[Path, typer.Argument(help=".xlsx 或 .csv 文件 / an .xlsx or .csv file")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="不再询问 / do not ask")]
SkipBad = Annotated[
    bool, typer.Option("--skip-bad", help="有误的行不导入，只导入其余 / leave refused rows out")
]
Errors = Annotated[
    Path | None, typer.Option("--errors", help="把有误的行列入此 .xlsx / list refused rows here")
]
CreateOutlets = Annotated[
    bool,
    typer.Option(
        "--create-outlets", help="未登记的媒体按“采用级别”登记 / enter outlets not on record"
    ),
]


@app.callback()
def import_() -> None:
    """导入表格：单位、媒体、任务、名册、补录；以及计分办法。先预览每一行，再一次导入。

    Import sheets: units, outlets, quotas, roster, history; and a scoring policy. Every row is
    looked at first, then all are taken in at once. The same file again changes nothing.

    表格可以是 .xlsx，或 UTF-8、GB18030（GBK）编码的 .csv；各列的写法见 docs/import.md。

    退出码 / Exit codes: 0 完成 done; 1 有行有误或被拒绝，未作改动 rows refused, nothing changed;
    2 文件无法使用 the file cannot be used.
    """


@app.command()
def units(
    file: File, *, yes: Yes = False, skip_bad: SkipBad = False, errors: Errors = None
) -> None:
    """单位表：单位、类别、排名组、启用日期、涉密条线。 / Units."""
    _import(SheetKind.UNITS, file, yes=yes, skip_bad=skip_bad, errors=errors)


@app.command()
def outlets(
    file: File, *, yes: Yes = False, skip_bad: SkipBad = False, errors: Errors = None
) -> None:
    """媒体表：媒体、级别、类型。 / Media outlets."""
    _import(SheetKind.OUTLETS, file, yes=yes, skip_bad=skip_bad, errors=errors)


@app.command()
def quotas(
    file: File, *, yes: Yes = False, skip_bad: SkipBad = False, errors: Errors = None
) -> None:
    """任务分解表：单位、月任务数、起始月份、免除、原因，或 1月至12月。 / Quotas (annex 1)."""
    _import(SheetKind.QUOTAS, file, yes=yes, skip_bad=skip_bad, errors=errors)


@app.command()
def roster(
    file: File, *, yes: Yes = False, skip_bad: SkipBad = False, errors: Errors = None
) -> None:
    """分管领导、通讯员统计表：单位、姓名、职务、类型、办公电话、手机。 / Roster (annex 3)."""
    _import(SheetKind.ROSTER, file, yes=yes, skip_bad=skip_bad, errors=errors)


@app.command()
def history(
    file: File,
    *,
    yes: Yes = False,
    skip_bad: SkipBad = False,
    errors: Errors = None,
    create_outlets: CreateOutlets = False,
) -> None:
    """补录表：过去的信息和采用情况，一条信息的一次采用为一行。 / Past items and adoptions."""
    options = Options(create_outlets=create_outlets)
    _import(SheetKind.HISTORY, file, yes=yes, skip_bad=skip_bad, errors=errors, options=options)


@app.command()
def policy(
    file: Annotated[Path, typer.Argument(help=".json 文件 / a .json file")],
    *,
    valid_from: Annotated[
        str, typer.Option("--from", help="生效日期，如 2018-04-01 / first day in force")
    ] = "",
    name: Annotated[str, typer.Option(help="名称，默认为文件名 / name; default: the file's")] = "",
    example: Annotated[bool, typer.Option("--example", help="示例 / an example only")] = False,
) -> None:
    """计分办法（写法见 docs/policy.md）。默认适用于所有尚未封账的月份，按新办法重新计分。

    A scoring policy (docs/policy.md). Unless --from says otherwise it holds for every month not
    yet closed, and what was counted there is counted again. The same policy again changes nothing.
    """
    content = _read(file)
    day = _day(valid_from) if valid_from else None

    async def main() -> None:
        await _add_policy(rules, name or file.stem, day, is_example=example)

    try:
        rules = reading.parse_json(content)
        reading.read_policy(rules)
    except (reading.PolicyRefused, Refusals) as error:
        raise _unusable(error) from error
    inside(main)


def _import(
    kind: SheetKind,
    file: Path,
    *,
    yes: bool,
    skip_bad: bool,
    errors: Path | None,
    options: Options | None = None,
) -> None:
    content = _read(file)

    async def main() -> int:
        with _progress("import-checking") as progress:
            preview = await actions.preview(
                IMPORTER,
                kind,
                file_name=file.name,
                content=content,
                options=options,
                progress=progress,
            )
        _show(preview)
        _list_errors(preview, errors)
        return await _take_in(preview, yes=yes, skip_bad=skip_bad)

    try:
        code = inside(main)
    except UNUSABLE as error:
        raise _unusable(error) from error
    raise typer.Exit(code)


async def _take_in(preview: Preview, *, yes: bool, skip_bad: bool) -> int:
    """The exit code."""
    counts = _counts(preview)
    if preview.bad and yes and not skip_bad:
        tell("import-not-done", **counts)
        return 1
    if not preview.count(Outcome.CREATED):
        tell("import-nothing-new")
        return 1 if preview.bad and not skip_bad else 0
    ask = "import-ask-rest" if preview.bad else "import-ask"
    if not yes and not typer.confirm(line(ask, **counts)):
        return 1
    with _progress("import-writing", len(preview.verdicts)) as progress:
        done = await actions.commit(
            IMPORTER, preview, skip_bad=bool(preview.bad), progress=progress
        )
    tell("import-done", **_counts(done))
    return 0


def _counts(preview: Preview) -> dict[str, int]:
    return {outcome.value: preview.count(outcome) for outcome in Outcome}


def _show(preview: Preview) -> None:
    batch = preview.batch
    tell(
        "import-preview",
        kind=called(preview.kind, "zh"),
        file=batch.file_name,
        rows=batch.rows,
        **_counts(preview),
    )
    if not preview.bad:
        return
    table = Table(title=line("import-bad-rows"), title_justify="left")
    table.add_column(line("import-row"), justify="right", no_wrap=True)
    table.add_column(line("import-column"), overflow="fold")
    table.add_column(line("import-reason"), overflow="fold")
    for verdict in preview.bad[:SHOWN]:
        zh, en = (reports.reasons(preview, verdict, language) for language in ("zh", "en"))
        for (column, why), (_, too) in zip(zh, en, strict=True):
            table.add_row(str(verdict.number), escape(column), escape(f"{why}\n{too}"))
    out.print(table)
    if len(preview.bad) > SHOWN:
        tell("import-more-bad-rows", count=len(preview.bad) - SHOWN)


def _list_errors(preview: Preview, file: Path | None) -> None:
    if file is None:
        return
    if not preview.bad:
        tell("import-nothing-bad", file=file)
        return
    try:
        file.write_bytes(reports.error_sheet(preview, "zh"))
    except OSError as error:
        raise Stop("file-not-written", file=file, reason=error.strerror) from error
    tell("import-errors-written", file=file)


@contextmanager
def _progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on the terminal's second channel; a script sees nothing of it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(line(what), total=total)
        yield lambda done: bar.update(task, completed=done)


async def _add_policy(rules: object, name: str, day: date | None, *, is_example: bool) -> None:
    first = day or await _first_open_day()
    wanted = reading.read_policy(rules).model_dump(mode="json", exclude_unset=True)
    now = await policies.policy_on(first)
    if now is not None and (now.rules, now.valid_from, now.name) == (wanted, first, name):
        tell("policy-unchanged", number=now.number, name=name)
        return
    added = await points.add_policy(
        IMPORTER, name=name, valid_from=first, rules=rules, is_example=is_example
    )
    tell("policy-added", number=added.number, name=added.name, valid_from=added.valid_from)


async def _first_open_day() -> date:
    """Everything that is still open is counted by it."""
    month = await tasks.first_open_month()
    return month.first if month else EVER


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Stop("file-not-found", file=file) from error


def _unusable(error: DomainError) -> Stop:
    return Stop("import-unusable", zh=refusal(error, "zh"), en=refusal(error, "en"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Stop("bad-day", value=text) from error
