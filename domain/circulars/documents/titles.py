"""Breaking a title into lines: 词意完整、排列对称、长短适宜, trapezoid or diamond. (GB/T 9704)"""

import re
from functools import cache
from itertools import pairwise
from math import ceil

WIDTH = 20  # 2号 characters in the 156 mm of the type area

_WHOLE = re.compile(
    r"\d+(?:年度?|月|日)?|第[一二三四]季度|新闻宣传|信息报送|工作|情况|有关|数据|更正|关于"
    r"|中共|县委|人民|政府|办公室|督查室|积分|排名|[A-Za-z]+|.",
    re.DOTALL,
)
_NEVER_FIRST = frozenset("的》〉）」，、。：月日年")
_NEVER_LAST = frozenset("《〈（「关于和")


def balanced(title: str, width: int = WIDTH) -> tuple[str, ...]:
    """The title's lines: issuers first, then the subject in as few, as even lines as fit."""
    issuers, subject = _parts(title)
    return (*_issuer_lines(issuers, width), *_lines(subject, width))


def _parts(title: str) -> tuple[list[str], str]:
    head, found, tail = title.partition("关于")
    if not found or length(title) <= WIDTH:
        return [], title.strip()
    return head.split(), found + tail.strip()


def _issuer_lines(issuers: list[str], width: int) -> list[str]:
    """All issuers on one line when they fit, else one line each."""
    together = " ".join(issuers)
    return [together] if issuers and length(together) <= width else issuers


def _lines(text: str, width: int) -> tuple[str, ...]:
    words = _words(text)
    least = ceil(length(text) / width)
    for count in range(least, len(words) + 1):
        if lines := _split(tuple(words), count, width):
            return lines
    return (text,)


def _words(text: str) -> list[str]:
    words: list[str] = []
    for piece in _WHOLE.findall(text):
        if words and (piece[0] in _NEVER_FIRST or words[-1][-1] in _NEVER_LAST):
            words[-1] += piece
        else:
            words.append(piece)
    return words


@cache
def _split(words: tuple[str, ...], count: int, width: int) -> tuple[str, ...]:
    """The most even split into exactly `count` lines, longer above shorter; empty if none fits."""
    ideal = sum(map(length, words)) / count

    def uneven(lines: tuple[str, ...]) -> float:
        rising = sum(length(b) > length(a) for a, b in pairwise(lines))
        return sum((length(line) - ideal) ** 2 for line in lines) + rising

    if count == 1:
        whole = "".join(words)
        return (whole,) if length(whole) <= width else ()
    splits = []
    for end in range(1, len(words)):
        first = "".join(words[:end])
        rest = _split(words[end:], count - 1, width) if length(first) <= width else ()
        if rest:
            splits.append((first, *rest))
    return min(splits, key=uneven, default=())


def length(text: str) -> float:
    """In full-width characters; digits and Latin letters take half of one."""
    return sum(0.5 if letter.isascii() else 1 for letter in text)
