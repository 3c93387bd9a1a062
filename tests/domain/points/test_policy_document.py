"""Every example in docs/policy.md is a policy, and every key of a policy is in docs/policy.md."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from domain.points import policy
from domain.points.reading import parse_json, read_policy

DOCUMENT = (Path(__file__).parents[3] / "docs" / "policy.md").read_text("utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_policy(example):
    assert read_policy(parse_json(example.encode()))


def test_every_key_is_documented():
    parts = [
        part for part in vars(policy).values()
        if isinstance(part, type) and issubclass(part, BaseModel)
    ]  # fmt: skip
    keys = {key for part in parts for key in part.model_fields}
    assert {
        key for key in keys if f"`{key}`" not in DOCUMENT and f'"{key}"' not in DOCUMENT
    } == set()
