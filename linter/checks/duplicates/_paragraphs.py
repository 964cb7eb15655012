"""Find equal and similar paragraphs and captions, and recognize legitimate repetitions."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from linter import patterns
from linter.document import OBJECT, Block, Document
from linter.text import similarity
from linter.text.similarity import EXCLUDED_SCOPES
from linter.text.view import comparable_text
from linter.views import per_document

_ENDS, _CLOSERS = (".", "!", "…", "。", "！"), '"”’»)]'
_VERSE = 45  # maximum average code points per line in a text with intended line breaks
_LONG = 80  # maximum blocks of an article in which distant paragraphs must not repeat
_CLOSE = 3  # maximum distance in blocks between two that are close
_REMARK = 60  # a remark has fewer words than this
_PARTNERS = 4  # maximum earlier paragraphs compared with one: those that share most with it
_MANY = 1_000  # in articles with more blocks, each word is kept in memory once
_DISTINCT = 0.4  # minimum share of distinct words in a paragraph
_LEGAL = frozenset({"copyright", "copyrighted", "trademark", "trademarks"})  # words of notices
_CREDIT = patterns.lazy(r"\b(?:with permission|courtesy of)\b", re.IGNORECASE)  # in captions
_COMMON = 8  # a shingle in this many paragraphs is too common to be evidence


class Candidate:
    """A paragraph or caption, its index in the prose, its words, and the heading right above it, if any."""

    def __init__(self, block: Block, number: int, words: tuple[str, ...], heading: str | None) -> None:
        self.block, self.number, self.words, self.heading = block, number, words, heading

    @cached_property
    def normalized(self) -> str:
        return " ".join(self.words)

    @cached_property
    def numbers(self) -> list[str]:
        return [word for word in self.words if word[0].isdigit()]


@per_document
def candidates(document: Document, unit: str, least: int) -> Sequence[Candidate]:
    """Return the captions, or the paragraphs of prose, with at least `least` words."""
    if unit == "caption":
        own = document.blocks_in(frozenset({"caption"}))
    else:
        own = document.blocks_in(frozenset({"paragraph"}), EXCLUDED_SCOPES)
    known: dict[str, str] | None = {} if len(document.blocks) > _MANY else None
    found: dict[Block, tuple[str, ...]] = {}
    for block in own:
        if len(block.text) < least or (_CREDIT.search(block.text) if unit == "caption" else not is_prose(block.text)):
            continue
        if len(words := similarity.words(block.text)) >= least:
            found[block] = tuple(words if known is None else map(known.setdefault, words, words))
    story = document.prose if found else ()
    return [
        Candidate(block, number, found[block], _heading(story[number - 1]) if number else None)
        for number, block in enumerate(story)
        if block in found
    ]


def _heading(block: Block) -> str | None:
    return block.text if "heading" in block.scopes else None


def is_prose(text: str) -> bool:
    """Whether a text is prose: it ends like a statement, is not verse, and contains neither code nor images."""
    if OBJECT in text or not text.rstrip().rstrip(_CLOSERS).endswith(_ENDS):
        return False
    lines = text.count("\n") + 1
    return lines < 3 or len(text) > _VERSE * lines


def by_words(candidates: Sequence[Candidate]) -> Mapping[tuple[str, ...], Sequence[Candidate]]:
    """Return the candidates by their words."""
    groups = defaultdict(list)
    for candidate in candidates:
        groups[candidate.words].append(candidate)
    return groups


def near_pairs(document: Document, candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, Candidate]]:
    """Yield pairs that are similar but not equal: each candidate with the most similar earlier one.

    Only candidates that share a run of words, including punctuation, are compared.
    """
    if not _may_be_alike(candidates):
        return
    texts = comparable_text(document)
    likely = _sharing({candidate: texts[candidate.block].split(" ") for candidate in candidates})
    first = {candidate.words: candidate for candidate in reversed(likely)}
    likely = _sharing({candidate: candidate.words for candidate in likely if first[candidate.words] is candidate})
    by_shingle: dict[tuple[str, ...], list[Candidate]] = defaultdict(list)
    for candidate in likely:
        sharing: Counter[Candidate] = Counter()
        for shingle in sorted({*similarity.shingles(candidate.words)}):  # for the same partners in any process
            others = by_shingle[shingle]
            if others and len(others) < _COMMON:
                sharing.update(others)
            if len(others) < _COMMON:
                others.append(candidate)
        rated = ((_similarity(other, candidate), -other.number, other) for other, _ in sharing.most_common(_PARTNERS))
        similar, _, other = max(rated, default=(0.0, 0, candidate))  # of equals the earliest
        if similar:
            yield other, candidate


def _may_be_alike(candidates: Sequence[Candidate]) -> bool:
    """Whether two candidates may be similar; a quick test that rules out most articles."""
    hashes = [similarity.hashes(candidate.words) for candidate in candidates] if len(candidates) > 1 else []
    shared = similarity.shared_numbers(hashes)
    by_shingle: dict[int, list[Candidate]] = defaultdict(list)
    for candidate, own in zip(candidates, hashes, strict=True) if shared else ():
        sharing: set[Candidate] = set()
        for shingle in shared.intersection(own):
            sharing.update(by_shingle[shingle])
            by_shingle[shingle].append(candidate)
        if len(sharing) > _PARTNERS or any(_similarity(other, candidate) for other in sharing):
            return True
    return False


def _sharing(words: Mapping[Candidate, Sequence[str]]) -> Sequence[Candidate]:
    """Return the candidates that share a run of words with another one."""
    hashes = {candidate: similarity.hashes(own) for candidate, own in words.items()}
    shared = similarity.shared_numbers(hashes.values())
    return [candidate for candidate, own in hashes.items() if not shared.isdisjoint(own)]


def _similarity(one: Candidate, other: Candidate) -> float:
    """Return how similar two candidates are; 0 if they contain different numbers."""
    return similarity.ratio(one.normalized, other.normalized) if one.numbers == other.numbers else 0.0


def are_intended(first: Candidate, second: Candidate, document: Document) -> bool:
    """Whether a repetition is legitimate: text below different headings, dummy text, a notice, a remark, a gallery.

    A notice contains a link. It is not legitimate if the paragraph before or after it is repeated, too.
    """
    if len({*first.words}) < _DISTINCT * len(first.words) or not _LEGAL.isdisjoint(first.words):
        return True
    if first.heading is not None and second.heading is not None and first.heading != second.heading:
        return True
    story = document.prose
    if "caption" in second.block.scopes and not _words_between(story, first, second):
        return True
    if second.number - first.number <= _CLOSE:
        return False
    if not _leads_elsewhere(first.block, document) and (len(story) <= _LONG or len(second.words) >= _REMARK):
        return False
    return not any(
        first.number + step >= 0
        and second.number + step < len(story)
        and story[first.number + step].text == story[second.number + step].text
        for step in (-1, 1)
    )


def _words_between(story: Sequence[Block], first: Candidate, second: Candidate) -> bool:
    return any(block.text.replace(OBJECT, "").strip() for block in story[first.number + 1 : second.number])


def _leads_elsewhere(block: Block, document: Document) -> bool:
    """Whether a paragraph has a link, URL or email address, like a notice that says where to apply or subscribe."""
    return "://" in block.text or "@" in block.text or any(link.block is block for link in document.links)
