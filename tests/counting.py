"""How many statements went to PostgreSQL: a list must not ask more for more rows.

with counting() as statements:
    await web.get("/units")
assert len(statements) == 7
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg == "%s: %s":  # Tortoise's one line for each statement
            self.heard.append(str(record.args[0]))


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements sent inside, in order."""
    log = logging.getLogger("tortoise.db_client")
    before, listener = log.level, _Listener()
    log.addHandler(listener)
    log.setLevel(logging.DEBUG)
    try:
        yield listener.heard
    finally:
        log.setLevel(before)
        log.removeHandler(listener)
