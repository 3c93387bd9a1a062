"""JSON for other systems: the frozen figures with their SHA-256."""

import orjson

from domain.circulars.data import CircularData, Heading


def write(heading: Heading, data: CircularData) -> bytes:
    """The data as UTF-8 JSON; `sha256` is that of the rest by RFC 8785. A heading is no figure."""
    del heading
    return orjson.dumps(data.as_json(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
