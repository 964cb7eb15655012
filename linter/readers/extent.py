"""How far the article of a page reaches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from linter.document import Tag
from linter.readers import landmarks
from linter.readers.landmarks import Landmark

ARTICLE, FURNITURE, HIDDEN = 0, 1, 2

_ENOUGH = 1000  # letters that make an article, whatever stands beside it
_SHARE = 0.3  # of the text around it, for a shorter one
_SIMILAR = 0.25  # of the length of the longest: another of the same kind, as in a list of teasers
_LEAST = 0.1  # of a page is in its main part, or that is empty


def states(tags: Sequence[Tag], ends: Sequence[int], text: str, skipped: frozenset[str]) -> bytearray:
    """Whether what follows each tag is of the article, furniture or hidden; the first of all: what precedes them.

    `skipped` are the elements that hold no text. Everything is of the article but what the markup says is not:
    there may be a main part, and articles; then only those count, and the page's heading.
    """
    found = list(landmarks.find(tags, ends, text))
    page = bytearray(len(tags) + 1)
    if not found:
        return page
    lengths = _lengths(tags, ends, text, skipped)
    sums = [0, *accumulate(lengths)]
    for mark in found:
        wraps = mark.meaning in ("frame", "hidden") and 2 * _length(sums, mark) > sums[-1]
        if mark.meaning in ("furniture", "frame", "hidden") and not wraps and page[mark.start + 1] == ARTICLE:
            _paint(page, mark, HIDDEN if mark.meaning == "hidden" else FURNITURE)
    sums = [0, *accumulate(0 if state else length for state, length in zip(page, lengths, strict=True))]
    kept = _kept([mark for mark in found if page[mark.start + 1] == ARTICLE], sums)
    return _only(page, kept, found, tags, ends) if kept else page


def _lengths(tags: Sequence[Tag], ends: Sequence[int], text: str, skipped: frozenset[str]) -> list[int]:
    """How long the text behind each tag is, the first: before all of them."""
    lengths, at, skip = [], 0, -1
    for i, tag in enumerate(tags):
        lengths.append(0 if i <= skip else len(text[at : tag.span.start].strip()))
        at = tag.span.end
        if tag.name in skipped:
            skip = max(skip, ends[i])
    return [*lengths, len(text[at:].strip())]


def _length(sums: Sequence[int], mark: Landmark) -> int:
    return sums[mark.end + 1] - sums[mark.start + 1]


def _paint(page: bytearray, mark: Landmark, state: int) -> None:
    page[mark.start + 1 : mark.end + 1] = bytes([state]) * (mark.end - mark.start)


def _kept(candidates: Sequence[Landmark], sums: Sequence[int]) -> list[Landmark]:
    """The elements that are the article; none where the whole page is."""
    least = _LEAST * sums[-1]
    main = [mark for mark in candidates if mark.meaning == "main" and _length(sums, mark) > least]
    around = max((_length(sums, mark) for mark in main), default=sums[-1])
    own, outer = _own_lengths([mark for mark in candidates if mark.meaning == "article"], sums)
    longest = max(own.values(), default=0)
    if longest and (longest >= min(_ENOUGH, _SHARE * around) or 2 * sum(own.values()) > around):
        similar = [mark for mark, length in own.items() if length >= min(_ENOUGH, _SIMILAR * longest)]
        return [mark for mark in similar if mark not in outer or own[mark] > own[outer[mark]]]
    return main or [mark for mark in candidates if mark.meaning == "body" and _length(sums, mark) > least]


def _own_lengths(
    articles: Iterable[Landmark], sums: Sequence[int]
) -> tuple[dict[Landmark, int], dict[Landmark, Landmark]]:
    """How long each article is without those in it (which are comments on it), and which of them lie in which."""
    own: dict[Landmark, int] = {}
    outer: dict[Landmark, Landmark] = {}
    opened: list[Landmark] = []
    for mark in articles:
        while opened and opened[-1].end <= mark.start:
            opened.pop()
        own[mark] = _length(sums, mark)
        if opened:
            own[opened[-1]] -= own[mark]
            outer[mark] = opened[-1]
        opened.append(mark)
    return own, outer


def _only(
    page: bytearray, kept: Sequence[Landmark], found: Iterable[Landmark], tags: Sequence[Tag], ends: Sequence[int]
) -> bytearray:
    """`page` with everything furniture but what is kept, and headings of the first level."""
    only = bytearray([FURNITURE]) * len(page)
    keeping = set(kept)
    for i, tag in enumerate(tags):
        if tag.name == "h1" and ends[i] > i and only[i + 1] != page[i + 1]:
            only[i + 1 : ends[i] + 1] = page[i + 1 : ends[i] + 1]
    for mark in found:
        place = slice(mark.start + 1, mark.end + 1)
        if mark in keeping and only[place.start] != page[place.start]:
            only[place] = page[place]
        elif mark.meaning == kept[0].meaning == "article" and mark not in keeping and only[place.start] == ARTICLE:
            _paint(only, mark, FURNITURE)  # a comment on the article
    return only
