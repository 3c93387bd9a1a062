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
    roles = chosen(loaded.families())
    return Faces(
        loaded,
        {role: _families(role, own) for role, own in roles.items()},
        [role for role, own in roles.items() if own is None],
    )


def chosen(families: Sequence[str]) -> dict[str, str | None]:
    """The best family of those offered for each role; None where only a stand-in remains."""
    offered = {family.casefold(): family for family in families}
    return {
        role: next((offered[name.casefold()] for name in names if name.casefold() in offered), None)
        for role, names in WANTED.items()
    }


def _families(role: str, own: str | None) -> list[Family]:
    """The county's face, then Noto for what it lacks. Fandol's own digits are a grotesque's."""
    fallback: list[Family] = [SANS, SERIF] if role == "hei" else [SERIF, SANS]
    if own is None:
        return fallback
    if role in {"fang", "kai"} and own.startswith("Fandol"):
        return [{"name": SERIF, "covers": "digits"}, own, *fallback]
    return [own, *fallback]
