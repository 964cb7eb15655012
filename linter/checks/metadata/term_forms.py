"""Tags and categories that a folder writes in several ways."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter import patterns
from linter.checks.metadata import _fields
from linter.document import Document
from linter.finding import Edit
from linter.rule import ArticleFacts, Fact, FolderFacts, Match

_SEPARATORS = patterns.lazy(r"[\s_-]+")
_MORE = 3  # times as many articles must have the form that is taken for the right one


@dataclass(frozen=True)
class TermForms:
    """A term under one of `keys` that other articles of the folder write with other capitals, spaces or hyphens.

    What three times as many of them have is right; where none has that, nothing is said. The message may use {right}
    and {articles}, how many have that form.
    """

    keys: tuple[str, ...]

    values: ClassVar[frozenset[str]] = frozenset({"right", "articles"})
    data: ClassVar[object] = tuple[str, str]

    def facts(self, document: Document) -> Iterator[Fact]:
        for key in self.keys:
            for terms in _fields.terms(document, [key]):
                yield from (Fact(*term.source_span, (key, term.text)) for term in terms)

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        numbers: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for article in folder.articles:
            for key, term in {fact.data for fact in article.facts}:
                numbers[key, _SEPARATORS.sub("", term).casefold()][term] += 1
        right = {name: forms.most_common(2) for name, forms in numbers.items() if len(forms) > 1}
        for article in folder.articles:
            for fact in article.facts:
                key, term = fact.data
                best = right.get((key, _SEPARATORS.sub("", term).casefold()))
                if best and best[0][0] != term and best[0][1] >= _MORE * best[1][1]:
                    form, articles = best[0]
                    values = {"right": form, "articles": str(articles)}
                    yield article, Match(fact.start, fact.end, values, (Edit(fact.start, fact.end, form),))
