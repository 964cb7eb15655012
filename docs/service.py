"""Create docs/service.png, the image of the page of `copydesk serve` with an article of docs/newsroom.

Run `python docs/service.py` after changing the page. It needs Chromium and the extra `test`.
"""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
ARTICLE = HERE / "newsroom" / "city" / "harbour-tram.md"
PICTURE = HERE / "service.png"
SIZE = {"width": 1280, "height": 900}


@contextmanager
def service() -> Iterator[str]:
    """Start a service with the shipped rules, and yield its address."""
    command = [sys.executable, "-m", "linter", "serve", "--isolated", "--port", "0", "--jobs", "1"]
    process = subprocess.Popen(command, cwd=HERE.parent, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr
        yield json.loads(process.stderr.readline())["url"]
    finally:
        process.terminate()
        process.communicate()


def shoot(address: str) -> None:
    """Check the article on the page, and save a screenshot as docs/service.png."""
    from playwright.sync_api import sync_playwright

    chromium = runpy.run_path(str(HERE / "report.py"))["chromium"]()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(address)
        page.locator("textarea").fill(ARTICLE.read_text("utf-8"))
        page.keyboard.press("ControlOrMeta+Enter")
        page.locator("mark").first.wait_for()
        page.evaluate("document.activeElement.blur()")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    with service() as address:
        shoot(address)
