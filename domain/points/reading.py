"""Reading a policy file: what is wrong with it is said with the place, all of it at once."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from domain.kit.errors import Invalid, Refusals
from domain.points.policy import Policy


class PolicyRefused(Invalid):
    """Something in a policy file cannot be used. `path` says where, e.g. levels.county."""

    code = "policy-refused"
    field = "rules"

    def __init__(self, path: str = "") -> None:
        super().__init__(path)
        self.path = path or "$"


class PolicyKeyUnknown(PolicyRefused):
    """A key that no policy has."""

    code = "policy-key-unknown"


class PolicyKeyMissing(PolicyRefused):
    """A key that every policy has."""

    code = "policy-key-missing"


class PolicyNumberWrong(PolicyRefused):
    """A number is expected, of tolerable size and at most four decimals."""

    code = "policy-number-wrong"


class PolicySignWrong(PolicyRefused):
    """Points are written from 0 up, deductions from 0 down."""

    code = "policy-sign-wrong"


class PolicyChoiceWrong(PolicyRefused):
    """Only certain words are possible."""

    code = "policy-choice-wrong"

    def __init__(self, path: str, choices: str) -> None:
        super().__init__(path)
        self.choices = choices


class PolicyShapeWrong(PolicyRefused):
    """An object, list or text of another shape is expected; docs/policy.md has examples."""

    code = "policy-shape-wrong"


class PolicyFactorOrPoints(PolicyRefused):
    """Either `factor` or `points`, exactly one of them."""

    code = "policy-factor-or-points"


class PolicyLevels(PolicyRefused):
    """`n` belongs to top_n_levels, and to it alone."""

    code = "policy-levels"


class PolicyNotJson(PolicyRefused):
    """The file is no JSON. `path` says line and column."""

    code = "policy-not-json"


_SIGNS = ("not-negative", "not-positive")
_NUMBERS = (
    "not-a-number", "number-out-of-range", "decimal_parsing", "decimal_type", "finite_number",
    "less_than_equal", "greater_than_equal", "int_type",
)  # fmt: skip
_PLAIN: Mapping[str, type[PolicyRefused]] = {
    "extra_forbidden": PolicyKeyUnknown,
    "missing": PolicyKeyMissing,
    "factor-or-points": PolicyFactorOrPoints,
    "n-with-top-n-levels": PolicyLevels,
    **dict.fromkeys(_SIGNS, PolicySignWrong),
    **dict.fromkeys(_NUMBERS, PolicyNumberWrong),
}


def parse_json(content: bytes) -> Any:
    """A policy file's JSON, numbers exact. Raises PolicyNotJson."""
    try:
        return json.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise PolicyNotJson(f"{error.lineno}:{error.colno}") from None
    except (UnicodeDecodeError, RecursionError):
        raise PolicyNotJson from None


def read_policy(rules: object) -> Policy:
    """A policy from parsed JSON. Raises what is wrong, all of it, each with its path."""
    try:
        return Policy.model_validate(rules)
    except ValidationError as error:
        wrong = [_refusal(each) for each in error.errors(include_url=False)]
    raise wrong[0] if len(wrong) == 1 else Refusals(wrong)


def _refusal(error: Any) -> PolicyRefused:
    path = ".".join(str(step) for step in error["loc"] if step != "[key]")
    kind = error["type"]
    if kind == "enum":
        return PolicyChoiceWrong(path, error["ctx"]["expected"].replace("'", ""))
    if kind == "rounding-unknown":
        return PolicyChoiceWrong("rounding", "1, 0.1, 0.01")
    return _PLAIN.get(kind, PolicyShapeWrong)(path)
