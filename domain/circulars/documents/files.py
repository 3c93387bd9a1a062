"""All files of one circular at once. Loads every writer: for workers and the command only."""

from pathlib import Path

from domain.circulars.data import CircularData, Heading
from domain.circulars.documents import docx, json, pdf, xlsx


def files(heading: Heading, data: CircularData, fonts: Path | None = None) -> dict[str, bytes]:
    """pdf, docx, xlsx and json by name. Takes seconds of CPU: run it in a thread."""
    return {
        "pdf": pdf.write(heading, data, fonts),
        "docx": docx.write(heading, data),
        "xlsx": xlsx.write(heading, data),
        "json": json.write(heading, data),
    }
