"""Tags and categories that are repeated in an article, or written differently in other articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from linter import patterns
from linter.checks.metadata import _fields
from linter.document import Block, Document
from linter.finding import Edit
from linter.rule import ArticleFacts, Fact, FolderFacts, Key, Match

_ITEM = patterns.lazy(r"[ \t\"']*+-[ \t\"']*+")
_REST = patterns.lazy(r"[ \t\"']*+")
_COMMA = patterns.lazy(r",\s*+([\"']?)\Z")
_SEPARATORS = patterns.lazy(r"[\s_-]+")
_MAX_GAP = 50  # maximum code points between a term and the comma before it
_MIN_RATIO = 3  # the common form must be in at least this many times as many articles as any other form


@dataclass(frozen=True)
class Term:
    """A repeated or inconsistent term, such as a tag.

    `keys` are the metadata keys of the terms; nested keys are joined with dots. A term is an item of a list or, in a
    value that is not a list, one of the parts that commas or semicolons separate. `problem` is `repeated` or `variant`.

    With `problem: repeated`, the term repeats an earlier term under the same key; case is ignored. The fix deletes a
    term only if it is written exactly like the earlier term. The message may use {first}, the earlier term.

    With `problem: variant`, the term differs from its common form in capitals, spaces, hyphens or underscores. A form
    is common if at least three times as many articles use it, under the same key, as use any other form of the term.
    The fix replaces the term with the common form. The message may use {right}, the common form, and {articles}, the
    number of articles that use the common form.
    """

    problem: Literal["repeated", "variant"]
    keys: tuple[str, ...]

    parts: ClassVar[frozenset[str]] = frozenset({"metadata"})
    data: ClassVar[object] = tuple[str, str]

    @property
    def values(self) -> frozenset[str]:
        return frozenset({"right", "articles"} if self.across else {"first"})

    @property
    def across(self) -> bool:
        return self.problem == "variant"

    def find_in(self, document: Document) -> Iterator[Match]:
        known: dict[tuple[str, str], str] = {}
        for key, term in _fields.terms(document, self.keys):
            name = key, term.text.strip().casefold()
            if first := known.get(name):
                edits = _deletion(term, document) if first == term.text else ()
                yield Match(*term.source_span, {"first": first}, edits)
            else:
                known[name] = term.text

    def facts(self, document: Document) -> Iterator[Fact]:
        for key, term in _fields.terms(document, self.keys):
            yield Fact(*term.source_span, (key, term.text))

    def found_by(self, article: ArticleFacts) -> Iterator[Key]:
        for fact in article.facts:
            yield fact.data
            yield _name(fact)

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        forms: dict[Key, list[tuple[str, int]]] = {}
        for article in folder.asked_articles:
            for fact in article.facts:
                name = _name(fact)
                if folder.count(name) < _MIN_RATIO * folder.count(fact.data):  # no other form is common enough
                    continue
                if name not in forms:
                    forms[name] = _forms(name, folder.sharing([name]))
                best = forms[name]
                if len(best) > 1 and best[0][0] != fact.data[1] and best[0][1] >= _MIN_RATIO * best[1][1]:
                    form, articles = best[0]
                    values = {"right": form, "articles": str(articles)}
                    yield article, Match(fact.start, fact.end, values, (Edit(fact.start, fact.end, form),))


def _name(fact: Fact) -> tuple[str, str, str]:
    """Return what all forms of a term under one key have in common."""
    key, term = fact.data
    return "name", key, _SEPARATORS.sub("", term).casefold()


def _forms(name: Key, articles: Iterable[ArticleFacts]) -> list[tuple[str, int]]:
    """Return the two most common forms of a term, each with the number of articles that use it."""
    used = ({fact.data[1] for fact in article.facts if _name(fact) == name} for article in articles)
    return Counter(form for forms in used for form in forms).most_common(2)


def _deletion(term: Block, document: Document) -> tuple[Edit, ...]:
    """Return the edit, in a tuple, that deletes a term from its list, or () if the extent of the item is unclear."""
    text, (start, end) = document.source.text, term.source_span
    low, high = document.source.line_span(start)
    if _ITEM.fullmatch(text, low, start) and _REST.fullmatch(text, end, high):
        line_end = high + (2 if text.startswith("\r\n", high) else 1)
        return (Edit(low, min(line_end, len(text)), ""),)
    comma = _COMMA.search(text, max(low, start - _MAX_GAP), start)
    if not comma or not text.startswith(comma[1], end):
        return ()
    return (Edit(comma.start(), end + len(comma[1]), ""),)
