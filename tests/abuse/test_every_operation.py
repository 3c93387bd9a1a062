"""Every query and mutation of the contract, with what no client should send: operations and their
inputs are read from the schema, so that what is added later is tried as well."""

import random
import re
import zlib

import pytest

from tests.abuse import asks, trial
from tests.asking import Client
from tests.web.browser import Browser

SPEAKS = {"zh": re.compile("[\u4e00-\u9fff]"), "en": re.compile("[A-Za-z]+,? [a-z]+")}
TRIES = {"account", "audit_event", "audit_head", "failed_login"}
KEEPS = {"signIn": TRIES, "changePassword": TRIES, "issueCircular": {"circular"}}
"""What a refused mutation leaves on purpose: wrong passwords are counted, drafts kept up to date."""


class Rounds:
    """Sends documents, undoes them, and gathers what was wrong with the answers."""

    def __init__(self, clients: dict[str, Client], before, ids) -> None:
        self.clients, self.before, self.ids = clients, before, ids
        self.wrong: list[str] = []
        self.count = 0

    async def ask(self, who: str, operation: asks.Operation, variables, note: str = "") -> dict:
        self.count += 1
        client = self.clients[who]
        client.language = ("zh", "en")[self.count % 2]
        body = {"query": operation.document, "variables": variables}
        async with trial.undone(self.before) as found:
            answer = await client.post(body)
        for fault in faults(answer, found, operation, client.language):
            if "over-limit" in fault and note != "valid":
                continue
            self.wrong.append(f"{who} {operation.name} {note[:80]}: {fault}")
        return answer.json()


def faults(answer, found: trial.Outcome, operation: asks.Operation, language: str):
    """What an answer must never be."""
    body = answer.json()
    if answer.status_code not in (200, 400, 401, 403, 413):
        yield f"status {answer.status_code}"
    errors = body.get("errors", [])
    said = (body.get("data") or {}).get(operation.name) or {}
    problem = said if isinstance(said, dict) and "message" in said and "code" in said else None
    for error in errors:
        if error["extensions"]["code"] == "unexpected":
            yield f"unexpected: {error['message']}"
        if error["extensions"]["code"] == "over-limit":
            yield f"over-limit: {error['message']}"
    for each in [*errors, *([problem] if problem else [])]:
        if leaked := trial.leak(each["message"]):
            yield f"speaks of its inside: {leaked!r}"
    if problem and not SPEAKS[language].search(problem["message"]):
        yield f"no reason in the reader's language: {problem['message']!r}"
    if operation.kind == "Query" and found.wrote:
        yield f"a question wrote {found.wrote}"
    kept = set(found.kept) - KEEPS.get(operation.name, set())
    if (errors or problem) and kept:
        yield f"a refusal left something in {sorted(kept)}"


def pick(name: str, choices: list, many: int) -> list:
    """Some of the choices, always the same for the same name."""
    chance = random.Random(zlib.crc32(name.encode()))
    return choices if many >= len(choices) else chance.sample(choices, many)


@pytest.fixture
async def rounds(place):
    clients = {"nobody": Client()}
    for who, person in place.people.items():
        async with Browser(None) as browser:
            await browser.sign_in(person)
            clients[who] = Client(browser.client.cookies["session"])
    for scope, token in place.tokens.items():
        clients[f"token {scope}"] = Client(token)
    for token in place.tokens.values():  # its first use of a minute is noted
        await Client(token).post({"query": "{ __typename }"})
    return Rounds(clients, await trial.contents(), await asks.ids_of())


async def everybody(rounds: Rounds, *, many: int) -> None:
    """Each operation by each of many callers; gives who may do it."""
    for operation in asks.operations():
        for who in pick(operation.name, [*rounds.clients], many):
            await rounds.ask(who, operation, operation.valid(rounds.ids), "valid")


async def oddities(rounds: Rounds, *, many: int) -> None:
    """Each input of each operation, odd, by whoever may do most."""
    for operation in asks.operations():
        chosen = pick(operation.name, [*operation.bent(rounds.ids)], many)
        for note, variables in chosen:
            for who in await able(rounds, operation, many):
                await rounds.ask(who, operation, variables, note)


_able: dict[str, list[str]] = {}


async def able(rounds: Rounds, operation: asks.Operation, many: int) -> list[str]:
    """Somebody who is not turned away at the door, so that the inputs are looked at."""
    if operation.name not in _able:
        order = [
            "administrator",
            "correspondent",
            "editor",
            "leader",
            "issuer",
            "publicity_department",
        ]
        let_in = []
        for who in order:
            answer = await rounds.ask(who, operation, operation.valid(rounds.ids), "valid")
            said = (answer.get("data") or {}).get(operation.name)
            if not isinstance(said, dict) or said.get("__typename") not in ("Forbidden", "Missing"):
                let_in.append(who)
                break
        _able[operation.name] = let_in or order[:1]
    return _able[operation.name]


async def test_no_operation_is_too_odd_for_an_answer(rounds):
    """A few of everything; the slow round takes all of it."""
    await everybody(rounds, many=2)
    await oddities(rounds, many=4)
    assert "\n".join(sorted(set(rounds.wrong))) == ""


@pytest.mark.slow
async def test_no_operation_at_all_is_too_odd_for_an_answer(rounds):
    await everybody(rounds, many=100)
    await oddities(rounds, many=10_000)
    assert "\n".join(sorted(set(rounds.wrong))) == ""
