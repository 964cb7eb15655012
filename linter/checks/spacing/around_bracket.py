"""Parentheses without a space before or after them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter import patterns
from linter.checks.spacing._junctions import (
    ALNUM,
    LETTER,
    OTHER,
    Junction,
    east_asian,
    is_known,
    junction,
    known,
    place,
    space,
)
from linter.document import Block, Document
from linter.rule import Match
from linter.text.view import find_odd

_OPENING = patterns.lazy(rf"\((?<={LETTER}{LETTER}\()(?=[“\"‘]?{ALNUM})")
_CLOSING = patterns.lazy(rf"\)(?={LETTER})")
_DASH = patterns.lazy(rf"\)(?=[-–—] {ALNUM})")
_CONTENT = patterns.lazy(r"\(([^()\n]{2,200})\)(?![ ]?\{|[=;\[(\d_A-Z]|[a-z](?![a-z]{2})|\.\w|->)")
_CONTENT_BEFORE = patterns.lazy(r"(?:\A|[\s“\"]|(?P<word>[a-z]{3}))\(([^()\n]{2,200})\Z")
_BRACKET_REACH = 210  # code points before a closing parenthesis that are searched for the opening parenthesis
_MIN_WORD_DOCS = 300  # a word in more documents of the word table than this is unlikely to name a function
_CODE_REACH = 40  # code points on each side that are searched for code and other scripts
_FOREIGN = patterns.lazy(rf"--|->|\| |{OTHER}")
_CODE = patterns.lazy(
    rf"[=<>{{}}\[\];$&|\\_*~+%^#@−×÷∪∩∈]|{OTHER}|\w\.\w+\(|--|^['\"]|^\w+:|\w: [A-Z]\w*\Z|[a-z][A-Z]|\bI[A-Z][a-z]"
)
_PARAMETER = patterns.lazy(r"(?P<type>[A-Z]\w*) (?:[a-z]|(?i:(?P=type)))")  # Customer c, Customer customer
_RELEASE = patterns.lazy(r"\d[\d.]*+(?:[^\d\s]{1,4}[\d.]++)?\Z")  # a version, a year, or a range of versions or years


@dataclass(frozen=True)
class AroundBracket:
    """A parenthesis without a space between it and the word outside.

    An opening parenthesis directly after a word matches if the text in parentheses consists of several words. In
    English articles without code, this text may also be a version or a year after a capitalized word, a name after a
    frequent word (“browser(Firefox)”), or an acronym of the name before it (“Saint Anne Council(SAC)”).

    Four options list exceptions in lowercase. `functions` are names of functions, such as “max”: text in parentheses
    after one of these is ignored. `forms` are endings that make another form of the word, such as “s” in “ferry(s)”:
    text that starts with one of them does not count as several words. Neither does text that contains one of `types`,
    which are words that appear in parentheses only in code, such as “int”. `notes` are the first words of notes for
    screen readers, such as “opens in”: text that begins with one of these is ignored.

    A closing parenthesis directly before a word matches if the text in parentheses contains a space and the word is not
    one of `forms`. A closing parenthesis directly before a dash matches if a space follows the dash. Code is ignored,
    and so are articles in Chinese, Japanese and Korean, in which parentheses have no spaces around them.

    The message may use {wrong} and {right}: the words with the parenthesis as they are and as they should be.
    """

    functions: tuple[str, ...]
    forms: tuple[str, ...]
    types: tuple[str, ...]
    notes: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"wrong", "right"})
    vocabulary: ClassVar[bool] = True

    def find_in(self, document: Document) -> Iterator[Match]:
        if east_asian(document):
            return
        for block, at, _ in find_odd(document, "(", _OPENING):
            found = junction(block.text, at, at)
            if self._lacks_before(found, block.text, document):
                yield _match(block, document, found.start, at, found.end)
        for block, at, behind in find_odd(document, ")", _CLOSING):
            found = junction(block.text, at, behind)
            if self._lacks_behind(found, block.text, document):
                yield _match(block, document, found.start, behind, found.end)
        for block, at, behind in find_odd(document, ")", _DASH):
            if not _FOREIGN.search(block.text, max(0, at - _CODE_REACH), at + _CODE_REACH):
                yield _match(block, document, at, behind, junction(block.text, at, behind + 2).end)

    def _lacks_before(self, found: Junction, text: str, document: Document) -> bool:
        content = _CONTENT.match(text, found.mark)
        word = found.left
        if not content or not word.replace("-", "").isalpha() or found.chunk[: found.before].lstrip("“\"‘'") != word:
            return False
        if (
            word.lower() in self.functions
            or content[1].lower().startswith(self.notes)
            or _CODE.search(content[1])
            or _CODE.search(found.chunk)
            or all(map(_PARAMETER.fullmatch, content[1].split(", ")))
        ):
            return False
        if _FOREIGN.search(text, max(0, found.mark - _CODE_REACH), content.end() + _CODE_REACH):
            return False
        english = document.language == "en"
        if english and not word.isupper() and not is_known(word):
            return False
        if self._is_prose(content[1], english):
            return True
        if english and content[1].isupper() and content[1].isalpha() and len(content[1]) > 1:
            return content[1][-1] == word[0].upper() and not document.has_code  # Council(SAC)
        if english and word.islower() and len(word) > 3 and content[1].istitle() and content[1].isalpha():
            return known(word).docs > _MIN_WORD_DOCS and not document.has_code  # browser(Firefox)
        return english and word.istitle() and bool(_RELEASE.match(content[1])) and not document.has_code

    def _is_prose(self, content: str, english: bool) -> bool:
        """Whether `content`, the text in parentheses, is probably prose, and not arguments or an ending.

        If `english` is true, fewer words are required.
        """
        words = [word.strip('.,;:“”"‘’') for word in content.split()]
        if words[0].lower() in self.forms or not set(words).isdisjoint(self.types):
            return False
        if all(len(part.split()) < 2 for part in content.split(",")):
            return False
        return sum(map(str.isalpha, words)) >= (2 if english else 3)

    def _lacks_behind(self, found: Junction, text: str, document: Document) -> bool:
        content = _CONTENT_BEFORE.search(text[max(0, found.mark - _BRACKET_REACH) : found.mark])
        if not content or " " not in content[2] or content[2][-1] == "-" or (content["word"] and document.has_code):
            return False
        if _CODE.search(content[2]) or _CODE.search(found.chunk):
            return False
        word = re.split("[’'-]", found.right, maxsplit=1)[0]
        if len(word) < 2 or not word.isalpha() or word.lower() in self.forms:
            return False
        return document.language != "en" or is_known(word)


def _match(block: Block, document: Document, start: int, at: int, end: int) -> Match:
    """Return a match for `block.text[start:end]`, in which a space is missing at the offset `at`."""
    text = block.text
    values = {"wrong": text[start:end], "right": f"{text[start:at]} {text[at:end]}"}
    span = place(block, (start, end), (at - 1, end), (at, at + 1))
    return Match(*span, values, space(block, document, at))
