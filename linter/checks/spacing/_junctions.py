"""Examine the words on both sides of a punctuation mark, and insert a missing space between them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from linter import patterns
from linter.document import OBJECT, Block, Document, Span
from linter.finding import Edit
from linter.rule import Match
from linter.source_edits import source_edit
from linter.text.lexicon import Word, lexicon
from linter.text.view import text_view
from linter.views import per_document

# Patterns for one character: OURS matches Latin, Greek and Cyrillic letters and the characters used with them, OTHER
# matches all other letters. In Python 3.11, ranges compile ten times as fast as lists of letters.
OURS = r"[\x00-\u058f\u1e00-\u2e7f\U00010000-\U0001ffff]"
OTHER = r"[^\x00-\u058f\u1e00-\u2e7f\ud800-\uf8ff\uffdd-\U0001ffff\U000e1000-\U0010ffff]"
LETTER = rf"(?=[^\W\d_]){OURS}"
ALNUM = rf"(?=[^\W_]){OURS}"  # a letter or a digit
OPENERS = "“„«‹‘\"'([¿¡"
CLOSERS = "”’»›)]\"'"

# Chinese characters, with the Japanese syllabaries, and Korean letters.
_EAST_ASIAN = patterns.lazy(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_FIRST_HANGUL = "\uac00"
_MIN_CJK_SHARE = 0.05  # minimum share of Chinese, Japanese or Korean letters in an article in one of these languages
_CODE_LINE = patterns.lazy(
    r"[ \w\])] \+?= [\w\[\"'$(-]|\A\s*+(?:END[A-Z]*|FUNCTION|PROCEDURE|SUBROUTINE|PRINT|RETURN)\b(?![ ][a-z]+[ ])"
)
_CODE_REACH = 60  # code points on each side that are searched for code, in the same line
_CHUNK_REACH = 80  # maximum code points on each side of a mark; longer chunks are not prose
_SPACE = patterns.lazy(r"\s")
_INNER = r"(?:[\w’'-]|(?<=\d)[.,](?=\d))*+"
_WORD = patterns.lazy(rf"[^\W_]{_INNER}")
_LAST_WORD = patterns.lazy(rf"[^\W_]{_INNER}\Z")
# Chunks that are not prose: URLs, paths, formulas, file names, code, quoted values, template marks, damaged entities.
_MACHINE = patterns.lazy(
    rf"[@_/\\#=~^<>|{{}}`+{OBJECT}]|{OTHER}|[$&*](?!\d)|(?<!\d)%|\d:\d|::|\.\.|\w\(\w*\)|[^\W\d_]\.[^\W\d_A-Z]|^\."
    r"|^[\"'“‘].*[\"'”’][,;.:)]*$"
)
_MARK = patterns.lazy(r"(\*+|_+|~~)|\[|\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)|\[[^\[\]]*\])|</?[a-z][^<>]*>")
_CLOSING = patterns.lazy(r"[*_~]*+(?:\]\([^()\s]*\)|\]\[[^\[\]]*\]|</(?:a|b|i|u|em|strong|span)>)?+[*_~]*+")
_MAX_LINE_LENGTH = 2000  # maximum code points of a line in which marks of emphasis are counted
_BULLET = patterns.lazy(r"\A[ \t>]*(?:[*+-][ \t]+)?")
_MAX_MARKUP = 6  # maximum code points of markup between the words of a match
# To be known, a word that is in no dictionary must be in more documents of the word table than this.
_MIN_KNOWN_DOCS = 20


class Junction(NamedTuple):
    """The words on both sides of a punctuation mark.

    `left` is the word before the mark and begins at the offset `start`. The mark begins at the offset `mark`; closing
    marks such as ” may be between the two. `right` is the word after the mark, without any opening marks before it; in
    the searched text, it is `text[at:end]`. A missing word is "". `chunk` is the text around the mark, up to white
    space on both sides; its first `before` code points precede the mark.
    """

    start: int
    mark: int
    at: int
    end: int
    left: str
    right: str
    chunk: str
    before: int

    @property
    def is_prose(self) -> bool:
        """Whether the mark is probably between two words of prose, and not in code such as “(x,y)”."""
        if not self.left or not self.right or len(self.chunk) > _CHUNK_REACH or _MACHINE.search(self.chunk):
            return False
        before, after = self.chunk[: self.before], self.chunk[self.before :]
        return not any(
            before.count(opener) > before.count(closer) and after.count(closer) > after.count(opener)
            for opener, closer in ("()", "[]")
        )


def junction(text: str, mark: int, behind: int) -> Junction:
    """Return the words on both sides of the mark `text[mark:behind]`. This range may be empty."""
    before = _SPACE.split(text[max(0, mark - _CHUNK_REACH) : mark])[-1]
    after = _SPACE.split(text[behind : behind + _CHUNK_REACH], maxsplit=1)[0]
    left = _LAST_WORD.search(before.rstrip(CLOSERS))
    opening = len(after) - len(after.lstrip(OPENERS))
    right = _WORD.match(after, opening)
    word = right[0].rstrip("’'-") if right else ""
    start = mark - len(before) + left.start() if left else mark
    chunk = before + text[mark:behind] + after
    at = behind + opening
    return Junction(start, mark, at, at + len(word), left[0] if left else "", word, chunk, len(before))


def line_around(text: str, start: int, end: int, reach: int) -> tuple[str, str]:
    """Return the text before `start` and after `end` on the same line, each at most `reach` code points."""
    head = text[max(0, start - reach) : start].rpartition("\n")[2]
    return head, text[end : end + reach].partition("\n")[0]


def is_code_line(text: str, start: int, end: int) -> bool:
    """Whether the line around `text[start:end]` looks like program code, such as `x = 1`, `END` or `PRINT,total`."""
    head, tail = line_around(text, start, end, _CODE_REACH)
    return _CODE_LINE.search(head + text[start:end] + tail) is not None


@per_document
def east_asian(document: Document) -> str:
    """Return "zh" for an article in Chinese or Japanese, "ko" for one in Korean, and "" for any other article."""
    text = text_view(document).text
    letters = _EAST_ASIAN.findall(text)
    if len(letters) < max(1, _MIN_CJK_SHARE * len(text)):
        return {"ja": "zh", "zh": "zh", "ko": "ko"}.get(document.language, "")
    korean = sum(letter >= _FIRST_HANGUL for letter in letters)
    return "zh" if korean < len(letters) - korean else "ko"


@lru_cache(maxsize=4096)
def known(word: str) -> Word:
    """Return the entry of `word` in the word table, regardless of case, or NOTHING if there is none.

    For a word with hyphens or apostrophes, the entry is that of the first part.
    """
    return lexicon().find(re.split("[’'-]", word, maxsplit=1)[0].lower())


def is_known(word: str) -> bool:
    """Whether `word` is in a dictionary or, according to the word table, in more than _MIN_KNOWN_DOCS documents.

    For a word with hyphens or apostrophes, only the first part is looked up.
    """
    found = known(word)
    return found.dictionary or found.docs > _MIN_KNOWN_DOCS


def space(block: Block, document: Document, at: int) -> tuple[Edit, ...]:
    """Return a source edit that inserts a space before `block.text[at]`, or () if its place is unclear.

    The edit is in a tuple. The space goes after markup that ends there and before markup that begins there.
    """
    source, low, high = document.source.text, block.span(at, at).start, block.span(at, at + 1).start
    if low == high:
        return (Edit(low, low, " "),)
    start = source.rfind("\n", max(0, block.source_span.start - _MAX_LINE_LENGTH), block.source_span.start) + 1
    if low - start > _MAX_LINE_LENGTH:
        return ()
    line = _BULLET.sub("", source[start:low])
    read, behind = low, low
    while read < high:
        mark = _MARK.match(source, read, high)
        if not mark:
            return ()
        if _ends(mark[0], line):
            if behind < read:
                return ()
            behind = mark.end()
        read = mark.end()
    return (Edit(behind, behind, " "),)


def _ends(mark: str, before: str) -> bool:
    """Whether `mark` probably ends emphasis, a link or an element.

    `before` is the source of the line before the markup.
    """
    if mark[0] in "*_~":
        return before.count(mark) % 2 == 1
    return mark.startswith(("]", "</"))


def is_seen(document: Document, block: Block, start: int, end: int) -> bool:
    """Whether the source between two characters of a block contains no markup except the ends of emphasis and links.

    The characters are `block.text[start]` and `block.text[end]`.
    """
    source = document.source.text[block.span(start, start + 1).end : block.span(end, end + 1).start]
    for character in block.text[start + 1 : end]:
        source = source.replace(character, "", 1)
    return _CLOSING.fullmatch(source.replace("&nbsp;", "").strip()) is not None


def replacement(
    document: Document, block: Block, start: int, end: int, edit: Edit, *narrower: tuple[int, int]
) -> Match:
    """Return a match for `block.text[start:end]` whose fix is `edit`, given with offsets in `block.text`.

    If the range contains much markup, the match has one of the `narrower` ranges instead (see `place`). The values of
    the match are {wrong}, the text as it is, and {right}, the corrected text. There is no fix if the edit would break
    markup.
    """
    text = block.text
    right = text[start : edit.start] + edit.text + text[edit.end : end]
    in_source = source_edit(edit, block, document)
    span = place(block, (start, end), *narrower)
    return Match(*span, {"wrong": text[start:end], "right": right}, (in_source,) if in_source else ())


def place(block: Block, *ranges: tuple[int, int]) -> Span:
    """Return the source span of the first of `ranges` that contains at most _MAX_MARKUP code points of markup.

    If there is none, return the source span of the last range. All ranges are half-open, with offsets in `block.text`.
    """
    for start, end in ranges[:-1]:
        span = block.span(start, end)
        if span.end - span.start <= end - start + _MAX_MARKUP:
            return span
    return block.span(*ranges[-1])
