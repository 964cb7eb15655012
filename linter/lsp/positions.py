"""Convert offsets in a text to the positions of the Language Server Protocol, and back.

The server has its own line table: in the protocol, only `\\n`, `\\r\\n` and `\\r` end a line, but `str.splitlines` also
splits at U+2028, U+0085 and other characters, which articles may contain by mistake.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from lsprotocol.types import Position, PositionEncodingKind, Range

from linter.finding import Edit, Finding
from linter.source import Source

_CODECS = {PositionEncodingKind.Utf8: ("utf-8", 1), PositionEncodingKind.Utf16: ("utf-16-le", 2)}


class LineTable:
    """The lines of a text.

    Offsets are 0-based code points. In positions, lines and characters are 0-based, and characters are counted in the
    code units of `encoding`: "utf-8", "utf-16" or "utf-32". If `only_newlines` is true, a single `\\r` ends a line only
    in a text without `\\n`. Some clients count lines in this way, contrary to the protocol.
    """

    def __init__(self, text: str, encoding: str, *, only_newlines: bool = False) -> None:
        self.text = text
        if only_newlines and "\r" in text and "\n" in text:
            self.starts: Sequence[int] = [0, *(end.end() for end in re.finditer("\n", text))]
        else:
            self.starts = Source(text).line_starts
        codec = None if text.isascii() else _CODECS.get(PositionEncodingKind(encoding))
        self._codec, self._unit = codec or ("", 1)
        self._last = 0, 0  # an offset and its character; later offsets in the same line are counted from there

    def position(self, offset: int) -> Position:
        """Return the position of an offset, which must not exceed the length of the text."""
        line = bisect_right(self.starts, offset) - 1
        start = self.starts[line]
        if not self._codec:
            return Position(line, offset - start)
        known, units = self._last if start <= self._last[0] <= offset else (start, 0)
        self._last = offset, units + self._units(self.text[known:offset])
        return Position(line, self._last[1])

    def range(self, start: int, end: int) -> Range:
        """Return the range `[start, end)`."""
        return Range(self.position(start), self.position(end))

    def offset(self, position: Position) -> int:
        """Return the offset of a position.

        A position after the end of its line counts as the end of the line, and a position after the last line as the
        end of the text. A position inside a character counts as the position before it.
        """
        if position.line >= len(self.starts):
            return len(self.text)
        start = self.starts[max(0, position.line)]
        end = self.starts[position.line + 1] if position.line + 1 < len(self.starts) else len(self.text)
        line = self.text[start:end].rstrip("\r\n")
        units = max(0, position.character)
        if not self._codec:
            return start + min(units, len(line))
        return start + bisect_right(range(len(line) + 1), units, key=lambda end: self._units(line[:end])) - 1

    def _units(self, text: str) -> int:
        return len(text.encode(self._codec, "surrogatepass")) // self._unit


def moved(finding: Finding, by: int) -> Finding:
    """Return a finding and its fix with all offsets increased by `by`."""
    edits = tuple(Edit(edit.start + by, edit.end + by, edit.text) for edit in finding.edits)
    fix = finding.fix and finding.fix._replace(edits=edits)
    return finding._replace(start=finding.start + by, end=finding.end + by, fix=fix)
