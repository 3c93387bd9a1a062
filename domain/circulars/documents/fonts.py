"""The faces a circular is set in: the county's own folder first, then the wheel's Noto."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

# Role → family names a county's folder may hold, best first. Families are compared lower-case.
WANTED: Mapping[str, Sequence[str]] = {
    "fang": ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "FandolFang R", "FandolFang"),
    "xbs": ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "FandolSong"),
    "hei": ("黑体", "SimHei", "FandolHei"),
    "kai": ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "FandolKai"),
    "song": ("宋体", "SimSun", "FandolSong"),
}
Family = str | Mapping[str, str]
SERIF, SANS = "Noto Serif SC", "Noto Sans SC"


@dataclass(frozen=True, slots=True)
class Faces:
    """`roles` are family lists ending in the wheel's; `standins` are roles without their own."""

    loaded: typst.Fonts
    roles: Mapping[str, Sequence[Family]]
    standins: Sequence[str]


@lru_cache(maxsize=4)
def faces(folder: Path | None, *, system: bool = False) -> Faces:
    """What the folder offers, completed from the wheel and, for rarest letters, the machine."""
    paths = [folder] if folder and folder.is_dir() else []
    wheel = pylopdf_fonts_zh_cn.serif_path().parent
    loaded = typst.Fonts(
        include_system_fonts=system, include_embedded_fonts=False, font_paths=[*paths, wheel]
    )
    offered = {family.casefold(): family for family in loaded.families()}
    found = {
        role: [offered[name.casefold()] for name in names if name.casefold() in offered]
        for role, names in WANTED.items()
    }
    return Faces(
        loaded,
        {role: _families(role, names) for role, names in found.items()},
        [role for role, names in found.items() if not names],
    )


def _families(role: str, found: Sequence[str]) -> list[Family]:
    """The county's face, then Noto for what it lacks. Fandol's own digits are a grotesque's."""
    fallback = [SANS, SERIF] if role == "hei" else [SERIF, SANS]
    if role in {"fang", "kai"} and found and found[0].startswith("Fandol"):
        return [{"name": SERIF, "covers": "digits"}, *found[:1], *fallback]
    return [*found[:1], *fallback]
