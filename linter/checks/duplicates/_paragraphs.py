"""Find identical and similar paragraphs, and recognize legitimate repetitions."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import accumulate

from linter.document import OBJECT, Block, Document
from linter.folding import comparable_text
from linter.text import similarity
from linter.text.similarity import EXCLUDED_SCOPES
from linter.views import per_document

_ENDS, _CLOSERS = (".", "!", "…", "。", "！"), '"”’»)]'
_MAX_VERSE_LINE = 45  # maximum average code points per line in a text with intended line breaks
_MAX_BLOCKS = 80  # maximum blocks of an article in which distant paragraphs must not repeat
_MAX_CLOSE_DISTANCE = 3  # maximum distance, in blocks, between two paragraphs that are close
_MIN_WORDS = 60  # a remark has fewer words than this
_MAX_PARTNERS = 4  # each paragraph is compared with at most this many earlier ones: those that share most with it
_MIN_BLOCKS_TO_INTERN = 1_000  # in articles with more blocks than this, identical words share memory
_MIN_DISTINCT_SHARE = 0.4  # minimum share of distinct words in a paragraph
_LEGAL = frozenset({"copyright", "copyrighted", "trademark", "trademarks"})  # words of legal notices
_MAX_WORD_LENGTH = 20  # maximum average code points per word in a language with spaces between words
_MIN_COMMON_RUNS = 3  # minimum runs of words that a paragraph shares with others to be compared
_MAX_PARAGRAPHS_PER_RUN = 8  # a run of words in this many paragraphs is too common to be evidence


class Candidate:
    """A paragraph to compare with others.

    `number` is the index of the block in the prose of the document. `words` are the words of the block, for comparison.
    `heading` is the text of the heading right above the block, or None. `runs` has a number for each run of words that
    the block shares with another paragraph.
    """

    def __init__(self, block: Block, number: int, words: tuple[str, ...], runs: Set[int], heading: str | None) -> None:
        self.block, self.number, self.words, self.runs, self.heading = block, number, words, runs, heading

    @cached_property
    def normalized(self) -> str:
        return " ".join(self.words)

    @cached_property
    def numbers(self) -> list[str]:
        return [word for word in self.words if word[0].isdigit()]


@per_document
def candidates(document: Document, min_words: int) -> Sequence[Candidate]:
    """Return the paragraphs of prose that may be repeated and have at least `min_words` words, in order.

    In languages with spaces between words, they must also share runs of words with other paragraphs (see `_sharing`).
    """
    own = _sharing(document, min_words)
    if not own:
        return ()
    known: dict[str, str] | None = {} if len(document.blocks) > _MIN_BLOCKS_TO_INTERN else None
    found: dict[Block, tuple[str, ...]] = {}
    for block in own:
        if len(block.text) >= min_words and len(words := similarity.words(block.text)) >= min_words:
            found[block] = tuple(words if known is None else map(known.setdefault, words, words))
    story = document.prose if found else ()
    return [
        Candidate(block, number, found[block], own[block], _heading(story[number - 1]) if number else None)
        for number, block in enumerate(story)
        if block in found
    ]


def _sharing(document: Document, min_words: int) -> Mapping[Block, Set[int]]:
    """Return the paragraphs that may resemble others, each with the numbers of the runs of words that it shares."""
    paragraphs = document.blocks_in(frozenset({"paragraph"}), EXCLUDED_SCOPES)
    own = [block for block in paragraphs if len(block.text) >= min_words and is_prose(block.text)]
    if len(own) < 2:
        return {}
    known = comparable_text(document)
    texts = [known[block] for block in own]
    spaces = [text.count(" ") for text in texts]
    ends = [*accumulate([many + 2 for many in spaces])]  # words, and a separator after each text
    runs: dict[int, set[int]] = defaultdict(set)
    for first, place in similarity.repeats(texts):
        one, other = bisect_right(ends, first), bisect_right(ends, place)
        if one != other and first + similarity.SHINGLE < ends[one]:
            runs[one].add(first)
            runs[other].add(first)
    return {
        block: runs[number]
        for number, (block, many) in enumerate(zip(own, spaces, strict=True))
        if len(runs[number]) >= _MIN_COMMON_RUNS or many * _MAX_WORD_LENGTH < len(block.text)
    }


def _heading(block: Block) -> str | None:
    return block.text if "heading" in block.scopes else None


def is_prose(text: str) -> bool:
    """Whether `text` is prose: it ends like a statement, is not verse, and contains neither code nor images."""
    if OBJECT in text or not text.rstrip().rstrip(_CLOSERS).endswith(_ENDS):
        return False
    lines = text.count("\n") + 1
    return lines < 3 or len(text) > _MAX_VERSE_LINE * lines


def by_words(candidates: Sequence[Candidate]) -> Mapping[tuple[str, ...], Sequence[Candidate]]:
    """Group the candidates by their words. Each group has the candidates with identical words, in order."""
    groups = defaultdict(list)
    for candidate in candidates:
        groups[candidate.words].append(candidate)
    return groups


def near_pairs(candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, Candidate]]:
    """Yield pairs of candidates that are similar but not identical, each with the earlier candidate first.

    The pairs are in the order of the later candidates. Each candidate is compared with the few earlier candidates that
    share the most runs of words with it, and paired with the most similar of these.
    """
    first = {candidate.words: candidate for candidate in reversed(candidates)}
    by_run: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if first[candidate.words] is not candidate:
            continue
        sharing: Counter[Candidate] = Counter()
        for run in candidate.runs:
            others = by_run[run]
            if len(others) < _MAX_PARAGRAPHS_PER_RUN:
                sharing.update(others)
                others.append(candidate)
        partners = sorted(sharing, key=lambda other: (-sharing[other], other.number))[:_MAX_PARTNERS]
        similar, _, other = max(
            ((_similarity(other, candidate), -other.number, other) for other in partners), default=(0.0, 0, candidate)
        )  # the earliest of equally similar candidates
        if similar:
            yield other, candidate


def _similarity(one: Candidate, other: Candidate) -> float:
    """Return the similarity of two candidates, up to 100; 0 if they are not similar or contain different numbers."""
    return similarity.ratio(one.normalized, other.normalized) if one.numbers == other.numbers else 0.0


def are_intended(first: Candidate, second: Candidate, document: Document) -> bool:
    """Whether a repetition is legitimate.

    These repetitions are legitimate: text of few different words (dummy text), text that mentions copyright or a
    trademark, and text right below different headings.

    Two kinds of text may also be repeated more than three blocks away: text with a link, a URL or an email address,
    and, in an article of more than 80 blocks, text of fewer than 60 words. However, this is not legitimate if the block
    before or after the text is repeated, too.
    """
    if len({*first.words}) < _MIN_DISTINCT_SHARE * len(first.words) or not _LEGAL.isdisjoint(first.words):
        return True
    if first.heading is not None and second.heading is not None and first.heading != second.heading:
        return True
    story = document.prose
    if second.number - first.number <= _MAX_CLOSE_DISTANCE:
        return False
    if not _leads_elsewhere(first.block, document) and (len(story) <= _MAX_BLOCKS or len(second.words) >= _MIN_WORDS):
        return False
    return not any(
        first.number + step >= 0
        and second.number + step < len(story)
        and story[first.number + step].text == story[second.number + step].text
        for step in (-1, 1)
    )


def _leads_elsewhere(block: Block, document: Document) -> bool:
    return "://" in block.text or "@" in block.text or any(link.block is block for link in document.links)
