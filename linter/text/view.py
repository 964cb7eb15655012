"""Search the text that readers see (TEXT_SCOPES) as one string, with a line feed between blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat

from linter.document import PROSE, Block, Document
from linter.folding import folded_view
from linter.patterns import lazy
from linter.views import NUL, Place, TextView, per_document

# Scopes of text that readers see, without keywords, tags, slugs and paths.
TEXT_SCOPES = frozenset(
    PROSE
    | {"alt", "title", "metadata.title", "metadata.subtitle", "metadata.description", "metadata.summary"}
    | {"metadata.excerpt", "metadata.standfirst", "metadata.caption"}
)
MARKS = ".,!?;:)"
SPACES = " \u00a0\u202f"  # spaces that may be before a mark
_ODD = lazy(rf"[{MARKS}](?:(?![ \n])|{'|'.join(f'(?<={space}.)' for space in SPACES)})")


@per_document
def text_view(document: Document) -> TextView:
    """Return the text of an article that readers see (TEXT_SCOPES) as a view, with a line feed between blocks."""
    blocks = tuple(document.blocks_in(TEXT_SCOPES))
    return TextView([block.text for block in blocks], blocks=blocks)


def find(document: Document, *patterns: re.Pattern[str]) -> Iterator[Place]:
    """Yield the places where `patterns` match in the text view of an article, pattern by pattern.

    A place is a block and a range of its text. Matches that span several blocks are left out. In the text view, each
    block but the last is followed by a line feed. Patterns that start with a literal character are fast.
    """
    view = text_view(document)
    for pattern in patterns:
        yield from view.places(pattern.finditer(view.text))


def find_odd(document: Document, mark: str, *patterns: re.Pattern[str]) -> Iterator[Place]:
    """Yield the places where `patterns` match at a mark in an unusual position. All patterns begin with `mark`.

    The position of a mark is usual if no space precedes the mark and a space or line feed follows it; the patterns
    should not match there. The unusual positions of MARKS are computed only once for an article. For any other mark,
    the result is the same as that of `find`.
    """
    if mark not in MARKS:
        yield from find(document, *patterns)
        return
    view, places = text_view(document), _odd(document)[mark]
    for pattern in patterns if places else ():
        yield from view.places(filter(None, map(pattern.match, repeat(view.text), places)))


@per_document
def _odd(document: Document) -> Mapping[str, Sequence[int]]:
    """Map each of MARKS to its unusual positions (see `find_odd`), as offsets in the text view."""
    odd: dict[str, list[int]] = {mark: [] for mark in MARKS}
    for found in _ODD.finditer(text_view(document).text):
        odd[found[0]].append(found.start())
    return odd


@per_document
def comparable_text(document: Document) -> Mapping[Block, str]:
    """Map each block of `document.prose`, in order, to its folded text without spaces at the start and the end."""
    texts = zip(document.blocks, folded_view(document).text.split(NUL), strict=False)
    return {block: text.strip(" ") for block, text in texts if not PROSE.isdisjoint(block.scopes)}


def comparable_words(text: str) -> str:
    """Return `text` in lowercase (case-folded), with single spaces between words and none at the ends."""
    return " ".join(text.casefold().split())
