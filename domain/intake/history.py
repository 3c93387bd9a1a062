"""The history sheet (补录): what a county kept in a spreadsheet, one row per item and adoption.

Read here; entered in one go by `actions.store`. R15, R59, R60; G2.
"""

from dataclasses import dataclass
from datetime import date, datetime

from domain.intake.cells import plain
from domain.intake.desk import Cells, Register
from domain.intake.outlets import LEVELS
from domain.intake.rules import (
    BeforeTheEvent,
    InTheFuture,
    LevelDiffers,
    Marked,
    MonthClosed,
    NotYetOrNoLonger,
)
from domain.intake.sheets import Row, may, must
from domain.items import marks, prose
from domain.items.models import Genre, InformationType
from domain.kit import clock
from domain.kit.clock import Month
from domain.outlets.models import MediaOutlet, OutletLevel
from domain.units.models import Unit

TYPES = {
    "动态": InformationType.DYNAMIC,
    "经验": InformationType.EXPERIENCE,
    "调研": InformationType.RESEARCH,
    "建议": InformationType.SUGGESTION,
    "问题": InformationType.PROBLEM,
    **dict.fromkeys(
        (
            "信息",
            "新闻",
            "简讯",
            "快讯",
            "消息",
            "要闻",
            "通讯",
            "报道",
            "宣传",
            "宣传报道",
            "一般",
            "普通",
            "综合",
            "工作动态",
            "工作信息",
            "政务信息",
            "党务信息",
            "新闻信息",
            "一般性新闻信息",
            "动态类",
            "动态信息",
            "动态性信息",
        ),
        InformationType.DYNAMIC,
    ),
    **dict.fromkeys(
        ("经验类", "经验做法", "经验交流", "经验信息", "经验性信息", "典型经验"),
        InformationType.EXPERIENCE,
    ),
    **dict.fromkeys(
        ("调研类", "调研信息", "调研性信息", "调研报告", "调研文章"), InformationType.RESEARCH
    ),
    **dict.fromkeys(
        ("建议类", "建议信息", "建议性信息", "意见建议", "对策建议"), InformationType.SUGGESTION
    ),
    **dict.fromkeys(("问题类", "问题信息", "问题性信息", "社情民意"), InformationType.PROBLEM),
}
GENRES = {
    **dict.fromkeys(("评论", "评论文章", "言论"), Genre.COMMENTARY),
    **dict.fromkeys(("摄影", "图片", "图片新闻", "摄影作品"), Genre.PHOTOGRAPHY),
    **dict.fromkeys(("文艺", "文艺作品", "文学"), Genre.LITERARY),
}
"""题材不限 (R11): what the column 类别 may say instead of a type."""
TITLE_LIMIT = 120
COLUMNS = (
    must("单位", "单位名称", "报送单位"),
    must("标题", "信息标题", "稿件标题", "题目", limit=TITLE_LIMIT),
    may("正文", "内容", "信息内容", limit=30_000),
    may("类别", "信息类别", "信息类型", "类型", limit=20),
    may("重大", "是否重大", "重大信息", limit=10),
    must("事件日期", "发生日期", "事件时间", "发生时间"),
    must("报送日期", "报送时间", "上报日期", "上报时间"),
    must("报送人", "报送人姓名", "作者", limit=40),
    must("审签领导", "审签人", "审签领导姓名", "审核人", limit=40),
    must("审签职务", "审签领导职务", "审核人职务", limit=60),
    may("采用媒体", "采用单位", "采用刊物", "媒体", limit=80),
    may("采用级别", "级别", "媒体级别", limit=20),
    may("采用日期", "采用时间", "刊发日期"),
    may("版面", "版面位置", "位置", limit=60),
    may("凭证", "采用凭证", "凭据", "链接", limit=500),
)
ADOPTION = ("采用媒体", "采用级别", "采用日期", "版面", "凭证")
TEXTS = ("单位", "标题", "正文", "报送人", "审签领导", "审签职务", "采用媒体", "版面", "凭证")
Key = tuple[object, str, date, date]
"""Unit, title, and the days it was submitted and happened."""
NO_LEVEL: OutletLevel | None = None


@dataclass(frozen=True, slots=True)
class Adopted:
    """The right half of a row: which outlet ran the item."""

    outlet: str
    level: OutletLevel | None
    """As the sheet gives it."""
    on: date
    position: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Told:
    """The left half of a row: the item, with the name and post of who signed it."""

    unit: Unit
    title: str
    body: str
    information_type: InformationType
    genre: Genre
    is_major: bool
    occurred_on: date
    submitted_at: datetime
    reporter: str
    signer: str
    post: str

    @property
    def key(self) -> "Key":
        """Rows with the same key are one item, run by several outlets."""
        return (self.unit.id, self.title, self.submitted_at.date(), self.occurred_on)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads rows against what is known: units, the day it is, the months that are closed."""

    units: Register
    today: date
    closed: frozenset[date]

    def told(self, row: Row) -> Told:
        """Raises every refusal of the row's left half at once."""
        cells = Cells()
        found: list[Unit] = cells.read([], self.units.named, row)
        title = cells.read("", row.name, "标题")
        body = cells.read("", row.text, "正文")
        information_type, genre = cells.read((InformationType.DYNAMIC, Genre.NEWS), _type, row)
        is_major = cells.read(False, row.yes, "重大")
        occurred_on = cells.read(self.today, self._past, row, "事件日期")
        submitted_at = cells.read(clock.at(self.today), self._moment, row, "报送日期")
        reporter = cells.read("", row.name, "报送人")
        signer = cells.read("", row.name, "审签领导")
        post = cells.read("", row.name, "审签职务")
        cells.check(_check_unmarked, row)
        cells.done()
        _check_order(row, "报送日期", occurred_on, submitted_at.date())
        return Told(
            unit=unit_on(found, submitted_at.date()),
            title=title,
            body=prose.clean(body),
            information_type=information_type,
            genre=genre,
            is_major=is_major,
            occurred_on=occurred_on,
            submitted_at=submitted_at,
            reporter=reporter,
            signer=signer,
            post=post,
        )

    def adopted(self, row: Row) -> Adopted | None:
        """None when no outlet ran it. Raises every refusal of the row's right half at once."""
        if not any(row.has(column) for column in ADOPTION):
            return None
        cells = Cells()
        adopted = Adopted(
            outlet=cells.read("", row.name, "采用媒体"),
            level=cells.read(NO_LEVEL, _level, row),
            on=cells.read(self.today, self._open_past, row, "采用日期"),
            position=cells.read("", row.text, "版面"),
            evidence=cells.read("", row.text, "凭证"),
        )
        cells.done()
        if row.has("事件日期"):
            _check_order(row, "采用日期", row.date("事件日期"), adopted.on)
        return adopted

    def _past(self, row: Row, column: str) -> date:
        day = row.date(column)
        if day > self.today:
            raise InTheFuture(column, row.text(column))
        return day

    def _open_past(self, row: Row, column: str) -> date:
        day = self._past(row, column)
        if Month.of(day).first in self.closed:
            raise MonthClosed(column, str(Month.of(day)))
        return day

    def _moment(self, row: Row, column: str) -> datetime:
        self._open_past(row, column)
        return row.moment(column)


def unit_on(found: list[Unit], day: date) -> Unit:
    """The one of that name that existed then. Raises NotYetOrNoLonger."""
    for unit in found:
        if unit.valid_from <= day and (unit.valid_until is None or day <= unit.valid_until):
            return unit
    raise NotYetOrNoLonger("单位", found[0].name, day)


def check_outlet(row: Row, adopted: Adopted, outlet: MediaOutlet) -> None:
    """The register decides the level: a sheet that says otherwise is mistaken in one of both."""
    cells = Cells()
    if adopted.level not in (None, outlet.level):
        cells.errors.append(LevelDiffers("采用级别", row.text("采用级别"), outlet.level))
    ended = outlet.valid_until is not None and outlet.valid_until < adopted.on
    if ended or adopted.on < outlet.valid_from:
        cells.errors.append(NotYetOrNoLonger("采用媒体", outlet.name, adopted.on))
    cells.done()


def _type(row: Row) -> tuple[InformationType, Genre]:
    """Blank is 动态."""
    genre = GENRES.get(plain(row.text("类别")))
    if genre is not None or not row.has("类别"):
        return InformationType.DYNAMIC, genre or Genre.NEWS
    return row.choice("类别", TYPES), Genre.NEWS


def _level(row: Row) -> OutletLevel | None:
    return row.choice("采用级别", LEVELS) if row.has("采用级别") else None


def _check_order(row: Row, column: str, event: date, day: date) -> None:
    if day < event:
        raise BeforeTheEvent(column, row.text(column))


def _check_unmarked(row: Row) -> None:
    """带密级标志的内容一律拒收."""
    hit = marks.first_hit((column, row.shown().get(column, "")) for column in TEXTS)
    if hit:
        raise Marked(hit[0])
