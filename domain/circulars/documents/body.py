"""The text of a circular, from its figures: 上报数量、采用情况、积分排名. (二(三))"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.circulars.data import LEVELS, Change, CircularData, Figure, Heading, Kind, Line, percent
from domain.circulars.documents import tables
from domain.circulars.documents.phrases import (
    joined,
    numeral,
    period_name,
    phrase,
    plain,
    span,
    written_period,
)

BEST_PLACES = 3


class Style(StrEnum):
    """How a paragraph stands: flush 主送, a 黑体 heading 一、, or indented text."""

    ADDRESSEES = "addressees"
    HEADING = "heading"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`label` is the run-in second-level heading, set in 楷体 before the text."""

    style: Style
    text: str
    label: str = ""


def title(issuers: Sequence[str], kind: Kind, first: date, *, correction: bool = False) -> str:
    """发文机关+事由+文种, the issuers parted by a space."""
    subject = "correction" if correction else "circular"
    return " ".join(issuers) + phrase("title", subject, period=period_name(kind, first))


def body(heading: Heading, data: CircularData) -> list[Paragraph]:
    """The circular's paragraphs, from 主送 to the last sentence before the annex list."""
    paragraphs = [Paragraph(Style.TEXT, text) for text in _opening(heading, data)]
    if heading.addressees:
        to = phrase("head", "addressees", addressees=heading.addressees.rstrip("：:。"))
        paragraphs.insert(0, Paragraph(Style.ADDRESSEES, to))
    sections = (_changes, _overall, _tasks, _late, _ranking)
    written = [(section.__name__[1:], text) for section in sections if (text := section(data))]
    for number, (name, texts) in enumerate(written, 1):
        head = f"{numeral(number)}、{phrase(name, 'heading')}"
        paragraphs += [Paragraph(Style.HEADING, head), *texts]
    return paragraphs


def _opening(heading: Heading, data: CircularData) -> list[str]:
    period = written_period(data.period)
    if heading.corrects:
        texts = [phrase("opening", "correction", number=heading.corrects)]
    else:
        texts = [phrase("opening", "circular", period=period)]
    if data.unconfirmed:
        texts.append(phrase("opening", "draft", offices=joined(data.unconfirmed)))
    return texts


def _this(data: CircularData) -> str:
    return phrase("this", data.kind.value)


def _overall(data: CircularData) -> list[Paragraph]:
    submitted, same_day, adopted = (
        data.total(figure) for figure in ("submitted", "same_day", "adopted")
    )
    text = phrase(
        "overall",
        "submitted",
        span=span(data),
        units=len(data.lines),
        submitted=submitted,
        same_day=same_day,
        same_day_rate=percent(same_day, submitted),
        adopted=adopted,
        adoption_rate=percent(adopted, submitted),
    )
    return [Paragraph(Style.TEXT, text + _levels(data))]


def _levels(data: CircularData) -> str:
    counts = {level: data.total(level) for level in LEVELS}
    if not any(counts.values()):
        return phrase("overall", "no_levels", this=_this(data))
    return phrase("overall", "levels", all=sum(counts.values()), **counts)


def _tasks(data: CircularData) -> list[Paragraph]:
    zero = _named(data, lambda line: line.is_zero_report)
    unadopted = _named(data, lambda line: line.submitted > 0 and line.adopted == 0)
    paragraphs = [Paragraph(Style.TEXT, _quota_text(data))]
    lists = [(key, units) for key, units in (("zero", zero), ("unadopted", unadopted)) if units]
    facts = {"this": _this(data)}
    paragraphs += _labelled(
        (
            phrase("tasks", f"{key}_label"),
            phrase("tasks", key, count=len(units), units=joined(units), **facts),
        )
        for key, units in lists
    )
    if not zero:
        paragraphs.append(Paragraph(Style.TEXT, phrase("tasks", "no_zero", this=_this(data))))
    if lists:
        paragraphs.append(Paragraph(Style.TEXT, phrase("tasks", "urge")))
    return paragraphs


def _labelled(parts: Iterable[tuple[str, str]]) -> list[Paragraph]:
    """Labels are numbered （一）（二） when there are several."""
    listed = list(parts)
    return [
        Paragraph(Style.TEXT, text, f"（{numeral(number)}）{label}" if len(listed) > 1 else label)
        for number, (label, text) in enumerate(listed, 1)
    ]


def _quota_text(data: CircularData) -> str:
    owing = [line for line in data.lines if line.quota and not line.exempt]
    done = sum(line.submitted >= (line.quota or 0) for line in owing)
    counts = {"owing": len(owing), "done": done, "short": len(owing) - done}
    quota = sum(line.quota or 0 for line in owing)
    key = "done" if owing else "none"
    text = phrase("tasks", key, this=_this(data), quota=quota, **counts)
    if exempt := _named(data, lambda line: line.exempt):
        text += phrase("tasks", "exempt", count=len(exempt), units=joined(exempt))
    return text


def _named(data: CircularData, wanted: Callable[[Line], bool]) -> list[str]:
    """The units wanted, in their fixed order."""
    return [line.unit for line in data.by_units if wanted(line)]


def _ranking(data: CircularData) -> list[Paragraph]:
    paragraphs = [Paragraph(Style.TEXT, _policy(data))]
    if len(data.groups) > 1:
        best = [
            (phrase("ranking", "best_label", group=group), _best(data.ranked_in(group)))
            for group in data.groups
        ]
    else:
        best = [("", _best(data.lines))]
    paragraphs += _labelled(
        (label, phrase("ranking", "best", this=_this(data), units=joined(units)))
        for label, units in best
        if units
    )
    return [*paragraphs, Paragraph(Style.TEXT, phrase("ranking", "see_annex"))]


def _policy(data: CircularData) -> str:
    if data.policy.version == 0:
        return phrase("ranking", "no_policy", this=_this(data))
    key = "example_policy" if data.policy.is_example else "policy"
    name = data.policy.name.strip("《》")
    return phrase("ranking", key, name=name, version=data.policy.version)


def _best(lines: Sequence[Line]) -> list[str]:
    """The first three places, ties included; nobody is best with no points."""
    first = [line for line in lines if line.group_rank <= BEST_PLACES and line.points > 0]
    first.sort(key=lambda line: line.group_rank)
    return [phrase("ranking", "one", unit=line.unit, points=plain(line.points)) for line in first]


def _late(data: CircularData) -> list[Paragraph]:
    if not data.late:
        return []
    per_unit = Counter(entry.unit for entry in data.late)
    entries = joined(phrase("late", "entry", unit=unit, count=n) for unit, n in per_unit.items())
    text = phrase(
        "late",
        "text",
        count=len(data.late),
        period=written_period(data.period),
        entries=entries,
        annex=tables.number_of("late", data),
    )
    return [Paragraph(Style.TEXT, text)]


def _changes(data: CircularData) -> list[Paragraph]:
    """Each unit's corrected figures in one sentence; where only its place moved, one for all."""
    if not data.changes:
        return []
    told: dict[tuple[str | None, str, str], list[Change]] = {}
    for change in data.changes:
        told.setdefault((change.period, change.unit, change.reason), []).append(change)
    named = [changes for changes in told.values() if not all(map(_is_place, changes))]
    texts = [_corrected(changes) for changes in named]
    if len(texts) > 1:
        texts = [f"{number}. {text}" for number, text in enumerate(texts, 1)]
    moved = {change.unit for change in data.changes} - {changes[0].unit for changes in named}
    last = phrase("changes", "follow", count=len(moved)) if moved else ""
    texts.append(last + phrase("changes", "see_annex", annex=tables.number_of("changes", data)))
    return [Paragraph(Style.TEXT, text) for text in texts]


def _is_place(change: Change) -> bool:
    return change.what in {Figure.RANK, Figure.GROUP_RANK}


def _corrected(changes: Sequence[Change]) -> str:
    first = changes[0]
    figures = "，".join(
        phrase(
            "changes",
            "figure",
            what=phrase("figures", change.what.value),
            before=tables.figure(change.before),
            after=tables.figure(change.after),
        )
        for change in changes
    )
    text = phrase(
        "changes", "text", unit=first.unit, figures=figures, reason=first.reason.rstrip("。")
    )
    if first.period is None:
        return text
    return phrase("changes", "circular", period=written_period(first.period)) + text
