"""Groups and findings as entries of the terminal report: with an excerpt, or on one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from linter.finding import Finding
from linter.reports.cells import cells, visible
from linter.reports.excerpt import excerpt
from linter.reports.groups import Group, pack
from linter.reports.lines import Lines, Part

SIGNS = {"error": "✖", "warning": "!", "info": "·"}
_ALSO = 4  # line numbers at most beside a group on one line; of more it gives the number
_FEW = 3  # line numbers that a list is not cut below to make room for other words


@dataclass(frozen=True)
class Entries:
    """Writes entries into `lines`; `digits` is the width of the line numbers beside them."""

    lines: Lines
    digits: int

    def full(self, group: Group) -> None:
        """A heading, the example with its excerpt, what to do, and where the others are."""
        finding = group.example
        first, *others = sentences(_message(finding))
        heading = group.headline or first.rstrip(".")
        message = _message(finding) if group.headline else " ".join(others)
        number = f" ({len(group.findings):,})" if len(group.findings) > 1 else ""
        sign = (f"{SIGNS[finding.severity]} ", finding.severity)
        self.lines.wrapped(sign, ("  ", ""), (heading + number, "strong"), (group.rules, "faint"))
        self._marked(finding, message)
        for text in self._others(group):
            self.lines.put((" " * (self.digits + 5), ""), (text, ""))

    def short(self, group: Group) -> None:
        """The message of the first finding; of a warning its first sentence will do, to keep to one line."""
        first, rest = self._gutter(group.example.line), self._gutter()
        text = _one_line(group, self.lines.width - cells(first[0]) - 2 - cells(group.rules))
        self.lines.wrapped(first, rest, (text, ""), (group.rules, "faint"))

    def folded(self, covers: Sequence[Finding], alone: bool) -> None:
        """How many findings folded into `covers`; `alone` where nothing else stands under the title."""
        if covers:
            text = inside(covers).replace(" more", "", 1) if alone else f"and {inside(covers)}"
            self.lines.put((" " * (self.digits + 5), ""), (text, ""))

    def single(self, finding: Finding) -> None:
        """One finding with its excerpt and its whole message."""
        self._marked(finding, _message(finding), SIGNS[finding.severity], (finding.rule, "faint"))

    def numbered(self, finding: Finding, number: int) -> None:
        """One finding as the one of this number among several of one rule; `digits` leave room for it."""
        self._marked(finding, _message(finding), f"{number}", ("", ""))

    def _marked(self, finding: Finding, message: str, sign: str = "", right: Part = ("", "")) -> None:
        lines, gutter = self.lines, self._gutter()
        text, offset, length = excerpt(finding, lines.width - cells(gutter[0]))
        number = self._gutter(finding.line)[0]
        lines.put((sign, finding.severity), (number[len(sign) :], "faint"), (text, ""))
        marks = (" " * offset + "^" * length, finding.severity)
        room = lines.width - cells(gutter[0]) - offset - length - (right[0] != "" and 2 + cells(right[0]))
        if message and cells(message) < room:
            lines.put(gutter, marks, (f" {message}", ""), right=right)
            return
        beside = right if room >= 0 else ("", "")
        lines.put(gutter, marks, right=beside)
        if message:
            lines.wrapped(gutter, gutter, (message, ""), ("", "") if beside[0] else right)

    def _gutter(self, line: int | None = None) -> Part:
        return f"  {line or '':>{self.digits}} │ ", "faint"

    def _others(self, group: Group) -> Iterator[str]:
        """“and 6 more: lines 13 (3), 14, 15, 18”, and how many are inside something else."""
        room = self.lines.width - self.digits - 5
        within, lines = inside(group.covers), group.lines()
        if not lines:
            yield from [f"and {within}"] if within else []
            return
        text = _listed(lines, room - cells(within) - 2 if within else room)
        if within and text.endswith("…") and text.count(",") < _FEW:
            yield _listed(lines, room)
            yield f"and {within}"
        else:
            yield f"{text}; {within}" if within else text


def inside(covers: Sequence[Finding]) -> str:
    """“3 more in the page code above” of findings that folded into `covers`, or nothing."""
    place = "the page code" if all(pack(cover) == "leaks" for cover in covers) else "what is marked"
    return f"{len(covers):,} more in {place} above" if covers else ""


def _message(finding: Finding) -> str:
    return visible(" ".join(finding.message.split()))


def sentences(message: str) -> list[str]:
    """The sentences of a message, at least one; what it quotes is not looked into."""
    found, start, quoted = [], 0, False
    for at, character in enumerate(message):
        if character in "“”":
            quoted = character == "“"
        elif character in ".?!" and not quoted and message[at + 1 : at + 2] == " ":
            found.append(message[start : at + 1].strip())
            start = at + 1
    return [*found, message[start:].strip()]


def _one_line(group: Group, room: int) -> str:
    """What a group says on one line of `room` cells; where nothing fits, what is to be said on more than one."""
    parts, asides = sentences(_message(group.example)), _asides(group)
    for size in range(len(parts), 0, -1):
        if size < len(parts) and (group.example.severity == "error" or parts[size - 1].endswith("?")):
            continue
        message = " ".join(parts[:size])
        for aside in asides:
            text = message.rstrip(".") + aside if aside or size == 1 else message
            if cells(text) <= room:
                return text
    return text


def _asides(group: Group) -> list[str]:
    """What a group on one line says of its other findings behind the message, the longest first."""
    if len(group.findings) == 1:
        return [""]
    number, lines = f" ({len(group.findings):,})", group.lines()
    if group.covers and not lines:
        return [f" ({inside(group.covers)})", number]
    if group.covers or len(lines) > _ALSO or group.example.line in lines or max(lines.values()) > 1:
        return [number]
    places = f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}"
    same = all(finding.message == group.example.message for finding in group.shown)
    return [f" (also {places})" if same else f" (and {len(lines)} more: {places})", number]


def _listed(lines: Counter[int], room: int) -> str:
    """“and 6 more: lines 13 (3), 14, 15, …” in `room` cells."""
    more = f"and {lines.total():,} more"
    if len(lines) == 1:
        return f"{more} on line {next(iter(lines))}"
    places = [f"{line} ({number:,})" if number > 1 else str(line) for line, number in lines.items()]
    for size in range(min(len(places), room), 0, -1):
        text = f"{more}: lines {', '.join(places[:size])}{', …' if size < len(places) else ''}"
        if cells(text) <= room:
            return text
    return f"{more}, …"
