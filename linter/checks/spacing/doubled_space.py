"""Extra spaces between the words of a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter.checks.spacing._junctions import is_code_line, junction, line_around, place
from linter.document import OBJECT, Block, Document
from linter.finding import Edit
from linter.patterns import lazy
from linter.rule import Match
from linter.source_edits import source_edit
from linter.text.view import find
from linter.views import Place

_HARD = (lazy(r"\u00a0(?<![ \u00a0].)[ \u00a0]+"), lazy(r" \u00a0[ \u00a0]*"))
_PLAIN = lazy(r"  (?<!   ) *(?=[^ \n])")
# What may be before two spaces: a word, a number of two or more characters, a comma, a closing parenthesis within a
# sentence or an initial.
_LEFT = r"(?<=[^\W\d]..)|(?<=[\w$.,]\d..)|(?<=[,;]..)|(?<=[^.!?]\)..)|(?<=,[\"”]..)|(?<=[\s(.][A-Z]\...)"
_HIDDEN = lazy(rf"  (?:{_LEFT})(?<!   ) ?(?=[\w(“\"$€£{OBJECT}]|[–—-] )")
_PADDING = lazy(r"(?<![ \u00a0])[ \u00a0]{4,}+\S")
_TAB = lazy(r"\t(?=[^\W\d_]+,?(?: [^\W\d_]+){3})")
_BEFORE_TAB = lazy(r"[^\W\d_] [^\W\d_]+ [^\W\d_]{2,}[.,;:!?)]?\Z")
_REACH = 200  # code points on each side that are examined
_MAX_ROW_WORDS = 5  # a line with no more words than this may be a row of a table
# In Markdown and HTML, a line of a block of several lines may be a row of a table if it has fewer words.
_MAX_BLOCK_ROW_WORDS = 4
_MAX_SPACES = 3  # maximum number of spaces between words; more spaces are a gap in a table
_MIN_WORDS_PER_GAP = 7  # minimum words per gap in a line that is text and not a row of a table
_LONG_LINE = 400, 3  # code points of a long line, and the minimum words per gap in it
_MAX_CELL_LENGTH = 200  # a table cell with more code points is a paragraph
_END_MARKS = ".!?…:"
_BULLETS = " \u00a0·•▪◦-–"


@dataclass(frozen=True)
class DoubledSpace:
    """Two or more spaces, or a tab, between the words of a sentence.

    Readers do not see most of these spaces, because browsers show them as one. They see spaces that include a no-break
    space, except two or three between sentences, which are a habit of typists, and gaps where a line break was lost:
    more than three spaces in a line of plain text with more than 400 code points. With `visible: true`, only these
    match; otherwise, only the others do.

    In plain text, a line of at most five words is ignored. A line with fewer than seven words per gap (lines of more
    than 400 code points: three) is also ignored, as a row of a table; a gap is two or more spaces. In other lines, gaps
    of two or three spaces within a sentence match. In a line of more than 400 code points, gaps between sentences also
    match if there are fewer of them. Otherwise, gaps between sentences are a habit of typists and are ignored.

    In Markdown and HTML, two or three ordinary spaces within a sentence match, except in code and between columns.

    Spaces that include a no-break space match in lines of more than five words. Two or three such spaces must follow
    a word or punctuation mark and precede a word, an opening quotation mark or a parenthesis. More than three may be
    anywhere within the line, but several such gaps in a line are ignored, because forms have them.

    A tab matches if it is the only tab in its line, with at least three words before it and four after it. Table cells
    of at most 200 code points are ignored. The fix replaces the spaces or the tab with one space. The message may use
    {left} and {right}, the words on both sides.
    """

    visible: bool = False

    values: ClassVar[frozenset[str]] = frozenset({"left", "right"})

    def find_in(self, document: Document) -> Iterator[Match]:
        for block, start, end in self._places(document):
            yield _match(document, block, start, end)

    def _places(self, document: Document) -> Iterator[Place]:
        if document.kind == "text":
            for line in _lines_with_gaps(document):
                yield from _gaps_of_text(line, self.visible)
        for gap in find(document, *_HARD):
            block, *span = gap
            if _is_prose(block) and _is_hard(block.text, *span) and _is_gap(block.text, *span) == self.visible:
                yield gap
        if self.visible:
            return
        for gap in find(document, _TAB):
            if "table" not in gap[0].scopes and _is_lone_tab(gap[0].text, *gap[1:]):
                yield gap
        if document.kind != "text":
            for gap in find(document, _HIDDEN):
                if _is_prose(gap[0]) and _is_written(document, *gap):
                    yield gap


def _lines_with_gaps(document: Document) -> Iterator[list[Place]]:
    """Yield the gaps of each line of plain text that has any, as one list per line. A gap is two or more spaces."""
    before: Place | None = None
    line: list[Place] = []
    for place_ in find(document, _PLAIN):
        if before and (before[0] is not place_[0] or "\n" in place_[0].text[before[2] : place_[1]]):
            yield line
            line = []
        line.append(place_)
        before = place_
    if line:
        yield line


def _gaps_of_text(line: list[Place], visible: bool) -> Iterator[Place]:
    """Yield the gaps in a line that are probably mistakes, given all gaps of the line.

    If `visible` is true, these are the wide gaps of a long line; otherwise, the others.
    """
    text, (_, first, _) = line[0][0].text, line[0]
    start, end = text.rfind("\n", 0, first) + 1, text.find("\n", first)
    words = text[start : end if end >= 0 else len(text)].split()
    long, few = _LONG_LINE
    is_long = sum(map(len, words)) + len(words) > long
    if len(words) <= _MAX_ROW_WORDS or len(words) < len(line) * (few if is_long else _MIN_WORDS_PER_GAP):
        return
    if visible:
        yield from (gap for gap in line if is_long and gap[2] - gap[1] > _MAX_SPACES and _is_plain(text, *gap[1:]))
        return
    line = [gap for gap in line if gap[2] - gap[1] <= _MAX_SPACES]
    within = [gap for gap in line if _is_within(text, *gap[1:])]
    yield from line if is_long and len(within) * 2 > len(line) else within


def _is_plain(text: str, start: int, end: int) -> bool:
    """Whether there are words directly before and after a gap, and no line break or no-break space."""
    return start > 0 and not text[start - 1].isspace() and not text[end].isspace()


def _is_prose(block: Block) -> bool:
    """Whether `block` is not a short table cell.

    A cell of more than _MAX_CELL_LENGTH code points is considered prose, because old pages use tables for their layout.
    """
    return "table" not in block.scopes or len(block.text) > _MAX_CELL_LENGTH


def _is_lone_tab(text: str, start: int, end: int) -> bool:
    """Whether a tab comes after at least three words and is the only tab in its line."""
    head, tail = _around(text, start, end)
    return "\t" not in head + tail and _BEFORE_TAB.search(head) is not None


def _is_within(text: str, start: int, end: int) -> bool:
    """Whether a gap is probably within a sentence, judging by the characters around it."""
    before = text[start - 1 : start].strip('"”’)') or text[start - 2 : start - 1]
    return start > 0 and before not in _END_MARKS and (text[end].isalnum() or text[end] in "(“\"‘'$€£–—-")


def _is_written(document: Document, block: Block, start: int, end: int) -> bool:
    """Whether a gap is the same in the source and is probably not part of program code or a table."""
    span, text = block.span(start, end), block.text
    if document.source.text[span.start : span.end] != text[start:end]:
        return False
    return not is_code_line(text, start, end) and not _is_between_columns(text, start, end)


def _is_between_columns(text: str, start: int, end: int) -> bool:
    """Whether a gap in a block of several lines may be between columns of a table."""
    if "\n" not in text:
        return False
    head, tail = _around(text, start, end)
    if len((head + " " + tail).split()) < _MAX_BLOCK_ROW_WORDS:
        return True
    column, first = end - text.rfind("\n", 0, end) - 1, text.rfind("\n", 0, end)
    above = text[:first].rpartition("\n")[2] if first >= 0 else ""
    below = text[end:].partition("\n")[2].partition("\n")[0]
    return any(line[column - 2 : column] == "  " and line[column : column + 1] > " " for line in (above, below))


def _is_gap(text: str, start: int, end: int) -> bool:
    """Whether spaces look like a gap where something is missing, and not like the habit of a typist."""
    return end - start > _MAX_SPACES or text[:start].rstrip('"”’)')[-1:] not in _END_MARKS


def _is_hard(text: str, start: int, end: int) -> bool:
    """Whether a gap with no-break spaces is probably a mistake, and not indentation or alignment."""
    head, tail = _around(text, start, end)
    if not _has_sentence(head, tail) or head.endswith("Â"):  # what is left of a damaged no-break space
        return False
    if end - start > _MAX_SPACES:
        return (
            head.strip(_BULLETS) != ""
            and tail.strip() != ""
            and not _PADDING.search(head)
            and not _PADDING.search(tail)
        )
    left = text[start - 1 : start]
    return (text[end].isalpha() or text[end] in '(“"‘') and (left.isalpha() or left in tuple(',;:.!?)”"’'))


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the text before and after a gap in its line, each at most _REACH code points."""
    return line_around(text, start, end, _REACH)


def _has_sentence(head: str, tail: str) -> bool:
    return len((head + " " + tail).split()) > _MAX_ROW_WORDS


def _match(document: Document, block: Block, start: int, end: int) -> Match:
    found = junction(block.text, start, end)
    edit = source_edit(Edit(start, end, " "), block, document)
    span = place(block, (found.start, found.end), (start, end))
    left = found.left or block.text[:start].split()[-1]
    right = (found.right or block.text[end:].split(maxsplit=1)[0]).replace(OBJECT, "…")
    return Match(*span, {"left": left, "right": right}, (edit,) if edit else ())
