"""Create docs/report.png, the image of the HTML report on the folder docs/newsroom.

Run `python docs/report.py` after changing the report. It needs Chromium and the extra `test`.
"""

from __future__ import annotations

import os
import shutil
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from linter.cli import main

HERE = Path(__file__).resolve().parent
PICTURE = HERE / "report.png"
SIZE = {"width": 1280, "height": 1180}
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)


def chromium() -> str | None:
    """Return the path of a browser: $CHROMIUM, or the first one of NAMES that is installed; None if there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def write(file: Path) -> None:
    """Write the HTML report on the folder docs/newsroom, with the shipped rules, to `file`."""
    with chdir(HERE):
        main(["check", "newsroom", "--isolated", "--quiet", "--report", f"html={file}"])


def shoot(file: Path) -> None:
    """Open a report in the browser and save a screenshot as docs/report.png."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        page.goto(file.as_uri())
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        write(Path(folder) / "report.html")
        shoot(Path(folder) / "report.html")
