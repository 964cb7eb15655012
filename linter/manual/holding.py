"""What holds for one article, and where each of it is settled."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from linter import packs, selection
from linter.desk import Desk
from linter.discovery import Article
from linter.document import Document
from linter.loading import yamlfile
from linter.overrides import Override
from linter.prose import spellings
from linter.selection import DEFAULT, Ruling
from linter.settled import last
from linter.silencing.entries import Entry

ITSELF = "the article"
_KINDS = {"html": "HTML", "markdown": "Markdown", "text": "plain text"}


class Held(NamedTuple):
    """A setting as it is for an article, and its place: `file:line:column`, an option, or “default”."""

    name: str
    value: str
    place: str = DEFAULT


@dataclass(frozen=True)
class Holding:
    """What a desk has settled for one article."""

    desk: Desk
    article: Article

    def settings(self) -> Iterator[Held]:
        """All but the rules, in the order of docs/configuration.md."""
        own = self.desk.settings
        yield Held("settings", own.file or "none", "--config" if self.desk.orders.config else DEFAULT)
        for path in own.rules:
            yield Held("rules", yamlfile.shown(path), self._at("rules"))
        for name in self.desk.orders.rules:
            yield Held("rules", name, "--rules")
        yield Held("kind", _KINDS[self.article.kind])
        yield from self._read()
        excluded = own.excludes(self.article.file)
        yield Held("checked", "no, it is excluded" if excluded else "yes", self._at("exclude") if excluded else DEFAULT)
        yield Held("fail-on", own.fail_on, self._at("fail-on"))
        for override in self.overrides:
            yield Held("override", _about(override), override.place)
        for entry in own.suppressions:
            if entry.concerns(self.article.file):
                yield Held("suppression", _silenced(entry), entry.place)
        if "suppression-reasons" in own.places:
            value = "required" if own.explained else "optional"
            yield Held("suppression-reasons", value, self._at("suppression-reasons"))
        for file in own.files:
            if os.path.basename(file) == spellings.NAME:
                yield Held("right spellings", yamlfile.shown(Path(file)))

    def rulings(self) -> list[Ruling]:
        """All rules, by name."""
        orders, own = self.desk.orders, self.desk.settings
        every = packs.load_all((*own.rules, *map(Path, orders.rules)))
        found = [selection.ruling(rule, own, orders.select, orders.ignore, self.overrides) for rule in every]
        return [_in_draft(ruling) for ruling in found] if self.document.draft else found

    @cached_property
    def overrides(self) -> tuple[Override, ...]:
        """Those that hold here."""
        return self.desk.overriding(self.document, self.article)

    @cached_property
    def document(self) -> Document:
        """The article as rules see it."""
        return self.desk.read(self.article)

    def _read(self) -> Iterator[Held]:
        """The language and the encoding, and whether the article calls itself a draft."""
        language = last(self.desk.settings.language, self.article.file)
        encoding = last(self.desk.settings.encoding, self.article.file)
        yield Held("language", self.document.language or "unknown", language.place if language else DEFAULT)
        yield Held("encoding", self.document.source.encoding, encoding.place if encoding else DEFAULT)
        if self.document.site:
            yield Held("site", self.document.site)
        if self.document.draft:
            yield Held("draft", "yes", ITSELF)

    def _at(self, key: str) -> str:
        return self.desk.settings.places.get(key, DEFAULT)


def _in_draft(ruling: Ruling) -> Ruling:
    if ruling.here is None or not ruling.here.in_drafts:
        return ruling
    return ruling._replace(here=replace(ruling.here, severity=ruling.here.in_drafts), severity_by=ITSELF)


def differs(ruling: Ruling) -> bool:
    """Whether somebody has settled something about a rule."""
    return bool(ruling.options_by) or {ruling.on_by, ruling.severity_by} != {DEFAULT}


def _about(override: Override) -> str:
    """Where an override holds, in short."""
    paths = ", ".join(override.globs.patterns) if override.globs else ""
    metadata = ", ".join(f"{key}: {' or '.join(wanted)}" for key, wanted in override.metadata)
    return "; ".join(filter(None, (paths, metadata)))


def _silenced(entry: Entry) -> str:
    """What a suppression of the settings silences, in short."""
    named = ", ".join(wish.name for wish in entry.rules)
    texts = " or ".join(f"“{text}”" for text in entry.texts)
    reason = f" ({entry.reason})" if entry.reason else ""
    return f"{named}{f': {texts}' if texts else ''}{reason}"
