"""The sheet of outlets: 媒体、级别、类型. 二(二); R26."""

from datetime import date
from typing import ClassVar

from domain.intake.desk import Cells, Desk, Register
from domain.intake.rules import EVER, Differs
from domain.intake.sheets import Row, may, must
from domain.intake.verdicts import Outcome
from domain.kit.actor import Actor
from domain.outlets import actions, queries
from domain.outlets.models import MediaOutlet, OutletKind, OutletLevel

LEVELS = {
    "县": OutletLevel.COUNTY,
    "州": OutletLevel.PREFECTURE,
    "省": OutletLevel.PROVINCE,
    "国": OutletLevel.NATION,
    **dict.fromkeys(
        ("县级", "区", "区级", "区县", "县区", "市本级", "本级", "旗", "旗县"), OutletLevel.COUNTY
    ),
    **dict.fromkeys(
        ("州级", "自治州", "市", "市级", "市州", "州市", "地级", "盟"), OutletLevel.PREFECTURE
    ),
    **dict.fromkeys(("省级", "自治区", "自治区级", "直辖市", "省部级"), OutletLevel.PROVINCE),
    **dict.fromkeys(("国级", "国家", "国家级", "全国", "中央", "中央级"), OutletLevel.NATION),
}
KINDS = {
    "其他": OutletKind.OTHER,
    "报纸": OutletKind.NEWSPAPER,
    "门户网站": OutletKind.PORTAL,
    "新闻网站": OutletKind.NEWS_SITE,
    "内部刊物": OutletKind.INTERNAL_BULLETIN,
    "新媒体账号": OutletKind.SOCIAL_ACCOUNT,
    "电视": OutletKind.TV,
    "广播": OutletKind.RADIO,
    **dict.fromkeys(("党报", "日报", "报刊", "纸媒"), OutletKind.NEWSPAPER),
    **dict.fromkeys(("门户", "政府网站", "政府门户网站", "政务网站", "网站"), OutletKind.PORTAL),
    **dict.fromkeys(("新闻网", "新闻门户", "网媒", "网络媒体", "通讯社"), OutletKind.NEWS_SITE),
    **dict.fromkeys(
        ("内刊", "内部信息", "专报", "信息专报", "信息刊物", "政务信息", "党委信息", "简报"),
        OutletKind.INTERNAL_BULLETIN,
    ),
    **dict.fromkeys(
        ("新媒体", "微信", "微信公众号", "公众号", "微博", "客户端", "抖音号", "视频号"),
        OutletKind.SOCIAL_ACCOUNT,
    ),
    **dict.fromkeys(("电视台", "广播电视"), OutletKind.TV),
    **dict.fromkeys(("电台", "广播电台"), OutletKind.RADIO),
}


class Outlets(Desk):
    """An outlet without a first day has been there for ever."""

    columns = (
        must("媒体", "媒体名称", "采用媒体", "名称"),
        must("级别", "媒体级别", limit=20),
        may("类型", "媒体类型", "类别", limit=20),
        may("启用日期", "启用时间"),
    )
    fields: ClassVar = {"name": "媒体", "level": "级别", "kind": "类型", "valid_from": "启用日期"}

    async def open(self) -> None:
        self.outlets = await outlet_register(self.actor)

    async def take(self, row: Row) -> Outcome:
        cells = Cells()
        no_day: date | None = None
        name = cells.read("", row.name, "媒体")
        level = cells.read(OutletLevel.COUNTY, row.choice, "级别", LEVELS)
        kind = cells.read(OutletKind.OTHER, read_kind, row)
        day = cells.read(no_day, row.date_or_none, "启用日期")
        cells.done()
        if name in self.outlets.known:
            _check_same(row, self.outlets.all(name)[-1], level, kind)
            return Outcome.UNCHANGED
        outlet = await actions.create_outlet(
            self.actor, name=name, level=level, kind=kind, valid_from=day or EVER
        )
        self.outlets.add(name, outlet)
        return Outcome.CREATED


def read_kind(row: Row) -> OutletKind:
    """Blank is 其他."""
    return row.choice("类型", KINDS) if row.has("类型") else OutletKind.OTHER


async def outlet_register(actor: Actor) -> Register:
    """All outlets, past ones too."""
    everyone = await queries.visible_outlets(actor)
    return Register("采用媒体", ((outlet.name, outlet) for outlet in everyone))


def _check_same(row: Row, outlet: MediaOutlet, level: OutletLevel, kind: OutletKind) -> None:
    cells = Cells()
    if level is not outlet.level:
        cells.errors.append(Differs("级别", row.text("级别"), outlet.level))
    if row.has("类型") and kind is not outlet.kind:
        cells.errors.append(Differs("类型", row.text("类型"), outlet.kind))
    cells.done()
