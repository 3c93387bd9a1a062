"""Who may ask: a token, a session by header, or a session by cookie from our own pages."""

from datetime import timedelta

import pytest
from graphql import build_client_schema, get_introspection_query

from domain.kit import clock
from domain.kit.actor import Duty, Scope
from domain.kit.settings import settings
from domain.people import actions as people
from domain.people.models import Appointment, Person
from tests import make
from tests.asking import Client

ME = {"query": "{ me { name isToken } }"}


async def somebody(*duties: Duty) -> tuple[Person, str]:
    actor = await make.actor(*duties or (Duty.CORRESPONDENT,))
    person = await Person.get(id=actor.person_id)
    token, _ = await make.session(person)
    return person, token


async def test_a_stranger_may_only_sign_in(db):
    for query in (
        "{ me { name } }",
        "{ units { nodes { name } } }",
        "{ __schema { types { name } } }",
        '{ __type(name: "Item") { name } }',
        'mutation { createUnit(input: {name: "x", kind: TOWNSHIP}) { __typename } }',
        'mutation { signIn(input: {login: "a", password: "b"}) { __typename } signOut { __typename } }',
        "{ ...f } fragment f on Query { me { name } }",
        "{ ... on Query { me { name } } }",
        "{ nothing }",
    ):
        answer = await Client().post({"query": query})
        assert answer.status_code == 401, query
        assert answer.headers["www-authenticate"] == "Bearer"
        assert [e["extensions"]["code"] for e in answer.json()["errors"]] == ["sign-in-required"]
        assert answer.json()["data"] is None


async def test_signing_in_gives_a_token_for_the_header_and_signing_out_ends_it(db):
    person, _ = await somebody()
    account = await person.account
    client = Client()
    signed_in = await client.do(
        "signIn", "... on SignedIn { token endsAt viewer { name duties { duty } } }",
        login=account.login, password=make.PASSWORD,
    )  # fmt: skip
    assert signed_in["__typename"] == "SignedIn"
    assert signed_in["viewer"] == {"name": person.name, "duties": [{"duty": "CORRESPONDENT"}]}
    client.token = signed_in["token"]
    assert await client.ask(ME["query"]) == {"me": {"name": person.name, "isToken": False}}
    assert await client.ask("mutation { signOut { __typename } }") == {
        "signOut": {"__typename": "Done"}
    }
    assert (await client.post(ME)).status_code == 401


async def test_a_wrong_password_and_an_unknown_login_are_refused_alike(db):
    person, _ = await somebody()
    account = await person.account
    wrong = await Client().do("signIn", login=account.login, password="wrong wrong wrong")
    unknown = await Client().do("signIn", login="nobody-here", password="wrong wrong wrong")
    assert wrong == unknown
    assert (wrong["__typename"], wrong["code"]) == ("InvalidInput", "sign-in-refused")


async def test_passwords_are_guessed_one_a_request(db):
    guess = 'signIn(input: {login: "a", password: "b"}) { __typename }'
    for query in (
        f"mutation {{ a: {guess} b: {guess} }}",
        f"mutation {{ ...f ...g }} fragment f on Mutation {{ a: {guess} }} fragment g on Mutation {{ b: {guess} }}",
    ):
        answer = await Client().post({"query": query})
        assert answer.status_code in (400, 401)
        assert answer.json()["data"] is None
    _, token = await somebody()
    change = 'changePassword(input: {old: "a", new: "b"}) { __typename }'
    answer = await Client(token).post({"query": f"mutation {{ a: {change} b: {change} }}"})
    assert answer.json()["errors"][0]["extensions"] == {
        "code": "over-limit", "limit": "password fields", "found": 2, "most": 1,
    }  # fmt: skip


async def test_a_token_is_known_by_its_name_until_it_is_revoked(db):
    secret, actor = await make.token(Scope.READ)
    client = Client(secret)
    assert await client.ask(ME["query"]) == {"me": {"name": actor.name, "isToken": True}}
    administrator = await make.actor(Duty.ADMINISTRATOR)
    await people.revoke_token(administrator, actor.token_id)
    assert (await client.post(ME)).status_code == 401


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer " + "x" * 5000, "bearer\tx"]
)
async def test_a_wrong_authorization_is_refused_before_anything_is_read(db, header):
    answer = await Client(headers={"Authorization": header}).post(b"not even json")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (
        401,
        "sign-in-required",
    )


async def test_the_cookie_serves_our_own_pages_alone(db):
    _, token = await somebody()
    cookie = {"Cookie": f"session={token}"}
    for origin, status in (
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://county.test"}, 200),
        ({"Origin": "http://evil.test"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ):
        answer = await Client(headers=cookie | origin).post(ME)
        assert answer.status_code == status, origin
    assert answer.json()["errors"][0]["extensions"]["code"] == "cross-site"


async def test_behind_https_only_the_cookie_bound_to_the_host_counts(db, monkeypatch):
    monkeypatch.setenv("XINBAO_PUBLIC_URL", "https://county.test")
    settings.cache_clear()
    _, token = await somebody()
    same = {"Sec-Fetch-Site": "same-origin"}
    bound = await Client(headers={"Cookie": f"__Host-session={token}"} | same).post(ME)
    loose = await Client(headers={"Cookie": f"session={token}"} | same).post(ME)
    assert (bound.status_code, loose.status_code) == (200, 401)


async def test_a_header_wins_over_a_cookie_and_needs_no_origin(db):
    secret, actor = await make.token(Scope.READ)
    answer = await Client(
        secret, headers={"Cookie": "session=something", "Sec-Fetch-Site": "cross-site"}
    ).post(ME)
    assert answer.json()["data"]["me"]["name"] == actor.name


async def test_rights_are_read_anew_on_every_request(db):
    person, token = await somebody(Duty.ADMINISTRATOR)
    client = Client(token)
    query = "{ jobs { totalCount } }"
    assert await client.ask(query) == {"jobs": {"totalCount": 0}}
    yesterday = clock.today() - timedelta(days=1)
    await Appointment.filter(person_id=person.id).update(ends_on=yesterday)
    assert (await client.answer(query))["errors"][0]["extensions"]["code"] == "duty-required"


async def test_the_schema_is_shown_to_whoever_is_signed_in(db):
    secret, _ = await make.token(Scope.READ)
    data = await Client(secret).ask(get_introspection_query())
    assert "Item" in build_client_schema(data).type_map
