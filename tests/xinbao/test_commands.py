"""What an administrator does at the machine, on servers given by address."""

import asyncio
import threading

import asyncpg
import pytest
from typer.testing import CliRunner

from domain.kit.actor import SYSTEM, Duty
from domain.kit.db import open_database
from domain.kit.text import name as called
from domain.people import actions as people
from domain.people import queries
from domain.people.keys import SignInRefused
from domain.units import actions as units
from domain.units.models import UnitKind
from tests.servers import new_database
from tests.xinbao.houses import command, refused
from web import assets as web_assets
from xinbao import assets
from xinbao.__main__ import main
from xinbao.cli import MODULES, app
from xinbao.configuration import masked

UNIT = "示例镇"


@pytest.fixture
def run(given_servers, monkeypatch, capsys):
    """Run `xinbao …`; the exit code, what was said, and what was complained about."""

    def xinbao(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["xinbao", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return xinbao


@pytest.fixture
def inside(given_servers):
    """Run a coroutine function on the open database."""

    def do(work):
        async def opened():
            async with open_database(given_servers, pool=1):
                return await work()

        return asyncio.run(opened())

    return do


@pytest.fixture
def county(inside):
    async def one_unit():
        return await units.create(SYSTEM, name=UNIT, kind=UnitKind.TOWNSHIP)

    return inside(one_unit)


def add(run, login="example", **changed: str):
    facts = {"--login": login, "--unit": UNIT, "--duty": "correspondent", "--post": "党政办干事"}
    facts |= {f"--{key}": value for key, value in changed.items()}
    return run("user", "add", "示例甲", *[part for pair in facts.items() for part in pair])


def one_time_password(said: str) -> str:
    return said.split("一次性密码：")[1].split("（")[0]


@pytest.mark.parametrize("name", MODULES)
def test_every_command_explains_itself_in_both_languages(name):
    said = CliRunner().invoke(app, [name, "--help"])
    assert said.exit_code == 0
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said.output)
    assert any(word.isascii() and word.isalpha() for word in said.output.split())


def test_a_new_person_can_sign_in_with_the_password_shown(run, county, inside):
    code, said, _ = add(run)
    assert code == 0

    async def sign_in():
        token, _ = await people.sign_in("example", one_time_password(said))
        return await queries.actor_by_session(token)

    assert inside(sign_in).name == "示例甲"
    code, said, _ = run("user", "list")
    duty = called(Duty.CORRESPONDENT, "zh")
    assert said == f"example\t示例甲\t{UNIT} {duty}\t待改密码 one-time password\n"


def test_a_refused_person_is_not_half_entered(run, county, inside):
    assert add(run)[0] == 0
    code, _, complaint = add(run)
    assert (code, complaint.count("\n")) == (1, 1)
    assert "example" in complaint

    async def people_named():
        return await queries.visible_to(SYSTEM).filter(name="示例甲").count()

    assert inside(people_named) == 1


@pytest.mark.parametrize(
    ("changed", "named"),
    [({"unit": "没有的单位"}, "没有的单位"), ({"office": "没有的接收单位"}, "没有的接收单位")],
)
def test_unknown_names_are_wrong_input(run, county, changed, named):
    code, said, complaint = add(run, **changed)
    assert (code, said) == (2, "")
    assert named in complaint
    assert run("user", "list")[1] == ""


def test_a_locked_person_is_out_and_an_unlocked_one_is_back(run, county, inside):
    password = one_time_password(add(run)[1])

    async def may_enter() -> bool:
        try:
            token, _ = await people.sign_in("example", password)
        except SignInRefused:
            return False
        return await queries.actor_by_session(token) is not None

    assert run("user", "lock", "example")[0] == 0
    assert inside(may_enter) is False
    assert run("user", "list")[1].endswith("停用 locked\n")
    assert run("user", "unlock", "example")[0] == 0
    assert inside(may_enter) is True


def test_a_reset_password_shuts_the_old_one_out(run, county, inside):
    old = one_time_password(add(run)[1])
    new = one_time_password(run("user", "password", "example")[1])
    assert old != new

    async def sign_in():
        await people.sign_in("example", old)

    with pytest.raises(SignInRefused):
        inside(sign_in)
    code, _, complaint = run("user", "password", "nobody")
    assert (code, complaint.count("\n")) == (2, 1)


def test_a_token_is_shown_once_listed_and_revoked(run, county, inside):
    code, secret, _ = run("token", "new", "州平台", "--scope", "read", "--unit", UNIT)
    assert code == 0

    async def known() -> bool:
        return await queries.actor_by_token(secret.strip()) is not None

    assert inside(known) is True
    listed = run("token", "list")[1].split("\t")
    assert listed[1:5] == ["州平台", f"…{secret.strip()[-6:]}", "read", UNIT]
    assert secret.strip() not in "".join(listed)
    assert run("token", "revoke", listed[0])[0] == 0
    assert inside(known) is False
    assert run("token", "list")[1].endswith("已作废 revoked\n")


def test_migrating_twice_does_nothing_the_second_time(run):
    assert run("migrate")[0] == 0
    assert "最新" in run("migrate")[1]


def test_config_check_hides_passwords_and_finds_nothing_wrong(run):
    code, said, _ = run("config", "check")
    assert code == 0
    assert "XINBAO_PORT        8000" in said
    assert masked("postgresql://a:b%40c@h/x") == "postgresql://a:***@h/x"
    assert masked("redis://:pw@h:1/0") == "redis://:***@h:1/0"


def test_config_check_names_what_is_wrong(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    done = command(
        tmp_path,
        "config",
        "check",
        DATABASE_URL="postgresql://a:secret@127.0.0.1:9/x",
        REDIS_URL="redis://127.0.0.1:9",
    )
    assert done.returncode == 2
    assert "secret" not in done.stdout + done.stderr
    assert str(tmp_path) in done.stdout


def test_doctor_finds_a_well_house_well(run):
    code, said, _ = run("doctor")
    assert code == 0
    assert said.count("✓") == 9


@pytest.fixture
def damaged(given_servers):
    """Do something to the database that nobody should; it is put right afterwards."""
    mending = []

    def do(damage: str, mend: str) -> None:
        mending.append(mend)
        asyncio.run(execute(given_servers, damage))

    yield do
    for mend in mending:
        asyncio.run(execute(given_servers, mend))


async def execute(address: str, statement: str) -> None:
    connection = await asyncpg.connect(address)
    await connection.execute(statement)
    await connection.close()


def test_doctor_finds_a_guard_that_was_taken_away(run, damaged):
    guard = "adoption_confirmed_by_another"
    check = "check (confirmed_by_id <> recorded_by_id)"
    damaged(
        f"alter table adoption drop constraint {guard}",
        f"alter table adoption add constraint {guard} {check}",
    )
    code, said, _ = run("doctor")
    assert (code, said.count("✗")) == (1, 1)
    assert guard in said


def test_doctor_finds_a_figure_that_no_line_of_the_ledger_gives(run, county, damaged):
    damaged(
        "insert into unit_month (unit_id, month, points, submitted, same_day, adopted, county,"
        " prefecture, province, nation)"
        " select id, '2018-04-01', 1, 0, 0, 0, 0, 0, 0, 0 from unit limit 1",
        "delete from unit_month",
    )
    code, said, _ = run("doctor")
    assert (code, said.count("✗")) == (1, 1)
    assert "2018-04" in said


def test_doctor_finds_a_trail_that_was_cut(run, damaged):
    damaged("update audit_head set seq = 7", "update audit_head set seq = 0")
    code, said, _ = run("doctor")
    assert (code, [line[:7] for line in said.splitlines() if line[0] == "✗"]) == (
        1,
        ["✗ 操作日志链"],
    )


def test_htmx_is_stored_only_when_it_is_htmx(run, tmp_path, monkeypatch):
    (tmp_path / "htmx.js").write_bytes(b"the script")
    code, _, complaint = run("assets", "fetch", "--from", str(tmp_path / "htmx.js"))
    assert (code, complaint.count("\n")) == (2, 1)
    assert not (tmp_path / "home" / "assets").exists()
    monkeypatch.setattr(assets, "HTMX_SRI", assets.integrity(b"the script"))
    assert run("assets", "fetch", "--from", str(tmp_path / "htmx.js"))[0] == 0
    assert (tmp_path / "home" / "assets" / "htmx.min.js").read_bytes() == b"the script"


def test_real_htmx_has_the_pinned_hash(htmx):
    assert assets.integrity(htmx) == web_assets.HTMX_SRI


def test_commands_on_a_stopped_house_bring_the_database_up_and_down(tmp_path):
    home = tmp_path / "home"
    assert command(home, "migrate").returncode == 0
    made = command(home, "token", "new", "试用", "--scope", "read")
    assert made.returncode == 0
    assert command(home, "token", "list").stdout.count("\n") == 1
    assert not list((home / "postgres" / "data").glob("postmaster.pid"))


def test_an_older_database_elsewhere_is_not_migrated_unasked(tmp_path, running, redis_url):
    empty = asyncio.run(new_database(running, "test_empty", template="template0"))
    given = {"DATABASE_URL": empty, "REDIS_URL": redis_url}
    assert "xinbao migrate" in refused(command(tmp_path / "home", "token", "list", **given))
    assert command(tmp_path / "home", "migrate", **given).returncode == 0
    assert command(tmp_path / "home", "token", "list", **given).returncode == 0


def test_several_migrations_at_once_do_it_once(tmp_path, running, redis_url):
    empty = asyncio.run(new_database(running, "test_racing", template="template0"))
    given = {"DATABASE_URL": empty, "REDIS_URL": redis_url}
    done = []
    racers = [
        threading.Thread(target=lambda: done.append(command(tmp_path / "home", "migrate", **given)))
        for _ in range(3)
    ]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert [each.returncode for each in done] == [0, 0, 0]
    assert sorted("最新" in each.stdout for each in done) == [False, True, True]
