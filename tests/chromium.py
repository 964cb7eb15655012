"""The Chromium of the system for tests, if it is installed."""

from __future__ import annotations

import os
import runpy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, expect

PATH = runpy.run_path(str(Path(__file__).parent.parent / "docs" / "report.py"))["chromium"]()
_ATTEMPTS = 3

expect.set_options(timeout=30_000)  # as long as Playwright waits for everything else


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


def refuses(page: Page, attack: str) -> bool:
    """Whether a page refuses an expression that injects code, which would call `hit()`."""
    refused = page.evaluate(
        """async attack => {
            window.hits = 0;
            window.hit = () => window.hits++;
            let refused = 0;
            document.addEventListener("securitypolicyviolation", () => refused++);
            try { await (ATTACK) } catch { refused++ }
            await new Promise((done) => setTimeout(done, 100));
            return refused && !window.hits;
        }""".replace("ATTACK", attack)
    )
    return bool(refused)
