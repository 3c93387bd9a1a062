"""How the house is told to end."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Switch:
    """What SIGTERM and SIGINT do at the moment. Nothing else ends the house."""

    def __init__(self) -> None:
        self._act: Callable[[], object] = lambda: None
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._flip)

    def _flip(self) -> None:
        self._act()

    @contextmanager
    def does(self, act: Callable[[], object]) -> Iterator[None]:
        """`act` inside. Afterwards the house is ending, and being told so again changes nothing."""
        self._act = act
        try:
            yield
        finally:
            self._act = lambda: None
