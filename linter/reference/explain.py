"""The output of `copydesk explain` and `copydesk rules`: a page about one rule, or a table of rules."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from linter import patterns
from linter.config import load, yaml_file
from linter.config.config import BadConfig
from linter.config.select import RuleState
from linter.reference import rule_texts
from linter.reference.rule_texts import Option
from linter.rule import CLOSE, OPEN, VALE, WORDS_FILE, Example, Rule, mark_spans
from linter.styled_text import Lines, Part, cells, cut, head, visible
from linter.suggest import as_list, did_you_mean, suggest_rule

_LABEL_WIDTH = 11  # cells of the label column
_MAX_INLINE = 24  # code points; a longer value, such as a pattern, gets its own lines
_MAX_ENTRIES = 40  # maximum entries of a list that are shown
_MARK = patterns.lazy(f"([{OPEN}{CLOSE}])")

# An example of a setting for each key, in YAML and in TOML. The name of a rule replaces RULE.
_SETTINGS = {
    "suppressions": ("suppressions: [{path: old/, rule: RULE}]", 'suppressions = [{path = "old/", rule = "RULE"}]'),
    "select": ("select: [RULE]", 'select = ["RULE"]'),
    "ignore": ("ignore: [RULE]", 'ignore = ["RULE"]'),
    "severity": ("severity: {RULE: info}", 'severity = {"RULE" = "info"}'),
    "exclude": ("exclude: [drafts/]", 'exclude = ["drafts/"]'),
}

_MAX_LANGUAGES = 2  # maximum language codes that the table lists; of more languages, it shows only the number
_HEADER = ("rule", "severity", "here", "language", "fixes", "summary")
_MIN_SUMMARY = 24  # cells; a summary with less room gets its own line


def states_of_packs(names: Collection[str], states: Sequence[RuleState]) -> Sequence[RuleState]:
    """Return the states of the rules in the packs `names`. Raises BadConfig if one of the packs does not exist."""
    packs = {state.own.pack for state in states}
    mistakes = [
        f"copydesk: there is no pack “{name}”{did_you_mean(name, packs)}" for name in names if name not in packs
    ]
    if mistakes:
        raise BadConfig(mistakes)
    return [state for state in states if state.own.pack in names]


def states_named(name: str, states: Sequence[RuleState]) -> Sequence[RuleState]:
    """Return the states of all rules in the pack `name` or, if `name` is the name of a rule, only its state.

    `name` may also be the id of a rule if no other rule has the same id. Raises BadConfig if no rule or pack is found.
    """
    exact = [state for state in states if state.own.name == name]
    pack = [state for state in states if state.own.pack == name]
    by_id = [state for state in states if state.own.id == name]
    if found := exact or pack or (by_id if len(by_id) == 1 else []):
        return found
    advice = suggest_rule(name, [state.own.name for state in states])
    raise BadConfig([f"copydesk: there is no rule or pack “{name}”{advice or '; “copydesk rules” lists them'}"])


def explanation(name: str, states: Sequence[RuleState], width: int, *, color: bool, config: str = "") -> str:
    """Return the page about a rule, or the table of the rules of a pack, for a terminal of `width` columns.

    `config` is the path of the config, or "" for copydesk.yaml. Hints about settings use the file name of the config
    and its syntax, YAML or TOML. Raises BadConfig if no rule or pack is found for `name` (see `states_named`).
    """
    found, lines = states_named(name, states), Lines(width, color)
    settings = os.path.basename(config) or load.NAME
    if len(found) > 1 or name == found[0].own.pack:
        number, on = len(found), sum(state.here is not None for state in found)
        lines.put((name, "strong"), right=(f"{number} rule{'' if number == 1 else 's'}, {on} on", ""))
        rules_table(lines, found)
    else:
        Explanation(lines, settings).rule(found[0])
    return lines.text()


@dataclass(frozen=True)
class Explanation:
    """Writes the page about a rule to `lines`. `settings` is the file name of the config."""

    lines: Lines
    settings: str = load.NAME

    def rule(self, state: RuleState) -> None:
        """Write the page about the rule."""
        rule = state.own
        self.lines.put((rule.name, "strong"), right=(_state(state), state.severity if state.here else "faint"))
        self._text(rule.summary)
        self.lines.put()
        if rule.why:
            self._row("why", rule.why)
        self._row("fix", rule_texts.fix_text(rule))
        self._examples("Finds the marked text", rule.bad)
        self._examples("Finds nothing in", rule.good)
        self._suppressions(state)
        self._heading("How it works")
        self._facts(rule)
        self._check(rule)

    def _facts(self, rule: Rule) -> None:
        if rule.is_vale:
            self._row("message", rule.check.definition.message)  # type: ignore[union-attr]
            self._row("level", rule.check.definition.level)  # type: ignore[union-attr]
            self._row("file", yaml_file.shown_path(Path(rule.file)) if rule.file else "part of Vale")
        elif rule.source:
            self._row("source", rule.source)
        if rule.in_drafts:
            self._row("in drafts", rule.in_drafts)
        self._row("looks at", rule_texts.places(rule))
        if exclusions := rule_texts.exclusions_text(rule):
            self._row("skips", exclusions)
        if rule.lacks:
            self._row("needs", f"{rule.lacks}, which is missing; without it, the rule finds nothing")
        self._row("language", rule_texts.languages_text(rule))
        if formats := rule_texts.formats_text(rule):
            self._row("format", formats)
        if url := rule_texts.page_url(rule):
            self._url("docs", url)

    def _check(self, rule: Rule) -> None:
        """Write the kind of check, the values of its options in this rule, and where the options are documented."""
        if not rule.kind:  # a rule created in Python, with its own check
            return
        looks_for, keys = ("", "") if rule.is_vale else rule_texts.kind(rule.kind)
        self._row("check", rule.kind.removeprefix(VALE) if rule.is_vale else f"{rule.kind}: {looks_for}")
        options = rule_texts.options(rule)
        for option in options:
            self._option(option, rule)
        if options and (url := rule_texts.kind_url(rule.kind)):
            self._url("options", url)
        elif options and keys:
            self._row("options", keys)

    def _option(self, option: Option, rule: Rule) -> None:
        default = "" if option.given else " (default)"
        if option.plain and len(option.values[0]) > _MAX_INLINE:
            self._row("", f"{option.name}:{default}")
            self._verbatim(option.values[0], " " * (_LABEL_WIDTH + 2))
            return
        values = ", ".join(option.values[:_MAX_ENTRIES]) or "none"
        if len(option.values) > _MAX_ENTRIES:
            values += f" … and {len(option.values) - _MAX_ENTRIES:,} more in {rule.file}"
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
                self._note(f"next to {as_list(example.files)}")
            if not example.articles:
                self._article(example)

    def _article(self, example: Example, place: str = "") -> None:
        if note := ", ".join(filter(None, (place, _note(example)))):
            self._note(f"{note}:")
        self._verbatim(mark_spans(example.text, example.spans), "  │ ")
        if example.fixed is not None:
            self._note("fixed:")
            self._verbatim(example.fixed, "  │ ")

    def _note(self, text: str) -> None:
        self.lines.wrapped(("  ", ""), ("  ", ""), (text, "faint"))

    def _suppressions(self, state: RuleState) -> None:
        if state.here:
            self._heading("To suppress it")
            self._hints(_suppression_hints(state.here, self.settings))
        elif state.own.enabled:
            self._heading(f"Turned off here, by {self.settings} or an option")
        else:
            self._heading("To turn it on")
            self._hints([(f"in {self.settings}", _setting("select", self.settings, state.own))])

    def _hints(self, hints: Sequence[tuple[str, str]]) -> None:
        """Write snippets, each with its description next to it or, if there is not enough room, above it."""
        width = max(cells(snippet) for _, snippet in hints)
        beside = all(width + cells(does) + 4 <= self.lines.width for does, _ in hints)
        for does, snippet in hints:
            if beside:
                self.lines.put((f"  {snippet:<{width}}", "strong"), (f"  {does}", "faint"))
            else:
                self._text(f"{does}:", "  ")
                self.lines.put((f"      {snippet}", "strong"))

    def _heading(self, text: str) -> None:
        self.lines.put()
        self.lines.put((text, "strong"))

    def _text(self, text: str, indent: str = "") -> None:
        self.lines.wrapped((indent, ""), (indent, ""), (text, ""))

    def _row(self, label: str, text: str) -> None:
        self.lines.wrapped((f"{label:<{_LABEL_WIDTH}}", "faint"), (" " * _LABEL_WIDTH, ""), (text, ""))

    def _url(self, label: str, url: str) -> None:
        """Write a URL. It is not wrapped, so that it can be opened."""
        self.lines.put((f"{label:<{_LABEL_WIDTH}}", "faint"), (url, ""))

    def _verbatim(self, text: str, gutter: str) -> None:
        """Write each line of `text` after `gutter`, with text from ⟦ to ⟧ in the color of errors."""
        inside = False
        for line in re.split(r"\r\n?|\n", text):
            for piece in _folded(visible(line), self.lines.width - cells(gutter)):
                parts: list[Part] = [(gutter, "faint")]
                for part in _MARK.split(piece):
                    inside = inside or part == OPEN
                    parts.append((part, "error" if inside else ""))
                    inside = inside and part != CLOSE
                self.lines.put(*parts)


def _setting(key: str, settings: str, rule: Rule) -> str:
    """Return an example of the setting `key` for a rule, in TOML if the file `settings` is TOML, or else in YAML."""
    return _SETTINGS[key][settings.endswith(".toml")].replace("RULE", rule.name)


def _suppression_hints(rule: Rule, settings: str) -> list[tuple[str, str]]:
    """Return ways to suppress findings of a rule, each as a description and a snippet.

    `settings` is the file name of the config.
    """
    found = [
        (f"in {settings}, for some articles", _setting("suppressions", settings, rule)),
        ("in the article, above the block", f"<!-- copydesk: ignore {rule.name} -- why -->"),
        (f"in {settings}, for all articles", _setting("ignore", settings, rule)),
        ("for one run", f"copydesk check --ignore {rule.name}"),
        (f"in {settings}, for all rules", _setting("exclude", settings, rule)),
    ]
    if rule.severity != "info":
        found.insert(3, (f"in {settings}, to only count it", _setting("severity", settings, rule)))
    if rule.vocabulary:
        found.insert(0, (f"in {WORDS_FILE}, one word or name per line", "a correct spelling"))
    # users should not edit the file of a rule that is part of copydesk
    if rule.is_vale:
        found.insert(0, ("in .vale.ini", f"{rule.name} = NO"))
    elif not rule_texts.is_shipped(rule) and rule.looks_at == "block":
        found.insert(0, (f"in {rule.file}", "exceptions: [a phrase that is correct]"))
    return found


def _state(state: RuleState) -> str:
    """Return the state of a rule as text, such as “error”, “warning here (default: error)” or “off”."""
    if state.here is None:
        return "off"
    own, here = state.own.severity, state.here.severity
    return here if here == own else f"{here} here (default: {own})"


def _note(example: Example) -> str:
    """Return the format and encoding of an example, such as “in HTML, saved as latin-1”, or "" for the defaults."""
    kind = {"text": "in plain text", "html": "in HTML", "wordpress": "in a WordPress post"}.get(example.kind, "")
    return ", ".join(filter(None, (kind, f"saved as {example.encoded}" if example.encoded else "")))


def _folded(line: str, room: int) -> Iterator[str]:
    """Yield the parts of a line, each in at most `room` cells if possible."""
    while cells(line) > room:
        piece = head(line, room) or line[0]
        piece = piece[: piece.rfind(" ") + 1] or piece
        yield piece
        line = line[len(piece) :]
    yield line


def rules_table(lines: Lines, states: Sequence[RuleState]) -> None:
    """Write a table of rules: name, severity, on or off, languages, whether there is a fix, and summary.

    If the terminal is too narrow for a summary, the summary is shortened or written below the other columns.
    """
    rows = [_HEADER, *map(_row, states)]
    widths = [max(cells(row[column]) for row in rows) for column in range(len(_HEADER) - 1)]
    room = lines.width - sum(widths) - 2 * len(widths)
    for row in rows:
        left = "  ".join(text + " " * (width - cells(text)) for text, width in zip(row, widths, strict=False))
        style = "faint" if row is _HEADER or row[2] == "off" else ""
        if room >= _MIN_SUMMARY:
            lines.put((f"{left}  {cut(row[-1], room)}", style))
        else:
            lines.put((left, style))
            if row is not _HEADER:
                lines.wrapped(("    ", ""), ("    ", ""), (row[-1], "faint"))


def _row(state: RuleState) -> tuple[str, ...]:
    rule = state.own
    many = len(rule.languages) > _MAX_LANGUAGES
    languages = f"{len(rule.languages)}" if many else ", ".join(sorted(rule.languages)) or "any"
    fixes = "yes" if rule_texts.fixable(rule) else "no"
    return rule.name, state.severity, "on" if state.here else "off", languages, fixes, rule.summary
