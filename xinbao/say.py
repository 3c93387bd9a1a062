"""What the command says, in both languages, and the one way it gives up."""

import tomllib
from functools import cache
from pathlib import Path

from rich.console import Console

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class Stop(Exception):
    """The command cannot go on: one clear line, and an exit code that scripts can use.

    1: it was tried and did not succeed. 2: the input or the surroundings are wrong.
    """

    def __init__(self, code: str, *, exit_code: int = 2, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.exit_code = exit_code
        self.facts = facts

    def __str__(self) -> str:
        return line(self.code, **self.facts)


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def line(code: str, **facts: object) -> str:
    """Chinese, then English, on one line."""
    words = _words()[code]
    return f"{words['zh']} / {words['en']}".format(**facts)


def tell(code: str, **facts: object) -> None:
    """A line for the person at the terminal."""
    out.print(line(code, **facts), markup=False)
