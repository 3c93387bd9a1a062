"""All texts of one circular, ready to be set; the writers only place them."""

from dataclasses import dataclass

from domain.circulars.data import CircularData, Heading
from domain.circulars.documents import tables
from domain.circulars.documents.body import Paragraph, body
from domain.circulars.documents.phrases import day, phrase
from domain.circulars.documents.titles import balanced


@dataclass(frozen=True, slots=True)
class Content:
    """`mark` are the lines of the red issuing mark, left of 「文件」; `number` may be empty."""

    mark: tuple[str, ...]
    number: str
    draft: str
    draft_mark: str
    title: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    annexes: tuple[tables.Annex, ...]
    signatures: tuple[str, ...]
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
        signatures=heading.signatures or heading.issuers,
        date=day(issued) if issued else "",
        copies=_copies(heading),
        issuer=heading.issuers[0],
        issued=phrase("imprint", "issued", date=day(issued)) if issued else "",
    )


def _copies(heading: Heading) -> str:
    recipients = heading.copy_recipients.rstrip("。")
    return phrase("imprint", "copies", recipients=recipients) if recipients else ""
