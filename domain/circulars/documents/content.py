"""All texts of one circular, ready to be set; the writers only place them."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.circulars.data import CircularData, Heading
from domain.circulars.documents import tables
from domain.circulars.documents.body import Paragraph, body
from domain.circulars.documents.phrases import day, phrase
from domain.circulars.documents.titles import balanced, length

SEALS_PER_ROW = 3
GAP, ROW = 2, 26  # characters between names, and in all before the date's indent


@dataclass(frozen=True, slots=True)
class Content:
    """`mark` are the lines of the red issuing mark, left of 「文件」; `number` may be empty.

    `signatures` are rows of names that stand side by side.
    """

    mark: tuple[str, ...]
    number: str
    draft: str
    draft_mark: str
    title: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    annexes: tuple[tables.Annex, ...]
    signatures: tuple[tuple[str, ...], ...]
    date: str
    copies: str
    issuer: str
    issued: str


def content(heading: Heading, data: CircularData) -> Content:
    """Everything printed, in order. A draft shows neither number nor date."""
    issued = None if heading.is_draft else heading.issue_date
    return Content(
        mark=heading.issuers,
        number="" if heading.is_draft else heading.document_number or "",
        draft=phrase("head", "draft_note") if heading.is_draft else "",
        draft_mark=phrase("head", "draft_mark") if heading.is_draft else "",
        title=balanced(heading.title),
        paragraphs=tuple(body(heading, data)),
        annexes=tuple(tables.annexes(data)),
        signatures=_rows(heading.signatures or heading.issuers),
        date=day(issued) if issued else "",
        copies=_copies(heading),
        issuer=heading.issuers[0],
        issued=phrase("imprint", "issued", date=day(issued)) if issued else "",
    )


def _rows(names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """At most three names and their seals side by side, fewer when they are long. (GB/T 9704)"""
    rows: list[tuple[str, ...]] = []
    for name in names:
        row = (*rows[-1], name) if rows else ()
        if row and len(row) <= SEALS_PER_ROW and sum(length(each) + GAP for each in row) <= ROW:
            rows[-1] = row
        else:
            rows.append((name,))
    return tuple(rows)


def _copies(heading: Heading) -> str:
    recipients = heading.copy_recipients.rstrip("。")
    return phrase("imprint", "copies", recipients=recipients) if recipients else ""
