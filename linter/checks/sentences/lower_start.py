"""Sentences and paragraphs that begin with a lowercase letter."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter import patterns
from linter.checks.sentences._endings import HEADLINE, is_footnote, is_headline
from linter.document import PROSE, Block, Document
from linter.finding import Edit
from linter.rule import Match
from linter.text import quotes
from linter.text.lexicon import lexicon
from linter.text.view import find

_START = patterns.lazy(r"\.(?P<close>[”\"’']?)(?P<gap>[ \u00a0]{1,3}|\n)(?P<word>[a-z][a-z’']*)(?![\w(.@:/_=-]| [({=])")
_MAYBE = patterns.lazy(r"\.[”\"’']?[ \u00a0\n][ \u00a0]{0,2}[a-z]")  # matches wherever _START matches, and elsewhere
_SPACE = patterns.lazy(r"[\s(\[]")
_WORD_REACH = 200  # code points before a period that are searched for the last word
_FIRST = patterns.lazy(r"[“\"‘]?(?P<word>[a-z][a-z’']*)(?=[,]?\s)")
_ENDED = patterns.lazy(r"[.!?…][”\"’'»)\]]*\Z")
_NUMBER = patterns.lazy(r"\d{1,2}[a-z]?|[ivxIVX]+|//+")  # number of a list item (1., 2c., iii.) or code comment
_MIN_DOCS = 2000  # minimum documents of the word table; rarer words may be names of programs
_MIN_QUOTED_WORDS = 5  # minimum words of a quoted sentence; shorter quotations may be titles (“Monsters, Inc.”)
_MIN_STORY_BLOCKS = 3  # minimum blocks of a plain text with a headline
_MIN_PARAGRAPH_WORDS = 6  # minimum words of a real paragraph
_MAX_LOWERCASE_SHARE = 0.2  # maximum share of lowercase paragraphs; more are the author's style
_BYLINE = patterns.lazy(r"by(?: [A-Z][\w.’'-]*){2,}")
_PHRASE = patterns.lazy(r"[“\"‘][^”\"’.!?]{1,100}(?<!,)[”\"’]")  # a quoted phrase: “how to start”
_PLAIN = frozenset({"paragraph"})
_FRAGMENTS = frozenset({"heading", "list", "table", "caption"})  # scopes that need no complete sentences
_INLINE = patterns.lazy(r"<(?:i|em|b|strong|code|a|tt|kbd|samp|var|span)\b[^<>]*>\Z", re.IGNORECASE)
_HARD_BREAK = patterns.lazy(r" {2,}\n|\\\n|\s*<br")
_SHORTCODE_END = patterns.lazy(r"[}%]\}[ \t]*+\n?+[ \t]*+\Z")
_MAX_TAG_LENGTH = 200  # maximum code points of a tag
_BEFORE = " \t\r\n\u00a0\"'“‘>;"


@dataclass(frozen=True)
class LowerStart:
    """A lowercase word that starts a sentence, a paragraph or the headline of a plain-text article.

    A common word after a period starts a sentence, with some exceptions. `abbreviations` lists words whose period does
    not end a sentence, such as “approx”; they are given without the period, in any case. A period after a bracket, an
    ellipsis, an initial or the number of a list item does not end a sentence either. `subjects` lists the words that
    start a sentence after a quotation; other words may continue the sentence (“…” said the mayor). Words after “?” and
    “!” are not checked, because these marks may be within a sentence (“Oh! pray make haste”). Blocks without capitals
    and lines of verse are not checked either.

    A paragraph is reported if its first word is one of `openers`, such as “the”, and the paragraphs around it do not
    start in lowercase. `openers` should not contain names of programs, which may be written in lowercase (“less shows
    one page at a time.”). If several paragraphs, and more than a fifth of all paragraphs, start in lowercase, none is
    reported.

    A headline has 6 to 15 words; it is reported if it starts with a dictionary word of at least four letters.
    `programs` lists names of programs, such as “less”; they are ignored in headlines, and after a period if the article
    contains code.

    The fix capitalizes the word. The message may use {word} and {right}, the word with a capital.
    """

    abbreviations: tuple[str, ...]
    openers: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"word", "right"})

    @cached_property
    def _abbreviations(self) -> frozenset[str]:
        return frozenset(word.lower() for word in self.abbreviations)

    def find_in(self, document: Document) -> Iterator[Match]:
        for block in {place.block: None for place in find(document, _MAYBE)}:  # each block once, in order
            if not PROSE.isdisjoint(block.scopes) and _FRAGMENTS.isdisjoint(block.scopes) and not block.text.islower():
                done = 0
                for start in _START.finditer(block.text):
                    last, done = _last(block.text, done, start.start()), start.end()
                    if document.has_code and start["word"] in self.programs:
                        continue
                    if _ends_link(document, block, start) or _is_verse(document, block, start):
                        continue
                    if self._starts(last, start, block) and _bare(document, block, start):
                        yield _match(block, start)
        if first := self._headline(document):
            yield _match(document.top_level_blocks[0], first)
        for block, start in self._paragraphs(document):
            if _bare(document, block, start):
                yield _match(block, start)

    def _headline(self, document: Document) -> re.Match[str] | None:
        """Return the match of the first word of a plain-text headline if that word lacks a capital; None otherwise."""
        if document.kind != "text" or document.metadata.span or len(document.top_level_blocks) < _MIN_STORY_BLOCKS:
            return None
        first, *rest = document.top_level_blocks[:_MIN_STORY_BLOCKS]
        start = _FIRST.match(first.text)
        if not start or first.scopes != _PLAIN or not _MIN_PARAGRAPH_WORDS <= len(first.text.split()) <= HEADLINE:
            return None
        is_story = all(block.text[:1].isupper() for block in rest) and any(_ENDED.search(block.text) for block in rest)
        is_word = len(start["word"]) > 3 and lexicon().find(start["word"]).dictionary
        return start if is_story and is_word and start["word"] not in self.programs else None

    def _starts(self, last: str, start: re.Match[str], block: Block) -> bool:
        if not _is_word(start["word"]) or self._goes_on(last):
            return False
        if start["close"]:  # the sentence may continue after a quotation: “…” is true; “…” said the mayor
            return start["word"] in self.subjects and _is_quoted_sentence(block.text, start.end("close"))
        return True

    def _goes_on(self, last: str) -> bool:
        """Whether a sentence may continue after the word `last` and its period, as after an abbreviation."""
        if not last or last.endswith((".", "…", ")", "]", "?", "!")) or last.lower() in self._abbreviations:
            return True
        if "." in last or "/" in last or "@" in last or len(last) == 1:  # U.S., example.org, an initial
            return True
        if last[0].islower() and not last.islower():  # a name such as “dB.”
            return True
        return bool(_NUMBER.fullmatch(last))

    def _paragraphs(self, document: Document) -> Iterator[tuple[Block, re.Match[str]]]:
        """Yield the paragraphs whose starts seem to lack a capital, each with the match of its first word."""
        blocks = document.top_level_blocks
        if not any(block.scopes == _PLAIN and _FIRST.match(block.text) for block in blocks):
            return
        plain = [
            block for block in blocks if block.scopes == _PLAIN and len(block.text.split()) >= _MIN_PARAGRAPH_WORDS
        ]
        starts = {id(block): start for block in plain if (start := _FIRST.match(block.text))}
        if len(starts) > max(1, _MAX_LOWERCASE_SHARE * len(plain)):
            return
        for i, block in enumerate(blocks):
            start = starts.get(id(block))
            if (
                not start
                or is_footnote(document, block)
                or _follows_code(document, block)
                or not _ENDED.search(block.text)
                or start["word"] not in self.openers
                or _BYLINE.match(block.text)
                or _PHRASE.match(block.text)
            ):
                continue
            if _leads(blocks[i - 1] if i else None, is_first=i == 1) and not (
                i + 1 < len(blocks) and id(blocks[i + 1]) in starts
            ):
                yield block, start


def _last(text: str, done: int, stop: int) -> str:
    """Return the word before the period at the offset `stop`, without opening marks, or "" if there is none.

    Text before the offset `done` is ignored.
    """
    before = text[max(done, stop - _WORD_REACH) : stop]
    return _SPACE.split(before)[-1].lstrip("“\"‘'([*_")


def _ends_link(document: Document, block: Block, start: re.Match[str]) -> bool:
    """Whether the period at the start of the match `start` is the last character of link text, such as a title."""
    end = block.span(start.start(), start.start() + 1).end
    return document.source.text.startswith(("](", "][", "</a>"), end)


def _is_verse(document: Document, block: Block, start: re.Match[str]) -> bool:
    """Whether the word in the match `start` begins a line, like the one before in small letters and broken by hand."""
    line = block.text.rfind("\n", 0, start.start()) + 1
    period, word = block.span(start.start(), start.start() + 1), block.span(*start.span("word"))
    is_broken = _HARD_BREAK.match(document.source.text, period.end, word.start)
    return start["gap"] == "\n" and is_broken is not None and block.text[line : line + 1].islower()


def _follows_code(document: Document, block: Block) -> bool:
    """Whether a shortcode, which may print the start of the sentence, ends right before the block."""
    start = block.source_span.start
    return _SHORTCODE_END.search(document.source.text, max(0, start - _MAX_TAG_LENGTH), start) is not None


def _bare(document: Document, block: Block, start: re.Match[str]) -> bool:
    """Whether the word in the match `start` probably has no inline markup directly before it."""
    at = block.span(*start.span("word")).start
    text = document.source.text
    # Linked and italic words may be names.
    return at == 0 or (text[at - 1] in _BEFORE and not _INLINE.search(text, max(0, at - _MAX_TAG_LENGTH), at))


def _is_word(text: str) -> bool:
    known = lexicon().find(text.replace("’", "'"))
    return known.dictionary and known.docs >= _MIN_DOCS


def _is_quoted_sentence(text: str, end: int) -> bool:
    spans = quotes.quote_spans(text)
    at = bisect_right(spans, (end, -1)) - 1
    return (
        at >= 0
        and spans[at][1] == end
        and len(text[slice(*spans[at])].split(maxsplit=_MIN_QUOTED_WORDS)) >= _MIN_QUOTED_WORDS
    )


def _leads(before: Block | None, *, is_first: bool) -> bool:
    """Whether the text after the block `before` probably begins a new sentence.

    `before` is None at the start of the article. `is_first` is true if `before` is the first block, which is often a
    headline.
    """
    if before is None:
        return True
    if "heading" in before.scopes:
        return not before.text.rstrip().endswith(("...", "…"))
    if before.scopes != _PLAIN or before.text[:1].islower():
        return False
    if _ENDED.search(before.text):
        return True
    if is_first and before.text[0].isupper() and before.text[-1].isalnum():
        return len(before.text.split()) <= HEADLINE
    return is_headline(before.text)


def _match(block: Block, start: re.Match[str]) -> Match:
    word = start["word"]
    span = block.span(*start.span("word"))
    right = word[0].upper() + word[1:]
    return Match(*span, {"word": word, "right": right}, (Edit(span.start, span.start + 1, right[0]),))
