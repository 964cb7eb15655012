"""Show what holds for an article: each setting, and each rule that is otherwise than by itself, with its place.

PATH is a file; “default” says that nobody has settled it.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from linter.api import Linter
from linter.article_linter import file_path
from linter.cli import options
from linter.config import packs, select, yaml_file
from linter.config.config import last_fitting
from linter.config.overrides import Override, SuppressionEntry
from linter.config.select import DEFAULT, RuleState
from linter.document import Document
from linter.files.articles import Article
from linter.rule import WORDS_FILE

if TYPE_CHECKING:
    from linter.styled_text import Lines

SUMMARY = "show what holds for an article, and why"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.usage = "copydesk config PATH [OPTION …]"
    parser.add_argument("path", metavar="PATH", help="an article")
    parser.add_argument("--all", action="store_true", help="every rule, also those that are as they are by themselves")
    parser.add_argument("--json", action="store_true", help="for machines")
    options.rules(parser)


def run(given: argparse.Namespace) -> int:
    """Look at the article, and say what holds for it."""
    from linter import output

    linter = Linter.of(options.run_options(given))
    article = _article(given.path)
    if article is None:
        output.to_standard_error(f"copydesk: {given.path}: there is no such file; name an article")
        return 2
    each = EffectiveConfig(linter, article)
    every = each.rule_states()
    shown = every if given.all else [state for state in every if differs(state)]
    output.to_standard_output(_json(each, shown) if given.json else _page(each, every, shown))
    return 0


def _article(path: str) -> Article | None:
    """The file at a path, excluded or not."""
    import os

    from linter.files import articles

    found = articles.discover([path]).articles if os.path.isfile(path) else ()
    return found[0] if found else None


def _page(effective: EffectiveConfig, every: Sequence[RuleState], shown: Sequence[RuleState]) -> str:
    from linter import output
    from linter.styled_text import Lines

    lines = Lines(output.width() or 1_000_000, output.shows_color())
    lines.put((effective.article.path, "strong"))
    _rows(lines, [(each.name, each.value, each.place) for each in effective.settings()])
    on = sum(state.here is not None for state in every)
    lines.put()
    as_json_value = "" if len(shown) == len(every) else "; those that somebody has settled:"
    lines.put((f"{len(every)} rules, {on} on here{as_json_value}", "strong"))
    _rows(lines, [row for state in shown for row in _of_rule(state)])
    return lines.text()


def _of_rule(state: RuleState) -> Iterable[tuple[str, str, str]]:
    """The row of a rule, and one for each of its options that is another one."""

    graded = state.here is not None and state.severity_by != DEFAULT
    severity = state.here.severity if state.here else "off"
    yield state.own.name, severity, state.severity_by if graded else state.on_by
    for name, place in state.options_by:
        yield "", name, place


def _rows(lines: Lines, rows: Sequence[tuple[str, str, str]]) -> None:
    from linter.styled_text import cells

    first = max((cells(name) for name, _, _ in rows), default=0)
    second = min(40, max((cells(value) for _, value, _ in rows), default=0))
    for name, value, place in rows:
        gaps = " " * (first - cells(name)), " " * max(0, second - cells(value))
        lines.put((f"  {name}{gaps[0]}  {value}{gaps[1]}", ""), (f"  {place}", "faint"))


def _json(effective: EffectiveConfig, shown: Sequence[RuleState]) -> str:
    from linter.output import as_json

    def as_json_value(each: EffectiveValue) -> dict[str, str]:
        return {"name": each.name, "value": each.value, "from": each.place}

    rules = [
        {
            "rule": state.own.name,
            "on": state.here is not None,
            "severity": (state.here or state.own).severity,
            "from": {"on": state.on_by, "severity": state.severity_by, "options": dict(state.options_by)},
        }
        for state in shown
    ]
    page = {
        "version": 1,
        "path": effective.article.path,
        "settings": [as_json_value(each) for each in effective.settings()],
        "rules": rules,
    }
    return as_json(page, indent=1) + "\n"


# What holds for one article, and where each of it is settled.

ITSELF = "the article"
_KINDS = {"html": "HTML", "markdown": "Markdown", "text": "plain text"}


class EffectiveValue(NamedTuple):
    """A setting as it is for an article, and its place: `file:line:column`, an option, or “default”."""

    name: str
    value: str
    place: str = DEFAULT


@dataclass(frozen=True)
class EffectiveConfig:
    """What a linter has settled for one article."""

    linter: Linter
    article: Article

    def settings(self) -> Iterator[EffectiveValue]:
        """All but the rules, in the order of docs/configuration.md."""
        own = self.linter.config
        yield EffectiveValue("settings", own.file or "none", "--config" if self.linter.options.config else DEFAULT)
        for path in own.rules:
            yield EffectiveValue("rules", yaml_file.shown_path(path), self._at("rules"))
        for name in self.linter.options.rules:
            yield EffectiveValue("rules", name, "--rules")
        yield EffectiveValue("kind", _KINDS[self.article.kind])
        yield from self._read()
        excluded = own.excludes(self.article.file)
        yield EffectiveValue(
            "checked", "no, it is excluded" if excluded else "yes", self._at("exclude") if excluded else DEFAULT
        )
        yield EffectiveValue("fail-on", own.fail_on, self._at("fail-on"))
        for override in self.overrides:
            yield EffectiveValue("override", _about(override), override.place)
        for entry in own.suppressions:
            if entry.concerns(self.article.file):
                yield EffectiveValue("suppression", _suppressed(entry), entry.place)
        if "suppression-reasons" in own.places:
            value = "required" if own.explained else "optional"
            yield EffectiveValue("suppression-reasons", value, self._at("suppression-reasons"))
        for file in own.files:
            if os.path.basename(file) == WORDS_FILE:
                yield EffectiveValue("right spellings", yaml_file.shown_path(Path(file)))

    def rule_states(self) -> list[RuleState]:
        """All rules, by name."""
        run_options, own = self.linter.options, self.linter.config
        every = packs.load_packs((*own.rules, *map(Path, run_options.rules)))
        found = [select.rule_state(rule, own, run_options.select, run_options.ignore, self.overrides) for rule in every]
        return [_in_draft(state) for state in found] if self.document.is_draft else found

    @cached_property
    def overrides(self) -> tuple[Override, ...]:
        """Those that hold here."""
        return self.linter.overrides(self.document, file_path(self.article))

    @cached_property
    def document(self) -> Document:
        """The article as rules see it."""
        return self.linter.read(self.article)

    def _read(self) -> Iterator[EffectiveValue]:
        """The language and the encoding, and whether the article calls itself a draft."""
        language = last_fitting(self.linter.config.language, self.article.file)
        encoding = last_fitting(self.linter.config.encoding, self.article.file)
        yield EffectiveValue("language", self.document.language or "unknown", language.place if language else DEFAULT)
        yield EffectiveValue("encoding", self.document.source.encoding, encoding.place if encoding else DEFAULT)
        if self.document.site:
            yield EffectiveValue("site", self.document.site)
        if self.document.is_draft:
            yield EffectiveValue("draft", "yes", ITSELF)

    def _at(self, key: str) -> str:
        return self.linter.config.places.get(key, DEFAULT)


def _in_draft(state: RuleState) -> RuleState:
    if state.here is None or not state.here.in_drafts:
        return state
    return state._replace(here=replace(state.here, severity=state.here.in_drafts), severity_by=ITSELF)


def differs(state: RuleState) -> bool:
    """Whether somebody has settled something about a rule."""
    return bool(state.options_by) or {state.on_by, state.severity_by} != {DEFAULT}


def _about(override: Override) -> str:
    """Where an override holds, in short."""
    paths = ", ".join(override.globs.patterns) if override.globs else ""
    metadata = ", ".join(f"{key}: {' or '.join(wanted)}" for key, wanted in override.metadata)
    return "; ".join(filter(None, (paths, metadata)))


def _suppressed(entry: SuppressionEntry) -> str:
    """What a suppression of the settings silences, in short."""
    named = ", ".join(selector.name for selector in entry.rules)
    texts = " or ".join(f"“{text}”" for text in entry.texts)
    reason = f" ({entry.reason})" if entry.reason else ""
    return f"{named}{f': {texts}' if texts else ''}{reason}"
