"""Tags and categories given twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter import patterns
from linter.checks.metadata import _fields
from linter.document import Block, Document
from linter.finding import Edit
from linter.rule import Match

_ITEM = patterns.lazy(r"[ \t\"']*+-[ \t\"']*+")
_REST = patterns.lazy(r"[ \t\"']*+")
_QUOTES = "\"'"


@dataclass(frozen=True)
class RepeatedTerm:
    """A term under one of `keys` that repeats an earlier one, capitals aside; keys are dotted where nested.

    The fix takes away one that is written the same. The message may use {first}, the earlier one.
    """

    keys: tuple[str, ...]

    values: ClassVar[frozenset[str]] = frozenset({"first"})
    parts: ClassVar[frozenset[str]] = frozenset({"metadata"})

    def find(self, document: Document) -> Iterator[Match]:
        for terms in _fields.terms(document, self.keys):
            known: dict[str, str] = {}
            for term in terms:
                name = term.text.strip().casefold()
                if first := known.get(name):
                    edits = _without(term, document) if first == term.text else ()
                    yield Match(*term.source_span, {"first": first}, edits)
                else:
                    known[name] = term.text


def _without(term: Block, document: Document) -> tuple[Edit, ...]:
    """The edit of the source that takes a term out of its list; none where it is not plain what belongs to it."""
    text, (start, end) = document.source.text, term.source_span
    low, high = document.source.line_span(start)
    if _ITEM.fullmatch(text, low, start) and _REST.fullmatch(text, end, high):
        line_end = high + (2 if text.startswith("\r\n", high) else 1)
        return (Edit(low, min(line_end, len(text)), ""),)
    quoted = start > low and text[start - 1] in _QUOTES
    comma = _comma_before(text, low, start - quoted)
    if comma < 0 or (quoted and text[end : end + 1] != text[start - 1]):
        return ()
    return (Edit(comma, end + 1 if quoted else end, ""),)


def _comma_before(text: str, low: int, at: int) -> int:
    """The offset of the comma before `at`, with nothing but white space between and not before `low`; or -1."""
    while at > low and text[at - 1].isspace():
        at -= 1
    return at - 1 if at > low and text[at - 1] == "," else -1
