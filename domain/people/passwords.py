"""Passwords: what is accepted, how it is kept, and never more than four at work at once.

Argon2id, 46 MiB, one pass (OWASP): about 50 ms and 46 MiB each, so it runs in a thread.
"""

import asyncio
import re
import secrets
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.kit.errors import Invalid

SHORTEST, LONGEST = 12, 128
AT_ONCE = 4

_hasher = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_LOOKALIKE = str.maketrans("013457@$!", "oieastasi")


class PasswordLength(Invalid):
    """Too short to withstand guessing, or too long to be hashed in fair time."""

    code = "password-length"
    field = "new"

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length, self.shortest, self.longest = length, SHORTEST, LONGEST


class PasswordCommon(Invalid):
    """One of the first that anybody would try."""

    code = "password-common"
    field = "new"


class PasswordTellsName(Invalid):
    """It contains the login, the name, the unit or the product."""

    code = "password-tells-name"
    field = "new"


class PasswordUnchanged(Invalid):
    """The new one is the old one."""

    code = "password-unchanged"
    field = "new"


def check(password: str, *, context: Iterable[str] = ()) -> None:
    """Length and guessability. Rules on kinds of characters only make people write it down.

    `context`: the login, names and unit names nobody should build a password from.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordLength(len(password))
    folded = unicodedata.normalize("NFKC", password).casefold()
    if is_common(folded):
        raise PasswordCommon
    if any(word in folded for word in _telling(context)):
        raise PasswordTellsName


def check_differs(old: str, new: str) -> None:
    if _spelled(old) == _spelled(new):
        raise PasswordUnchanged


def is_common(folded: str) -> bool:
    """Common words with figures around them, runs of the keyboard, and anything repeated."""
    return _repeats(folded) or _runs(folded) or _is_common_word(folded)


def _repeats(folded: str) -> bool:
    """Ends where it began within six characters, again and again."""
    return any(
        all(folded[i] == folded[i % period] for i in range(len(folded))) for period in range(1, 7)
    )


def _runs(folded: str) -> bool:
    """Nothing but pieces of the alphabet, of figures in order or of keyboard rows."""
    rows = [row[::step] for row in _common()["rows"] for step in (1, -1)]
    rest = folded
    while rest:
        piece = max((_start(rest, row) for row in rows), key=len)
        if len(piece) < 3:
            return False
        rest = rest[len(piece) :]
    return True


def _start(text: str, row: str) -> str:
    """The longest beginning of the text that is a piece of the row."""
    length = 0
    while length < len(text) and text[: length + 1] in row:
        length += 1
    return text[:length]


def _is_common_word(folded: str) -> bool:
    words = frozenset(_common()["words"])
    inner = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)
    for text in (inner, inner.translate(_LOOKALIKE)):
        letters = re.sub(r"[\W\d_]+", "", text)
        if len(letters) < 4 or _made_of(letters, words):
            return True
    return False


def _made_of(letters: str, words: frozenset[str]) -> bool:
    """Whether the letters are common words written one after the other, at most three."""
    reached = {0}
    for _ in range(3):
        reached |= {
            start + len(word)
            for start in reached
            for word in words
            if letters.startswith(word, start)
        }
    return len(letters) in reached


def _telling(context: Iterable[str]) -> set[str]:
    """Words worth refusing: two Chinese characters, or four letters, and longer."""
    words = {
        piece
        for text in (*context, *_common()["product"])
        for piece in re.split(r"[\s·（）()._-]+", unicodedata.normalize("NFKC", text).casefold())
    }
    return {word for word in words if len(word) >= (4 if word.isascii() else 2)}


@cache
def _common() -> dict[str, list[str]]:
    path = Path(__file__).with_name("common_passwords.toml")
    return {key: list(words) for key, words in tomllib.loads(path.read_text("utf-8")).items()}


def one_time() -> str:
    """A password to hand over: 16 readable characters, 79 bits, in groups of four."""
    groups = ("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def turn() -> asyncio.Semaphore:
    """Held around whatever hashes: bounds memory, and the connections waiting for it."""
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))


async def hashed(password: str) -> str:
    """Call it inside a `turn()`."""
    return await asyncio.to_thread(_hasher.hash, _spelled(password))


async def fits(password: str, password_hash: str | None) -> bool:
    """Whether it is the password; takes as long when there is none. Call it inside a `turn()`."""
    right = await asyncio.to_thread(_verify, password_hash or _dummy(), _spelled(password))
    return right and password_hash is not None


def _verify(password_hash: str, password: bytes) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _dummy() -> str:
    return _hasher.hash(secrets.token_urlsafe())


def _spelled(password: str) -> bytes:
    """One spelling of the same characters, whatever keyboard typed them; bounded before hashing."""
    spelled = unicodedata.normalize("NFKC", password[: LONGEST + 1])
    return spelled.encode("utf-8", "surrogatepass")
