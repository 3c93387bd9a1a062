"""What `make test` finds on a machine before it installs anything."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import finding, prepare
from xinbao.assets import integrity


@pytest.fixture
def bare_machine(monkeypatch, tmp_path):
    """Nothing in the usual places."""
    for name in ("XINBAO_CHROMIUM", "XINBAO_HTMX", "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "ms-playwright"))
    monkeypatch.setattr(finding, "PLACES", ())
    monkeypatch.setattr(finding, "HTMX", tmp_path / "htmx.min.js")
    monkeypatch.setattr(finding, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(finding, "FONT_CONFIGURATION", tmp_path / "cache" / "fonts.conf")
    return tmp_path


def browser_at(path: Path, exit_code: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexit {exit_code}\n")
    path.chmod(0o755)
    return path


def test_the_named_browser_is_taken_unseen(bare_machine, monkeypatch):
    monkeypatch.setenv("XINBAO_CHROMIUM", "/somewhere/chromium")
    assert finding.chromium() == Path("/somewhere/chromium")


def test_a_bare_machine_has_no_browser(bare_machine):
    assert finding.chromium() is None


def test_the_machines_browser_comes_before_playwrights(bare_machine):
    own = browser_at(bare_machine / "ms-playwright/chromium-1200/chrome-linux/chrome")
    assert finding.chromium() == own
    machines = browser_at(bare_machine / "bin/chromium-browser")
    assert finding.chromium() == machines


def test_a_browser_that_does_not_start_is_passed_over(bare_machine):
    browser_at(bare_machine / "bin/chromium", exit_code=127)
    shell = "ms-playwright/chromium_headless_shell-1200/chrome-linux64/headless_shell"
    assert finding.chromium() is None
    assert browser_at(bare_machine / shell) == finding.chromium()


def test_another_script_is_not_taken_for_htmx(bare_machine, monkeypatch):
    (bare_machine / "other.js").write_text("alert(1)")
    monkeypatch.setenv("XINBAO_HTMX", str(bare_machine / "other.js"))
    assert finding.htmx() is None


def test_htmx_of_an_earlier_run_is_found(bare_machine, monkeypatch):
    monkeypatch.setattr(finding, "HTMX_SRI", integrity(b"htmx"))
    finding.HTMX.write_bytes(b"htmx")
    assert finding.htmx() == b"htmx"


def test_a_wrong_download_is_not_kept(bare_machine, monkeypatch, capsys):
    monkeypatch.setattr(prepare, "from_npm", lambda: b"something else")
    monkeypatch.setattr(prepare, "from_cdn", lambda: None)
    prepare.fetch_htmx()
    assert not finding.HTMX.exists()
    assert "htmx could not be had" in capsys.readouterr().err


def test_documents_typeface_is_lent_to_the_browser(bare_machine):
    content = finding.lend_font().read_text("utf-8")
    assert "pylopdf_fonts_zh_cn</dir>" in content


def test_a_missing_browser_is_an_error_in_ci(bare_machine, monkeypatch):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(prepare, "install_chromium", lambda: None)
    with pytest.raises(SystemExit, match="No Chromium"):
        prepare.main()


def test_an_ordinary_machine_goes_on_to_the_tests(bare_machine, monkeypatch):
    became = []
    monkeypatch.setattr(prepare, "install_chromium", lambda: None)
    monkeypatch.setattr(prepare, "fetch_htmx", lambda: None)
    monkeypatch.setattr(finding, "has_chinese_font", lambda: True)
    monkeypatch.setattr(prepare.os, "execv", lambda program, command: became.append(command))
    monkeypatch.setattr(sys, "argv", ["prepare", "tests/xinbao"])
    prepare.main()
    assert became == [[sys.executable, "-m", "pytest", "tests/xinbao"]]


def test_installer_names_the_missing_package(tmp_path):
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; *print*) echo 3.12;; esac\n')
    python.chmod(0o755)
    (tmp_path / "id").write_text("#!/bin/sh\necho 1000\n")
    (tmp_path / "id").chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", finding.ROOT / "tests/tools/install.sh"],
        env={"PYTHON": str(python), "PATH": f"{tmp_path}:/usr/bin:/bin"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "apt install python3.12-venv" in done.stderr
    assert not (tmp_path / ".venv").exists()
