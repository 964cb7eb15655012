"""Find paragraphs without an end mark, and describe how each of them ends and what follows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from linter import patterns
from linter.document import OBJECT, Block, Document
from linter.text import language
from linter.text.lexicon import word_list
from linter.views import per_document

_PARAGRAPH = frozenset({"paragraph"})
_STOPS = frozenset(".!?…:;。！？：")
_MARKS = _STOPS | {","}
# An end mark and what may follow it: quotation marks, brackets, note numbers, images.
_ENDED = patterns.lazy(rf"[.!?…:;,。！？：][\"”’'»“)\]*_\s{OBJECT}]*+(?:\[\d++\]|[¹²³⁴⁵⁶⁷⁸⁹])?+\s*+\Z")
_FIRST = patterns.lazy(r"\W*(\w+)")
_NEW = patterns.lazy(r"[“\"‘]?[A-Z](?![.)])")
_ITEM = patterns.lazy(r"^[^\S\n]*+(?:[A-Za-z]|\d{1,2})[.)] ", re.MULTILINE)
# A heading that starts with a capital or digit and contains no “(” or “;”, as code does.
_CAPITAL = patterns.lazy(r"[\"“‘]?[A-Z0-9][^(;]*\Z")
_DISPLAY = patterns.lazy(r"<(?:pre|center|code|table|form|svg|h\d)\b", re.IGNORECASE)  # may contain more of the text
_BREAK = patterns.lazy(r"<|\n\s*\n|\r\s*\r|#")  # between two separate blocks
_LOW_HEADING = patterns.lazy(r"#{5}|<h[56]\b")  # heading that may be the title of the image below it
_IMAGE = patterns.lazy(r"(?:\s|#|</h[56]>|<p>)*+(?:!\[|<img\b|<figure\b)")
_FOOTNOTE = patterns.lazy(r"\[\^[^\[\]\s]{1,60}\]:[^\S\n]*\Z")
_SHORTCODE = patterns.lazy(r"\s*+\{[{%][^{}]")  # shortcodes that may print the rest of the text
_TAIL_LENGTH = 60  # code points at the end of a paragraph that are searched
_MAX_MARKED = 30  # maximum code points of the last words that a finding marks
_MAX_FOOTNOTE_LABEL = 80  # maximum code points of a footnote label
_CONTINUATION_REACH = 400  # code points after a paragraph that are searched for its continuation
_MIN_LIST_LINES = 3  # minimum number of lines of a list without bullets
_MIN_LINE_WORDS = 5  # minimum words of a line that is not a list item or address
_MIN_PARAGRAPH_WORDS = 3  # minimum words of a real paragraph
_LANGUAGE_SAMPLE = 1000  # code points at the end of a paragraph that are used to guess its language
HEADLINE = 15  # maximum words of a headline
_MIN_LONG_WORD, _MIN_LONG_WORDS = 4, 5  # minimum letters of a long word, and minimum long words of a headline


class Ending(NamedTuple):
    """The end of a paragraph that has no end mark.

    `end` is the offset in the text of `block` after the last character that is not white space. `following` is the next
    block, or None at the end of the article. `before` is the kind of the next block: “heading”, “paragraph” or, at the
    end of the article, "".
    """

    block: Block
    end: int
    before: str
    following: Block | None

    @property
    def begins_sentence(self) -> bool:
        """Whether there is a next block that probably begins a new sentence."""
        word = _FIRST.match(self.following.text) if self.following else None
        if self.following is None or word is None or not word[1].istitle():
            return False
        return word[1] in "AI" or word[1].lower() in word_list("function words") or is_headline(self.following.text)

    @property
    def last(self) -> str:
        """The last word of the paragraph, with any marks attached to it."""
        return self.block.text[max(0, self.end - _TAIL_LENGTH) : self.end].split()[-1]

    @property
    def start(self) -> int:
        """The offset where the last words of the paragraph start. A finding marks these words."""
        return last_words(self.block.text, self.end)


def ended(text: str) -> bool:
    """Whether `text` ends with a mark such as a period or comma, even if closing marks or a note number follow."""
    return text[-1:] in _MARKS or _ENDED.search(text[-_TAIL_LENGTH:]) is not None


def is_footnote(document: Document, block: Block) -> bool:
    """Whether a block is the text of a Markdown footnote."""
    start = block.source_span.start
    return _FOOTNOTE.search(document.source.text, max(0, start - _MAX_FOOTNOTE_LABEL), start) is not None


def last_words(text: str, end: int) -> int:
    """Return the offset where the last few words of `text[:end]` start."""
    head = text[max(0, end - _MAX_MARKED) : end]
    at = end - len(head)
    if at and not text[at - 1].isspace():
        cut = re.search(r"\s\S", head)
        at = at + cut.end() - 1 if cut else end - len(text[:end].split()[-1])
    return at + len(text[at:end]) - len(text[at:end].lstrip())


def open_endings(document: Document, words: int) -> Iterator[Ending]:
    """Yield, in order, the endings of English paragraphs that seem to lack an end mark.

    Paragraphs of fewer than `words` words are ignored.
    """
    for ending in _open(document):
        if _is_running(ending.block.text, words) and _is_english(document, ending.block):
            yield ending


@per_document
def _open(document: Document) -> Sequence[Ending]:
    """Return the endings of paragraphs that seem to lack an end mark, in order."""
    blocks = document.top_level_blocks
    found = []
    for i, block in enumerate(blocks):
        if block.scopes != _PARAGRAPH or block.text[-1:] in _STOPS:
            continue
        following = blocks[i + 1] if i + 1 < len(blocks) else None
        is_last = following is None or "heading" in following.scopes
        if not ended(block.text) or (is_last and _leads_nowhere(block.text)):
            before = _before(following)
            if before is not None and not _may_go_on(document, block, following):
                found.append(Ending(block, len(block.text.rstrip()), before, following))
    return found


def _may_go_on(document: Document, block: Block, following: Block | None) -> bool:
    """Whether `block` may need no end mark, for example because its text goes on in a shortcode or table.

    `following` is the next block, or None if `block` is the last one.
    """
    text, end = document.source.text, block.source_span.end
    start = following.source_span.start if following else len(text)
    if _SHORTCODE.match(text, end) or is_footnote(document, block):
        return True
    if following and _LOW_HEADING.search(text, end, start) and _IMAGE.match(text, following.source_span.end):
        return True
    if following and not _BREAK.search(text, end, min(start, end + _CONTINUATION_REACH)):
        return True
    shown = _DISPLAY.search(text, end, min(start, end + _CONTINUATION_REACH))
    return shown is not None and not (following and "heading" in following.scopes and shown[0][1] in "hH")


def _leads_nowhere(text: str) -> bool:
    """Whether `text` is one line that ends in a comma, so that something is missing if nothing follows."""
    return text.rstrip().endswith(",") and "\n" not in text


def _before(block: Block | None) -> str | None:
    """Return the value of `Ending.before` if `block` is the next block, or None if that block may continue the text."""
    if block is None:
        return ""
    if "heading" in block.scopes:
        return "heading" if _CAPITAL.match(block.text) else None
    if block.scopes == _PARAGRAPH and _NEW.match(block.text) and len(block.text.split()) >= _MIN_PARAGRAPH_WORDS:
        return "paragraph"
    return None


def is_headline(text: str) -> bool:
    """Whether `text` looks like a headline: not long, without an end mark, and with most long words capitalized."""
    words = text.split()
    long = [word for word in words[:HEADLINE] if len(word) >= _MIN_LONG_WORD and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in long)
    return len(words) <= HEADLINE and not ended(text) and len(long) >= _MIN_LONG_WORDS and 4 * capitals >= 3 * len(long)


def _is_running(text: str, words: int) -> bool:
    """Whether `text` is probably running text of at least `words` words, rather than a list or verse."""
    if len(text.split()) < words or _ITEM.search(text):
        return False
    lines = text.rstrip().split("\n")
    if len(lines) >= _MIN_LIST_LINES and all(line.lstrip()[:1].isupper() and _is_item(line.rstrip()) for line in lines):
        return False
    return all(len(line.split()) >= _MIN_LINE_WORDS for line in lines)


def _is_item(line: str) -> bool:
    return line[-1:].isalnum() or line[-1:] in ")%"


def _is_english(document: Document, block: Block) -> bool:
    if document.language:
        return document.language == "en"
    return language.guess_language(block.text[-_LANGUAGE_SAMPLE:]) == "en"
