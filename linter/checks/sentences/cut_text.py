"""Titles, descriptions, excerpts and paragraphs that are cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from linter import patterns
from linter.checks.metadata import _fields
from linter.checks.sentences._endings import last_words
from linter.checks.spelling._typos import is_known
from linter.document import Block, Document
from linter.rule import Match
from linter.text import language
from linter.text.lexicon import frequent
from linter.views import per_document

_DOTS = patterns.lazy(r"(?<!\s)\s*+(?:[\[(]\s*+)?(?:…|(?<!\.)\.{3}\.*+)(?:\s*+[\])])?\s*+\Z")
_ENDED = patterns.lazy(r"(?<!\.)[.!?。！？][\"”’»)]*\s*\Z")
_WORD = patterns.lazy(r"(?<![^\W\d_])[^\W\d_]++(?:['’][^\W\d_]++)?\Z")
_LETTER = patterns.lazy(r"[^\W\d_\u2e80-\uffff]")  # a letter of a script with spaces between words
_MIN_LONG_VALUE = 80  # minimum code points of a long value, which may be cut off within a sentence
_MIN_VALUE_LENGTH = 20  # minimum code points of a value that ends within a word
_COMPARED_END = 50  # code points at the end of a value that are searched for in the article
_MIN_TITLE_LENGTH = 40  # minimum code points of a title that ends within a word
_EXCERPT_BLOCKS = 12  # number of blocks at the start of the article that an excerpt may come from
# The last of several sentences, without an end mark.
_LAST_SENTENCE = patterns.lazy(r"[a-z]{2}[.!?][\"”’)]? (?P<first>[A-Z][a-z]*)(?P<rest>[^.!?:;]*)\Z")
_EXCERPT_REACH = 5000  # code points at the start of the article that an excerpt may come from
_SAME = {"’": "'", "‘": "'", "“": '"', "”": '"'}

# “[…]” after a word; a shortcode that ends in dots instead of a bracket; dots after a word.
_BROKEN_OFF = patterns.lazy(
    r"""(?<=[^\W_]) (?P<rest>[ ]?\[[ ]?(?:…|\.\.\.)[ ]?\]) \s*\Z
    | (?P<code>\[[a-z][\w-]*[^\[\]\n]{0,60}(?:…|\.\.\.)) \s*\Z
    | (?<=[\w,)][ ]) (?P<word>[^\W\d_]++ (?:['’][^\W\d_]++)?+ ,?) [ ]?(?:…|(?<!\.)\.{3}) \s*\Z""",
    re.VERBOSE,
)
_EDITED = patterns.lazy(r"\[(?:…|\.\.\.)\][ ,;]+[^\W\d_]")  # an omission within a quotation
_OFFER = patterns.lazy(r"\W*(?:read|continue|keep reading|full (?:story|article))\b[^\n]{0,30}\s*\Z", re.IGNORECASE)
_TAIL_LENGTH = 120  # code points at the end of a block that are searched
_MIN_WORDS = 8  # minimum words of a block that is not a label
_MIN_COMMAS = 3  # commas in an open-ended series: trams, ferries, buses, …
_MIN_LOST_LETTERS = 2  # minimum missing letters of a word; “gettin…” may be dialect
_MIN_LETTERS = 3  # minimum remaining letters of a word


@dataclass(frozen=True)
class CutText:
    """Metadata values or paragraphs that are cut off. The match is the last words.

    `keys` lists the metadata keys whose values are checked. Without `keys`, paragraphs are checked.

    A value of at least 20 code points (a title: 40) is cut off if it also occurs near the start of the article or in a
    heading, and its last word is longer there: “Trams run to the har” for “Trams run to the harbor”. If the last word
    is unknown and the value is not a title, only the end of the value must occur there.

    An English value of several words is also cut off if it ends in one of `words` and has no end mark (“Trams run
    between the”), or if it ends in part of a word and dots (“Plans of the governm…”). `words` are in lowercase.
    `behind_sentences` lists more such words, which count only in values of several sentences. If this option is given,
    a value of several sentences without an end mark is also cut off if it ends in part of a word, or if its last
    sentence starts with one of `clauses` (“By using your old”) and has no comma. A paragraph that repeats a cut-off
    value ending in dots is also reported, unless the value is a title.

    `whole_words: true` reports other values instead: values of at least 80 code points, except titles, that end after a
    whole word, with or without dots, while the sentence continues in the article. `dots: true` reports values of at
    least 80 code points (titles: 40) that end in dots, except values that are cut off within a word of the article.

    A paragraph is cut off if it ends in “[…]” after a word (unless the article shortens quotations in this way), in an
    unclosed shortcode, or in part of an English word and dots. At the end of an English article, a paragraph is also
    cut off if it ends in dots after a comma or one of `words`. Paragraphs of fewer than eight words, quotations and
    lists are not checked.
    """

    keys: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    behind_sentences: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    whole_words: bool = False
    dots: bool = False

    def __post_init__(self) -> None:
        if (self.whole_words or self.dots) and not self.keys:
            raise ValueError("“whole_words” and “dots” need “keys”")

    @property
    def parts(self) -> frozenset[str]:
        return frozenset({"metadata"} if self.keys else ())

    def find_in(self, document: Document) -> Iterator[Match]:
        yield from self._values(document) if self.keys else self._excerpts(document)

    def _values(self, document: Document) -> Iterator[Match]:
        for block in _fields.values(document, self.keys):
            marked = not block.text.rstrip()[-1:].isalnum()
            if marked and _ENDED.search(block.text):
                continue
            dots = _DOTS.search(block.text) if marked else None
            title = any(scope.endswith("title") for scope in block.scopes)
            end = dots.start() if dots else len(block.text)
            if end and self._is_cut(block.text[:end], dots is not None, title, document):
                yield Match(*block.span(last_words(block.text, end), len(block.text)))
                if dots and not title:
                    yield from _standfirsts(document, block.text)

    def _is_cut(self, value: str, dots: bool, title: bool, document: Document) -> bool:
        value = _plain(value)
        if self.dots:
            is_long = dots and len(value) >= (_MIN_TITLE_LENGTH if title else _MIN_LONG_VALUE)
            return is_long and not _within_word(value, document)
        if self.whole_words:
            may_go_on = not title and len(value) >= _MIN_LONG_VALUE and (value[-1].isalnum() or value[-1] == ",")
            goes_on = may_go_on and any(map(_goes_on, _continuations(value, document)))
            return goes_on and not _within_word(value, document)
        if len(value) >= (_MIN_TITLE_LENGTH if title else _MIN_VALUE_LENGTH) and _within_word(value, document):
            return True
        last = _WORD.search(value)
        if not last or " " not in value:
            return False
        if (
            not title
            and len(value) >= _MIN_VALUE_LENGTH
            and not is_known(last[0].lower())
            and _ends_as_story(value, document)
        ):
            return True
        if not (_is_torn(last[0]) if dots else last[0] in self.words or self._is_open(value, last[0])):
            return False
        return document.language == "en" or (not document.language and language.guess_language(value) == "en")

    def _is_open(self, value: str, last: str) -> bool:
        """Whether the last of several sentences of a value breaks off at `last`, the last word of the value."""
        before = _LAST_SENTENCE.search(value) if self.behind_sentences else None
        if not before:
            return False
        clause = before["first"].lower() in self.clauses and "," not in before["rest"]
        return last in self.behind_sentences or _is_torn(last) or clause

    def _excerpts(self, document: Document) -> Iterator[Match]:
        """Yield matches for the last words of cut-off paragraphs."""
        english = document.language == "en"
        for block in document.prose:
            text = block.text.rstrip()
            if block.scopes != {"paragraph"} or not text.endswith(("…", "...", "]")):
                continue
            cut = self._cut(block, english=english)
            if not cut or (text.endswith("]") and any(_EDITED.search(other.text) for other in document.prose)):
                continue
            start, end, is_sure = cut
            if is_sure or _ends_article(block, document):
                yield Match(*block.span(start, end))

    def _cut(self, block: Block, *, english: bool) -> tuple[int, int, bool] | None:
        """Return (start, end, is_sure) for the last words of a paragraph that is cut off; None for any other paragraph.

        If `is_sure` is false, the paragraph counts as cut off only at the end of the article.
        `english` is true if the article is in English.
        """
        at = max(0, len(block.text) - _TAIL_LENGTH)
        cut = _BROKEN_OFF.search(block.text[at:])
        if not cut or len(block.text.split()) < _MIN_WORDS:
            return None
        word, end = cut["word"], len(block.text.rstrip())
        if word and block.text[:end].rstrip(".… ").endswith(",") and block.text[at:].count(",") >= _MIN_COMMAS:
            return None  # an open-ended series
        is_sure = not word or (english and _is_torn(word))
        if not is_sure and not (english and (word in self.words or word.endswith(","))):
            return None
        return (at + cut.start("code") if cut["code"] else last_words(block.text, end)), end, is_sure


def _standfirsts(document: Document, value: str) -> Iterator[Match]:
    """Yield a match for the last words of each paragraph that consists of `value`, a cut-off metadata value."""
    for block in document.prose:
        if block.text.strip() == value.strip() and "paragraph" in block.scopes:
            yield Match(*block.span(last_words(block.text, len(block.text.rstrip())), len(block.text.rstrip())))


def _ends_article(block: Block, document: Document) -> bool:
    """Whether `block` is the last block of prose, or the next block is an offer to read on, such as “Read more”."""
    i = document.prose.index(block) + 1
    return i == len(document.prose) or _OFFER.match(document.prose[i].text) is not None


def _continuations(value: str, document: Document) -> list[str]:
    """Return the text that follows `value` in each of `_excerpt_sources` where `_at` finds `value`."""
    return [text[len(value) + at :] for text in _excerpt_sources(document) if (at := _at(text, value)) >= 0]


def _within_word(value: str, document: Document) -> bool:
    """Whether `value` breaks off within a word, judging by the texts that may follow it."""
    return bool(_LETTER.match(value[-1])) and any(map(_LETTER.match, _continuations(value, document)))


def _ends_as_story(value: str, document: Document) -> bool:
    """Whether the last words of `value` occur in one of `_excerpt_sources`, but with a longer last word."""
    tail = value[-_COMPARED_END:].partition(" ")[2]
    return len(tail) >= _MIN_VALUE_LENGTH and _within_word(tail, document)


@per_document
def _excerpt_sources(document: Document) -> list[str]:
    """Return the start of the article and each heading, in the form that `_plain` returns."""
    story = islice((block.text for block in document.prose if "heading" not in block.scopes), _EXCERPT_BLOCKS)
    return [_plain(" ".join(story)[:_EXCERPT_REACH]), *(_plain(heading.block.text) for heading in document.headings)]


def _plain(text: str) -> str:
    """Return `text` with straight quotation marks and single spaces."""
    for curly, straight in _SAME.items():  # str.translate takes much longer
        text = text.replace(curly, straight)
    return " ".join(text.split())


def _at(text: str, value: str) -> int:
    """Return the first offset of `value` in `text`, or -1 if `value` is not found or starts within a word there."""
    at = text.find(value)
    return at if at < 1 or not text[at - 1].isalnum() else -1


def _goes_on(continuation: str) -> bool:
    """Whether `continuation`, the text after a value, continues the sentence of the value."""
    return continuation[:1] in (",", ";") or (continuation[:1] == " " and continuation[1:2].islower())


def _is_torn(word: str) -> bool:
    """Whether `word` is probably only the beginning of a longer, frequent word."""
    if not word.islower() or len(word) < _MIN_LETTERS or is_known(word):
        return False
    return any(whole.startswith(word) and len(whole) >= len(word) + _MIN_LOST_LETTERS for whole in frequent())
