"""The image in the README shows the current output."""

from __future__ import annotations

import html
import re
import runpy
from pathlib import Path

SCRIPT = Path(__file__).parent.parent / "docs" / "terminal.py"


def test_the_image_shows_the_current_output() -> None:
    script = runpy.run_path(str(SCRIPT))
    parts = re.findall(
        r'<text [^>]*clip-path="url\(#copydesk-line-\d+\)">([^<]*)</text>', script["PICTURE"].read_text("utf-8")
    )
    shown = "".join("".join(map(html.unescape, parts)).split())
    assert shown == "".join(script["report"]().split()), "run “python docs/terminal.py” and look at docs/terminal.svg"
