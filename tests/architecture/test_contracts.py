"""The house rules, held by the tools that state them."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PACKAGES = ("xinbao", "api", "schema", "web", "workers", "domain")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    path = str(BIN / command[0])
    return subprocess.run(
        [path, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_layers_and_slices_hold():
    result = run("lint-imports", "--no-cache")
    assert result.returncode == 0, result.stdout


def test_ruff_finds_nothing():
    result = run("ruff", "check", ".")
    assert result.returncode == 0, result.stdout


def test_ruff_has_formatted_everything():
    result = run("ruff", "format", "--check", ".")
    assert result.returncode == 0, result.stdout


def test_every_type_is_known():
    result = run("mypy")
    assert result.returncode == 0, result.stdout


def test_every_domain_feature_is_under_the_contract_of_its_inner_layers():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = config["tool"]["importlinter"]["contracts"]
    containers = next(c["containers"] for c in contracts if "containers" in c)
    features = {p.parent.name for p in (ROOT / "domain").glob("*/models.py")} - {"kit"}
    assert {name.removeprefix("domain.") for name in containers} == features


def sources() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def functions(path: Path) -> list[tuple[str, int]]:
    tree = ast.parse(path.read_text())
    return [
        (node.name, node.end_lineno - node.lineno + 1)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_room_is_too_large(path):
    assert path.read_text().count("\n") <= 400
    assert [name for name, lines in functions(path) if lines > 50] == []


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_only_the_domain_and_the_command_touch_the_database_library():
    outside = [
        path for path in sources() if path.relative_to(ROOT).parts[0] in ("web", "api", "workers")
    ]
    offenders = {
        str(path.relative_to(ROOT)) for path in outside if imports(path) & {"tortoise", "asyncpg"}
    }
    assert offenders == set()


def tracked() -> list[str]:
    command = ["git", "ls-files"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return listing.stdout.split()


def test_nothing_reaches_outside_the_repository():
    """The product stands alone: a clone has everything."""
    outside = "../" + "shared"
    offenders = [
        name
        for name in tracked()
        if (ROOT / name).is_file() and outside.encode() in (ROOT / name).read_bytes()
    ]
    assert offenders == []
