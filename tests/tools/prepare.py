"""`make test`: see that a browser, a Chinese typeface and htmx are there, then run the tests.

What is missing is installed where the machine allows it. A browser that cannot be had is an
error under CI=true; elsewhere the browser tests are skipped, and it is said loudly.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from urllib.request import urlopen

from tests.tools import finding
from xinbao.assets import ADDRESS, store

PACKAGE = "htmx.org@2.0.11"


def main() -> None:
    mend_driver()
    chromium = finding.chromium() or install_chromium()
    if chromium:
        os.environ["XINBAO_CHROMIUM"] = str(chromium)
    elif os.environ.get("CI") == "true":
        sys.exit("没有可用的 Chromium，浏览器测试无法运行。 / No Chromium for the browser tests.")
    if not finding.has_chinese_font():
        os.environ["FONTCONFIG_FILE"] = str(finding.lend_font())
    if finding.htmx() is None:
        fetch_htmx()
    arguments = sys.argv[1:] or ["-n", str(min(os.cpu_count() or 2, 8)), "-m", "not slow"]
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])


def install_chromium() -> Path | None:
    """Playwright's own where it can be downloaded and runs, else the distribution's."""
    say("安装 Chromium… / Installing Chromium…")
    downloaded = runs(sys.executable, "-m", "playwright", "install", "chromium")
    if downloaded and (found := finding.chromium()):
        return found
    apt_install("chromium")
    return finding.chromium()


def mend_driver() -> None:
    """Playwright brings a Node of its own, which needs a library that small machines lack."""
    command = [sys.executable, "-m", "playwright", "--version"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        apt_install("libatomic1")


def apt_install(package: str) -> bool:
    """Where we are root and the machine is a Debian; whether it is there now."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    return runs("apt-get", "update") and runs(
        "apt-get", "install", "--yes", "--no-install-recommends", package
    )


def fetch_htmx() -> None:
    """From the npm package, else from the CDN, else with an npm installed for it; kept only when
    its hash is right.
    """
    for source in (from_npm, from_cdn, from_installed_npm):
        content = source()
        if content and finding.is_htmx(content):
            store(content, finding.HTMX)
            return
    say("没有取得 htmx，需要它的浏览器测试会跳过。 / htmx could not be had.")


def from_npm() -> bytes | None:
    with tempfile.TemporaryDirectory() as folder:
        if not shutil.which("npm") or not runs("npm", "pack", PACKAGE, cwd=folder):
            return None
        archive = next(Path(folder).glob("*.tgz"))
        with tarfile.open(archive) as packed:
            file = packed.extractfile("package/dist/htmx.min.js")
            return file.read() if file else None


def from_installed_npm() -> bytes | None:
    if shutil.which("npm"):
        return None
    say("安装 npm，用来取得 htmx… / Installing npm, to have htmx…")
    return from_npm() if apt_install("npm") else None


def from_cdn() -> bytes | None:
    try:
        with urlopen(ADDRESS, timeout=30) as answer:
            return answer.read()
    except OSError:
        return None


def runs(*command: str, cwd: str | None = None) -> bool:
    """Whether it succeeded. Its own words are shown only when it did not."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        say(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()[-500:]}")
    return done.returncode == 0


def say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
