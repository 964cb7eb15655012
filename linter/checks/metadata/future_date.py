"""Dates in the metadata that lie in the future."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from linter.checks.metadata import _dates
from linter.document import Document
from linter.rule import ArticleFacts, Fact, FolderFacts, Match


@dataclass(frozen=True)
class FutureDate:
    """A date under `keys` is later than tomorrow, in an article that is no draft.

    Facts are cached, and compared with the clock only when all articles are gathered, so a folder must be named.
    """

    keys: tuple[str, ...]

    data: ClassVar[object] = tuple[str]

    def facts(self, document: Document) -> Iterator[Fact]:
        places = document.metadata.places
        for key in self.keys:
            days = _dates.days(document.metadata.fields.get(key))
            if days and key in places and not document.is_draft:
                yield Fact(*places[key], (min(days).isoformat(),))

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        last = datetime.now(UTC).date() + timedelta(days=1)
        for article in folder.articles:
            for fact in article.facts:
                if date.fromisoformat(fact.data[0]) > last:
                    yield article, Match(fact.start, fact.end)
