"""Commas, semicolons and colons without a space after them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter import patterns
from linter.checks.spacing._junctions import LETTER, OTHER, Junction, is_bare, is_known, junction, known, place, space
from linter.document import Block, Document
from linter.rule import Match
from linter.text.view import find_odd

_CANDIDATES = {
    ",": patterns.lazy(rf",(?!\s)(?=[“„‘(]?{LETTER})"),
    ";": patterns.lazy(rf";(?!\s)(?={LETTER})"),
    ":": patterns.lazy(r":(?=[“„][^\W_])"),
}
_NAMES = {",": "comma", ";": "semicolon", ":": "colon"}
_OTHER = patterns.lazy(OTHER)
_FREQUENT = 2000  # documents of the word table that hold a word which is hardly the name of anything
_AROUND = 60  # code points on each side in which a letter of another script makes it a text of that script
_NUMBERED = patterns.lazy(r",[^\W\d_]+\d")  # Csv,Conf,v7
_CODE_BEFORE = patterns.lazy(r"[\"(=]\s\Z|\w\(\w+ \Z")
_CODE_BEHIND = patterns.lazy(r"\s*+[=({\[]|[^\S\n]\"")


@dataclass(frozen=True)
class AfterComma:
    """A comma before a letter or an opening mark, a semicolon between small words, a colon before a quotation.

    Lists of values, pairs in brackets, code, addresses and all text without spaces between its words are passed
    over. In English words in small letters must be known, and in an article with code the second one frequent. The
    message may use {left}, {right} and {mark}.
    """

    values: ClassVar[frozenset[str]] = frozenset({"left", "right", "mark"})
    vocabulary: ClassVar[bool] = True

    def find(self, document: Document) -> Iterator[Match]:
        mistakes = []
        for mark, pattern in _CANDIDATES.items():
            for block, at, behind in find_odd(document, mark, pattern):
                found = junction(block.text, at, behind)
                if found.is_prose and _is_mistake(found, block.text, document.language == "en"):
                    mistakes.append((found, block))
        names = bool(mistakes) and document.language == "en" and document.has_code
        for found, block in mistakes:
            if not names or not _may_be_names(found):
                yield _match(found, block, document)


def _match(found: Junction, block: Block, document: Document) -> Match:
    behind = found.mark + 1
    left, right = block.text[found.start : behind], block.text[behind : found.end]
    span = place(block, (found.start, found.end), (found.mark, found.end), (found.mark, behind))
    values = {"left": left, "right": right, "mark": _NAMES[left[-1]]}
    return Match(*span, values, space(block, document, behind), sure=is_bare(block, behind))


def _is_mistake(found: Junction, text: str, english: bool) -> bool:
    """Whether a space was forgotten here."""
    left, mark, right = found.left, text[found.mark], found.right
    if left == right or right == "DR" or right[-1].isdigit() or len(found.chunk) == len(text):
        return False
    if found.chunk.count(",") > (1 if found.chunk.islower() else 2) or _NUMBERED.search(found.chunk):
        return False  # a list of values, or a name made like one
    if (len(right) == 1 and right not in "aAI") or (len(left) == 1 and not left.isdigit()):  # x,y
        return False
    if mark == ";" and not (left.islower() and right.islower() and right != "dr" and found.chunk.count(";") < 2):
        return False  # a list of values, a style, tl;dr
    if found.chunk.endswith(":") and found.chunk.islower():  # names of parts: build,docs: say what is late
        return False
    if _CODE_BEHIND.match(text, found.end) or _CODE_BEFORE.search(text[max(0, found.start - 40) : found.start]):
        return False
    if _OTHER.search(text, max(0, found.start - _AROUND), found.end + _AROUND):
        return False
    return _is_word(right, english) and (left[0].isdigit() or _is_word(left, english))


def _may_be_names(found: Junction) -> bool:
    """Whether, in an article with code, the second word may name a value or a part: legacy,json; Node,RBAC."""
    word = found.right
    return (word.islower() and known(word).docs < _FREQUENT and len(word) > 1) or (word.isupper() and len(word) > 1)


def _is_word(word: str, english: bool) -> bool:
    """Whether it is written as words are."""
    if word.islower():
        return not english or is_known(word)
    if word.isupper() or word.istitle():
        return True
    return word[0].isupper() and ("-" in word or "’" in word or "'" in word or is_known(word))
