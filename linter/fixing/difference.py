"""Two texts of one article as a unified diff."""

from __future__ import annotations

import difflib
import re
from itertools import pairwise

from linter import late
from linter.escaping import without_command
from linter.reports.cells import STAND_IN, visible
from linter.source import LINE_END

# SGR parameters (ECMA-48, 8.3.117), as git uses them.
_SGR = {"---": "1", "+++": "1", "@@": "36", "-": "31", "+": "32"}
_UNQUOTED = late.pattern(r'[\x00-\x1f\x7f"\\]')
_NO_END = "\\ No newline at end of file\n"


def unified(path: str, old: str, new: str, *, shown: bool = False, color: bool = False) -> str:
    """What turns `old` into `new`; "" where they are the same.

    The lines are those of the texts, for `git apply`. With `shown` they are for a terminal or a log: control characters
    are visible, no line is a command of a CI server, and `color` may be on.
    """
    before, after = (_quoted(f"{side}/{path.lstrip('/')}") for side in "ab")
    lines = difflib.unified_diff(_lines(old), _lines(new), before, after)
    return "".join(_painted(line, color=color) if shown else _ended(line) for line in lines)


def _quoted(name: str) -> str:
    """The name of a file as git quotes it where it holds a line end, which would start another line of the patch."""
    if not _UNQUOTED.search(name):
        return name
    return f'"{_UNQUOTED.sub(_octal, name)}"'


def _octal(character: re.Match[str]) -> str:
    return f"\\{ord(character[0]):03o}"


def _lines(text: str) -> list[str]:
    """The lines of a text with their ends, which are those of a source and no others."""
    ends = [0, *(end.end() for end in LINE_END.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(ends) if start < end]


def _ended(line: str) -> str:
    return line if line.endswith(("\n", "\r")) else f"{line}\n{_NO_END}"


def _painted(line: str, *, color: bool) -> str:
    kind = next((kind for kind in _SGR if color and line.startswith(kind)), "")
    text = without_command(visible(line.rstrip("\r\n")), STAND_IN)
    return f"\x1b[{_SGR[kind]}m{text}\x1b[0m\n" if kind else f"{text}\n"
