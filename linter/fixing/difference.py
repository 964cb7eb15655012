"""Two texts of one article as a unified diff."""

from __future__ import annotations

import difflib
from itertools import pairwise

from linter.reports.cells import visible
from linter.source import LINE_END

# SGR parameters (ECMA-48, 8.3.117), as git uses them.
_SGR = {"---": "1", "+++": "1", "@@": "36", "-": "31", "+": "32"}
_NO_END = "\\ No newline at end of file\n"


def unified(path: str, old: str, new: str, *, color: bool = False) -> str:
    """What turns `old` into `new`, for a reader and for `git apply`; "" where they are the same.

    Lines are shown as they are, but in `color`, on a terminal, with their control characters visible.
    """
    path = path.lstrip("/")
    lines = difflib.unified_diff(_lines(old), _lines(new), f"a/{path}", f"b/{path}")
    return "".join(_painted(line) if color else _ended(line) for line in lines)


def _lines(text: str) -> list[str]:
    """The lines of a text with their ends, which are those of a source and no others."""
    ends = [0, *(end.end() for end in LINE_END.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(ends) if start < end]


def _ended(line: str) -> str:
    return line if line.endswith(("\n", "\r")) else f"{line}\n{_NO_END}"


def _painted(line: str) -> str:
    kind = next((kind for kind in _SGR if line.startswith(kind)), "")
    text = visible(line.rstrip("\r\n"))
    return f"\x1b[{_SGR[kind]}m{text}\x1b[0m\n" if kind else f"{text}\n"
