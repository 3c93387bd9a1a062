"""AC11: nobody learns from signing in who is there: same refusals, same work, same words."""

from domain.kit import text
from domain.kit.actor import SYSTEM
from domain.kit.errors import DomainError
from domain.people import actions as people
from domain.people import passwords
from tests import make
from tests.domain.items import chain


async def tried(login, password="wrong but long enough 9"):
    try:
        await people.sign_in(login, password)
    except DomainError as refusal:
        facts = {key: value for key, value in refusal.facts.items() if key != "until"}
        return type(refusal), refusal.field, facts, text.refusal(refusal, "zh").split("2")[0]


async def test_known_unknown_shut_and_former_logins_answer_alike(db):
    logins = []
    for number, change in enumerate(("known", "shut", "left")):
        person = await make.person()
        account = await make.account(person, f"shili{number}")
        logins.append(account.login)
        if change == "shut":
            account.active = False
            await account.save()
        if change == "left":
            await people.deactivate_person(SYSTEM, person.id)
    logins += ["nobody", "' or 1=1 --", "x" * 500, "a\ud800"]
    for _ in range(6):  # past the lock after the fifth
        answers = [await tried(login) for login in logins]
        assert [each for each in answers if each != answers[0]] == []


async def test_the_right_password_of_a_shut_account_answers_like_a_wrong_one(db):
    person = await make.person()
    account = await make.account(person)
    await people.deactivate_person(SYSTEM, person.id)
    right, wrong = await tried(account.login, make.PASSWORD), await tried("nobody")
    assert right == wrong


async def test_a_locked_account_does_not_tell_that_the_password_is_right(db):
    account = await make.account(await make.person())
    for _ in range(5):
        await tried(account.login)
    assert await tried(account.login, make.PASSWORD) == await tried(account.login)


async def test_known_and_unknown_cost_one_hash_and_equally_many_statements(db, monkeypatch):
    account = await make.account(await make.person())
    await tried("nobody"), await tried(account.login)
    hashes = []
    real = passwords._verify
    monkeypatch.setattr(
        passwords, "_verify", lambda *given: hashes.append(len(given)) or real(*given)
    )
    costs = []
    for login in ("nobody", account.login, "nobody2"):
        hashes.clear()
        with chain.statements() as sent:
            await tried(login)
        costs.append((len(hashes), len(sent)))
    assert [cost[0] for cost in costs] == [1, 1, 1]
    assert max(cost[1] for cost in costs) - min(cost[1] for cost in costs) <= 1
