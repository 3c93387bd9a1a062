"""A small real picture."""

from io import BytesIO

import pytest
from PIL import Image


@pytest.fixture
def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (12, 8), (30, 90, 60)).save(out, "PNG")
    return out.getvalue()
