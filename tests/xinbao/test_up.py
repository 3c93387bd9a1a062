"""The house in one process: it starts, says that it is ready, and ends with nothing left."""

import asyncio
import os
import signal
from pathlib import Path

import asyncpg
import pytest

from tests.xinbao.houses import House, command, free_port, processes_of, refused, until
from xinbao.embedded import database_address
from xinbao.home import Home


def test_a_new_house_is_ready_and_complete(shared_house):
    assert shared_house.readiness() == {
        "ready": True, "database": "ok", "migrations": "ok", "queue": "ok",
    }  # fmt: skip
    assert shared_house.get("/healthz") == (200, b'{"alive":true}')


def test_pages_and_graphql_share_one_address(shared_house):
    status, page = shared_house.get("/sign-in")
    assert status == 200
    assert b"<html" in page
    status, answer = shared_house.get("/graphql", {"query": "{ __typename }"})
    assert (status, answer) == (200, b'{"data":{"__typename":"Query"}}')
    assert shared_house.get("/graphqlx", {"query": "{ __typename }"})[1] != answer


def test_it_says_where_it_is(shared_house):
    assert f"http://127.0.0.1:{shared_house.port}/graphql" in shared_house.said


def test_servers_of_the_house_listen_on_no_port(shared_house):
    ours = {str(shared_house.port)}
    listening = set()
    for pid in processes_of(shared_house.home):
        sockets = {link.readlink().name for link in Path(f"/proc/{pid}/fd").iterdir()}
        for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                listening.add(str(int(fields[1].split(":")[1], 16)))
    assert listening == ours


def test_second_house_on_the_same_folder_is_refused(shared_house):
    said = refused(command(shared_house.home, "up", XINBAO_PORT=free_port()))
    assert str(shared_house.home) in said
    assert shared_house.is_ready()


def test_busy_port_is_one_clear_line(shared_house, tmp_path):
    said = refused(command(tmp_path / "home", "up", XINBAO_PORT=shared_house.port))
    assert "XINBAO_PORT" in said
    assert processes_of(tmp_path / "home") == set()


def test_foreign_folder_is_one_clear_line_and_stays_as_it_is(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    assert str(tmp_path) in refused(command(tmp_path, "up", XINBAO_PORT=free_port()))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_unwritable_folder_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    said = refused(command(tmp_path / "file" / "home", "up", XINBAO_PORT=free_port()))
    assert "XINBAO_HOME" in said


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("XINBAO_PORT", "eighty"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "postgresql://localhost/x"),
        ("XINBAO_PUBLIC_URL", "xinbao.example"),
        ("XINBAO_FONTS", "/nowhere"),
        ("XINBAO_ASSETS", "local"),
    ],
)
def test_bad_setting_names_its_variable(tmp_path, variable, value):
    assert variable in refused(command(tmp_path / "home", "up", **{variable: value}))


def test_a_real_county_takes_no_demo_people(tmp_path):
    done = command(tmp_path / "home", "up", "--demo", XINBAO_PRODUCTION=True)
    assert "--demo" in refused(done)


def test_newer_database_is_one_clear_line(tmp_path):
    house = House(tmp_path / "home").ready()
    command_sql(house, "insert into tortoise_migrations (app, name, applied_at)"
                " values ('domain', '9999_future', now())")  # fmt: skip
    assert house.end() == 0
    said = refused(command(tmp_path / "home", "up", XINBAO_PORT=free_port()))
    assert "9999_future" in said
    assert processes_of(tmp_path / "home") == set()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_leaves_nothing_running(tmp_path, number):
    house = House(tmp_path / "home").ready()
    assert processes_of(house.home) > {house.process.pid}
    assert house.end(number) == 0
    assert processes_of(house.home) == set()
    assert "Traceback" not in house.said


def test_told_to_end_while_starting_it_leaves_nothing_running(tmp_path):
    house = House(tmp_path / "home")
    until(lambda: any((tmp_path / "home").glob("postgres/*")))
    assert house.end() == 0
    until(lambda: processes_of(house.home) == set())
    assert House(tmp_path / "home").ready().end() == 0


def test_killed_house_takes_its_servers_along_and_loses_nothing(tmp_path):
    house = House(tmp_path / "home").ready()
    token = command(house.home, "token", "new", "试用", "--scope", "read")
    assert token.returncode == 0, token.stderr
    before = command(house.home, "token", "list").stdout
    assert before.count("\n") == 1
    house.end(signal.SIGKILL)
    again = House(tmp_path / "home").ready()
    assert command(again.home, "token", "list").stdout == before
    assert again.end() == 0
    assert processes_of(house.home) == set()


def test_demo_county_is_filled_before_the_doors_open_and_survives_a_kill(tmp_path):
    house = House(tmp_path / "home", "up", "--demo").ready()
    until(lambda: "Ctrl+C" in house.said)
    login, password, _ = house.said.split("example logins\n")[1].split(maxsplit=2)
    assert (login, len(password) >= 12) == ("tongxun", True)
    house.end(signal.SIGKILL)
    until(lambda: processes_of(house.home) == set())
    again = House(tmp_path / "home", "up", "--demo").ready()
    assert command(again.home, "user", "list").stdout.split("\t")[0] == "baomi"
    assert again.end() == 0
    assert processes_of(again.home) == set()


@pytest.mark.parametrize("program", ["postgres", "valkey-server"])
def test_killed_server_is_started_again(house, program):
    killed = house.child(program)
    os.kill(killed, signal.SIGKILL)
    until(lambda: house.child(program) not in (killed, None))
    until(house.is_ready)
    assert house.get("/healthz")[0] == 200


def test_given_servers_are_used_and_none_started(tmp_path, given_servers, redis_url):
    house = House(tmp_path / "home", DATABASE_URL=given_servers, REDIS_URL=redis_url).ready()
    assert processes_of(house.home) == {house.process.pid}
    assert house.end() == 0


def test_unreachable_part_is_named(tmp_path, given_servers, redis_url):
    house = House(tmp_path / "home", DATABASE_URL=given_servers, REDIS_URL="unix:///nowhere")
    until(lambda: house.get("/readyz")[0] == 503)
    assert house.readiness() == {
        "ready": False, "database": "ok", "migrations": "ok", "queue": "unreachable",
    }  # fmt: skip
    assert house.end() == 0


@pytest.mark.parametrize("part", ["web", "api"])
def test_a_part_alone_is_ready_and_ends(tmp_path, given_servers, redis_url, part):
    given = {"DATABASE_URL": given_servers, "REDIS_URL": redis_url}
    house = House(tmp_path / "home", "serve", part, **given).ready()
    assert house.get("/graphql", {"query": "{ __typename }"})[0] == {"web": 404, "api": 200}[part]
    assert house.end() == 0


def test_a_part_alone_needs_addresses(tmp_path):
    assert "DATABASE_URL" in refused(command(tmp_path / "home", "serve", "web"))


def command_sql(house: House, statement: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(database_address(Home(house.home)))
        await connection.execute(statement)
        await connection.close()

    asyncio.run(run())
