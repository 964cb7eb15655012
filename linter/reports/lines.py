"""Lines of a report in the making: styled parts, something at the right edge, nothing wider than the terminal."""

from __future__ import annotations

from dataclasses import dataclass, field

from linter.escaping import without_command
from linter.reports.cells import STAND_IN, balanced, cells, visible, wrap

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
