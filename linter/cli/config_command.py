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

from linter.checker import Linter
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

    desk = Linter.open(options.orders(given))
    article = _article(given.path)
    if article is None:
        output.to_standard_error(f"copydesk: {given.path}: there is no such file; name an article")
        return 2
    held = EffectiveConfig(desk, article)
    every = held.rulings()
    shown = every if given.all else [ruling for ruling in every if differs(ruling)]
    output.to_standard_output(_json(held, shown) if given.json else _page(held, every, shown))
    return 0


def _article(path: str) -> Article | None:
    """The file at a path, excluded or not."""
    import os

    from linter.files import articles

    found = articles.discover([path]).articles if os.path.isfile(path) else ()
    return found[0] if found else None


def _page(holding: EffectiveConfig, every: Sequence[RuleState], shown: Sequence[RuleState]) -> str:
    from linter import output
    from linter.styled_text import Lines

    lines = Lines(output.width() or 1_000_000, output.shows_color())
    lines.put((holding.article.path, "strong"))
    _rows(lines, [(held.name, held.value, held.place) for held in holding.settings()])
    on = sum(ruling.here is not None for ruling in every)
    lines.put()
    settled = "" if len(shown) == len(every) else "; those that somebody has settled:"
    lines.put((f"{len(every)} rules, {on} on here{settled}", "strong"))
    _rows(lines, [row for ruling in shown for row in _of_rule(ruling)])
    return lines.text()


def _of_rule(ruling: RuleState) -> Iterable[tuple[str, str, str]]:
    """The row of a rule, and one for each of its options that is another one."""

    graded = ruling.here is not None and ruling.severity_by != DEFAULT
    severity = ruling.here.severity if ruling.here else "off"
    yield ruling.own.name, severity, ruling.severity_by if graded else ruling.on_by
    for name, place in ruling.options_by:
        yield "", name, place


def _rows(lines: Lines, rows: Sequence[tuple[str, str, str]]) -> None:
    from linter.styled_text import cells

    first = max((cells(name) for name, _, _ in rows), default=0)
    second = min(40, max((cells(value) for _, value, _ in rows), default=0))
    for name, value, place in rows:
        gaps = " " * (first - cells(name)), " " * max(0, second - cells(value))
        lines.put((f"  {name}{gaps[0]}  {value}{gaps[1]}", ""), (f"  {place}", "faint"))


def _json(holding: EffectiveConfig, shown: Sequence[RuleState]) -> str:
    from linter.output import as_json

    def settled(held: EffectiveValue) -> dict[str, str]:
        return {"name": held.name, "value": held.value, "from": held.place}

    rules = [
        {
            "rule": ruling.own.name,
            "on": ruling.here is not None,
            "severity": (ruling.here or ruling.own).severity,
            "from": {"on": ruling.on_by, "severity": ruling.severity_by, "options": dict(ruling.options_by)},
        }
        for ruling in shown
    ]
    page = {
        "version": 1,
        "path": holding.article.path,
        "settings": [settled(held) for held in holding.settings()],
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
    """What a desk has settled for one article."""

    desk: Linter
    article: Article

    def settings(self) -> Iterator[EffectiveValue]:
        """All but the rules, in the order of docs/configuration.md."""
        own = self.desk.settings
        yield EffectiveValue("settings", own.file or "none", "--config" if self.desk.orders.config else DEFAULT)
        for path in own.rules:
            yield EffectiveValue("rules", yaml_file.shown_path(path), self._at("rules"))
        for name in self.desk.orders.rules:
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
                yield EffectiveValue("suppression", _silenced(entry), entry.place)
        if "suppression-reasons" in own.places:
            value = "required" if own.explained else "optional"
            yield EffectiveValue("suppression-reasons", value, self._at("suppression-reasons"))
        for file in own.files:
            if os.path.basename(file) == WORDS_FILE:
                yield EffectiveValue("right spellings", yaml_file.shown_path(Path(file)))

    def rulings(self) -> list[RuleState]:
        """All rules, by name."""
        orders, own = self.desk.orders, self.desk.settings
        every = packs.load_packs((*own.rules, *map(Path, orders.rules)))
        found = [select.rule_state(rule, own, orders.select, orders.ignore, self.overrides) for rule in every]
        return [_in_draft(ruling) for ruling in found] if self.document.is_draft else found

    @cached_property
    def overrides(self) -> tuple[Override, ...]:
        """Those that hold here."""
        return self.desk.overriding(self.document, self.article)

    @cached_property
    def document(self) -> Document:
        """The article as rules see it."""
        return self.desk.read(self.article)

    def _read(self) -> Iterator[EffectiveValue]:
        """The language and the encoding, and whether the article calls itself a draft."""
        language = last_fitting(self.desk.settings.language, self.article.file)
        encoding = last_fitting(self.desk.settings.encoding, self.article.file)
        yield EffectiveValue("language", self.document.language or "unknown", language.place if language else DEFAULT)
        yield EffectiveValue("encoding", self.document.source.encoding, encoding.place if encoding else DEFAULT)
        if self.document.site:
            yield EffectiveValue("site", self.document.site)
        if self.document.is_draft:
            yield EffectiveValue("draft", "yes", ITSELF)

    def _at(self, key: str) -> str:
        return self.desk.settings.places.get(key, DEFAULT)


def _in_draft(ruling: RuleState) -> RuleState:
    if ruling.here is None or not ruling.here.in_drafts:
        return ruling
    return ruling._replace(here=replace(ruling.here, severity=ruling.here.in_drafts), severity_by=ITSELF)


def differs(ruling: RuleState) -> bool:
    """Whether somebody has settled something about a rule."""
    return bool(ruling.options_by) or {ruling.on_by, ruling.severity_by} != {DEFAULT}


def _about(override: Override) -> str:
    """Where an override holds, in short."""
    paths = ", ".join(override.globs.patterns) if override.globs else ""
    metadata = ", ".join(f"{key}: {' or '.join(wanted)}" for key, wanted in override.metadata)
    return "; ".join(filter(None, (paths, metadata)))


def _silenced(entry: SuppressionEntry) -> str:
    """What a suppression of the settings silences, in short."""
    named = ", ".join(wish.name for wish in entry.rules)
    texts = " or ".join(f"“{text}”" for text in entry.texts)
    reason = f" ({entry.reason})" if entry.reason else ""
    return f"{named}{f': {texts}' if texts else ''}{reason}"
