"""A rule, explained to the person who met it: the page that `copydesk explain` shows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from linter import patterns
from linter.config import load, select
from linter.config.config import BadConfig, RunOptions
from linter.config.packs import load_packs, shipped_rules
from linter.reference import rule_texts
from linter.reference.rule_texts import Option, Way
from linter.rule import CLOSE, OPEN, Example, Rule, mark_spans
from linter.styled_text import Lines, Part, cells, cut, head, visible
from linter.suggest import as_list, did_you_mean, likely

_LABEL = 11  # cells of the words at the left
_SHORT = 24  # code points; longer texts, as patterns, stand as they are on lines of their own
_MOST = 40  # entries of a list that are shown; the file has the others
_MARK = patterns.lazy(f"([{OPEN}{CLOSE}])")


@dataclass(frozen=True)
class Explanation:
    """Writes the parts of the page into `lines`."""

    lines: Lines

    def rule(self, entry: RuleEntry, *, shipped: bool) -> None:
        """All there is to say about a rule; `shipped` says that its file is not the reader's to change."""
        rule = entry.own
        self.lines.put((rule.name, "strong"), right=(_state(entry), entry.severity if entry.here else "faint"))
        self._text(rule.summary)
        self.lines.put()
        self._facts(rule)
        self._check(rule)
        self._row("fix", rule_texts.fixing_text(rule))
        self._examples("It finds what is marked", rule.bad)
        self._examples("It does not find", rule.good)
        self._silencing(entry, shipped=shipped)

    def _facts(self, rule: Rule) -> None:
        self._row("why", rule.why)
        if rule.source:
            self._row("source", rule.source)
        if rule.in_drafts:
            self._row("in drafts", rule.in_drafts)
        self._row("looks at", rule_texts.places(rule))
        if silent := rule_texts.silent_text(rule):
            self._row("silent", silent)
        if rule.lacks:
            self._row("lacks", f"{rule.lacks}, without which it finds nothing")
        self._row("language", rule_texts.languages_text(rule))
        if formats := rule_texts.formats_text(rule):
            self._row("format", formats)

    def _check(self, rule: Rule) -> None:
        """The kind of check, the keys it has in this rule, and what they mean."""
        looks_for, keys = rule_texts.kind(rule.kind)
        self._row("check", f"{rule.kind}: {looks_for}")
        options = rule_texts.options(rule)
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
                self._note(f"beside {as_list(example.files)}")
            if not example.articles:
                self._article(example)

    def _article(self, example: Example, place: str = "") -> None:
        if note := ", ".join(filter(None, (place, _note(example)))):
            self._note(f"{note}:")
        self._verbatim(mark_spans(example.text, example.spans), "  │ ")
        if example.fixed is not None:
            self._note("mended:")
            self._verbatim(example.fixed, "  │ ")

    def _note(self, text: str) -> None:
        self.lines.wrapped(("  ", ""), ("  ", ""), (text, "faint"))

    def _silencing(self, entry: RuleEntry, *, shipped: bool) -> None:
        if entry.here is None and entry.own.enabled:
            self._heading("It is off here, by copydesk.yaml or an option")
        elif entry.here is None:
            self._heading("To switch it on")
            self._ways([Way("in copydesk.yaml", f"select: [{entry.own.name}]")])
        else:
            self._heading("To silence it")
            self._ways(rule_texts.ways(entry.here, shipped=shipped))

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
                    inside = inside or part == OPEN
                    parts.append((part, "error" if inside else ""))
                    inside = inside and part != CLOSE
                self.lines.put(*parts)


def _state(entry: RuleEntry) -> str:
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


# Every rule there is, shipped or of the house, as the settings here have it.


class RuleEntry(NamedTuple):
    """A rule as its file has it, and with the severity it has here; None where it is off."""

    own: Rule
    here: Rule | None

    @property
    def severity(self) -> str:
        """Its severity here, or its own where it is off."""
        return (self.here or self.own).severity


def write_explanation(lines: Lines, name: str, entries: Iterable[RuleEntry]) -> None:
    """Write the page of a rule, or the table of a pack. Raises BadConfig for a name that fits none of `entries`."""
    found = entries_named(name, entries)
    if len(found) > 1 or name == found[0].own.pack:
        number, on = len(found), sum(entry.here is not None for entry in found)
        lines.put((name, "strong"), right=(f"{number} rule{'' if number == 1 else 's'}, {on} on", ""))
        rules_table(lines, found)
    else:
        shipped = any(rule is found[0].own for rule in shipped_rules())
        Explanation(lines).rule(found[0], shipped=shipped)


def rule_entries(orders: RunOptions) -> tuple[RuleEntry, ...]:
    """All rules, by name. Raises BadConfig and BadRule, with all mistakes."""
    settled = load.load_config(orders)
    every = load_packs((*settled.rules, *map(Path, orders.rules)))
    here = {rule.name: rule for rule in select.enabled_rules(every, settled, orders.select, orders.ignore)}
    return tuple(RuleEntry(rule, here.get(rule.name)) for rule in every)


def entries_of_packs(names: Collection[str], every: Iterable[RuleEntry]) -> tuple[RuleEntry, ...]:
    """The rules of some packs. Raises BadConfig, with what was likely meant, for a pack that there is not."""
    known = tuple(every)
    packs = {entry.own.pack for entry in known}
    mistakes = [
        f"copydesk: there is no pack “{name}”{did_you_mean(name, packs)}" for name in names if name not in packs
    ]
    if mistakes:
        raise BadConfig(mistakes)
    return tuple(entry for entry in known if entry.own.pack in names)


def entries_named(name: str, every: Iterable[RuleEntry]) -> tuple[RuleEntry, ...]:
    """What `name` stands for: a rule, also by an id that only one has, or all rules of a pack.

    Raises BadConfig, with what was likely meant, where there is none.
    """
    known = tuple(every)
    exact = tuple(entry for entry in known if entry.own.name == name)
    pack = tuple(entry for entry in known if entry.own.pack == name)
    by_id = tuple(entry for entry in known if entry.own.id == name)
    if found := exact or pack or (by_id if len(by_id) == 1 else ()):
        return found
    advice = likely(name, [entry.own.name for entry in known])
    raise BadConfig([f"copydesk: there is no rule or pack “{name}”{advice or '; “copydesk rules” lists them'}"])


# Rules as a table: one line a rule.

_HEAD = ("rule", "severity", "here", "language", "fixes", "summary")
_READABLE = 24  # cells; a summary that has fewer goes on a line of its own


def rules_table(lines: Lines, entries: Sequence[RuleEntry]) -> None:
    """Write name, severity, on or off, languages, whether it can fix, summary; cut or put below where it is narrow."""
    rows = [_HEAD, *map(_row, entries)]
    widths = [max(cells(row[column]) for row in rows) for column in range(len(_HEAD) - 1)]
    room = lines.width - sum(widths) - 2 * len(widths)
    for row in rows:
        left = "  ".join(text + " " * (width - cells(text)) for text, width in zip(row, widths, strict=False))
        style = "faint" if row is _HEAD or row[2] == "off" else ""
        if room >= _READABLE:
            lines.put((f"{left}  {cut(row[-1], room)}", style))
        else:
            lines.put((left, style))
            if row is not _HEAD:
                lines.wrapped(("    ", ""), ("    ", ""), (row[-1], "faint"))


def _row(entry: RuleEntry) -> tuple[str, ...]:
    rule = entry.own
    spoken = ", ".join(sorted(rule.languages)) or "any"
    fixes = "yes" if rule_texts.fixable(rule) else "no"
    return rule.name, entry.severity, "on" if entry.here else "off", spoken, fixes, rule.summary
