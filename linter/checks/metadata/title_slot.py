"""Article titles in sentences and questions where the name of a thing belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter import patterns
from linter.document import PROSE, Block, Document
from linter.rule import Match

_WORD = patterns.lazy(r"[^\W_]+")
_YEAR = patterns.lazy(r"(?:19|20)\d\d\Z")
_MIN_TITLE_WORDS = 3  # minimum words of a title; a shorter title may be a name
_MAX_TITLE_WORDS = 25  # maximum words of a title
_NAME = patterns.lazy(r"(?:[A-Z0-9][\w'’&.-]*+ ?){1,4}!")  # Harbor Tram Now!
_QUESTION = patterns.lazy(
    r"\W*(?:\d+[.)]\s+)?(?:what|why|who|how|is|are|does|do|can|should|when|where|which|will)\b", re.IGNORECASE
)
_BEFORE = patterns.lazy(r"[a-z][,:]?\s+\Z")
_AFTER = patterns.lazy(r"\s+[a-z]|,\s+[a-z]")
_EMPHASIS = patterns.lazy(r"(?:[*_]|<(?:em|i|b|strong|cite|q)(?:\s[^<>]*)?>)[\"“‘']?\Z", re.IGNORECASE)
_REACH = 60  # code points before a title that are searched for an emphasis mark or tag, and for a word
_MIN_PLACES = 2  # minimum occurrences of a title, including the title itself
_MIN_IN_SENTENCES = 2  # minimum matches in sentences if no heading is a question with the title


@dataclass(frozen=True)
class TitleSlot:
    """The title of the article, used in the text as if it were the name of a thing.

    `odd` is a regular expression for Python's `re`. It should match titles that cannot be names because they are
    sentences or have two parts. A final “!” is ignored in a title of up to four capitalized words, because it may
    belong to a name.

    A title that `odd` matches, with or without its year, is a match in a heading that is a question. In a sentence, it
    is a match if there is such a heading, or if the title occurs in sentences at least twice. Quoted, linked and
    emphasized titles in sentences are ignored. Only titles of 3 to 25 words are checked. The message may use {title}.
    """

    odd: str

    values: ClassVar[frozenset[str]] = frozenset({"title"})
    parts: ClassVar[frozenset[str]] = frozenset({"metadata", "headings"})

    def find_in(self, document: Document) -> Iterator[Match]:
        title = _title(document)
        words = [word for word in _WORD.findall(title) if not _YEAR.match(word)]
        if not _MIN_TITLE_WORDS <= len(words) <= _MAX_TITLE_WORDS:
            return
        if not re.search(self.odd, title.removesuffix("!") if _NAME.fullmatch(title) else title):
            return
        if not _is_repeated(words, title, document):
            return
        slot = re.compile(r"(?:[\W_]|(?:19|20)\d\d)+".join(map(re.escape, words)) + r"[?!]*", re.IGNORECASE)
        asked = [found for block in document.blocks_in(_HEADINGS) for found in _in_question(block, slot)]
        told = [found for block in document.blocks_in(_TEXT, _APART) for found in _in_sentence(block, slot, document)]
        for block, at in asked + told if asked or len(told) >= _MIN_IN_SENTENCES else ():
            yield Match(*block.span(*at), {"title": title})


_HEADINGS = frozenset({"heading"})
_APART = frozenset({"heading", "quote"})
_TEXT = PROSE - _APART


def _is_repeated(words: list[str], title: str, document: Document) -> bool:
    """Whether the first two words and the last two words of the title occur more than once in the source."""
    pairs = {pair for pair in (" ".join(words[:2]), " ".join(words[-2:])) if pair in title}
    return all(document.source.text.count(pair) >= _MIN_PLACES for pair in pairs)


def _title(document: Document) -> str:
    title = document.metadata.values.get("title")
    if not isinstance(title, str) and document.headings:
        title = document.headings[0].block.text
    return title if isinstance(title, str) else ""


def _in_question(block: Block, slot: re.Pattern[str]) -> Iterator[tuple[Block, tuple[int, int]]]:
    """Yield the titles in a heading that is a question, without its question mark."""
    text = block.text.rstrip()
    asks = _QUESTION.match(text)
    if asks and text.endswith("?"):
        for found in slot.finditer(text, asks.end()):
            yield block, (found.start(), min(found.end(), len(text) - 1))


def _is_set_off(document: Document, block: Block, start: int) -> bool:
    at = block.span(start, start + 1).start
    return _EMPHASIS.search(document.source.text, max(0, at - _REACH), at) is not None


def _in_sentence(block: Block, slot: re.Pattern[str], document: Document) -> Iterator[tuple[Block, tuple[int, int]]]:
    linked = [link for link in document.links if link.block is block]
    first = len(block.text) - len(block.text.lstrip())
    for found in slot.finditer(block.text):
        start, end = found.span()
        if _is_set_off(document, block, start):
            continue
        within = start <= first or _BEFORE.search(block.text, max(0, start - _REACH), start)
        if not within or not _AFTER.match(block.text, end) or block.text[start].islower():
            continue
        if not any(link.start < end and start < link.end for link in linked):
            yield block, found.span()
