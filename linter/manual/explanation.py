"""A rule, explained to the person who met it: the page that `copydesk explain` shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from linter import late
from linter.loading import marks
from linter.loading.wording import listed
from linter.manual import texts
from linter.manual.catalogue import Entry
from linter.manual.texts import Option, Way
from linter.reports.cells import cells, head, visible
from linter.reports.lines import Lines, Part
from linter.rule import Example, Rule

_LABEL = 11  # cells of the words at the left
_SHORT = 24  # code points; longer texts, as patterns, stand as they are on lines of their own
_MOST = 40  # entries of a list that are shown; the file has the others
_MARK = late.pattern(f"([{marks.OPEN}{marks.CLOSE}])")


@dataclass(frozen=True)
class Explanation:
    """Writes the parts of the page into `lines`."""

    lines: Lines

    def rule(self, entry: Entry, *, shipped: bool) -> None:
        """All there is to say about a rule; `shipped` says that its file is not the reader's to change."""
        rule = entry.own
        self.lines.put((rule.name, "strong"), right=(_state(entry), entry.severity if entry.here else "faint"))
        self._text(rule.summary)
        self.lines.put()
        self._facts(rule)
        self._check(rule)
        self._row("fix", texts.mending(rule))
        self._examples("It finds what is marked", rule.bad)
        self._examples("It does not find", rule.good)
        self._silencing(entry, shipped=shipped)

    def _facts(self, rule: Rule) -> None:
        self._row("why", rule.why)
        if rule.source:
            self._row("source", rule.source)
        if rule.in_drafts:
            self._row("in drafts", rule.in_drafts)
        self._row("looks at", texts.places(rule))
        if silent := texts.silent(rule):
            self._row("silent", silent)
        if rule.lacks:
            self._row("lacks", f"{rule.lacks}, without which it finds nothing")
        self._row("language", texts.languages(rule))
        if formats := texts.formats(rule):
            self._row("format", formats)

    def _check(self, rule: Rule) -> None:
        """The kind of check, the keys it has in this rule, and what they mean."""
        looks_for, keys = texts.kind(rule.kind)
        self._row("check", f"{rule.kind}: {looks_for}")
        options = texts.options(rule)
        for option in options:
            self._option(option, rule)
        if options:
            self._row("", keys)

    def _option(self, option: Option, rule: Rule) -> None:
        default = "" if option.given else " (unless set)"
        if option.plain and len(option.values[0]) > _SHORT:
            self._row("", f"{option.name}:{default}")
            self._verbatim(option.values[0], " " * (_LABEL + 2))
            return
        values = ", ".join(option.values[:_MOST]) or "nothing"
        if len(option.values) > _MOST:
            values += f" … and {len(option.values) - _MOST:,} more in {rule.file}"
        self._row("", f"{option.name}: {values}{default}")

    def _examples(self, title: str, examples: Sequence[Example]) -> None:
        if examples:
            self._heading(title)
        for number, example in enumerate(examples):
            if number:
                self.lines.put()
            for one, article in enumerate(example.articles):
                self._article(article, "in one article" if not one else "and in another")
            if example.files:
                self._note(f"beside {listed(example.files)}")
            if not example.articles:
                self._article(example)

    def _article(self, example: Example, place: str = "") -> None:
        if note := ", ".join(filter(None, (place, _note(example)))):
            self._note(f"{note}:")
        self._verbatim(marks.mark(example.text, example.spans), "  │ ")
        if example.fixed is not None:
            self._note("mended:")
            self._verbatim(example.fixed, "  │ ")

    def _note(self, text: str) -> None:
        self.lines.wrapped(("  ", ""), ("  ", ""), (text, "faint"))

    def _silencing(self, entry: Entry, *, shipped: bool) -> None:
        if entry.here is None and entry.own.enabled:
            self._heading("It is off here, by copydesk.yaml or an option")
        elif entry.here is None:
            self._heading("To switch it on")
            self._ways([Way("in copydesk.yaml", f"select: [{entry.own.name}]")])
        else:
            self._heading("To silence it")
            self._ways(texts.ways(entry.here, shipped=shipped))

    def _ways(self, ways: Sequence[Way]) -> None:
        """What to write, and beside it, or above where there is no room, what that does."""
        width = max(cells(way.snippet) for way in ways)
        beside = all(width + cells(way.does) + 4 <= self.lines.width for way in ways)
        for way in ways:
            if beside:
                self.lines.put((f"  {way.snippet:<{width}}", "strong"), (f"  {way.does}", "faint"))
            else:
                self._text(f"{way.does}:", "  ")
                self.lines.put((f"      {way.snippet}", "strong"))

    def _heading(self, text: str) -> None:
        self.lines.put()
        self.lines.put((text, "strong"))

    def _text(self, text: str, indent: str = "") -> None:
        self.lines.wrapped((indent, ""), (indent, ""), (text, ""))

    def _row(self, label: str, text: str) -> None:
        self.lines.wrapped((f"{label:<{_LABEL}}", "faint"), (" " * _LABEL, ""), (text, ""))

    def _verbatim(self, text: str, gutter: str) -> None:
        """Lines as they stand, white space and all; what is marked has the colour of errors."""
        inside = False
        for line in re.split(r"\r\n?|\n", text):
            for piece in _folded(visible(line), self.lines.width - cells(gutter)):
                parts: list[Part] = [(gutter, "faint")]
                for part in _MARK.split(piece):
                    inside = inside or part == marks.OPEN
                    parts.append((part, "error" if inside else ""))
                    inside = inside and part != marks.CLOSE
                self.lines.put(*parts)


def _state(entry: Entry) -> str:
    """“error”, “warning here, by itself error”, “off”."""
    if entry.here is None:
        return "off"
    own, here = entry.own.severity, entry.here.severity
    return here if here == own else f"{here} here, by itself {own}"


def _note(example: Example) -> str:
    """What is not usual about an example: its kind of source, its encoding."""
    kind = {"text": "in plain text", "html": "in HTML"}.get(example.kind, "")
    return ", ".join(filter(None, (kind, f"saved as {example.encoded}" if example.encoded else "")))


def _folded(line: str, room: int) -> Iterator[str]:
    """A line in pieces of at most `room` cells that make it whole again, cut behind a space where there is one."""
    while cells(line) > room:
        piece = head(line, room) or line[0]
        piece = piece[: piece.rfind(" ") + 1] or piece
        yield piece
        line = line[len(piece) :]
    yield line
