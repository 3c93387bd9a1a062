"""The rail: entries declared by features, shown to the duties that need them.

    ENTRIES = (nav.Entry("approvals:inbox", "待审签", order=10, duties=LEADERS, count=waiting),)

The first four entries of a person fill a phone's bottom bar; the rest is under 更多.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from domain.kit.actor import Actor, Duty
from web.i18n import gettext

Count = Callable[[Actor], Awaitable[int]]
IN_BAR = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the house. `label` is a msgid; None for `duties` means everyone."""

    route: str
    label: str
    order: int
    duties: frozenset[Duty] | None = None
    count: Count | None = None
    """What waits there for the reader; shown when above zero."""
    inside: tuple[str, ...] = ()
    """Other routes, or `feature:` prefixes, that belong to this place."""

    def is_for(self, actor: Actor) -> bool:
        return self.duties is None or actor.has(*self.duties)


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as drawn for one request."""

    label: str
    address: str
    count: int
    current: bool


def entries_for(actor: Actor, entries: Iterable[Entry]) -> list[Entry]:
    """What one person sees, in order."""
    return sorted((each for each in entries if each.is_for(actor)), key=lambda each: each.order)


async def counts(actor: Actor, entries: Iterable[Entry]) -> dict[str, int]:
    """What waits behind each entry of this person, by route."""
    return {
        each.route: await each.count(actor)
        for each in entries_for(actor, entries)
        if each.count is not None
    }


def shown(request: Request) -> list[Shown]:
    """The rail of this request; empty for a visitor."""
    actor: Actor | None = request.scope.get("actor")
    if actor is None:
        return []
    entries = entries_for(actor, request.app.state.entries)
    waiting: dict[str, int] = request.scope.get("counts", {})
    current = _current(request, entries)
    return [
        Shown(
            label=gettext(each.label),
            address=str(request.app.url_path_for(each.route)),
            count=waiting.get(each.route, 0),
            current=each is current,
        )
        for each in entries
    ]


def _current(request: Request, entries: Sequence[Entry]) -> Entry | None:
    """The entry whose route, listed routes or feature the page belongs to."""
    name = getattr(request.scope.get("route"), "name", None) or ""
    feature = name.partition(":")[0] + ":"
    for belongs in (
        lambda each: each.route == name,
        lambda each: name in each.inside,
        lambda each: feature in each.inside,
        lambda each: each.route.startswith(feature),
    ):
        if found := next((each for each in entries if belongs(each)), None):
            return found
    return None
