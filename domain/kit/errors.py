"""The four ways a request can be refused, and nothing about how it is shown."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar


class DomainError(Exception):
    """A refusal the caller can act on; anything else is a bug.

    Subclasses live beside the rule that raises them. They carry facts, never sentences:
    `code` picks the sentence at the edge (`domain.kit.text`), `field` names the input to blame.
    """

    code: ClassVar[str]
    field: str | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """What the sentence is filled with."""
        return {key: value for key, value in vars(self).items() if not key.startswith("_")}


class Invalid(DomainError):
    """The input breaks a rule. 422."""


class NotPermitted(DomainError):
    """The actor may not do this. 403."""


class NotFound(DomainError):
    """No such thing, or none the actor may see; the two look the same. 404."""

    code = "not-found"


class Conflict(DomainError):
    """The thing is no longer in a state that allows this. 409."""


class StaleVersion(Conflict):
    """Somebody saved in between; the later save is refused and nothing is lost."""

    code = "stale-version"

    def __init__(self, expected: int, current: int) -> None:
        super().__init__(expected, current)
        self.expected, self.current = expected, current


class ScopeMissing(NotPermitted):
    """The token was not made for this."""

    code = "scope-missing"

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class DutyRequired(NotPermitted):
    """The act belongs to people with one of these duties."""

    code = "duty-required"

    def __init__(self, *duties: object) -> None:
        super().__init__(*duties)
        self.duties = duties


class TokensMayNot(NotPermitted):
    """Only a signed-in person may do this, never another system."""

    code = "tokens-may-not"


def check_version(expected: int | None, current: int) -> None:
    """None means that the caller did not look at a version."""
    if expected is not None and expected != current:
        raise StaleVersion(expected, current)


class Refusals(Invalid):
    """Several inputs are wrong at once; each is named."""

    code = "several-fields"

    def __init__(self, errors: Sequence[Invalid]) -> None:
        super().__init__(errors)
        self.errors = tuple(errors)


class Collector:
    """Gathers refusals of several inputs, so that all are said in one answer."""

    def __init__(self) -> None:
        self.errors: list[Invalid] = []

    def check(self, rule: Callable[..., object], *args: Any, **kwargs: Any) -> None:
        """Run a rule and keep its refusal for later."""
        try:
            rule(*args, **kwargs)
        except Refusals as several:
            self.errors += several.errors
        except Invalid as error:
            self.errors.append(error)


@contextmanager
def together() -> Iterator[Collector]:
    """Raise what the collector gathered: one refusal as itself, several as `Refusals`."""
    collector = Collector()
    yield collector
    if len(collector.errors) == 1:
        raise collector.errors[0]
    if collector.errors:
        raise Refusals(collector.errors)
