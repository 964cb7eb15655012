"""Tags and categories that are repeated in an article, or written differently in other articles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import ClassVar, Literal

from linter import patterns
from linter.checks.metadata import _fields
from linter.document import Block, Document
from linter.finding import Edit
from linter.record import record
from linter.rule import ArticleFacts, Fact, FolderFacts, Match

_ITEM = patterns.lazy(r"[ \t\"']*+-[ \t\"']*+")
_REST = patterns.lazy(r"[ \t\"']*+")
_COMMA = patterns.lazy(r",\s*+([\"']?)\Z")
_SEPARATORS = patterns.lazy(r"[\s_-]+")
_GAP = 50  # maximum code points between a term and the comma before it
_MORE = 3  # the common form must be in at least this many times as many articles as any other form


@record
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

    def find(self, document: Document) -> Iterator[Match]:
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


def _deletion(term: Block, document: Document) -> tuple[Edit, ...]:
    """Return the edit, in a tuple, that deletes a term from its list, or () if the extent of the item is unclear."""
    text, (start, end) = document.source.text, term.source_span
    low, high = document.source.line_span(start)
    if _ITEM.fullmatch(text, low, start) and _REST.fullmatch(text, end, high):
        line_end = high + (2 if text.startswith("\r\n", high) else 1)
        return (Edit(low, min(line_end, len(text)), ""),)
    comma = _COMMA.search(text, max(low, start - _GAP), start)
    if not comma or not text.startswith(comma[1], end):
        return ()
    return (Edit(comma.start(), end + len(comma[1]), ""),)
