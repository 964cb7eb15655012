"""Sentences and paragraphs that begin with a small letter."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter import quotes
from linter.document import Block, Document
from linter.finding import Edit
from linter.lexicon import Lexicon, lexicon
from linter.rule import Match

_START = re.compile(
    r"(?P<last>\S*?)(?P<stop>[.?])(?P<close>[”\"’']?)(?P<gap>[ \u00a0]{1,3}|\n)(?P<word>[a-z][a-z’']*)(?![\w(.@:/_=-])"
)
_FIRST = re.compile(r"[“\"‘]?(?P<word>[a-z][a-z’']*)(?=[,]?\s)")
_ENDED = re.compile(r"[.!?…][”\"’'»)\]]*\Z")
_WORDS = re.compile(r"\S+")
_CLAUSE = 6  # words a question must have, to be one and no exclamation (“What? no.”)
_QUOTED = 5  # words a quotation must have, to be a sentence and no title (“Monsters, Inc.”)
_PARAGRAPH = 6  # words of a paragraph that is one
_HEADLINE = 15  # words of a line without an end mark that may be a headline
_HABIT = 0.2  # share of paragraphs in small letters from which on it is the author's way


@dataclass(frozen=True)
class LowerStart:
    """Behind a stop that ends no abbreviation, and at the start of a paragraph whose neighbours are normal.

    `abbreviations` are words that keep their stop inside a sentence, without it, in any case. A stop in brackets,
    in an ellipsis, behind an initial or a number, and dialogue (`?” he`, “Oh! pray”) end no sentence here. The
    message may use {word} and {right}.
    """

    abbreviations: tuple[str, ...]

    values: ClassVar[frozenset[str]] = frozenset({"word", "right"})

    @cached_property
    def _kept(self) -> frozenset[str]:
        return frozenset(word.lower() for word in self.abbreviations)

    def find(self, document: Document) -> Iterator[Match]:
        table = lexicon()
        for block in document.prose:
            if "heading" not in block.scopes:
                for start in _START.finditer(block.text):
                    if self._starts(start, block, table):
                        yield _match(block, start)
        for block, start in _paragraphs(document, table):
            yield _match(block, start)

    def _starts(self, start: re.Match[str], block: Block, table: Lexicon) -> bool:
        last = start["last"].lstrip("“\"‘'([*_")
        if not table.find(start["word"].replace("’", "'")).dictionary or self._goes_on(last):
            return False
        if start["close"]:
            return start["stop"] == "." and _is_quoted_sentence(block.text, start.end("close"))
        return start["stop"] == "." or _clause(block.text, start.start("stop")) >= _CLAUSE

    def _goes_on(self, last: str) -> bool:
        """Whether a word with a stop behind it may stand inside a sentence."""
        if not last or last.endswith((".", "…", ")", "]", "?", "!")) or last.lower() in self._kept:
            return True
        if "." in last or "/" in last or "@" in last or len(last) == 1:  # U.S., example.org, an initial
            return True
        return last.isdigit() and len(last) < 3


def _is_quoted_sentence(text: str, end: int) -> bool:
    spans = quotes.spans(text)
    at = bisect_right(spans, (end, -1)) - 1
    return at >= 0 and spans[at][1] == end and len(text[slice(*spans[at])].split()) >= _QUOTED


def _clause(text: str, end: int) -> int:
    """How many words stand between the stop before and `end`."""
    begin = max(text.rfind(mark, 0, end) for mark in '.!?…“"\n')
    return len(text[begin + 1 : end].split())


def _paragraphs(document: Document, table: Lexicon) -> Iterator[tuple[Block, re.Match[str]]]:
    """The paragraphs that begin with a small letter where all around begin with a capital."""
    flow = document.flow
    plain = [block for block in flow if block.scopes == {"paragraph"} and len(block.text.split()) >= _PARAGRAPH]
    starts = {id(block): start for block in plain if (start := _FIRST.match(block.text))}
    if len(starts) > _HABIT * len(plain):
        return
    for i, block in enumerate(flow):
        start = starts.get(id(block))
        if not start or not _ENDED.search(block.text) or not table.find(start["word"].replace("’", "'")).dictionary:
            continue
        if _leads(flow[i - 1] if i else None) and not (i + 1 < len(flow) and id(flow[i + 1]) in starts):
            yield block, start


def _leads(before: Block | None) -> bool:
    """Whether a new sentence is due behind this block: it is a heading, a headline, or has ended."""
    if before is None or "heading" in before.scopes:
        return True
    if before.scopes != {"paragraph"} or before.text[:1].islower():
        return False
    if _ENDED.search(before.text):
        return True
    return before.text[-1].isalnum() and len(before.text.split()) <= _HEADLINE


def _match(block: Block, start: re.Match[str]) -> Match:
    word = start["word"]
    span = block.span(*start.span("word"))
    right = word[0].upper() + word[1:]
    return Match(*span, {"word": word, "right": right}, (Edit(span.start, span.start + 1, right[0]),))
