"""The copy of an article as one text, so that a rule looks through all of it in one go."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, repeat
from typing import NamedTuple

from linter.document import PROSE, Block, Document
from linter.patterns import lazy

# What readers read as copy. Keywords, tags, slugs and paths are none.
TEXT_SCOPES = frozenset(
    PROSE
    | {"alt", "title", "metadata.title", "metadata.subtitle", "metadata.description", "metadata.summary"}
    | {"metadata.excerpt", "metadata.standfirst", "metadata.caption"}
)
MARKS = ".,!?;:)"
SPACES = " \u00a0\u202f"  # that may stand before a mark
_ODD = lazy(rf"[{MARKS}](?:(?![ \n])|(?<=[{SPACES}].))")


class TextView:
    """The blocks of copy, and their texts joined by line ends; block `i` begins at `starts[i]` in `text`."""

    def __init__(self, blocks: tuple[Block, ...]) -> None:
        self.blocks = blocks
        self.text = "\n".join([block.text for block in blocks])

    @cached_property
    def starts(self) -> tuple[int, ...]:
        return tuple(accumulate([len(block.text) + 1 for block in self.blocks[:-1]], initial=0))

    def number(self, at: int) -> int:
        """The number of the block that holds `text[at]`, or the line end behind it."""
        return bisect_right(self.starts, at) - 1


class Place(NamedTuple):
    """`block.text[start:end]`."""

    block: Block
    start: int
    end: int


@lru_cache(1)  # several rules ask
def text_view(document: Document) -> TextView:
    """The copy of an article, joined."""
    return TextView(tuple(document.blocks_in(TEXT_SCOPES)))


def find(document: Document, *patterns: re.Pattern[str]) -> Iterator[Place]:
    """What fits any of `patterns` in the copy of an article, pattern by pattern.

    A pattern is fast if it begins with a literal character; the end of a block looks to it like a line end. What
    reaches over one is left out.
    """
    view = text_view(document)
    for pattern in patterns:
        yield from _places(view, pattern.finditer(view.text))


def find_odd(document: Document, mark: str, *patterns: re.Pattern[str]) -> Iterator[Place]:
    """As `find`, for patterns that begin with `mark` and do not fit where it stands as marks do: right behind a word,
    and before a space or a line end. Of MARKS those that stand otherwise are found once for all who ask.
    """
    if mark not in MARKS:
        yield from find(document, *patterns)
        return
    view, places = text_view(document), _odd(document)[mark]
    for pattern in patterns if places else ():
        yield from _places(view, filter(None, map(pattern.match, repeat(view.text), places)))


@lru_cache(1)  # several rules ask
def _odd(document: Document) -> Mapping[str, Sequence[int]]:
    """Where each of MARKS stands before something that is no space and no line end, or behind a space."""
    odd: dict[str, list[int]] = {mark: [] for mark in MARKS}
    for found in _ODD.finditer(text_view(document).text):
        odd[found[0]].append(found.start())
    return odd


def _places(view: TextView, matches: Iterable[re.Match[str]]) -> Iterator[Place]:
    for match in matches:
        i = view.number(match.start())
        block, start = view.blocks[i], match.start() - view.starts[i]
        end = start + match.end() - match.start()
        if end <= len(block.text):
            yield Place(block, start, end)


# What each block of a story says, as texts are compared: in small letters, with its marks, a single space anywhere.


@lru_cache(1)  # all that compare the texts of an article, with each other or with those of others, ask
def comparable_text(document: Document) -> Mapping[Block, str]:
    """The blocks of `document.prose`, in order, with what they say."""
    return {block: comparable_words(block.text) for block in document.prose}


def comparable_words(text: str) -> str:
    """The words of a text in small letters, with single spaces between them."""
    text = text.casefold().replace("\n", " ")
    if text.isprintable() and "  " not in text and text.strip(" ") == text:  # as nearly all, without any other space
        return text
    return " ".join(text.split())
