"""Text as a terminal shows it: without anything that could steer the terminal, and measured in cells.

Widths are those of rich (Unicode's East Asian Width and combining marks), added up character by character.
What terminals disagree about, joined emoji and variation selectors, is shown as its parts. Right-to-left text
is measured in the order in which it is stored, which is the order of cells in a terminal that does not reorder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import regex

from linter import patterns
from linter.output import without_command, without_marks

STAND_IN = "\ufffd"
ELLIPSIS = "…"
_LINE_END = "↵"
_UNPRINTABLE = patterns.lazy_regex(
    r"\r\n?|[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\p{Variation_Selector}]", regex.VERSION1
)
_DROPPED = patterns.lazy_regex(r"[\u00ad\u200c\u200d\p{Variation_Selector}]", regex.VERSION1)


def visible(text: str) -> str:
    """`text` on one line, safe to print: control characters and marks of commands as one cell that shows them."""
    if not (text.isascii() and text.isprintable()):
        text = _UNPRINTABLE.sub(_stand_in, text)
    return without_marks(text, STAND_IN)


def cells(text: str) -> int:
    """How many terminal cells `text`, made visible, takes."""
    if text.isascii():
        return len(text)
    from rich.cells import get_character_cell_size

    return sum(map(get_character_cell_size, text))


def head(text: str, room: int) -> str:
    """As much of the start of `text` as fits into `room` cells."""
    if text.isascii():
        return text[: max(room, 0)]
    used = 0
    for at, character in enumerate(text):
        used += cells(character)
        if used > room:
            return text[:at]
    return text


def tail(text: str, room: int) -> str:
    """As much of the end of `text` as fits into `room` cells; it begins with no combining mark cut from its letter."""
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
    """`text` in at most `room` cells, with … where its end had to go."""
    return text if cells(text) <= room else head(text, room - 1).rstrip() + ELLIPSIS


def wrap(text: str, room: int) -> list[str]:
    """`text`, made visible and its white space made single, in lines of at most `room` cells; at least one line."""
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
    """As `wrap`, in as many lines, but of about the same length: no word is left alone on the last one."""
    lines = wrap(text, room)
    longest = max(cells(word) for word in visible(" ".join(text.split())).split(" "))
    for narrower in range(room - 1, longest - 1, -1) if len(lines) > 1 else ():
        shorter = wrap(text, narrower)
        if len(shorter) > len(lines):
            break
        lines = shorter
    return lines


def _pieces(text: str, room: int) -> Iterator[str]:
    """The words of `text`; those that fit on no line in pieces that do."""
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


# Lines of a report in the making: styled parts, something at the right edge, nothing wider than the terminal.

# SGR parameters (ECMA-48, 8.3.117), of the sixteen colours that every terminal has and its owner chose.
_SGR = {"error": "31", "warning": "33", "info": "36", "strong": "1", "faint": "2"}

Part = tuple[str, str]  # text, and the name of its style or ""


@dataclass(frozen=True)
class Lines:
    """Collects lines of at most `width` cells, without control characters or commands of CI servers in their parts."""

    width: int
    color: bool
    done: list[str] = field(default_factory=list)

    def put(self, *left: Part, right: Part = ("", ""), under: tuple[Part, ...] = ()) -> None:
        """One line with `right` at its right edge; where both do not fit, `right` goes under it, behind `under`."""
        used, size = sum(cells(visible(text)) for text, _ in left), cells(visible(right[0]))
        if size and used and used + 2 + size > self.width:
            self.put(*left)
            self.put(*under, right=right)
        else:
            gap = (" " * (self.width - used - size), "") if size else ("", "")
            self.done.append("".join(map(self._paint, _harmless((*left, gap, right)))).rstrip())

    def wrapped(self, first: Part, rest: Part, text: Part, right: Part = ("", "")) -> None:
        """`text` over as many lines as it takes, behind `first` on its first line and `rest` on the others."""
        (words, style), room = text, self.width - cells(first[0])
        lines = balanced(words, room)
        if right[0] and cells(lines[-1]) + 2 + cells(right[0]) > room:
            lines = wrap(words, room)  # its last line may leave room for `right`
        for number, line in enumerate(lines):
            last = right if number == len(lines) - 1 else ("", "")
            self.put(rest if number else first, (line, style), right=last, under=(rest,))

    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.done)

    def _paint(self, part: Part) -> str:
        text, style = visible(part[0]), part[1]
        return f"\x1b[{_SGR[style]}m{text}\x1b[0m" if self.color and style and text else text


def _harmless(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts of a line; the first text in it does not start with “::”."""
    first = next((at for at, (text, _) in enumerate(parts) if text.strip()), 0)
    text, style = parts[first]
    return (*parts[:first], (without_command(text, STAND_IN), style), *parts[first + 1 :])
