"""Search the text that readers see (TEXT_SCOPES) as one string, with a line feed between blocks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat

from linter.document import PROSE, Document
from linter.patterns import lazy
from linter.views import Place, TextView, per_document

# Scopes of text that readers see, without keywords, tags, slugs and paths.
TEXT_SCOPES = frozenset(
    PROSE
    | {"alt", "title", "metadata.title", "metadata.subtitle", "metadata.description", "metadata.summary"}
    | {"metadata.excerpt", "metadata.standfirst", "metadata.caption"}
)
MARKS = ".,!?;:)"
SPACES = " \u00a0\u202f"  # spaces that may be before a mark
# Patterns for characters at unusual positions: marks and opening parentheses, quotation marks with no space on either
# side or with a space inside, and line feeds before a mark. Each is needed only in text with the character that is its
# key, if any.
_ODD = {
    "": lazy(rf"[{MARKS}(](?:(?![ \n])(?<![ \n]\()|(?<=[{SPACES}][{MARKS}])|(?<= \()(?=\n))"),
    '"': lazy(r"\"(?:(?<=\w.)(?=[^\W\d_])|(?<=[\s(].)(?=[ \u00a0])|(?<=[ \u00a0].)(?=[\s.,;:!?)]|\Z))"),
    "“": lazy("“(?=[ \u00a0])"),
    "”": lazy("”(?<=[ \u00a0].)"),
    "\n": lazy(r"\n(?=[.,;–—|•)”](?:[ \t\n.,;]|\Z))"),
}
_WITH_ENTRY = frozenset((*MARKS, "(", *filter(None, _ODD)))


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
    """Yield the places where `patterns` match at a mark in an unusual position (see _ODD). All begin with `mark`.

    The position of a mark or parenthesis is usual if no space precedes it and a space or line feed follows it; the
    patterns should not match there. For characters without an entry in _ODD, the result is the same as that of `find`.
    """
    if mark not in _WITH_ENTRY:
        yield from find(document, *patterns)
        return
    view, places = text_view(document), _odd(document).get(mark, ())
    for pattern in patterns:
        yield from view.places(filter(None, map(pattern.match, repeat(view.text), places)))


@per_document
def _odd(document: Document) -> Mapping[str, Sequence[int]]:
    """Return the positions that _ODD finds, as offsets in the text view, by the character at the position."""
    text, found = text_view(document).text, defaultdict[str, list[int]](list)
    for char, pattern in _ODD.items():
        for odd in pattern.finditer(text) if char in text else ():
            found[odd[0]].append(odd.start())
    return found


def comparable_words(text: str) -> str:
    """Return `text` in lowercase (case-folded), with single spaces between words and none at the ends."""
    return " ".join(text.casefold().split())
