"""The Chromium of the system for tests, if it is installed."""

from __future__ import annotations

import os
import runpy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright

PATH = runpy.run_path(str(Path(__file__).parent.parent / "docs" / "report.py"))["chromium"]()
_ATTEMPTS = 3


def needed() -> None:
    """Skip the tests of the module if there is no Chromium, unless it is required."""
    if not PATH and not os.environ.get("BROWSER_REQUIRED"):
        pytest.skip("there is no Chromium on this machine", allow_module_level=True)


def launch(playwright: Playwright) -> Browser:
    """Start Chromium. On a busy machine, it may end by itself at its first page; then it is started again."""
    for attempt in range(_ATTEMPTS):
        browser = playwright.chromium.launch(executable_path=PATH, args=["--no-sandbox", "--disable-gpu"])
        try:
            page = browser.new_page()
            page.goto("data:text/html,<p>It is late.")
            page.close()
        except Error:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            break
    return browser
