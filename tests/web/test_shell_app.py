"""The process itself: alone, and as a part of the house."""

import httpx2
import pytest
from tortoise.context import get_current_context

from domain.kit.settings import BadSetting, settings
from tests.web.conftest import serving
from web import nav
from web.app import create_app


async def test_the_pages_stand_alone_and_open_the_database_themselves(
    database_url, redis_url, monkeypatch
):
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    settings.cache_clear()
    assert get_current_context() is None
    async with serving(create_app(), lifespan="on") as address, httpx2.AsyncClient() as client:
        client.cookies.set("session", "nobody", domain="127.0.0.1")
        answer = await client.get(f"{address}/account")
    assert answer.headers["location"] == "/sign-in?next=%2Faccount"
    settings.cache_clear()


async def test_alone_without_a_database_they_do_not_start():
    app = create_app()
    with pytest.raises(BadSetting) as caught:
        async with app.router.lifespan_context(app):
            pass
    assert caught.value.variable == "DATABASE_URL"


def test_every_place_in_the_rail_has_an_address_and_a_name_of_its_own():
    app = create_app()
    entries: list[nav.Entry] = app.state.entries
    assert all(str(app.url_path_for(each.route)) for each in entries)
    assert len({each.route for each in entries}) == len(entries)


def test_every_route_has_a_name_of_its_own():
    names = [route.name for route in create_app().routes]
    assert sorted(names) == sorted(set(names))
