"""Sentences, abbreviations and dates without a space after their period."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import ClassVar

from linter import patterns
from linter.checks.spacing._junctions import LETTER, OPENERS, Junction, is_bare, is_known, junction, known, place, space
from linter.document import OBJECT, Block, Document
from linter.finding import Edit
from linter.rule import Match
from linter.text.view import find_odd

_NEXT = rf"(?!\s)(?:[”’»\"]|)(?=[“„(\"]?(?![a-z]){LETTER})"
_CANDIDATES = {
    ".": patterns.lazy(rf"\.(?:{_NEXT}|(?=\d)(?<=[a-zA-Z]\.))"),
    "!": patterns.lazy(rf"!{_NEXT}"),
    "?": patterns.lazy(rf"\?{_NEXT}"),
}
_GOES_ON = patterns.lazy(r"[,:;]?[ \n\u00a0]+[“„\"‘(]?[^\W_]|[’'][a-z]")
_DETERMINED = patterns.lazy(
    r",|[ \n\u00a0]+(?:the|a|an|this|that|these|those|it|we|you|they|he|she|I|my|our|your|his|her|its|their|there)\b"
)
_DAY = patterns.lazy(r"(?:\d{1,2}|\d{4})(?![\w-]|[.:/]\w)")
_CHAIN = patterns.lazy(r"[^\W\d_]\.(?=[^\W\d_])")
_REACH = 5000  # code points in which quotation marks are counted
_FREQUENT = 3000  # documents of the word table that hold a word with which sentences begin
_NAME = 0.1  # share of capitals from which on a word may be a name


@dataclass(frozen=True)
class AfterPeriod:
    """`starters` begin sentences and name nothing in code; `titles` keep their stop before a name, `months` before
    a day, without it; `domains` are the last parts of names of hosts.

    In English both words must be known: with a starter that is enough; another word must not be part of an
    identifier, so the article holds no code, or a new sentence shows behind it. In other languages a word in small
    letters must precede the period, a capitalized one and a small one follow it. Domains, files, initials and
    pairs that the article has more than once are passed over. The message may use {left} and {right}.
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
        found = []
        for mark, pattern in _CANDIDATES.items():
            for block, at, behind in find_odd(document, mark, pattern):
                behind -= _opens(block.text, behind)
                one = junction(block.text, at, behind)
                if one.is_prose:
                    found.append((one, behind, block))
        article = _Article(document, Counter((one.left, one.right) for one, _, _ in found))
        for one, behind, block in found:
            if self._is_mistake(one, block.text, article):
                yield _match(one, behind, block, document)

    def _is_mistake(self, found: Junction, text: str, article: _Article) -> bool:
        left, right = found.left, found.right
        if left in self._months:
            return _DAY.match(text, found.at) is not None and found.chunk[: found.before].lstrip(OPENERS) == left
        if left in self._titles:
            return len(right) > 2 and (right.istitle() or (left.isupper() and right.isupper()))
        if right[0].isdigit() or len(_CHAIN.findall(found.chunk)) > 1 or not _GOES_ON.match(text, found.end):
            return False
        return self._ends_sentence(found, text, article)

    def _ends_sentence(self, found: Junction, text: str, article: _Article) -> bool:
        left, first, english = found.left, re.split("[’'-]", found.right, maxsplit=1)[0], article.language == "en"
        if english and first.lower() in self._starters:
            return len(left) > 1 and (first.istitle() or (left.islower() and first != "IT"))
        if not (left.islower() and left[0].isalpha() and first.istitle() and min(len(left), len(first)) > 1):
            return False
        if first.lower() in self._domains or article.pairs[left, found.right] > 1:
            return False
        if english:
            return is_known(left) and is_known(first) and _is_sentence(first, found, text, article)
        behind = text[found.end : found.end + 2].lstrip()
        return behind[:1].islower() and (article.language != "" or not article.document.has_code)


@dataclass(frozen=True)
class _Article:
    """The facts of the whole article that show whether two words are an identifier; `pairs` counts such pairs."""

    document: Document
    pairs: Counter[tuple[str, str]]

    @property
    def language(self) -> str:
        return self.document.language


def _is_sentence(word: str, found: Junction, text: str, article: _Article) -> bool:
    """Whether a sentence begins with a word that may be part of an identifier too."""
    row = known(word)
    if row.docs > _FREQUENT and row.name_share < _NAME and _DETERMINED.match(text, found.end):
        return True
    return not _has_object(text) and not article.document.has_code


@lru_cache(8)  # called for each mark of a text
def _has_object(text: str) -> bool:
    return OBJECT in text


def _opens(text: str, behind: int) -> bool:
    """Whether the straight mark before `behind` opens a quotation, by the number of marks before it."""
    return text[behind - 1] == '"' and text.count('"', max(0, behind - _REACH), behind - 1) % 2 == 0


def _match(found: Junction, behind: int, block: Block, document: Document) -> Match:
    left, right = block.text[found.start : behind], block.text[behind : found.end]
    span = place(block, (found.start, found.end), (found.mark, found.end), (found.mark, behind))
    edits: tuple[Edit, ...] = () if '"' in left + right else space(block, document, behind)
    return Match(*span, {"left": left, "right": right}, edits, sure=is_bare(block, behind))
