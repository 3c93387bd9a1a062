"""Whole ways through the county, in a real Chromium on the product's own pages."""

from tests.web.conftest import site, window

__all__ = ["site", "window"]
