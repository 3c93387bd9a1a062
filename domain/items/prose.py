"""Bodies of items as clean prose: what people paste from Word and WPS, without its rubbish (A4)."""

import re
from html import escape, unescape

import nh3

TAGS = {
    "p", "br", "strong", "em", "h2", "h3", "h4", "ul", "ol", "li",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_DROPPED_WHOLE = {"script", "style", "title", "head", "xml", "noscript", "template"}
_RENAMED = {"b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4", "div": "p"}
_RENAME = re.compile(r"<(/?)(b|i|h1|h5|h6|div)(?=[\s/>])", re.IGNORECASE)
_LOOKS_MARKED_UP = re.compile(
    r"</?(?:p|br|div|span|strong|em|b|i|h[1-6]|ul|ol|li|table|a|script|img|font|section)[\s/>]",
    re.IGNORECASE,
)
_PIECES = re.compile(r"<[^>]*>|[^<]+")
_MAY_BE_BLANK = {"p", "li", "h2", "h3", "h4", "strong", "em"}
_BLANK = re.compile(r"(?:\s|&nbsp;)+|<br>")
_BLOCK_END = re.compile(r"<br>|</(?:p|h2|h3|h4|li|tr)>")
_CELL_END = re.compile(r"</t[dh]>")
_TAG = re.compile(r"<[^>]*>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(body: str) -> str:
    """Prose in the few allowed tags, no styles, no links. Plain text becomes paragraphs.

    Cleaning twice gives the same.
    """
    body = _CONTROL.sub("", body).replace("\r\n", "\n")
    if not _LOOKS_MARKED_UP.search(body):
        return _paragraphs(body)
    renamed = _RENAME.sub(lambda found: f"<{found[1]}{_RENAMED[found[2].lower()]}", body)
    cleaned = _without_blanks(_sanitized(_sanitized(renamed)))
    return cleaned if not cleaned or "<" in cleaned else _without_blanks(f"<p>{cleaned}</p>")


def _sanitized(body: str) -> str:
    return nh3.clean(
        body,
        tags=TAGS,
        attributes=_ATTRIBUTES,
        clean_content_tags=_DROPPED_WHOLE,
        link_rel=None,
    )


def _paragraphs(text: str) -> str:
    lines = (line.strip() for line in text.split("\n"))
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line)


def _without_blanks(body: str) -> str:
    """Empty paragraphs, of which editors leave many, say nothing. One pass, however nested."""
    kept: list[str] = []
    open_blanks: list[int] = []
    for piece in _PIECES.findall(body):
        if piece[1:-1] in _MAY_BE_BLANK:
            open_blanks.append(len(kept))
        elif open_blanks and piece == f"</{kept[open_blanks[-1]][1:]}":
            del kept[open_blanks.pop() :]
            continue
        elif not _BLANK.fullmatch(piece):
            open_blanks.clear()
        kept.append(piece)
    return "".join(kept).strip()


def as_text(body: str) -> str:
    """The words alone: a line for each paragraph, a tab between cells."""
    lined = _CELL_END.sub("\t", _BLOCK_END.sub("\n", body))
    return unescape(_TAG.sub("", lined)).strip()
