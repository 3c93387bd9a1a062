"""compose.yaml, the image and the proxy fit together and fit the program."""

import re

import pytest
import yaml

from domain.kit.settings import Settings
from tests.tools.finding import ROOT
from xinbao.cli import MODULES
from xinbao.house import Part


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def services(compose) -> dict:
    return compose["services"]


def test_every_process_has_its_container(services):
    assert set(services) == {"postgres", "valkey", "migrate", "web", "api", "worker", "proxy"}
    assert [services[part]["command"] for part in Part] == [
        ["xinbao", "serve", part.value] for part in Part
    ]
    assert services["migrate"]["command"][1] in MODULES


def test_servers_are_the_promised_versions(services):
    assert services["postgres"]["image"] == "postgres:18"
    assert services["valkey"]["image"] == "valkey/valkey:9"


def test_nothing_serves_before_the_tables_are_up_to_date(services):
    for part in Part:
        migrated = services[part]["depends_on"]["migrate"]
        assert migrated == {"condition": "service_completed_successfully"}
    assert services["migrate"]["restart"] == "no"


def test_only_settings_that_exist_are_set(services):
    fields = Settings.model_fields
    known = {
        str(each.validation_alias or f"XINBAO_{name.upper()}") for name, each in fields.items()
    }
    for part in (*Part, "migrate"):
        assert set(services[part]["environment"]) <= known


def test_everything_that_is_kept_is_on_a_declared_volume(compose, services):
    mounted = {
        volume.split(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }
    assert mounted == set(compose["volumes"])


def test_only_the_proxy_is_reached_from_outside(services):
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_proxy_joins_pages_and_graphql_under_one_address():
    rules = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    assert "@api path /graphql /graphql/*" in rules
    assert re.findall(r"reverse_proxy (.+)", rules) == ["@api api:8000", "web:8000"]


def test_image_holds_every_package_and_no_root():
    recipe = (ROOT / "Dockerfile").read_text("utf-8")
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    packages = re.search(r"root_packages = \[(.+)\]", project)[1]
    copied = re.findall(r"^COPY (\w+) \1$", recipe, re.MULTILINE)
    assert set(copied) == set(re.findall(r'"(\w+)"', packages))
    assert "--require-hashes --requirement requirements.lock" in recipe
    assert re.findall(r"^USER (.+)$", recipe, re.MULTILINE) == ["xinbao"]


def test_lock_file_has_a_hash_for_everything_and_no_address():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pinned = re.findall(r"^[A-Za-z0-9]", lock, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^\S+==\S+.*\\\n +--hash=sha256:", lock, re.MULTILINE))
    assert "://" not in lock
