"""Sheets as clerks make them."""

import csv
import io

from openpyxl import Workbook

from domain.intake import actions
from domain.intake.verdicts import Options, Outcome
from domain.kit.actor import SYSTEM

HISTORY = (
    "单位", "标题", "正文", "类别", "重大", "事件日期", "报送日期", "报送人", "审签领导", "审签职务",
    "采用媒体", "采用级别", "采用日期", "版面", "凭证",
)  # fmt: skip


def xlsx(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def text(*rows, delimiter=",") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue()


def entry(**cells) -> tuple:
    """A line of a history sheet."""
    usual = {
        "单位": "示例镇", "标题": "示例镇春耕备耕有序推进", "事件日期": "2018-4-2", "报送日期": "2018-4-3",
        "报送人": "示例甲", "审签领导": "示例乙", "审签职务": "副镇长",
    }  # fmt: skip
    return tuple((usual | cells).get(column) for column in HISTORY)


async def preview(kind, *rows, **options):
    return await actions.preview(
        SYSTEM, kind, file_name="表.xlsx", content=xlsx(*rows), options=Options(**options)
    )


async def take_in(kind, *rows, skip_bad=False, **options):
    return await actions.commit(SYSTEM, await preview(kind, *rows, **options), skip_bad=skip_bad)


def outcomes(preview) -> list[Outcome]:
    return [verdict.outcome for verdict in preview.verdicts]


def against(preview) -> list[tuple]:
    """Row number, column and code of everything against the sheet's rows."""
    return [
        (verdict.number, error.field, error.code)
        for verdict in preview.bad
        for error in verdict.refusals
    ]
