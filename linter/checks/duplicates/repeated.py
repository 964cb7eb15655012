"""Paragraphs and captions that appear twice in an article."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

from linter.document import OBJECT, Block, Document, per_document
from linter.rule import Match
from linter.source_edits import deletion
from linter.text import similarity
from linter.text.similarity import EXCLUDED_SCOPES, repeated_sentences

_ENDS, _CLOSERS = (".", "!", "…", "。", "！"), '"”’»)]'
_VERSE = 45  # code points a line, on average, at most, in a text that breaks its lines on purpose
_LONG = 80  # blocks of a story; in a longer one a paragraph may be said again far away
_CLOSE = 3  # blocks between two that are close
_REMARK = 60  # words of the longest paragraph that may be one
_PARTNERS = 4  # earlier paragraphs that share most with one, and are compared with it
_MANY = 1_000  # blocks of an article of which each word is kept in memory once
_COMMON = 8  # paragraphs with a shingle, from which on it tells nothing


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A paragraph or caption, its index in the prose, its words, and the heading right above it, if any."""

    block: Block
    number: int
    words: tuple[str, ...]
    heading: str | None

    @cached_property
    def normalized(self) -> str:
        return " ".join(self.words)

    @cached_property
    def numbers(self) -> list[str]:
        return [word for word in self.words if word[0].isdigit()]


@dataclass(frozen=True)
class Repeated:
    """`unit` is paragraph or caption; `words` is how many a text has, at least, to be looked at.

    The second of two that are the same is a match; with `near: true` the second of two that differ by a few words.
    A text that appears three times is a refrain, a form or a note that belongs to each of its sections; one right under
    two different headings belongs to each of them, and a remark may be made twice in a manual. Questions,
    verse, lists, quotations, tables, code and paragraphs without an end mark are passed over. The message may use
    {line}, the line of the first one.
    """

    unit: Literal["paragraph", "caption"]
    words: int
    near: bool = False

    values: ClassVar[frozenset[str]] = frozenset({"line"})

    def find(self, document: Document) -> Iterator[Match]:
        candidates = _candidates(document, self.unit, self.words)
        if not (_may_be_alike(candidates) if self.near else _are_same(candidates)):
            return
        if self.unit == "paragraph":
            candidates = [candidate for candidate in candidates if candidate.number in repeated_sentences(document)]
        groups = defaultdict(list)
        for candidate in candidates:
            groups[candidate.words].append(candidate)
        pairs = _near(groups) if self.near else ((group[0], group[1]) for group in groups.values() if len(group) == 2)
        for first, second in pairs:
            if not _are_parallel(first, second) and not _is_remark(first, second, document.prose):
                span = second.block.source_span
                line, _ = document.source.position(first.block.source_span.start)
                yield Match(*span, {"line": str(line)}, deletion(second.block, document))


@per_document
def _candidates(document: Document, unit: str, least: int) -> Sequence[_Candidate]:
    """Return the paragraphs or captions to compare, with at least `least` words."""
    if unit == "caption":
        own = document.blocks_in(frozenset({"caption"}))
    else:
        own = (block for block in document.blocks_in(frozenset({"paragraph"}), EXCLUDED_SCOPES) if is_prose(block.text))
    known: dict[str, str] | None = {} if len(document.blocks) > _MANY else None
    found: dict[Block, tuple[str, ...]] = {}
    for block in own:
        if len(block.text) >= least and len(words := similarity.words(block.text)) >= least:
            found[block] = tuple(words if known is None else map(known.setdefault, words, words))
    story = document.prose if found else ()
    return [
        _Candidate(block, number, found[block], _heading(story[number - 1]) if number else None)
        for number, block in enumerate(story)
        if block in found
    ]


def _heading(block: Block) -> str | None:
    return block.text if "heading" in block.scopes else None


def is_prose(text: str) -> bool:
    """Whether a text is made of sentences: it has an end, asks nothing, is no verse, and holds no code or image."""
    if OBJECT in text or not text.rstrip().rstrip(_CLOSERS).endswith(_ENDS):
        return False
    lines = text.count("\n") + 1
    return lines < 3 or len(text) > _VERSE * lines


def _are_same(candidates: Sequence[_Candidate]) -> bool:
    """Whether two of them have the same words."""
    return len({candidate.words for candidate in candidates}) < len(candidates)


def _may_be_alike(candidates: Sequence[_Candidate]) -> bool:
    """Whether two of them may be alike: a quick test that rules out most articles."""
    hashes = [similarity.hashes(candidate.words) for candidate in candidates] if len(candidates) > 1 else []
    if not (shared := similarity.shared_numbers(hashes)):
        return False
    by_shingle: dict[int, list[int]] = defaultdict(list)
    for i, candidate in enumerate(candidates):
        sharing: set[int] = set()
        for shingle in shared.intersection(hashes[i]):
            sharing.update(by_shingle[shingle])
            by_shingle[shingle].append(i)
        if len(sharing) > _PARTNERS or any(_rated(candidates[other], candidate, other)[0] for other in sharing):
            return True
    return False


def _near(groups: dict[tuple[str, ...], list[_Candidate]]) -> Iterator[tuple[_Candidate, _Candidate]]:
    """Yield pairs that are alike but not the same: each paragraph with the earlier one most similar to it."""
    candidates = [group[0] for group in groups.values()]
    hashes = [similarity.hashes(candidate.words) for candidate in candidates]
    shared = similarity.shared_numbers(hashes)
    by_shingle: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, candidate in enumerate(candidates):
        sharing: Counter[int] = Counter()
        telling = not shared.isdisjoint(hashes[i])
        for shingle in (
            sorted({one for one in similarity.shingles(candidate.words) if hash(one) in shared}) if telling else ()
        ):
            others = by_shingle[shingle]
            if len(others) < _COMMON:
                sharing.update(others)
                others.append(i)
        best = max(
            (_rated(candidates[other], candidate, other) for other, _ in sharing.most_common(_PARTNERS)),
            default=(0.0, 0),
        )
        if best[0]:
            yield candidates[-best[1]], candidate


def _rated(one: _Candidate, other: _Candidate, number: int) -> tuple[float, int]:
    """Return the similarity of two candidates, 0 if they contain different numbers, and the negated `number`.

    The latter makes the earliest of equals the greatest.
    """
    return (similarity.ratio(one.normalized, other.normalized), -number) if one.numbers == other.numbers else (0.0, 0)


def _are_parallel(one: _Candidate, other: _Candidate) -> bool:
    """Whether both open sections that differ, and so belong to each of them."""
    return one.heading is not None and other.heading is not None and one.heading != other.heading


def _is_remark(one: _Candidate, other: _Candidate, story: Sequence[Block]) -> bool:
    """Whether a repeated short remark is legitimate, in a long text such as a manual or contract."""
    if len(story) <= _LONG or other.number - one.number <= _CLOSE or len(other.words) >= _REMARK:
        return False
    return not any(
        one.number + step >= 0
        and other.number + step < len(story)
        and story[one.number + step].text == story[other.number + step].text
        for step in (-1, 1)
    )
