"""Lay out text for a terminal in styled lines of printable characters, measured in terminal cells.

The width of a string is the sum of the widths of its characters, which the library rich provides. Terminals differ in
how they show joined emoji and variation selectors, so the parts of joined emoji are shown separately, and variation
selectors are left out. Right-to-left text is measured in stored order, as in a terminal that does not reorder such
text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

import regex

from linter import output, patterns
from linter.output import without_command, without_marks

STAND_IN = "\ufffd"
ELLIPSIS = "…"
UNLIMITED = 1_000_000  # columns of an output that is not a terminal
_LINE_END = "↵"
_UNPRINTABLE = patterns.lazy_regex(
    r"\r\n?|[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\p{Variation_Selector}]", regex.VERSION1
)
_DROPPED = patterns.lazy_regex(r"[\u00ad\u200c\u200d\p{Variation_Selector}]", regex.VERSION1)

# SGR parameters (ECMA-48, 8.3.117), from the sixteen colors that every terminal has and users can set.
_SGR = {"error": "31", "warning": "33", "info": "36", "strong": "1", "faint": "2"}
Part = tuple[str, str]  # text, and the name of its style or ""


def visible(text: str) -> str:
    """Return `text` as a single line of printable characters.

    Other characters, such as control characters, are replaced or left out. CI commands such as `##vso[` are made
    harmless; `Lines` does the same for commands that begin with `::`.
    """
    if not (text.isascii() and text.isprintable()):
        text = _UNPRINTABLE.sub(_stand_in, text)
    return without_marks(text, STAND_IN)


def cells(text: str) -> int:
    """Return the number of cells that `text` takes in a terminal. `text` must be a result of `visible`."""
    if text.isascii():
        return len(text)
    from rich.cells import get_character_cell_size

    return sum(map(get_character_cell_size, text))


def head(text: str, room: int) -> str:
    """Return the longest start of `text` that fits into `room` cells."""
    if text.isascii():
        return text[: max(room, 0)]
    used = 0
    for at, character in enumerate(text):
        used += cells(character)
        if used > room:
            return text[:at]
    return text


def tail(text: str, room: int) -> str:
    """Return the longest end of `text` that fits into `room` cells. A combining mark is not cut off from its letter."""
    if text.isascii():
        return text[max(len(text) - max(room, 0), 0) :]
    used, start = 0, len(text)
    for at in range(len(text) - 1, -1, -1):
        size = cells(text[at])
        used += size
        if used > room:
            return text[start:]
        if size:
            start = at
    return text


def cut(text: str, room: int) -> str:
    """Return `text`, cut to `room` cells if it is longer. An ellipsis, which takes one cell, replaces its end."""
    return text if cells(text) <= max(room, 0) else head(text, room - 1).rstrip() + ELLIPSIS


def cut_start(text: str, room: int) -> str:
    """Return `text`, cut to `room` cells if it is longer. An ellipsis, which takes one cell, replaces its start."""
    return text if cells(text) <= max(room, 0) else ELLIPSIS + tail(text, room - 1)


def wrap(text: str, room: int) -> list[str]:
    """Return `text` as a list of printable lines of at most `room` cells. `room` must be at least 2.

    The list contains at least one line. Each run of white space becomes one space.
    """
    lines, line, used = [], "", 0
    for word in _pieces(visible(" ".join(text.split())), room):
        size = cells(word)
        if line and used + 1 + size > room:
            lines.append(line)
            line, used = word, size
        else:
            line, used = (f"{line} {word}", used + 1 + size) if line else (word, size)
    return [*lines, line]


def balanced(text: str, room: int) -> list[str]:
    """Return `text` in as many lines as `wrap` returns, but with words moved so that the lines have similar lengths.

    This usually prevents a last line that consists of a single short word.
    """
    lines = wrap(text, room)
    longest = max(cells(word) for word in visible(" ".join(text.split())).split(" "))
    for narrower in range(room - 1, longest - 1, -1) if len(lines) > 1 else ():
        shorter = wrap(text, narrower)
        if len(shorter) > len(lines):
            break
        lines = shorter
    return lines


def _pieces(text: str, room: int) -> Iterator[str]:
    """Yield the words of `text`, split if they take more than `room` cells."""
    for word in text.split(" "):
        while cells(word) > room:
            piece = head(word, room) or word[0]
            yield piece
            word = word[len(piece) :]
        yield word


def _stand_in(found: regex.Match[str]) -> str:
    character = found[0]
    if character == "\t":
        return " "
    if character[0] in "\r\n":
        return _LINE_END
    if character < " ":
        return chr(0x2400 + ord(character))  # Unicode's own pictures of control characters
    return "" if _DROPPED.match(character) else STAND_IN


@dataclass(frozen=True)
class Lines:
    """Collects lines of text for an output that is `width` cells wide.

    Control characters in the text are replaced, and commands for CI servers are made harmless. If `color` is true,
    escape sequences are added to styled text.
    """

    width: int
    color: bool
    done: list[str] = field(default_factory=list)

    @classmethod
    def for_output(cls, narrowest: int = 0, widest: int = UNLIMITED, unknown: int = UNLIMITED) -> Lines:
        """Return an empty `Lines` object with the width of the terminal on standard output.

        If standard output is not a terminal, the width is `unknown`. In both cases, the width is limited to the range
        from `narrowest` to `widest`.
        """
        return cls(min(max(output.width() or unknown, narrowest), widest), output.shows_color())

    def put(self, *left: Part, right: Part = ("", ""), under: tuple[Part, ...] = ()) -> None:
        """Add a line that consists of `left`, with `right` at the right edge of the output.

        If `left` and `right` do not fit on one line, `right` goes on the next line, after `under`.
        """
        used, size = sum(cells(visible(text)) for text, _ in left), cells(visible(right[0]))
        if size and used and used + 2 + size > self.width:
            self.put(*left)
            self.put(*under, right=right)
        else:
            gap = (" " * (self.width - used - size), "") if size else ("", "")
            self.done.append("".join(map(self._paint, _harmless((*left, gap, right)))).rstrip())

    def wrapped(self, first: Part, rest: Part, text: Part, right: Part = ("", "")) -> None:
        """Add `text` on as many lines as needed: the first line after `first`, and the other lines after `rest`.

        `right` goes at the right edge of the last line. The lines are made shorter if that leaves room for it;
        otherwise, it goes on an extra line after them.
        """
        (words, style), room = text, self.width - cells(first[0])
        lines = balanced(words, room)
        if right[0]:
            used = 2 + cells(right[0])
            shorter = (balanced(words, less) for less in range(room - 1, room // 2, -1))
            layouts = chain([lines, wrap(words, room)], shorter)
            lines = next((layout for layout in layouts if cells(layout[-1]) + used <= room), lines)
        for number, line in enumerate(lines):
            last = right if number == len(lines) - 1 else ("", "")
            self.put(rest if number else first, (line, style), right=last, under=(rest,))

    def text(self) -> str:
        """Return the lines collected so far as one string, with a line end after each line."""
        return "".join(f"{line}\n" for line in self.done)

    def _paint(self, part: Part) -> str:
        text, style = visible(part[0]), part[1]
        return f"\x1b[{_SGR[style]}m{text}\x1b[0m" if self.color and style and text else text


def _harmless(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts of a line, changed if the line begins with `::`, so that CI servers do not run it."""
    first = next((at for at, (text, _) in enumerate(parts) if text.strip()), 0)
    text, style = parts[first]
    return (*parts[:first], (without_command(text, STAND_IN), style), *parts[first + 1 :])
