"""Find identical sentences, and recognize sentences that are repeated by mistake."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from typing import NamedTuple

from linter import patterns
from linter.document import OBJECT, Block, Document, Span
from linter.folding import comparable_text
from linter.text.similarity import EXCLUDED_SCOPES
from linter.views import TextView, per_document

_END = patterns.lazy(  # the end of a sentence, or of a label on its own line; begins with a character class, for speed
    r"[.!?…。！？:–—-](?:(?<![:–—-])(?=[\"”’)\]]*+(?:\s|\Z))|(?<=[:–—-])(?=[^\S\n]*+\n))"
)
_BETWEEN = patterns.lazy(r"[\s.!?…。！？,;)\]”’]*+")  # what may separate a sentence from the next
_QUESTION = frozenset("?？")
# Maximum blocks before a standfirst (summary), and after it to a mistaken repetition.
_MAX_OPENING_BLOCKS, _MAX_STANDFIRST_DISTANCE = 2, 5
_ITEM_MARKS = ">-+*•–|"
_COLONS = (":", "：")
_MAX_NAME_WORDS = 3  # maximum words per comma in a list of names
_LETTER = patterns.lazy(r"\w")
_OTHER_MARKS = "!。！:-"  # marks in comparable text that may end a sentence or a label
_MIN_WORD_LENGTH = 3  # minimum code points per word of a sentence, including spaces
_MAX_CACHED_PATTERNS = 16  # maximum number of cached patterns
_CODE = "\x1a"  # the form of OBJECT in comparable text
_SPEECH = patterns.lazy(f'[{OBJECT}"“”„«»]')


class Sentence(NamedTuple):
    """A sentence in a block.

    `number` is the index of the block in the prose of the document, and `section` is the number of headings before the
    block. `start` and `end` are offsets in the text of the block.
    """

    block: Block
    number: int
    section: int
    start: int
    end: int

    @property
    def span(self) -> Span:
        return self.block.span(self.start, self.end)

    @property
    def is_last(self) -> bool:
        return not _LETTER.search(self.block.text, self.end)

    @property
    def is_first(self) -> bool:
        return not _LETTER.search(self.block.text, 0, self.start)

    @property
    def line_mark(self) -> str:
        """The mark of a list item or table row at the start of the line with the sentence, or ""."""
        line = self.block.text[self._line[0] :].lstrip()
        return line[0] if line and line[0] in _ITEM_MARKS else ""

    @property
    def is_line(self) -> bool:
        """Whether the sentence fills the whole line in which it begins."""
        start, end = self._line
        return not (
            _LETTER.search(self.block.text, start, self.start) or _LETTER.search(self.block.text, self.end, end)
        )

    @property
    def is_first_step(self) -> bool:
        """Whether the sentence fills the line after a line that ends in a colon.

        Such a sentence may be the first step of a hand-typed list.
        """
        return self.is_line and self.block.text[: self._line[0]].rstrip()[-1:] in _COLONS

    @property
    def _line(self) -> tuple[int, int]:
        """The range of the line in which the sentence begins."""
        text = self.block.text
        end = text.find("\n", self.start)
        return text.rfind("\n", 0, self.start) + 1, len(text) if end < 0 else end

    @property
    def is_alone(self) -> bool:
        """Whether the sentence is a whole block, like a pull quote."""
        return self.is_last and self.is_first


@per_document
def by_words(document: Document, min_words: int) -> Mapping[str, Sequence[Sentence]]:
    """Return the repeated sentences of paragraphs, grouped by their words.

    Each sentence has at least `min_words` words. Questions and lists of names are left out. A group is empty if its
    sentences contain quotation marks, code or images.
    """
    found: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in _in_blocks(document, min_words * _MIN_WORD_LENGTH):
        words = sentence.block.text[sentence.start : sentence.end].casefold().split()
        if len(words) >= min_words:
            found[" ".join(words)].append(sentence)
    return {
        words: [each for each in same if not _SPEECH.search(each.block.text, each.start, each.end)]
        for words, same in found.items()
        if len(same) > 1 and not _is_list(words.split())
    }


def _in_blocks(document: Document, shortest: int) -> Iterator[Sentence]:
    """Yield the sentences of at least `shortest` code points in the paragraphs that may contain repeated sentences."""
    section, blocks = 0, _with_same_end(document, shortest)
    for number, block in enumerate(document.prose if blocks else ()):
        section += "heading" in block.scopes
        if block in blocks:
            for start, end in _spans(block.text, shortest):
                yield Sentence(block, number, section, start, end)


def _with_same_end(document: Document, length: int) -> Set[Block]:
    """Return the paragraphs with a sentence whose last `length` code points also end another sentence."""
    blocks, view, text = _paragraphs(document)
    ends = _last(length).findall(text)
    if len({*ends}) == len(ends):  # the usual case
        return frozenset()
    counts, places = Counter(ends), _last(length).finditer(text)
    return {blocks[view.number(end.start())] for end in places if counts[end[1]] > 1}


@per_document
def _paragraphs(document: Document) -> tuple[Sequence[Block], TextView, str]:
    """Return the paragraphs, a view of their comparable texts, and its text with a period for each end mark."""
    known, blocks = comparable_text(document), [*document.blocks_in(frozenset({"paragraph"}), EXCLUDED_SCOPES)]
    view = TextView([*map(known.__getitem__, blocks), ""])
    text = view.text
    for mark in _OTHER_MARKS:
        text = text.replace(mark, ".")
    return blocks, view, text


@lru_cache(_MAX_CACHED_PATTERNS)
def _last(length: int) -> re.Pattern[str]:
    """Return a pattern for the end of a sentence in comparable text, with the last `length` code points as a group."""
    return re.compile(rf"\.(?=[\"')\]]*+\s)(?<=([^\n{_CODE}\"„«»]{{{length}}}))")


def _is_list(words: Sequence[str]) -> bool:
    return sum(word[-1] == "," for word in words) * _MAX_NAME_WORDS >= len(words)


def _spans(text: str, shortest: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges, with end marks, of sentences of at least `shortest` code points that are not questions."""
    start = behind = 0
    for end in _END.finditer(text):
        if behind >= start:  # otherwise the previous mark is in the same run of marks
            start = _BETWEEN.match(text, behind).end()  # type: ignore[union-attr]
        behind = end.end()
        if behind - start >= shortest and start < end.start() and end[0] not in _QUESTION:
            yield start, behind


def is_first_step(first: Sentence, second: Sentence) -> bool:
    """Whether `first` is the first step of a hand-typed list and `second`, an identical sentence, is a whole line.

    If so, the next steps of both lists may be identical, too.
    """
    return first.is_first_step and second.is_line


def is_mistake(first: Sentence, second: Sentence, apart: int) -> bool:
    """Whether the repetition of a sentence nearby is probably a mistake.

    Both sentences must be in one section and at most `apart` blocks apart (five if the first is near the start of the
    article). Their lines must not begin with the same list mark. If the sentences are in different blocks, neither may
    be a whole block, at most one of them may end its block, and the two blocks must have different text.
    """
    near = _MAX_STANDFIRST_DISTANCE if first.number <= _MAX_OPENING_BLOCKS else apart
    if second.number - first.number > near or first.section != second.section:
        return False
    if first.line_mark and first.line_mark == second.line_mark:
        return False  # items of a manual list, rows of a table
    if first.number == second.number:
        return True
    if first.is_alone or second.is_alone:
        return False
    return not (first.is_last and second.is_last) and first.block.text.split() != second.block.text.split()


def is_far(first: Sentence, second: Sentence, apart: int) -> bool:
    """Whether two sentences are far apart and not repeated on purpose.

    Sentences are far apart if they are more than `apart` blocks apart or in different sections. Whole blocks, sentences
    in a table, and two sentences that both begin their blocks may be repeated on purpose.
    """
    if second.number - first.number <= apart and first.section == second.section:
        return False
    if (first.is_first and second.is_first) or "|" in first.block.text[first.start : first.end]:
        return False
    return not first.is_alone and not second.is_alone
