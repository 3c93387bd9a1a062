import asyncio
from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher

from domain.kit import clock
from domain.kit.actor import SYSTEM, Actor, Duty, Scope
from domain.kit.errors import NotFound, TokensMayNot
from domain.kit.models import AuditEvent
from domain.people import actions, keys, passwords, queries
from domain.people.models import Account, ApiToken, LoginSession, Person
from domain.units import actions as units
from domain.units.models import Unit
from domain.units.rules import UnitClosed
from tests import make
from tests.counting import counting

WRONG = "not the password at all"


async def an_account(*duties: Duty) -> Account:
    actor = await make.actor(*duties or (Duty.CORRESPONDENT,))
    return await make.account(await Person.get(id=actor.person_id))


async def attempt(login: str, password: str = WRONG) -> type | tuple:
    try:
        return await actions.sign_in(login, password)
    except (keys.SignInRefused, keys.AccountLocked) as refusal:
        return type(refusal)


def after(**delta) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(**delta), tick=True)


async def test_signing_in_gives_a_token_of_which_only_the_hash_is_kept(db):
    account = await an_account()
    token, session = await actions.sign_in(
        f" {account.login.upper()} ",
        make.PASSWORD,
        user_agent="示例浏览器" * 99,
        address="10.0.0.7",
    )
    kept = await LoginSession.get(id=session.id)
    assert kept.token_sha256 == queries.sha256(token)
    assert token not in str(kept.__dict__)
    assert (len(kept.user_agent), kept.address) == (200, "10.0.0.7")
    actor = await queries.actor_by_session(token)
    assert (actor.name, actor.session_id) == (account.person.name, session.id)
    assert actor.duties == {Duty.CORRESPONDENT}
    assert await queries.session_csrf(actor) == kept.csrf_token != token
    event = await AuditEvent.get(verb="sign-in")
    assert (event.actor, event.facts) == (account.person.name, {"address": "10.0.0.7"})


async def test_a_wrong_login_a_wrong_password_and_a_shut_account_get_one_answer(db):
    account, gone = await an_account(), await an_account()
    await actions.deactivate_person(SYSTEM, gone.person.id)
    answers = [
        await attempt(account.login),
        await attempt("nobody"),
        await attempt(gone.login, make.PASSWORD),
        await attempt("not a login\x00\ud800" * 99),
        await attempt("", "\x00\ud800" * 9999),
    ]
    assert answers == [keys.SignInRefused] * 5
    assert await LoginSession.all().count() == 0
    assert await AuditEvent.filter(verb="refuse", thing="account").count() == 2
    assert await AuditEvent.filter(verb="refuse", thing="login").count() == 3


@pytest.mark.parametrize("known", [True, False])
async def test_the_fifth_failure_locks_for_fifteen_minutes(db, known):
    login = (await an_account()).login if known else "nobody"
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        answers = [await attempt(login) for _ in range(6)]
        assert answers == [keys.SignInRefused] * 4 + [keys.AccountLocked] * 2
        with pytest.raises(keys.AccountLocked) as refusal:
            await actions.sign_in(login, make.PASSWORD)
        assert refusal.value.until == start + timedelta(minutes=15)
        traveller.move_to(start + timedelta(minutes=14, seconds=59))
        assert await attempt(login, make.PASSWORD) is keys.AccountLocked
        traveller.move_to(start + timedelta(minutes=15, seconds=1))
        assert [await attempt(login) for _ in range(4)] == [keys.SignInRefused] * 4
        if known:
            token, _ = await actions.sign_in(login, make.PASSWORD)
            assert await queries.actor_by_session(token) is not None
            assert await attempt(login) is keys.SignInRefused


async def test_twelve_wrong_passwords_at_once_are_five_guesses(db):
    account = await an_account()
    answers = await asyncio.gather(*(attempt(account.login) for _ in range(12)))
    assert answers.count(keys.SignInRefused) == 4
    assert answers.count(keys.AccountLocked) == 8
    assert await AuditEvent.filter(verb="refuse", thing="account").count() == 5
    assert await attempt(account.login, make.PASSWORD) is keys.AccountLocked


async def test_twelve_tries_at_once_at_a_login_nobody_has_look_the_same(db):
    answers = await asyncio.gather(*(attempt("nobody") for _ in range(12)))
    assert answers.count(keys.SignInRefused) == 4
    assert answers.count(keys.AccountLocked) == 8


async def test_twelve_right_passwords_at_once_all_open_a_session(db):
    account = await an_account()
    opened = await asyncio.gather(*(attempt(account.login, make.PASSWORD) for _ in range(12)))
    assert len({token for token, _ in opened}) == 12


async def test_work_tells_nobody_whether_a_login_exists(db, monkeypatch):
    """Each refusal hashes once and asks the database as often, so that time tells nothing."""
    hashes = []
    verify = PasswordHasher.verify

    def counted(self, *given):
        hashes.append(given)
        return verify(self, *given)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    account, gone = await an_account(), await an_account()
    await actions.deactivate_person(SYSTEM, gone.person.id)
    work = []
    for login in (account.login, gone.login, "nobody"):
        hashes.clear()
        with counting() as statements:
            assert await attempt(login, make.PASSWORD + "?") is keys.SignInRefused
        work.append((len(hashes), len(statements)))
    assert work == [work[0]] * 3
    assert work[0][0] == 1


async def test_wrong_passwords_elsewhere_do_not_end_a_sign_in(db):
    account = await an_account()
    token, _ = await actions.sign_in(account.login, make.PASSWORD)
    for _ in range(5):
        await attempt(account.login)
    assert await queries.actor_by_session(token) is not None


async def test_a_session_ends_after_thirty_idle_minutes(db):
    token, _ = await make.session((await an_account()).person)
    with after(minutes=29):
        assert await queries.actor_by_session(token) is not None
        with after(minutes=29):
            assert await queries.actor_by_session(token) is not None
            with after(minutes=30, seconds=1):
                assert await queries.actor_by_session(token) is None


async def test_a_session_ends_after_twelve_hours_however_busy(db):
    token, _ = await make.session((await an_account()).person)
    start = clock.now()
    with time_machine.travel(start) as traveller:
        for step in range(1, 36):
            traveller.move_to(start + timedelta(minutes=20 * step))
            assert await queries.actor_by_session(token) is not None
        traveller.move_to(start + timedelta(hours=12, seconds=1))
        assert await queries.actor_by_session(token) is None


async def test_being_seen_is_noted_once_a_minute(db):
    token, actor = await make.session((await an_account()).person)
    before = (await LoginSession.get(id=actor.session_id)).last_seen_at
    await queries.actor_by_session(token)
    assert (await LoginSession.get(id=actor.session_id)).last_seen_at == before
    with after(seconds=61):
        await queries.actor_by_session(token)
        assert (await LoginSession.get(id=actor.session_id)).last_seen_at > before


async def test_a_request_costs_the_same_whatever_the_number_of_duties(db):
    person, unit = await make.person(), await make.unit()
    await make.appointment(Duty.CORRESPONDENT, person=person, unit=unit)
    token, _ = await make.session(person)
    with counting() as one:
        await queries.actor_by_session(token)
    for duty in (Duty.LEADER_IN_CHARGE, Duty.FINANCE):
        await make.appointment(duty, person=person, unit=await make.unit())
    with counting() as three:
        actor = await queries.actor_by_session(token)
    assert (len(actor.held), len(one), len(three)) == (3, 3, 3)


async def test_rights_are_read_anew_on_every_request(db):
    account = await an_account(Duty.LEADER_IN_CHARGE)
    token, actor = await make.session(account.person)
    [made] = await queries.appointments_of(account.person.id)
    await actions.end_appointment(SYSTEM, made.id, last_day=clock.today() - timedelta(days=1))
    assert actor.duties == {Duty.LEADER_IN_CHARGE}
    assert (await queries.actor_by_session(token)).duties == set()


async def test_signing_out_ends_the_session_and_twice_changes_nothing(db):
    token, actor = await make.session((await an_account()).person)
    await actions.sign_out(actor)
    await actions.sign_out(actor)
    assert await queries.actor_by_session(token) is None
    assert await AuditEvent.filter(verb="sign-out").count() == 1


async def test_one_ends_ones_own_sessions_and_nobody_elses(db):
    account = await an_account()
    first, here = await make.session(account.person)
    second, there = await make.session(account.person)
    _, stranger = await make.session((await an_account()).person)
    assert {one.id for one in await queries.my_sessions(here)} == {
        here.session_id,
        there.session_id,
    }
    with pytest.raises(NotFound):
        await actions.end_session(stranger, there.session_id)
    assert await queries.actor_by_session(second) is not None
    await actions.end_session(here, there.session_id)
    assert await queries.actor_by_session(second) is None
    assert await queries.actor_by_session(first) is not None
    assert [one.id for one in await queries.my_sessions(here)] == [here.session_id]


async def test_an_administrator_ends_anybodys_session(db):
    token, actor = await make.session((await an_account()).person)
    await actions.end_session(await make.actor(Duty.ADMINISTRATOR), actor.session_id)
    assert await queries.actor_by_session(token) is None


# one-time passwords, and changing them


async def test_a_one_time_password_opens_nothing_but_its_own_change(db):
    person = await make.person()
    await make.appointment(Duty.PRINCIPAL_LEADER, person=person)
    once = await actions.open_account(SYSTEM, person.id, login="shili")
    token, _ = await actions.sign_in("shili", once)
    actor = await queries.actor_by_session(token)
    assert (actor.person_id, actor.held, actor.unit_id) == (person.id, (), None)
    assert await queries.must_change_password(actor)
    await actions.change_password(actor, old=once, new=make.PASSWORD)
    actor = await queries.actor_by_session(token)
    assert actor.duties == {Duty.PRINCIPAL_LEADER}
    assert not await queries.must_change_password(actor)
    assert await attempt("shili", once) is keys.SignInRefused


async def test_passwords_are_kept_nowhere_but_as_argon2(db):
    person = await make.person()
    once = await actions.open_account(SYSTEM, person.id, login="shili")
    account = await Account.get(login="shili")
    assert account.password_hash.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert not [event for event in await AuditEvent.all() if once in str(event.facts)]


async def test_a_person_has_one_account_and_a_login_one_person(db):
    account = await an_account()
    with pytest.raises(keys.AccountExists):
        await actions.open_account(SYSTEM, account.person.id, login="another")
    with pytest.raises(keys.LoginTaken):
        await actions.open_account(SYSTEM, (await make.person()).id, login=account.login.upper())
    assert await Account.all().count() == 1


async def test_a_changed_password_ends_the_other_sign_ins(db):
    account = await an_account()
    here, actor = await make.session(account.person)
    there, _ = await make.session(account.person)
    new = "another quiet lantern 48"
    await actions.change_password(actor, old=make.PASSWORD, new=new)
    assert await queries.actor_by_session(here) is not None
    assert await queries.actor_by_session(there) is None
    assert await attempt(account.login, make.PASSWORD) is keys.SignInRefused
    await actions.sign_in(account.login, new)


@pytest.mark.parametrize(
    ("old", "new", "refused"),
    [
        (WRONG, "another quiet lantern 48", keys.WrongPassword),
        (make.PASSWORD, "short", passwords.PasswordLength),
        (make.PASSWORD, "password12345", passwords.PasswordCommon),
        (make.PASSWORD, "我是示例陈琳我在草原上放牦牛", passwords.PasswordTellsName),
        (make.PASSWORD, "在示例青草乡的草原上放着牦牛", passwords.PasswordTellsName),
        (make.PASSWORD, make.PASSWORD, passwords.PasswordUnchanged),
    ],
)
async def test_a_password_that_will_not_do_changes_nothing(db, old, new, refused):
    unit, person = await make.unit("示例青草乡"), await make.person("示例陈琳")
    await make.appointment(Duty.CORRESPONDENT, person=person, unit=unit)
    there, _ = await make.session(person)
    _, actor = await make.session(person)
    with pytest.raises(refused):
        await actions.change_password(actor, old=old, new=new)
    assert await queries.actor_by_session(there) is not None
    account = await Account.get(person_id=person.id)
    await actions.sign_in(account.login, make.PASSWORD)


async def test_a_stolen_session_cannot_guess_the_password(db):
    account = await an_account()
    _, actor = await make.session(account.person)
    seen = []
    for _ in range(6):
        with pytest.raises((keys.WrongPassword, keys.AccountLocked)) as refusal:
            await actions.change_password(actor, old=WRONG, new="another quiet lantern 48")
        seen.append(refusal.type)
    assert seen == [keys.WrongPassword] * 4 + [keys.AccountLocked] * 2


async def test_a_reset_shuts_everybody_out_and_unlocks(db):
    account = await an_account()
    token, _ = await make.session(account.person)
    for _ in range(5):
        await attempt(account.login)
    once = await actions.reset_password(await make.actor(Duty.ADMINISTRATOR), account.id)
    assert await queries.actor_by_session(token) is None
    assert await attempt(account.login, make.PASSWORD) is keys.SignInRefused
    token, _ = await actions.sign_in(account.login, once)
    assert await queries.must_change_password(await queries.actor_by_session(token))


async def test_a_token_neither_signs_out_nor_changes_passwords(db):
    _, token = await make.token(Scope.READ)
    for act in (
        actions.sign_out(token),
        actions.change_password(token, old=WRONG, new=make.PASSWORD),
        actions.new_token(token, name="示例", scopes=[Scope.READ], unit_id=None, days=1),
    ):
        with pytest.raises(TokensMayNot):
            await act


# tokens


async def test_a_token_acts_for_its_unit_within_its_scopes(db):
    unit = await make.unit()
    secret, actor = await make.token(Scope.READ, Scope.SUBMIT, unit=unit)
    assert (actor.person_id, actor.held, actor.unit_id) == (None, (), unit.id)
    assert actor.scopes == {Scope.READ, Scope.SUBMIT}
    kept = await ApiToken.get(id=actor.token_id)
    assert (kept.sha256, kept.hint) == (queries.sha256(secret), secret[-6:])
    assert secret not in str(kept.__dict__)
    assert len(secret) >= 43


async def test_a_token_ends_when_revoked_expired_or_its_unit_is_closed(db):
    unit = await make.unit()
    revoked, actor = await make.token(Scope.READ)
    expired, _ = await make.token(Scope.READ, days=2)
    orphan, _ = await make.token(Scope.READ, unit=unit)
    admin = await make.actor(Duty.ADMINISTRATOR)
    await actions.revoke_token(admin, actor.token_id)
    await actions.revoke_token(admin, actor.token_id)
    await Unit.filter(id=unit.id).update(valid_until=clock.today() - timedelta(days=1))
    assert await queries.actor_by_token(revoked, address="") is None
    assert await queries.actor_by_token(orphan, address="") is None
    assert await queries.actor_by_token("xinbao_nonsense", address="") is None
    assert await queries.actor_by_token(expired, address="") is not None
    with after(days=2, seconds=1):
        assert await queries.actor_by_token(expired, address="") is None
    assert await AuditEvent.filter(verb="revoke", thing="token").count() == 1


async def test_a_tokens_use_is_noted_once_a_minute(db):
    secret, actor = await make.token(Scope.READ)
    first = (await ApiToken.get(id=actor.token_id)).last_used_at
    await queries.actor_by_token(secret, address="")
    assert (await ApiToken.get(id=actor.token_id)).last_used_at == first is not None
    with after(seconds=61):
        await queries.actor_by_token(secret, address="")
        assert (await ApiToken.get(id=actor.token_id)).last_used_at > first


async def test_no_token_is_made_for_a_closed_unit(db):
    unit = await make.unit()
    await units.close(SYSTEM, unit.id, last_day=clock.today() - timedelta(days=1))
    with pytest.raises(UnitClosed):
        await make.token(Scope.READ, unit=unit)
    assert await ApiToken.all().count() == 0


# who is seen


async def test_integrations_see_people_of_their_own_unit_only(db):
    unit = await make.unit()
    mine = await make.person()
    await make.appointment(Duty.CORRESPONDENT, person=mine, unit=unit)
    await make.appointment(Duty.CORRESPONDENT)
    _, own = await make.token(Scope.READ, unit=unit)
    _, county = await make.token(Scope.READ)
    assert [person.id for person in await queries.visible_to(own)] == [mine.id]
    assert await queries.visible_to(county).count() == 0
    assert await queries.visible_to(Actor(name="")).count() == 0
    assert await queries.visible_to(await make.actor(Duty.FINANCE)).count() == 3


async def test_a_list_of_people_costs_the_same_whatever_its_length(db):
    unit = await make.unit()
    actor = await make.actor(Duty.CORRESPONDENT, unit=unit)

    async def read() -> tuple[int, int]:
        with counting() as seen:
            people = await queries.with_appointments(queries.visible_to(actor))
        held = [one.unit.name for person in people for one in person.appointments]
        return len(held), len(seen)

    one = await read()
    for _ in range(2):
        await make.appointment(Duty.CORRESPONDENT, unit=unit)
    assert (one, await read()) == ((1, 2), (3, 2))
