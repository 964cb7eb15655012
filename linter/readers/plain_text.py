"""Read plain text: paragraphs, wrapped lines, lists, and the HTML tags and code fences in the text."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from linter import patterns
from linter.document import Document, Fence, Span, Tag, pair_tags
from linter.readers import front_matter, markdown_inline
from linter.readers.builder import Builder
from linter.readers.fence_marks import FenceMark, find_marks
from linter.readers.html_meaning import CODE, PROSE, Markup
from linter.readers.tags import scan_tags
from linter.source import Source

_INLINE_CODE = CODE - {"pre", "xmp", "listing", "plaintext"}
# A bullet or a number before words; a letter needs a bracket, because “A. Smith” is a name.
_BULLET = patterns.lazy(r"[*+•◦▪▫‣⁃∙●○■□-][^\S\r\n]++(?=[^\r\n]*?\w)")
_NUMBER = patterns.lazy(r"\(?(?:\d{1,3}[.)]|[A-Za-z]\))[^\S\r\n]++(?=[^\r\n]*?\w)")
_ENDED = patterns.lazy(r"[.:;!?…。][\"'”’»)\]]*+\Z")


def read(source: Source) -> Document:
    """Return the document for a plain-text source. HTML tags and entities are interpreted; all tags count as visible.

    Front matter is supported, because some archives store articles with front matter as plain text. It is read only if
    it is closed (see `read_closed_front_matter`).
    """
    builder = Builder(source, "text")
    body = front_matter.read_closed_front_matter(builder)
    tags = [tag for tag in _tags(source.text) if tag.span.start >= body]
    items: list[Tag | FenceMark] = [*tags, *(mark for mark in find_marks(source.text) if mark.span.start >= body)]
    items.sort(key=lambda item: item.span)
    markup = Markup(builder, _closed(source.text, tags))
    writer = _Writer(source.text, builder, markup, wrap_width(_pairs(source.text)))
    for line in tagged_lines(source.text, items):
        if line.end >= body:
            writer.add(line)
    writer.end()
    return builder.document(front_matter.front_matter_language(builder.metadata.values))


@dataclass(eq=False)
class _Writer:
    """Adds lines to a builder, in order."""

    text: str
    builder: Builder
    markup: Markup
    wrapped: int  # columns at which lines are wrapped, or 0 if the text is not wrapped
    above: Line | None = None  # the previous line, if its block can continue

    def add(self, line: Line) -> None:
        """Add a line to the block of the previous line, or to a new block."""
        goes_on = self.above is not None and self._goes_on(self.above, line)
        if not self.markup.hides:
            if self.above and goes_on:
                end = self.above.end
                unbroken = markdown_inline.is_no_break(self.text[end - 1], self.text[line.start])
                self.builder.atom(end, line.start, "" if unbroken else "\n")
            else:
                self.end()
                if line.parts and self._is_item(line):
                    self.builder.scopes.append("list")
        self._parts(line, line.start if goes_on else 0)
        if line.blank and not self.markup.hides:
            self.end()
        self.above = line if line.parts and not line.blank else None

    def end(self) -> None:
        """End the current block, and any list item around it."""
        self.markup.end_line()
        self.builder.scopes.clear()

    def _parts(self, line: Line, start: int) -> None:
        """Add the tags and fences of a line, and its text from the offset `start` on."""
        fences = [part for part in line.parts if isinstance(part, FenceMark)]
        one_line = len(fences) == 2
        for part in line.parts:
            if isinstance(part, Tag):
                self.markup.tag(part)
            elif isinstance(part, Span):
                self.markup.text(max(part.start, start), part.end)
            elif not self.markup.hides:
                self.markup.flush()
                if not one_line:
                    self.builder.fences.append(Fence(part.span, None, part.info, "stray"))
                elif part is fences[0]:
                    self.builder.fences.append(Fence(part.span, fences[1].span, part.info, "one-line"))

    def _goes_on(self, above: Line, line: Line) -> bool:
        """Whether `line` is wrapped text that continues the block of the line `above`."""
        if not self.wrapped or not line.parts or above.depth != line.depth:
            return False
        before, after = self.text[above.last : above.end], self.text[line.words : line.end]
        if _BULLET.match(after):
            return False
        if _NUMBER.match(after) and (_ENDED.search(before) or not is_full_line(before, after, self.wrapped)):
            return False
        return continues_line(before, after, self.wrapped)

    def _is_item(self, line: Line) -> bool:
        return bool(_BULLET.match(self.text, line.words) or _NUMBER.match(self.text, line.words))


def _tags(text: str) -> list[Tag]:
    """Return the tags in plain text, in order, without tags that the text only mentions."""
    found = list(scan_tags(text))
    mentions = are_mentions(text, found, pair_tags(found))
    return [tag.shown() for tag, mention in zip(found, mentions, strict=True) if not mention]


def _closed(text: str, tags: Sequence[Tag]) -> frozenset[int]:
    """Return the offsets of the start tags that seem to have an end tag."""
    pairs = [(tags[i], tags[other]) for i, other in pair_tags(tags).items() if i < other]
    blanks: list[int] = []
    # inline code may not contain a blank line
    if any(tag.name in _INLINE_CODE for tag, _ in pairs):
        blanks = [end for end, _, blank in line_ends(text) if blank]
    return frozenset(
        tag.span.start
        for tag, end in pairs
        if tag.name not in _INLINE_CODE or bisect(blanks, tag.span.start) == bisect(blanks, end.span.start)
    )


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield each pair of successive lines in the same paragraph or list item."""
    at, above = 0, ""
    for end, after, blank in line_ends(text):
        if above or not blank:
            line = text[line_indent(text, at, end) : end]
            if above and line and not (_BULLET.match(line) or _NUMBER.match(line)):
                yield above, line
            above = "" if blank else text[at:end].rstrip()
        at = after


# Lines, with their tags and fence marks.

# A line end with the following blank lines.
_END = patterns.lazy(r"(?:\r\n?|\n)(?P<blank>(?:[^\S\r\n]*+(?:\r\n?|\n))++)?")
_INDENT = patterns.lazy(r"[^\S\r\n]*+(?:>[^\S\r\n]*+)*+")

Part = Span | Tag | FenceMark


class Line(NamedTuple):
    """A line with its words, tags and fence marks in order.

    All locations are offsets in the text. `parts` is empty if the line contains only white space and `>` markers.
    `start` is the offset after the indent and the `>` markers, and `depth` is the number of these markers. `words` is
    the offset of the first word, or `start` if there is none. `end` is the offset before trailing white space. A tag
    may contain line ends, so a `Line` may extend over several lines of the text; `last` is the offset at which the last
    of them starts. `blank` is true if a blank line follows.
    """

    parts: tuple[Part, ...]
    start: int
    words: int
    last: int
    end: int
    depth: int
    blank: bool


def tagged_lines(text: str, items: Sequence[Tag | FenceMark]) -> Iterator[Line]:
    """Yield the lines of `text` with their tags and fence marks. Blank lines between nonblank lines are left out.

    `items` are the tags and fence marks, in order. A line end inside a tag does not end the line.
    """
    parts: list[Part] = []
    at = last = i = 0
    for end, after, blank in line_ends(text):
        while i < len(items) and items[i].span.start < end:
            item = items[i]
            i += 1
            if item.span.start >= at:
                parts += [Span(at, item.span.start), item]
                at = item.span.end
        if at <= end:
            parts.append(Span(at, end))
            yield _line(text, parts, last, blank)
            parts = []
            at = after
        last = after


def line_ends(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the end of each line, the start of the next nonblank line, and whether blank lines are in between.

    These blank lines are not yielded as lines. For the last line, both offsets are the end of `text`.
    """
    for found in _END.finditer(text):
        yield found.start(), found.end(), found["blank"] is not None
    yield len(text), len(text), False


def line_indent(text: str, start: int, end: int) -> int:
    """Return the offset after the white space and `>` markers at the start of `text[start:end]`.

    The offset is `start` if there are none.
    """
    found = _INDENT.match(text, start, end)
    return found.end() if found else start


def _line(text: str, parts: list[Part], last: int, blank: bool) -> Line:
    """Return the line that consists of `parts`, the first and last of which are spans of text."""
    head, tail = parts[0], parts[-1]
    assert isinstance(head, Span)
    assert isinstance(tail, Span)
    start = line_indent(text, *head)
    end = tail.start + len(text[tail.start : tail.end].rstrip())
    if start >= end and len(parts) == 1:
        return Line((), start, start, last, start, 0, blank)
    parts[-1] = Span(tail.start, end)
    depth = text.count(">", head.start, start) if start > head.start else 0
    return Line(tuple(parts), start, _words(text, parts, start), last, end, depth, blank)


def _words(text: str, parts: Sequence[Part], start: int) -> int:
    """Return the offset of the first word in the parts of a line, at or after `start`, or `start` if there is none."""
    for part in parts:
        if isinstance(part, Span):
            low = max(start, part.start)
            words = text[low : part.end]
            if words and not words.isspace():
                return low + len(words) - len(words.lstrip())
    return start


# Wrapped lines.

WIDEST = 120  # columns; a longer line is a paragraph
_MIN_WIDTH = 30  # columns; shorter lines are lists and verse
_MIN_FULL_LINES = 3  # minimum full lines for a decision
_LINES_PER_OUTLIER = 50  # one line in this many may be longer than the others
_MIN_FULL_WIDTH = 0.9  # of the width: fmt and text editors do not use the last columns
_MAX_LAST_LINE_WIDTH = 0.75  # of the width: a shorter line before a capital ends its paragraph
_MIN_FULL_SHARE = 0.5  # minimum share of full lines in a wrapped text
_MAX_RAGGED_SHARE = 0.15  # maximum ratio of lines broken early within a sentence to full lines
_MIN_CONTINUED_SHARE = 0.3  # minimum share of full lines followed by a lowercase word

_WIDE = "[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]"
_WIDES = patterns.lazy(_WIDE)
_WORD = patterns.lazy(rf"\s*+({_WIDE}|\S+)")
_LETTER = patterns.lazy(r"[^\W\d_]")


def wrap_width(pairs: Iterable[tuple[str, str]]) -> int:
    """Return the number of columns at which text is wrapped, or 0 if it is not wrapped.

    `pairs` has the pairs of successive lines in the same paragraph. The first line of a pair is full if the first word
    of the second line would not have fit on it. Roughly, text is wrapped if at least half of the first lines are full,
    and sentences often continue after full lines.
    """
    lines = list(pairs)
    lengths = sorted(text_columns(line) for pair in lines for line in pair)
    widest = lengths[-1 - len(lengths) // _LINES_PER_OUTLIER] if lengths else 0
    if not _MIN_WIDTH <= widest <= WIDEST:
        return 0
    full = [after for line, after in lines if is_full_line(line, after, widest)]
    if len(full) < max(_MIN_FULL_LINES, _MIN_FULL_SHARE * len(lines)):
        return 0
    ragged = sum(_lower(after) for line, after in lines if not is_full_line(line, after, widest))
    cased = [after for after in full if _cased(after)]
    goes_over = sum(map(_lower, cased)) >= _MIN_CONTINUED_SHARE * len(cased)
    return widest if goes_over and ragged <= _MAX_RAGGED_SHARE * len(full) else 0


def continues_line(line: str, after: str, wrapped: int) -> bool:
    """Whether the line `after` continues the paragraph of `line`, in text that is wrapped at `wrapped` columns."""
    return wrapped > 0 and (_room_needed(line, after) > _MAX_LAST_LINE_WIDTH * wrapped or _lower(after))


def is_full_line(line: str, after: str, wrapped: int) -> bool:
    """Whether `line` and the first word of the following line `after` together fill over 90% of `wrapped` columns."""
    return _room_needed(line, after) > _MIN_FULL_WIDTH * wrapped


def text_columns(text: str) -> int:
    """Return the approximate width of `text` on a terminal, in columns."""
    return len(text) if text.isascii() else len(text) + len(_WIDES.findall(text))


def _room_needed(line: str, after: str) -> int:
    """Return the columns that `line` would need if the first word of the following line `after` were added."""
    word = _WORD.match(after)
    return text_columns(line) + 1 + (text_columns(word[1]) if word else 0)


def _lower(text: str) -> bool:
    letter = _LETTER.search(text)
    return letter is not None and letter[0].islower()


def _cased(text: str) -> bool:
    letter = _LETTER.search(text)
    return letter is not None and letter[0].lower() != letter[0].upper()


# Tags that the text mentions (“the <div> tag”), as opposed to leaked ones.

_PAIRS = {'"': '"', "“": "”", "„": "“”", "«": "»", "‘": "’", "'": "'", "`": "`", "(": ")", "[": "]"}
_ELEMENT_WORD = r"(?:tags?|elements?|Tags?|Elemente?n?s?|balises?|éléments?|etiquetas?|elementos?|elementi?o?)"
_NAMED_BEFORE = patterns.lazy(rf"(?<!\w){_ELEMENT_WORD}[ \t]\Z")
_NAMED_AFTER = patterns.lazy(rf"[ \t-]{_ELEMENT_WORD}(?!\w)")
_LISTED = patterns.lazy(r"(?:,| and| or| und| oder| et| ou| y| o| e|/|, and|, or)[ \t]?\Z")
_CONJUNCTION = patterns.lazy(r"[ \t](?:and|or|und|oder|et|ou|y|o|e)[ \t]")
_MAX_WORD_LENGTH = 12  # code points of the longest of these words


def are_mentions(text: str, tags: Sequence[Tag], partners: Mapping[int, int], *, shown: bool = True) -> list[bool]:
    """Return, for each of `tags`, in order, whether `text` only mentions the tag.

    A mention has no attributes. It is enclosed in quotation marks or brackets, or is part of a pair such as “<p> and
    </p>”. A tag without a partner is also a mention in these cases:

    - It is next to the word “tag” or “element”: the <b> tag
    - It comes before another mention in a list: <i> and <b> tags
    - It comes before another start tag without a partner in a list of two: <h1> or <h2>
    - It begins an element that running text does not use: <path>

    If `shown` is false, readers do not see the tags of `text`. Then the last case does not count, a pair needs the word
    “tags” or “elements” after it, and tags with a partner are not mentions on account of quotation marks or brackets.
    Neither are tags between backticks, which belong to the code before and after the tag.

    `partners` maps the indexes of start tags and end tags to each other, as returned by `pair_tags`.
    """
    mentions = [False] * len(tags)
    for i in range(len(tags) - 1, -1, -1):
        tag = tags[i]
        start, end = tag.span
        if tag.kind == "comment" or tag.attributes or text[end - 1] != ">":
            continue
        to_next = text[end : tags[i + 1].span.start] if i + 1 < len(tags) else ""
        if partners.get(i) == i + 1 and _CONJUNCTION.fullmatch(to_next) and not tags[i + 1].attributes:
            mentions[i] = mentions[i + 1] = shown or _NAMED_AFTER.match(text, tags[i + 1].span.end) is not None
        elif (shown or (i not in partners and text[start - 1 : start] != "`")) and _enclosed(text, start, end):
            mentions[i] = True
        elif i not in partners:
            listed = bool(to_next and _LISTED.match(to_next))
            if listed and not mentions[i + 1]:
                listed = mentions[i + 1] = tag.kind == tags[i + 1].kind == "open" and i + 1 not in partners
            slot = shown and tag.kind == "open" and tag.name not in PROSE  # <path> in a text about commands
            mentions[i] = slot or listed or _named(text, start, end)
    return mentions


def _named(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - _MAX_WORD_LENGTH) : start]
    return bool(_NAMED_AFTER.match(text, end) or _NAMED_BEFORE.search(before))


def _enclosed(text: str, start: int, end: int) -> bool:
    """Whether quotation marks or brackets seem to set off `text[start:end]`."""
    closers = _PAIRS.get(text[start - 1 : start], "")
    if not closers or text[end : end + 1] not in closers or end == len(text):
        return False
    before, after = text[max(0, start - 2) : max(0, start - 1)], text[end + 1 : end + 2]
    return not before.isalnum() and before not in tuple(".,!?") and not after.isalnum()
