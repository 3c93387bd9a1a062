"""Settings come from the environment alone, and a bad one is named."""

from pathlib import Path

import pytest

from domain.kit.settings import BadSetting, read


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in ("HOME", "HOST", "PORT", "PUBLIC_URL", "PROXIES", "FONTS", "ASSETS", "PRODUCTION"):
        monkeypatch.delenv(f"XINBAO_{name}", raising=False)
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


def test_defaults_suit_one_county_on_one_machine():
    settings = read()
    assert (settings.home, settings.host, settings.port) == (Path("var"), "127.0.0.1", 8000)
    assert settings.is_embedded
    assert not settings.is_secure
    assert settings.origin == "http://127.0.0.1:8000"


def test_empty_variables_are_as_if_not_set(monkeypatch):
    monkeypatch.setenv("XINBAO_HOST", "")
    monkeypatch.setenv("DATABASE_URL", "")
    assert (read().host, read().database_url) == ("127.0.0.1", None)


def test_public_https_makes_cookies_secure(monkeypatch):
    monkeypatch.setenv("XINBAO_PUBLIC_URL", "https://xinbao.example/")
    assert (read().origin, read().is_secure) == ("https://xinbao.example", True)


def test_both_servers_given_means_none_embedded(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://a:b@db/xinbao")
    monkeypatch.setenv("REDIS_URL", "redis://queue:6379/0")
    assert not read().is_embedded


@pytest.mark.parametrize(
    ("variable", "value", "kind"),
    [
        ("XINBAO_PORT", "eighty", "int_parsing"),
        ("XINBAO_PORT", "0", "greater_than_equal"),
        ("XINBAO_PORT", "65536", "less_than_equal"),
        ("XINBAO_PUBLIC_URL", "https://xinbao.example/path", "origin"),
        ("XINBAO_PUBLIC_URL", "ftp://xinbao.example", "origin"),
        ("XINBAO_FONTS", "/nowhere/at/all", "folder"),
        ("XINBAO_ASSETS", "elsewhere", "literal_error"),
        ("XINBAO_PRODUCTION", "perhaps", "bool_parsing"),
        ("DATABASE_URL", "mysql://db/xinbao", "postgresql-address"),
        ("REDIS_URL", "http://queue", "queue-address"),
    ],
)
def test_a_bad_value_names_its_variable(monkeypatch, variable, value, kind):
    monkeypatch.setenv(variable, value)
    with pytest.raises(BadSetting) as refused:
        read()
    assert (refused.value.variable, refused.value.kind) == (variable, kind)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("DATABASE_URL", "postgresql://db/xinbao"), ("REDIS_URL", "redis://queue")],
)
def test_one_server_without_the_other_is_refused(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    with pytest.raises(BadSetting) as refused:
        read()
    assert refused.value.kind == "one-server-only"


def test_settings_do_not_change():
    with pytest.raises(Exception, match="frozen"):
        read().port = 1
