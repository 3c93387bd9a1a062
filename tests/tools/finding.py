"""What the tests use of this machine: a Chromium, a Chinese typeface, the htmx file."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from web.assets import HTMX_SRI
from xinbao.assets import integrity

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache"
HTMX = CACHE / "htmx-2.0.11.min.js"
FONT_CONFIGURATION = CACHE / "fonts.conf"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    Path("/usr/bin"),
    Path("/usr/lib/chromium"),
    Path("/snap/bin"),
    Path("/opt/google/chrome"),
)
BUILT = ("chromium-*/chrome-linux*/chrome", "chromium_headless_shell-*/chrome-linux*/*shell")


def chromium() -> Path | None:
    """A Chromium that starts: the one named, the machine's, or Playwright's own."""
    if named := os.environ.get("XINBAO_CHROMIUM"):
        return Path(named)
    return next((path for path in _candidates() if _starts(path)), None)


def _candidates() -> Iterable[Path]:
    for program in PROGRAMS:
        if found := shutil.which(program):
            yield Path(found)
        yield from (place / program for place in PLACES if (place / program).is_file())
    own = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright")
    for pattern in BUILT:
        yield from sorted(Path(own).glob(pattern), reverse=True)


def _starts(path: Path) -> bool:
    """A downloaded browser may lack the machine's libraries."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60)
    except OSError:
        return False
    return done.returncode == 0


def has_chinese_font() -> bool:
    """Whether a browser can draw Chinese. Without fontconfig's own tool: whether files look so."""
    if lister := shutil.which("fc-list"):
        done = subprocess.run([lister, ":lang=zh-cn"], capture_output=True, check=False)
        return bool(done.stdout.strip())
    names = ("*CJK*", "*wqy*", "*NotoSansSC*", "*NotoSerifSC*")
    return any(next(Path("/usr/share/fonts").rglob(name), None) for name in names)


def lend_font() -> Path:
    """Show the typeface that documents are set in to the browser too. What FONTCONFIG_FILE is."""
    import pylopdf_fonts_zh_cn

    CACHE.mkdir(exist_ok=True)
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    FONT_CONFIGURATION.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{folder}</dir><cachedir>{CACHE / 'fontconfig'}</cachedir></fontconfig>",
        "utf-8",
    )
    return FONT_CONFIGURATION


def htmx() -> bytes | None:
    """htmx as the pages pin it: the file named, or the one kept from an earlier run."""
    for path in (os.environ.get("XINBAO_HTMX"), HTMX):
        if path and Path(path).is_file() and is_htmx(content := Path(path).read_bytes()):
            return content
    return None


def is_htmx(content: bytes) -> bool:
    return integrity(content) == HTMX_SRI
