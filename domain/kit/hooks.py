"""What one feature does because of another, in the same transaction, without either importing it.

`reception` submits an item; `points` counts it. Points stands on reception's features, so the
lower one fires and the higher one listens. Listeners register once, in `domain.registry`.
"""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any

Listener = Callable[..., Awaitable[None]]


class Happening(StrEnum):
    """What others may listen to, with the facts they are given."""

    ITEM_SUBMITTED = "item-submitted"  # actor, item
    ITEM_WITHDRAWN = "item-withdrawn"  # actor, item
    ADOPTION_CONFIRMED = "adoption-confirmed"  # actor, adoption
    ADOPTION_WITHDRAWN = "adoption-withdrawn"  # actor, adoption


_listeners: dict[Happening, list[Listener]] = {}


def on(happening: Happening, listener: Listener) -> None:
    """Call `listener` whenever it happens. Registering twice changes nothing."""
    listeners = _listeners.setdefault(happening, [])
    if listener not in listeners:
        listeners.append(listener)


async def fire(happening: Happening, **facts: Any) -> None:
    """Tell every listener, one after the other, inside the running unit of work."""
    for listener in _listeners.get(happening, ()):
        await listener(**facts)
