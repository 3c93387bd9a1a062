"""Every malformed request has a clear answer of the 4xx kind, in the caller's language."""

import pytest

from domain.kit.actor import Scope
from tests import make
from tests.asking import Client

DEEP = 10_000
ASK = b'{"query": "{ __typename }"%s}'
MANGLED = {
    "nothing": b"",
    "blanks": b"   ",
    "null": b"null",
    "a number": b"123",
    "a string": b'"x"',
    "true": b"true",
    "a list": b"[]",
    "a batch": b'[{"query": "{ __typename }"}]',
    "no query": b"{}",
    "null query": b'{"query": null}',
    "empty query": b'{"query": ""}',
    "blank query": b'{"query": "   "}',
    "numeric query": b'{"query": 1}',
    "query list": b'{"query": ["{ __typename }"]}',
    "cut off": b'{"query": "{ __typename }"',
    "single quotes": b"{'query': 'x'}",
    "trailing comma": ASK % b",",
    "two documents": b'{"query": "{ __typename }"}{"query": "{ __typename }"}',
    "a form": b"query=%7B__typename%7D",
    "not UTF-8": b'{"query": "\xff\xfe"}',
    "UTF-16": '{"query": "{ __typename }"}'.encode("utf-16"),
    "GB18030": '{"query": "{ __typename } #信息"}'.encode("gb18030"),
    "byte order mark": b"\xef\xbb\xbf" + ASK % b"",
    "overlong UTF-8": b'{"query": "\xc0\x80"}',
    "very deep list": b"[" * DEEP + b"]" * DEEP,
    "very deep object": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep variables": ASK
    % (b', "variables": ' + b'{"a":' * 50 + b"1" + b"}" * 51).replace(b"}}", b"}", 1),
    "5,000 digits": ASK % (b', "variables": {"a": ' + b"9" * 5000 + b"}"),
    "duplicate keys": b'{"query": "{ a }", "query": "{ __typename }"}',
    "duplicate variables": ASK % b', "variables": {"a": 1, "a": 2}',
    "NaN": ASK % b', "variables": {"a": NaN}',
    "Infinity": ASK % b', "variables": {"a": -Infinity}',
    "1e400": ASK % b', "variables": {"a": 1e400}',
    "NUL": ASK % b', "variables": {"a": "\\u0000"}',
    "escape": ASK % b', "variables": {"a": "\\u001b[31m"}',
    "lone surrogate": ASK % b', "variables": {"a": "\\ud800"}',
    "surrogate in a key": ASK % b', "variables": {"\\ud800": 1}',
    "surrogate in the query": b'{"query": "{ __typename } #\\ud800"}',
    "variables as list": ASK % b', "variables": [1]',
    "variables as text": ASK % b', "variables": "{}"',
    "a hundred and one values": ASK % (b', "variables": {"a": [' + b"1," * 100 + b"1]}"),
    "numeric name": ASK % b', "operationName": 1',
    "object name": ASK % b', "operationName": {}',
    "NUL outside": b'{"query": "{ __typename }"}\x00',
    "raw control character": b'{"query": "{ __typename \x01}"}',
}


@pytest.mark.parametrize("body", MANGLED.values(), ids=MANGLED)
async def test_a_mangled_body_is_refused_with_its_reason(db, body):
    client = Client()
    answer = await client.post(body)
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert error["message"]
    assert error["extensions"]["code"] in {
        "bad-body", "not-an-object", "bad-query", "bad-variables", "bad-operation-name", "duplicate-key",
    }  # fmt: skip


async def test_an_unusual_but_sound_body_is_taken(db):
    for extra in (b"", b', "variables": null', b', "variables": {}, "operationName": null',
                  b', "variables": {"a": 9223372036854775808}', b', "extensions": {}', b', "unknown": 1',
                  b', "variables": {"a": "\\ud83d\\ude00 \\u3400"}'):  # fmt: skip
        answer = await Client().post(ASK % extra)
        assert (answer.status_code, answer.json()) == (200, {"data": {"__typename": "Query"}})


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_only_post_is_answered(db, method):
    answer = await Client().post(method=method, path="/graphql?query={__typename}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
     "application/graphql", "application/json; charset=gbk", "application/jsonp"],
)  # fmt: skip
async def test_only_json_in_utf8_is_taken(db, content_type):
    answer = await Client().post(ASK % b"", headers={"Content-Type": content_type})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (
        415,
        "not-json",
    )


async def test_a_body_over_the_limit_is_refused_announced_or_not(db):
    large = ASK % (b', "variables": {"a": "' + b"x" * (256 * 1024) + b'"}')

    async def pieces():
        for start in range(0, len(large), 10_000):
            yield large[start : start + 10_000]

    for body in (large, pieces()):
        answer = await Client().post(body)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (
            413, "body-too-large",
        )  # fmt: skip


async def test_the_reason_is_said_in_the_callers_language(db):
    chinese = await Client(language="zh-CN,zh;q=0.9,en;q=0.8").post(b"null")
    english = await Client(language="en-GB, zh;q=0.1").post(b"null")
    other = await Client(language="fr;q=1, *;q=0.1").post(b"null")
    assert (
        chinese.json()["errors"][0]["message"]
        == "请求正文须是一个 JSON 对象：query、variables、operationName。"
    )
    assert english.json()["errors"][0]["message"] == (
        "The body must be one JSON object: query, variables, operationName."
    )
    assert other.json() == chinese.json()


async def test_no_answer_is_kept_or_guessed_at(db):
    secret, _ = await make.token(Scope.READ)
    client = Client(secret)
    for body in ({"query": "{ me { name } }"}, b"null"):
        answer = await client.post(body)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"] == "application/json"


async def test_text_that_no_record_can_hold_is_refused_in_the_document_too(db):
    secret, _ = await make.token(Scope.READ)
    answer = await Client(secret).post({"query": '{ item(id: "a\\u0000b") { title } }'})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == "Text holds control characters."


async def test_a_document_without_an_operation_is_refused(db):
    secret, _ = await make.token(Scope.READ)
    client = Client(secret)
    for body in (
        {"query": "fragment f on Unit { name }"},
        {"query": "query a { __typename } query b { __typename }", "operationName": "c"},
        {"query": "query a { __typename } query b { __typename }"},
        {"query": "subscription { __typename }"},
    ):
        answer = await client.post(body)
        assert answer.status_code == 400, answer.text
        assert len(answer.json()["errors"]) >= 1
