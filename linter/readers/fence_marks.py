"""Find the marks of code fences in running text: plain marks (```), and marks that a word processor changed (“`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from linter import patterns
from linter.document import Span
from linter.readers.recover import is_prose
from linter.word_lists import word_lists

_LISTS = word_lists("code_languages.txt")
FORMATS = _LISTS["formats"]  # formats in which chatbots wrap a whole answer
LANGUAGES = FORMATS | _LISTS["languages"]
# A plain mark, or one that a word processor changed: for example, it turned two of the three backticks into “.
_MARK = patterns.lazy(
    # A single character class comes first, because it is fast to search for.
    r"(?P<mark>[`~“”„'‘’´｀](?:(?<=`)`{2,}(?![“”„])|(?<=~)~{2,}|(?<=[“”„])`{1,2}(?!`)|(?<=`)(?<!``)`?[“”„]"
    r"|(?<=')(?<!'')''(?!')|(?<=[‘’])[‘’]{2}|(?<=´)´´|(?<=｀)｀｀))"
    r"(?:[ \t]?(?:\{[ \t]?\.?)?(?P<info>[A-Za-z][\w+#.-]*))?"
)
# The attributes of a code block in the notations of site generators, such as `title="…"`, `{1,3}` and `[tram.js]`, with
# at most three words before them, such as the language.
_ATTRIBUTES = patterns.lazy(
    r"[ \t]*+(?:[\w+#.:-]++[ \t]++){0,3}(?:[\w+#.:-]++=|[\w+#.:-]*+\{(?!\{)|\[[^\[\]\r\n]++\][ \t]*+(?:[\r\n]|\Z))"
)
PLAIN = ("```", "~~~")
TYPOGRAPHIC = ("“`", "`“", "”`", "`”", "„`", "`„", "'''", "‘‘", "’’", "´´´", "｀｀｀")
HINTS = PLAIN + TYPOGRAPHIC
_BY_CHAR = {char: tuple(hint for hint in TYPOGRAPHIC if char in hint) for char in "“”„'‘’´｀"}
_LEAD = patterns.lazy(r"[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++[ \t>]*+)*+")
_MAX_LEAD = 200  # maximum code points searched before a mark
_LINE_END = patterns.lazy(r"[\r\n]")
_BLANKS = " \t"
# Characters of marks that have other uses (speech, ornament). Such a mark counts only if it has an info word, or if it
# closes a mark with an info word.
_DOUBTFUL = frozenset("~'‘’´")
_MIN_CODE_WORDS = 8  # minimum words between two marks on one line without an info word; fewer words are inline code


class FenceMark(NamedTuple):
    """The mark of a code fence.

    `span` is the span of the mark with its info word, in code points. `char` is the character of the mark, or the whole
    mark if its characters differ (“`). `length` is the length of the mark without the info word. `info` is the info
    word in lowercase, or "". `leads` is true if nothing precedes the mark on its line except white space, `>` markers
    of block quotes, and list markers. `rest` is the span of the rest of the line after the mark and its info word,
    without white space at its edges.
    """

    span: Span
    char: str
    length: int
    info: str
    leads: bool
    rest: Span

    @property
    def alone(self) -> bool:
        """Whether the line has only the mark, its info word, and any `>` markers and list markers before the mark."""
        return self.leads and self.rest.start == self.rest.end


def find_marks(text: str, start: int = 0, end: int | None = None) -> list[FenceMark]:
    """Return the fence marks in `text[start:end]`, in order.

    Roughly, a fence mark is at the start or end of its line, or has the name of a format such as `html` as its info
    word. If a line has several possible marks, at most the first and the last count, and only if prose follows the
    first. The function tries to leave out quotation marks, ornaments, and the marks of inline code.
    """
    stop = len(text) if end is None else end
    if not any(text.find(hint, start, stop) >= 0 for hint in HINTS):
        return []
    return list(_paired(mark for line in _lines(text, start, stop) for mark in _of_line(text, *line)))


def may_be_typographic(text: str) -> bool:
    """Whether `text` may contain fence marks whose backticks a word processor turned into other characters (“`)."""
    if text.isascii():
        return "'''" in text
    # Searching for one character is much faster than for two, and most texts contain none of these characters.
    found = [hint for char, hints in _BY_CHAR.items() if char in text for hint in hints]
    ticked = "`" in text
    return any(hint in text for hint in found if ticked or "`" not in hint)


def may_be_plain(text: str) -> bool:
    """Whether `text` may contain fence marks of backticks or tildes."""
    return ("`" in text and "```" in text) or ("~" in text and "~~~" in text)


def typographic_marks(text: str, start: int) -> list[FenceMark]:
    """Return the fence marks in `text[start:]` whose backticks a word processor turned into other characters (“`)."""
    return [mark for mark in find_marks(text, start) if mark.char not in "`~"] if may_be_typographic(text) else []


def has_attributes(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]`, the text after a fence mark, has attributes of a code block, and so is no prose."""
    return _ATTRIBUTES.match(text, start, end) is not None


def marks_around(text: str, start: int, end: int) -> tuple[FenceMark, FenceMark] | None:
    """Return the first and the last fence mark in `text[start:end]` if they enclose prose, or None otherwise.

    The parser reads this text as inline code.
    """
    hits = list(_MARK.finditer(text, start, end))
    before = max(0, start - _MAX_LEAD)
    low = max(text.rfind("\n", before, start), text.rfind("\r", before, start), before - 1) + 1
    found = list(_of_line(text, low, end, [hits[0], hits[-1]])) if len(hits) > 1 else []
    return (found[0], found[1]) if len(found) > 1 else None


def _lines(text: str, start: int, stop: int) -> Iterator[tuple[int, int, list[re.Match[str]]]]:
    """Yield, for each line that contains possible marks, its start, its end, and the matches for these marks."""
    hits: list[re.Match[str]] = []
    low, high = start, -1
    for hit in _MARK.finditer(text, start, stop):
        if hit.start() > high:
            if hits:
                yield low, high, hits
            before = max(start, high)
            low = max(text.rfind("\n", before, hit.start()), text.rfind("\r", before, hit.start()), start - 1) + 1
            line_end = _LINE_END.search(text, hit.end(), stop)
            high, hits = line_end.start() if line_end else stop, []
        hits.append(hit)
    if hits:
        yield low, high, hits


def _of_line(text: str, low: int, high: int, hits: list[re.Match[str]]) -> Iterator[FenceMark]:
    first, last = hits[0], hits[-1]
    lead = _LEAD.match(text, low, first.start())
    leads = lead is not None and lead.end() == first.start()
    mark = _mark(text, first, high, leads)
    if len(hits) == 1:
        if _single(text, mark, low, high):
            yield mark
        return
    between = text[mark.span.end : last.start()]
    closes = last.group("info") is None and not text[last.end() : high].strip()
    if not _wraps(mark, between):
        return
    yield mark
    if closes and _same(mark.char, last["mark"]):
        yield _mark(text, last, high, False)


def _mark(text: str, hit: re.Match[str], high: int, leads: bool) -> FenceMark:
    """Return the mark for the match `hit`, on a line that ends at the offset `high`."""
    mark, info, end = hit["mark"], hit["info"] or "", hit.end()
    attached = bool(info) and hit.start("info") == hit.end("mark")
    ends = not text[end:high].strip()
    known = info.lower() in LANGUAGES and text[end : end + 1] in ("", " ", "\t", "\r", "\n", "<", "{", ",")
    if not (known or (leads and ((attached and ends) or has_attributes(text, hit.end("mark"), high)))):
        info, end = "", hit.end("mark")
    rest_end = high
    while rest_end > end and text[rest_end - 1] in _BLANKS:
        rest_end -= 1
    rest = end
    while rest < rest_end and text[rest] in _BLANKS:
        rest += 1
    char = mark[0] if len(set(mark)) == 1 else mark
    return FenceMark(Span(hit.start(), end), char, len(mark), info.lower(), leads, Span(rest, rest_end))


def _single(text: str, mark: FenceMark, low: int, high: int) -> bool:
    """Whether `mark`, the only possible mark on the line `text[low:high]`, really is a fence mark."""
    nothing_follows = mark.rest.start == mark.rest.end
    if "`" in mark.char and len(mark.char) > 1:  # typographic: next to other backticks it encloses inline code
        others = text[low : mark.span.start] + text[mark.span.end : high]
        if "`" in others or not (nothing_follows or mark.info or text[mark.span.end] in _BLANKS):
            return False
    if nothing_follows:
        return True
    return bool(mark.leads or (mark.info in FORMATS and text[mark.span.end] in " \t<"))


def _wraps(mark: FenceMark, between: str) -> bool:
    """Whether `mark`, the first of several possible marks on a line, is a fence mark rather than part of inline code.

    `between` is the text between `mark` and the last possible mark.
    """
    if mark.info in FORMATS:
        return is_prose(between, opening=False)
    return mark.leads and not mark.info and len(between.split()) >= _MIN_CODE_WORDS and is_prose(between)


def _same(char: str, mark: str) -> bool:
    return mark[0] == char[0] or ("`" in char and "`" in mark)


def _paired(marks: Iterator[FenceMark]) -> Iterator[FenceMark]:
    """Yield `marks`, except for marks such as `~~~` that are probably not fence marks."""
    opened: dict[str, bool] = {}
    for mark in marks:
        if mark.char in _DOUBTFUL:
            if not mark.info and not opened.get(mark.char):
                continue
            opened[mark.char] = bool(mark.info)
        yield mark
