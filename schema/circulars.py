"""The month's close and the numbered circular."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from domain.circulars import actions, queries, rules
from domain.circulars import models as rows
from domain.circulars.data import Kind, Line
from domain.circulars.models import CircularState, FileFormat
from domain.kit.actor import Actor
from domain.kit.clock import Month
from schema.context import Info
from schema.enums import enum
from schema.inputs import Expected, given, sought
from schema.nodes import Node, asks, encode, find_one, key, many, node, one, part, says, told
from schema.paging import Listed, listed
from schema.points import MOST_UNITS, RankingLine
from schema.units import ReceivingOffice, unit_rows
from schema.verbs import result, verb

enum(Kind, "Monthly by the two offices, quarterly by the 督查室. 通报类别", name="CircularKind")
enum(CircularState, "A draft follows the ledger; issued is frozen. 通报状态")
enum(FileFormat, "文件格式")


def _path(root: strawberry.Parent[rows.CircularFile]) -> str:
    circular = encode("Circular", root.circular_id)
    return f"/graphql/circulars/{circular}/{root.format.value}"


@part(rows.CircularFile, description="A rendered copy, frozen with its SHA-256. 通报文件")
class CircularFile:
    format: FileFormat = says("文件格式")
    sha256: str = says("校验值")
    size: int = says("Bytes. 字节数")
    rendered_at: datetime = says("生成时间")

    path: str = told(_path, "GET it with the same Authorization. 下载地址")


async def _files(_actor: Actor, keys: Sequence[UUID]) -> list[list[rows.CircularFile]]:
    """Without their bytes."""
    wanted = ("id", "circular_id", "format", "sha256", "size", "rendered_at")
    found = await rows.CircularFile.filter(circular_id__in=keys).only(*wanted).order_by("format")
    return [[row for row in found if row.circular_id == each] for each in keys]


async def _files_of(root: strawberry.Parent[rows.Circular], info: Info) -> Any:
    return await info.context.loaders.by(_files).load(root.id)


def _lines(root: strawberry.Parent[rows.Circular]) -> tuple[Line, ...]:
    return queries.data_of(root).lines


@node(
    rows.Circular,
    queries.visible_to,
    description="通报. Everyone signed in sees what was issued; those who check and issue see "
    "drafts. 通报",
)
class Circular(Node):
    kind: Kind = says("通报类别")
    period: str = says("2018-04, 2018-Q2 or 2018. 期间")
    issue: int = says("1, then 2, 3 … for corrections. 期次")
    state: CircularState = says("通报状态")
    title: str = says("标题")
    issuers: list[str] = says("发文机关", most=5)
    addressees: str = says("主送机关")
    copy_recipients: str = says("抄送机关")
    document_number: str | None = says("红委办〔2018〕28号 … 发文字号")
    issue_date: date | None = says("成文日期")
    corrects: Annotated["Circular", strawberry.lazy("schema.circulars")] | None = one(
        rows.Circular, "corrects_id", "The one it corrects. 所更正的通报"
    )
    correction_reason: str = says("更正原因")
    data: JSON = says("Everything it reports, as frozen. 通报数据")
    data_sha256: str = says("Of the data. 数据校验值")
    drafted_at: datetime = says("起草时间")
    issued_at: datetime | None = says("印发时间")
    issued_by_name: str = says("印发人")
    version: int = says("For `expectedVersion`. 版本")

    lines: list[RankingLine] = told(_lines, "The overall table. 排名行", most=MOST_UNITS)
    files: list[CircularFile] = told(_files_of, "Once issued. 文件", most=4)


@part(rows.Reconciliation, description="One office's word on its own figures for a month. 核对")
class Reconciliation:
    office: ReceivingOffice | None = one(unit_rows.ReceivingOffice, "office_id", "接收单位")
    confirmed_by_name: str = says("核对人")
    confirmed_at: datetime = says("核对时间")
    figures: JSON = says("The office's counts as confirmed. 核对数据")
    note: str = says("备注")


@part(rows.PeriodClose, description="A month as an object: open until all offices confirmed. 月结")
class MonthClose:
    month: Month = says("月份")
    closed_at: datetime | None = says("Null while it is open. 结账时间")
    confirmations: list[Reconciliation] = many(
        rows.Reconciliation, "period_id", "核对", order=("confirmed_at", "id")
    )


@strawberry.input(description="Which circulars; everything given must hold. 通报筛选")
class CircularFilter:
    kind: Kind | None = says("通报类别", default=None)
    period: str | None = says("期间", default=None)
    state: CircularState | None = says("通报状态", default=None)


@strawberry.type
class CircularQuery:
    @listed(Circular, "Circulars, the latest period first. 通报列表")
    async def circulars(self, info: Info, filter: CircularFilter | None = None) -> Listed:
        found, chosen = queries.visible_to(info.context.actor), filter or CircularFilter()
        period = sought(chosen.period, "period", 10)
        found = found.filter(**given(kind=chosen.kind, period=period, state=chosen.state))
        return Listed(found, ("-period", "-issue", "-id"))

    @asks("One circular. 通报", Circular | None)
    async def circular(self, info: Info, id: strawberry.ID) -> object:
        return await find_one(info.context, "Circular", id)

    @asks("Which offices have confirmed a month; null before the first. 月结", MonthClose | None)
    async def month_close(self, month: Month) -> rows.PeriodClose | None:
        return await queries.close_of(month)


CircularResult = result("CircularResult", Circular)
MonthCloseResult = result("MonthCloseResult", MonthClose)


@strawberry.input(description="What a correction changes of one unit. 更正项")
class CircularChangeInput:
    unit_id: strawberry.ID = says("单位")
    reason: str = says("原因")
    points: Decimal | None = says("Added, or taken away. 积分增减", default=None)
    submitted: int | None = says("Added, or taken away. 上报数增减", default=None)
    adopted: int | None = says("Added, or taken away. 采用数增减", default=None)

    def correction(self) -> rules.Correction:
        amounts = given(points=self.points, submitted=self.submitted, adopted=self.adopted)
        return rules.Correction(unit_id=key("Unit", self.unit_id), reason=self.reason, **amounts)


@strawberry.type
class CircularMutation:
    @verb(MonthCloseResult, "An office confirms its figures; the last closes the month. 核对")
    async def confirm_figures(
        self, info: Info, month: Month, office_id: strawberry.ID, note: str = ""
    ) -> rows.PeriodClose:
        office = key("ReceivingOffice", office_id)
        return await actions.confirm_figures(info.context.actor, month, office_id=office, note=note)

    @verb(CircularResult, "Give a draft its number and date, and freeze it. 印发")
    async def issue_circular(
        self,
        info: Info,
        circular_id: strawberry.ID,
        document_number: str,
        issue_date: date,
        expected_version: Expected = None,
    ) -> rows.Circular:
        return await actions.issue(
            info.context.actor,
            key("Circular", circular_id),
            document_number=document_number,
            issue_date=issue_date,
            expected_version=expected_version,
        )

    @verb(CircularResult, "Draft the next issue, which names every change. 更正通报")
    async def correct_circular(
        self,
        info: Info,
        circular_id: strawberry.ID,
        reason: str,
        changes: list[CircularChangeInput] | None = None,
    ) -> rows.Circular:
        return await actions.correct(
            info.context.actor,
            key("Circular", circular_id),
            changes=[change.correction() for change in changes or []],
            reason=reason,
        )
