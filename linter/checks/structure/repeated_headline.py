"""The headline repeated at the start of the story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from linter import patterns
from linter.document import Block, Document
from linter.rule import Match
from linter.source_edits import deletion
from linter.text import similarity

_TITLE = frozenset({"title"})
_APART = frozenset({"list", "quote", "table", "caption", "heading"})
_OPENING = 3  # blocks that are no headings
_FEWEST = 4  # words of a headline; a shorter one may well begin a sentence
_PLAIN = 5  # words of one behind which no mark has to stand
_NEAR = 90  # of 100, how alike a headline and what repeats it are
_SITE = patterns.lazy(r"(?<!\s)\s++[|–—»·:-]++\s++")  # before the name of the site, or a part of the headline
_CLOSED = patterns.lazy(r"[\"”’»)\]]*+")
_MARKED = patterns.lazy(r"(?:\s*[:|]|\s+[–—-]\s|\n)")
_CAPITAL = patterns.lazy(r"\s+[\"“„«]?[A-ZÀ-ÞА-Я]")
_ENDED = patterns.lazy(r"(?P<mark>[.!?…。！？])[\"”’»)\]]*\s*\Z")
_LONGEST = 25  # words of a headline


@dataclass(frozen=True)
class RepeatedHeadline:
    """The headline is the title, or the first heading, or in plain text a first line without an end mark.

    Looked at are the first three paragraphs. One that is the headline, or but for a letter or two, or its part up
    to a dash, is a match; of one that goes on behind it the headline is, if a colon, a dash, a capital or the end of
    the line follows. A sentence may be the headline too (“Line 4 is open again.”) or begin with it, and what leads
    elsewhere has its use. The message may use {headline}.
    """

    values: ClassVar[frozenset[str]] = frozenset({"headline"})

    def find(self, document: Document) -> Iterator[Match]:
        titles = _titles(document)
        if not titles:
            return
        known = {title: similarity.words(title) for title in titles + [_SITE.split(title)[0] for title in titles]}
        headlines = [
            (title, words) for title, words in known.items() if _FEWEST <= len(words) <= _LONGEST and "{%" not in title
        ]
        for block in _opening(document):
            for title, words in headlines:
                end = _headline_end(block.text, title, words)
                if end == len(block.text) or (end and title in titles):
                    edits = deletion(block, document) if end == len(block.text) else ()
                    yield Match(*block.span(0, end), {"headline": title}, edits)
                    break


def _titles(document: Document) -> list[str]:
    """Return the titles of the article."""
    titles = [block.text for block in document.blocks_in(_TITLE)]
    titles += [heading.block.text for heading in document.headings[:1]]
    if not titles and document.prose and not _ENDED.search(document.prose[0].text):
        titles = [document.prose[0].text]
    return titles


def _opening(document: Document) -> list[Block]:
    """The first paragraphs, without one that is the headline itself."""
    first = 0 if document.headings or any(document.blocks_in(_TITLE)) else 1
    story = (block for block in document.prose if "heading" not in block.scopes)
    opening = [*islice(story, first, first + _OPENING)]
    linked = {link.block for link in document.links} if opening else set()
    return [block for block in opening if block.scopes.isdisjoint(_APART) and block not in linked]


def _headline_end(text: str, headline: str, words: list[str]) -> int:
    """Where in a text the headline ends that it begins with; 0 where it does not."""
    number = len(words)
    own = list(islice(similarity.WORD.finditer(text), number + 2))
    own_words = [word[0].casefold() for word in own]
    if abs(len(own) - number) <= 1 and similarity.ratio(" ".join(words), " ".join(own_words)) >= _NEAR:
        return len(text) if _mark(text) in ("", _mark(headline)) else 0
    if own_words[:number] != words:
        return 0
    end = _CLOSED.match(text, own[number - 1].end()).end()  # type: ignore[union-attr]
    return end if _MARKED.match(text, end) or (number >= _PLAIN and _CAPITAL.match(text, end)) else 0


def _mark(text: str) -> str:
    """The mark with which a sentence ends, or ""."""
    return found["mark"] if (found := _ENDED.search(text)) else ""
