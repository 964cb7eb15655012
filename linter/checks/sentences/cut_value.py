"""Titles and descriptions cut to a length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from linter import patterns
from linter.checks.metadata import _fields
from linter.checks.sentences._endings import last_words
from linter.document import Document, per_document
from linter.record import record
from linter.rule import Match
from linter.text import language

_DOTS = patterns.lazy(r"(?<!\s)\s*+(?:[\[(]\s*+)?(?:…|(?<!\.)\.{3}\.*+)(?:\s*+[\])])?\s*+\Z")
_BRACKETED = patterns.lazy(r"[\[(]\s*(?:…|\.\.\.+)\s*[\])]\s*\Z")
_ENDED = patterns.lazy(r"(?<!\.)[.!?。！？][\"”’»)]*\s*\Z")
_WORD = patterns.lazy(r"(?<![^\W\d_])[^\W\d_]++(?:['’][^\W\d_]++)?\Z")
_LETTER = patterns.lazy(r"[^\W\d_\u2e80-\uffff]")  # of a script with spaces between words
_SURE = 80  # code points of a value that agree with the story, for its end within a sentence to be no choice
_FEWEST = 20  # the same, for its end within a word,
_TITLE = 40  # and for that of a title, which may have one where the story has several
_BLOCKS = 12  # of the story that an excerpt is made of
_SHOWN = 5000  # code points of it
_SAME = str.maketrans("’‘“”", "''\"\"")


@record
class CutValue:
    """A value under `keys` ends where the story, or a heading, that begins so goes on with its word.

    An English value of several words that ends without a mark in one of `words`, in small letters, is cut too. With
    `whole_words: true` those count instead that end, with dots or none, where the sentence of the story goes on with
    its next word. The match is the last words.
    """

    keys: tuple[str, ...]
    words: tuple[str, ...] = ()
    whole_words: bool = False

    parts: ClassVar[frozenset[str]] = frozenset({"metadata"})

    def find(self, document: Document) -> Iterator[Match]:
        for block in _fields.values(document, self.keys):
            marked = not block.text.rstrip()[-1:].isalnum()
            if marked and _ENDED.search(block.text):
                continue
            dots = _DOTS.search(block.text) if marked else None
            title = any(scope.endswith("title") for scope in block.scopes)
            end = dots.start() if dots else len(block.text)
            if end and self._is_cut(block.text[:end], dots is not None, title, document):
                yield Match(*block.span(last_words(block.text, end), len(block.text)))

    def _is_cut(self, value: str, dots: bool, title: bool, document: Document) -> bool:
        value = _plain(value)
        if self.whole_words:
            may_go_on = not title and len(value) >= _SURE and (value[-1].isalnum() or value[-1] == ",")
            continuations = _continuations(value, document) if may_go_on else []
            return any(map(_goes_on, continuations)) and not _within_word(value, continuations)
        if len(value) >= (_TITLE if title else _FEWEST) and _within_word(value, _continuations(value, document)):
            return True
        last = _WORD.search(value)
        if dots or not last or last[0] not in self.words or " " not in value:
            return False
        return document.language == "en" or (not document.language and language.guess_language(value) == "en")


def _continuations(value: str, document: Document) -> list[str]:
    """Return the text after a value in the beginning of the story and in headings that contain it."""
    return [text[len(value) + at :] for text in _excerpt_sources(document) if (at := _at(text, value)) >= 0]


def _within_word(value: str, continuations: list[str]) -> bool:
    """Whether a value ends with a letter that is followed by another one."""
    return bool(continuations and _LETTER.match(value[-1])) and any(map(_LETTER.match, continuations))


@per_document
def _excerpt_sources(document: Document) -> list[str]:
    """What an excerpt may be made of: the beginning of the story, and each heading."""
    story = [block.text for block in document.prose if "heading" not in block.scopes][:_BLOCKS]
    return [_plain(" ".join(story)[:_SHOWN]), *(_plain(heading.block.text) for heading in document.headings)]


def _plain(text: str) -> str:
    """Return a text with straight quotation marks and single spaces."""
    return " ".join((text if text.isascii() else text.translate(_SAME)).split())


def _at(text: str, value: str) -> int:
    """Return the offset of a value in a text, from the beginning of a word on, or -1."""
    at = text.find(value)
    return at if at < 1 or not text[at - 1].isalnum() else -1


def _goes_on(continuation: str) -> bool:
    """Whether the text after words continues their sentence."""
    return continuation[:1] in (",", ";") or (continuation[:1] == " " and continuation[1:2].islower())
