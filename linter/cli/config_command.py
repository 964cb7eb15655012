"""Show the settings that apply to an article, the rules that differ from their defaults, and where each is set.

PATH is a file. “default” means that no setting and no option sets the value.
"""

from __future__ import annotations

import argparse
import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from linter import extensions, output
from linter.api import Linter
from linter.article_linter import file_path
from linter.cli import options
from linter.config import yaml_file
from linter.config.config import DEFAULT, fitting
from linter.config.overrides import Override, SuppressionEntry
from linter.config.select import RuleState
from linter.document import Document
from linter.files import articles, sites
from linter.files.articles import Article
from linter.rule import WORDS_FILE
from linter.styled_text import Lines, cells
from linter.suggest import as_list

if TYPE_CHECKING:
    from linter.extensions import Sections

ITSELF = "the article"
_KINDS = {"html": "HTML", "markdown": "Markdown", "text": "plain text", "wordpress": "WordPress post"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to `parser`."""
    parser.usage = "copydesk config PATH [OPTION …]"
    parser.add_argument("path", metavar="PATH", help="an article")
    parser.add_argument(
        "--all", action="store_true", help="list all rules, not only those that differ from their defaults"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    options.add_rule_options(parser)


def run(given: argparse.Namespace) -> int:
    """Print the config of an article, and return the exit status: 2 if the article cannot be read, or else 0."""
    linter = Linter.of(options.run_options(given))
    found = articles.discover([given.path]).articles if os.path.isfile(given.path) else ()  # even if it is excluded
    if not found:
        output.to_standard_error(f"copydesk: {given.path}: there is no such file; pass the path of an article")
        return 2
    effective = EffectiveConfig(linter, found[0])
    try:
        _ = effective.document
    except OSError as error:
        output.to_standard_error(f"copydesk: {given.path}: this file cannot be read: {error.strerror or error}")
        return 2
    states = effective.rule_states()
    changed = [state for state in states if state.options_by or {state.on_by, state.severity_by} != {DEFAULT}]
    shown = states if given.all else changed
    output.to_standard_output(_json(effective, shown) if given.json else _page(effective, states, shown))
    return 0


class EffectiveValue(NamedTuple):
    """A value of the config for an article.

    `place` is where the value was set: `file:line:column`, a command-line option, “the article”, or “default”.
    """

    name: str
    value: str
    place: str = DEFAULT


@dataclass(frozen=True)
class EffectiveConfig:
    """The config that applies to one article, and where each value comes from."""

    linter: Linter
    article: Article

    def values(self) -> Iterator[EffectiveValue]:
        """Yield the values that apply to the article, except the states of rules, in the order of the output."""
        config = self.linter.config
        yield EffectiveValue("settings", config.file or "none", "--config" if self.linter.options.config else DEFAULT)
        for path in config.rule_folders:
            yield EffectiveValue("rules", yaml_file.shown_path(path), self._at("rules"))
        for name in self.linter.options.rule_folders:
            yield EffectiveValue("rules", name, "--rules")
        if source := self.linter.rule_source:
            yield from itertools.starmap(EffectiveValue, source.values(config, self._sections or ()))
        yield EffectiveValue("kind", _KINDS[self.article.kind])
        yield from self._read()
        excluded = config.excludes(self.article.file)
        yield EffectiveValue("checked", *(("no, it is excluded", self._at("exclude")) if excluded else ("yes",)))
        if config.preview or config.run.preview:
            yield EffectiveValue("preview", "true", "--preview" if config.run.preview else self._at("preview"))
        yield EffectiveValue("fail-on", config.fail_on, self._at("fail-on"))
        for override in self.overrides:
            yield EffectiveValue("override", _about(override), override.place)
        for entry in config.suppressions:
            if entry.applies_to(self.article.file):
                yield EffectiveValue("suppression", _suppressed(entry), entry.place)
        for extension in extensions.installed():
            yield from itertools.starmap(EffectiveValue, extension.config_values(config, self.article.file))
        if "suppression-reasons" in config.places:
            value = "required" if config.reasons_required else "optional"
            yield EffectiveValue("suppression-reasons", value, self._at("suppression-reasons"))
        for file in config.files:
            if os.path.basename(file) == WORDS_FILE:
                yield EffectiveValue("allowed words", yaml_file.shown_path(Path(file)))

    def rule_states(self) -> list[RuleState]:
        """Return the states of all rules, sorted by name.

        If the article is a draft, each rule that is on and has a severity for drafts (`in_drafts`) gets that severity.
        """
        found = self.linter.run_rules.states(self.overrides, self._sections)
        if not self.document.is_draft:
            return found
        return [
            state._replace(configured=replace(state.here, severity=state.here.in_drafts), severity_by=ITSELF)
            if state.here and state.here.in_drafts
            else state
            for state in found
        ]

    @cached_property
    def overrides(self) -> tuple[Override, ...]:
        """The overrides that apply to the article."""
        return self.linter.overrides(self.document, file_path(self.article))

    @cached_property
    def _sections(self) -> Sections | None:
        """The sections of the config of the rule source that apply to the article, or None without a rule source."""
        source = self.linter.rule_source
        return None if source is None else source.sections(file_path(self.article), self.article.kind)

    @cached_property
    def document(self) -> Document:
        """The document of the article."""
        return self.linter.read(self.article)

    def _read(self) -> Iterator[EffectiveValue]:
        """Yield values that are known once the article is read, such as its language and encoding."""
        language = fitting(self.linter.config.language, self.article.file)
        encoding = fitting(self.linter.config.encoding, self.article.file)
        yield EffectiveValue("language", self.document.language or "unknown", language.place)
        yield EffectiveValue("encoding", self.document.source.encoding, encoding.place)
        yield from self._engine()
        if self.document.is_draft:
            yield EffectiveValue("draft", "yes", ITSELF)

    def _engine(self) -> Iterator[EffectiveValue]:
        """Yield the site generator and the dialect of Markdown, with the evidence for them."""
        path = file_path(self.article)
        engine, named = self.linter.engine(path), fitting(self.linter.config.site, path)
        found = yaml_file.shown_path(Path(engine.evidence)) if engine.evidence else named.place
        yield self._known("site", engine.site, sites.NAMES, found)
        if self.document.kind == "markdown":
            chosen = named.place if named.value in sites.DIALECTS else found
            yield self._known("dialect", engine.dialect, sites.DIALECTS, chosen)

    def _known(self, name: str, value: str, possible: Iterable[str], place: str) -> EffectiveValue:
        """Return a known value, or else those of the `possible` values that marks in the article suggest."""
        if value or place != DEFAULT:
            return EffectiveValue(name, value or "none", place)
        marks = sites.page_generators(self.document)
        seen = [each for each in possible if each.lower() in marks]
        return EffectiveValue(name, as_list(seen), ITSELF) if seen else EffectiveValue(name, "unknown")

    def _at(self, key: str) -> str:
        return self.linter.config.places.get(key, DEFAULT)


def _about(override: Override) -> str:
    """Return a one-line description of the conditions of an override."""
    paths = ", ".join(override.globs.patterns) if override.globs else ""
    metadata = ", ".join(f"{key}: {' or '.join(wanted)}" for key, wanted in override.metadata)
    return "; ".join(filter(None, (paths, metadata)))


def _suppressed(entry: SuppressionEntry) -> str:
    """Return a one-line description of a suppression: its rules, texts and reason."""
    named = ", ".join(selector.name for selector in entry.rules)
    texts = " or ".join(f"“{text}”" for text in entry.texts)
    reason = f" ({entry.reason})" if entry.reason else ""
    return f"{named}{f': {texts}' if texts else ''}{reason}"


def _page(effective: EffectiveConfig, states: Sequence[RuleState], shown: Sequence[RuleState]) -> str:
    lines = Lines.for_output()
    lines.put((effective.article.path, "strong"))
    _rows(lines, [*effective.values()])
    on = sum(state.here is not None for state in states)
    lines.put()
    changed = f"; changed from their defaults:{'' if shown else ' none'}"
    note = "" if len(shown) == len(states) else changed
    lines.put((f"{len(states)} rules, {on} on here{note}", "strong"))
    _rows(lines, [row for state in shown for row in _of_rule(state)])
    return lines.text()


def _of_rule(state: RuleState) -> Iterable[tuple[str, str, str]]:
    """Yield a row about a rule, and a row about each of its configured options."""
    graded = state.here is not None and state.severity_by != DEFAULT
    severity = state.here.severity if state.here else "off"
    yield state.own.name, severity, state.severity_by if graded else state.on_by
    for name, place in state.options_by.items():
        yield "", name, place


def _rows(lines: Lines, rows: Sequence[tuple[str, str, str]]) -> None:
    first = max((cells(name) for name, _, _ in rows), default=0)
    second = min(40, max((cells(value) for _, value, _ in rows), default=0))
    for name, value, place in rows:
        gaps = " " * (first - cells(name)), " " * max(0, second - cells(value))
        lines.put((f"  {name}{gaps[0]}  {value}{gaps[1]}", ""), (f"  {place}", "faint"))


def _json(effective: EffectiveConfig, shown: Sequence[RuleState]) -> str:
    rules = [
        {
            "rule": state.own.name,
            "on": state.here is not None,
            "severity": state.severity,
            "from": {"on": state.on_by, "severity": state.severity_by, "options": dict(state.options_by)},
        }
        for state in shown
    ]
    page = {
        "version": 1,
        "path": effective.article.path,
        "settings": [{"name": name, "value": value, "from": place} for name, value, place in effective.values()],
        "rules": rules,
    }
    return output.as_json(page, indent=1) + "\n"
