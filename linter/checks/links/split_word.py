"""Links that begin or end inside words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from linter.checks.spacing._junctions import junction, place, space
from linter.document import Document, Link
from linter.patterns import lazy
from linter.rule import Match

_KINDS = frozenset({"inline", "reference", "html"})
_BEFORE = lazy(r"[a-zA-Zà-ÿ](?=[a-zà-ÿ])")
_AFTER = lazy(r"[a-zà-ÿ]{2}")
_GLUED_BEFORE = lazy(r"[a-zà-ÿ)](?=[a-zà-ÿ]{2})")
_GLUED_AFTER = lazy(r"[a-zà-ÿ][a-zà-ÿ]{4}")  # fewer letters may be an ending


@dataclass(frozen=True)
class SplitWord:
    """Links that split a word or lack a space at an edge.

    `at` is `word` (the link splits a word; the default) or `edge` (a space is missing before or after the link).

    With `word`, both edges of a link are inside words: between two letters. All these letters are in lowercase, except
    perhaps the letter before the link. If the link text contains no space, the match is the link. If it does, there are
    matches only in English: the split words at both edges. A link directly after or before another link is ignored,
    because the author divided the word between several pages.

    With `edge`, the link has several words. A space is missing before the link if the link starts with two lowercase
    letters, directly after a lowercase letter or a closing parenthesis. A space is missing after the link if the link
    ends with a lowercase letter and at least four more lowercase letters directly follow. The fix adds the space.
    Articles in English are ignored, because the check `glued` covers them with a word list.

    The message may use {left} and {right}, the text on both sides of the edge.
    """

    at: Literal["word", "edge"] = "word"

    values: ClassVar[frozenset[str]] = frozenset({"left", "right"})
    parts: ClassVar[frozenset[str]] = frozenset({"links"})

    def find_in(self, document: Document) -> Iterator[Match]:
        if self.at == "edge" and document.language == "en":
            return
        for link in document.links:
            if self.at == "word" and not link.block.text[link.end : link.end + 1].isalpha():  # true for most links
                continue
            if link.start < link.end and link.kind in _KINDS:
                yield from _edges(link, document) if self.at == "edge" else _halves(link, document)


def _touches_link(link: Link, document: Document) -> bool:
    """Whether another link ends where `link` begins, or begins where `link` ends."""
    return any(
        other.block is link.block and (other.end == link.start or other.start == link.end)
        for other in document.links
        if other is not link
    )


def _halves(link: Link, document: Document) -> Iterator[Match]:
    text = link.block.text
    if not link.start or not _AFTER.match(text, link.end - 1) or not _BEFORE.match(text, link.start - 1):
        return
    if _touches_link(link, document):
        return
    if " " not in link.text:
        first = junction(text, link.start, link.start)
        yield Match(*link.span, {"left": text[first.start : link.start], "right": text[link.start : first.end]})
        return
    for at in (link.start, link.end) if document.language == "en" else ():
        yield _at(link, at)


def _edges(link: Link, document: Document) -> Iterator[Match]:
    text = link.block.text
    if " " not in link.text.strip():
        return
    if link.start and _GLUED_BEFORE.match(text, link.start - 1):
        yield _at(link, link.start, document)
    if _GLUED_AFTER.match(text, link.end - 1):
        yield _at(link, link.end, document)


def _at(link: Link, at: int, document: Document | None = None) -> Match:
    """Return a match for the words on both sides of the offset `at`, which is an edge of the link.

    If `document` is given, the fix of the match inserts a space at the edge.
    """
    found = junction(link.block.text, at, at)
    start = found.start if found.left else at - 1
    span = place(link.block, (start, found.end), (at, found.end))
    values = {"left": link.block.text[start:at], "right": link.block.text[at : found.end]}
    return Match(*span, values, space(link.block, document, at) if document else ())
