"""`xinbao assets fetch`: htmx from the own server, where the Internet is out of reach."""

import base64
import hashlib
from pathlib import Path
from typing import Annotated
from urllib.request import urlopen

import typer

from domain.kit.settings import settings
from web.assets import HTMX_FOLDER, HTMX_SRI
from xinbao.home import Home
from xinbao.say import Stop, tell

app = typer.Typer(add_completion=False, no_args_is_help=True)
ADDRESS = HTMX_FOLDER + "dist/htmx.min.js"
PATIENCE = 30
"""Seconds the download may take to answer."""


@app.callback()
def assets() -> None:
    """网页用的第三方脚本（htmx）。 / The one third-party script of the pages, htmx.

    退出码 / Exit codes: 0 成功 done; 1 下载不到 not reachable; 2 文件不对 another file.
    """


@app.command()
def fetch(
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="已下载的 htmx.min.js；不给则从 CDN 下载 / A file you have; else the CDN.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
) -> None:
    """取得 htmx 并核对校验值，存入数据目录；以后网页由本机提供，不再访问外网。

    Fetch htmx, check its hash and put it into the data folder. From the next start on, pages take
    it from this server: browsers need no Internet.

    退出码 / Exit codes: 0 已存好 stored; 1 下载不到 not reachable; 2 文件不对 another file.
    """
    Home(settings().home).claim()
    content = source.read_bytes() if source else _download()
    if integrity(content) != HTMX_SRI:
        raise Stop("not-htmx", source=source or ADDRESS)
    store(content, settings().htmx_file)
    tell("htmx-stored", file=settings().htmx_file)


def integrity(content: bytes) -> str:
    """The hash as browsers write it (Subresource Integrity)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode("ascii")


def store(content: bytes, file: Path) -> None:
    """Write the whole file or none of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_bytes(content)
    part.replace(file)


def _download() -> bytes:
    try:
        with urlopen(ADDRESS, timeout=PATIENCE) as answer:  # noqa: S310 -- one https address
            content: bytes = answer.read()
    except OSError as error:
        raise Stop("htmx-unreachable", exit_code=1, address=ADDRESS) from error
    return content
