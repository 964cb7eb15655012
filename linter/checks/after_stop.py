"""Sentences, abbreviations and dates without a space behind their stop."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter.copytext import find
from linter.document import OBJECT, Block, Document
from linter.finding import Edit
from linter.joints import OPENERS, OTHER, Joint, is_known, joint, known, place, space
from linter.rule import Match

_NEXT = rf"(?:[”’»\"]|)(?=[“„(\"]?[^\W\d_a-z{OTHER}])"
_CANDIDATES = (
    re.compile(rf"\.{_NEXT}"),
    re.compile(rf"!{_NEXT}"),
    re.compile(rf"\?{_NEXT}"),
    re.compile(r"\.(?<=[a-zA-Z]\.)(?=\d)"),
)
_GOES_ON = re.compile(r"[,:;]?[ \n\u00a0]+[“„\"‘(]?[^\W_]|[’'][a-z]")
_DETERMINED = re.compile(
    r",|[ \n\u00a0]+(?:the|a|an|this|that|these|those|it|we|you|they|he|she|I|my|our|your|his|her|its|their|there)\b"
)
_DAY = re.compile(r"(?:\d{1,2}|\d{4})(?![\w-]|[.:/]\w)")
_CHAIN = re.compile(r"[^\W\d_]\.(?=[^\W\d_])")
_PAIR = re.compile(r"(?<![^\W\d_])([^\W\d_]++)[.!?]([^\W\d_]++)")
_REACH = 5000  # code points in which quotation marks are counted
_FREQUENT = 3000  # documents of the word table that hold a word with which sentences begin
_NAME = 0.1  # share of capitals from which on a word may be a name


@dataclass(frozen=True)
class AfterStop:
    """`starters` begin sentences and name nothing in code; `titles` keep their stop before a name, `months` before
    a day, without it; `domains` are the last parts of names of hosts.

    In English both words must be known: with a starter that is enough; another word must not be part of an
    identifier, so the article holds no code, or a new sentence shows behind it. In other languages a word in small
    letters must stand before the stop, a capitalised one and a small one behind it. Domains, files, initials and
    what stands so in the article more than once are passed over. The message may use {left} and {right}.
    """

    starters: tuple[str, ...]
    titles: tuple[str, ...]
    months: tuple[str, ...]
    domains: tuple[str, ...]

    values: ClassVar[frozenset[str]] = frozenset({"left", "right"})
    vocabulary: ClassVar[bool] = True

    @cached_property
    def _starters(self) -> frozenset[str]:
        return frozenset(self.starters)

    @cached_property
    def _titles(self) -> frozenset[str]:
        return frozenset(self.titles) | frozenset(title.upper() for title in self.titles)

    @cached_property
    def _months(self) -> frozenset[str]:
        return frozenset(self.months) | frozenset(month.upper() for month in self.months)

    @cached_property
    def _domains(self) -> frozenset[str]:
        return frozenset(self.domains)

    def find(self, document: Document) -> Iterator[Match]:
        article = _Article(document)
        for block, mark, behind in find(document, *_CANDIDATES):
            behind -= _opens(block.text, behind)
            found = joint(block.text, mark, behind)
            if found.is_prose and self._is_slip(found, block.text, article):
                yield _match(found, behind, block, document)

    def _is_slip(self, found: Joint, text: str, article: _Article) -> bool:
        left, right = found.left, found.right
        if left in self._months:
            return _DAY.match(text, found.at) is not None and found.chunk[: found.before].lstrip(OPENERS) == left
        if left in self._titles:
            return len(right) > 2 and (right.istitle() or (left.isupper() and right.isupper()))
        if right[0].isdigit() or len(_CHAIN.findall(found.chunk)) > 1 or not _GOES_ON.match(text, found.end):
            return False
        first = re.split("[’'-]", right, maxsplit=1)[0]
        if first.lower() in self._starters and article.language == "en":
            return len(left) > 1 and (first.istitle() or (left.islower() and first != "IT"))
        if not first.istitle() or len(first) < 2 or len(left) < 2 or not left.islower() or left[0].isdigit():
            return False
        if first.lower() in self._domains or article.repeats(left, first):
            return False
        if article.language == "en":
            return is_known(left) and is_known(first) and _is_sentence(first, found, text, article)
        return text[found.end : found.end + 2].lstrip()[:1].islower() and (
            article.language != "" or not article.has_code
        )


class _Article:
    """What of the whole article tells whether two words are an identifier; looked up once, if at all."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.language, self.has_code = document.language, document.has_code

    @cached_property
    def _pairs(self) -> Counter[tuple[str, str]]:
        return Counter((left, right) for left, right in _PAIR.findall(self._document.source.text))

    def repeats(self, left: str, right: str) -> bool:
        """Whether both words stand together more than once."""
        return self._pairs[left, right] > 1


def _is_sentence(word: str, found: Joint, text: str, article: _Article) -> bool:
    """Whether a sentence begins with a word that may be part of an identifier too."""
    row = known(word)
    if row.docs > _FREQUENT and row.name_share < _NAME and _DETERMINED.match(text, found.end):
        return True
    return OBJECT not in text and not article.has_code


def _opens(text: str, behind: int) -> bool:
    """Whether the straight mark before `behind` opens a quotation, by how many stand before it."""
    return text[behind - 1] == '"' and text.count('"', max(0, behind - _REACH), behind - 1) % 2 == 0


def _match(found: Joint, behind: int, block: Block, document: Document) -> Match:
    left, right = block.text[found.start : behind], block.text[behind : found.end]
    span = place(block, (found.start, found.end), (found.mark, found.end), (found.mark, behind))
    edits: tuple[Edit, ...] = () if '"' in left + right else space(block, document, behind)
    return Match(*span, {"left": left, "right": right}, edits)
