"""Create docs/terminal.svg, the image in the README: the output of copydesk on the folder examples/.

Run `python docs/terminal.py` after changing the examples, the rules or the report.
`python docs/terminal.py FOLDER FILE` makes a picture of another folder, such as docs/folder.svg.
"""

from __future__ import annotations

import io
import re
import sys
from contextlib import chdir
from pathlib import Path

from rich.console import Console
from rich.text import Text

from linter import lint_paths
from linter.config import packs
from linter.reporters import View, render

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "terminal.svg"
WIDTH = 80
FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def report(folder: Path = ROOT / "examples", *, color: bool = False) -> str:
    """Return the output of `copydesk check` for a folder, with the shipped rules."""
    with chdir(folder.parent):
        result = lint_paths([folder.name], isolated=True)
    rules = {rule.name: rule for rule in packs.shipped_rules()}
    return render("terminal", result, View(width=WIDTH, color=color, rules=rules))


def picture(text: str, folder: str = "examples") -> str:
    """Return an SVG of a terminal that shows `text`, the output for `folder`, in its colors. It loads no fonts."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(text), end="", soft_wrap=True)
    svg = console.export_svg(title=f"copydesk check {folder}", unique_id="copydesk")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code, monospace", FONTS)


if __name__ == "__main__":
    folder, file = map(Path, sys.argv[1:] or (ROOT / "examples", PICTURE))
    file.write_text(picture(report(folder.resolve(), color=True), folder.name), encoding="utf-8", newline="\n")
