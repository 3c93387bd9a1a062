"""What any line of text must be before it is kept: present, bounded, plain."""

import re
import unicodedata

from domain.kit.errors import Invalid

# Controls, surrogates and the marks that reverse the reading direction: none belongs in a line.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


class InputMissing(Invalid):
    """Something that must be said was left empty."""

    code = "input-missing"

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class InputTooLong(Invalid):
    """More characters than the record holds."""

    code = "input-too-long"

    def __init__(self, field: str, length: int, limit: int) -> None:
        super().__init__(field, length, limit)
        self.field, self.length, self.limit = field, length, limit


class InputNotPlain(Invalid):
    """Characters that cannot be seen, or that change the order of reading."""

    code = "input-not-plain"

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def one_line(text: str, *, field: str, limit: int, required: bool = True) -> str:
    """The text as it is kept: composed (NFC), without blanks around it, at most `limit` long."""
    line = unicodedata.normalize("NFC", text).strip()
    if required and not line:
        raise InputMissing(field)
    if len(line) > limit:
        raise InputTooLong(field, len(line), limit)
    if _HIDDEN.search(line):
        raise InputNotPlain(field)
    return line
