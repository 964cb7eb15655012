"""Find broken code fences in Markdown, and the prose that they would hide.

`Code` and `Fenced` describe the code that the parser found. `find_fence_damage` compares this code with the marks in
the text and returns the damage. When the damage is masked and the text is parsed again, the hidden prose appears.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from linter import patterns
from linter.document import Fence, Span
from linter.readers.fence_marks import (
    FORMATS,
    LANGUAGES,
    FenceMark,
    find_marks,
    has_attributes,
    marks_around,
    may_be_plain,
    may_be_typographic,
    typographic_marks,
)
from linter.readers.recover import Damage, is_prose

_BEGINS = patterns.lazy(r"\s*+(?:```|~~~)")
_LAST = patterns.lazy(r"((?<!`)`{3,}+|(?<!~)~{3,}+)[ \t]*+\Z")
_LINE = patterns.lazy(r"[^\r\n]*+(?:\r\n?|\n|\Z)")
_INDENT = patterns.lazy(r"[ \t>]*+")
_SECTION = patterns.lazy(r"\s*+(?:[-*+]|\d{1,9}[.)]|\#{2,6})[ \t]")  # the start of a list item or of a section
_HEADING = patterns.lazy(r"[ \t>]*+#{1,6}[ \t]")
_OPENS_HTML = patterns.lazy(r"<[!?SPTspt]")
_NEWLINE = patterns.lazy(r"[\r\n]")
# Info words of fences around whole articles.
_WRAPPERS = frozenset("html htm markdown md mdx text txt plain plaintext".split())
_MARKDOWN = frozenset({"markdown", "md", "mdx"})
# Formats of examples that may contain prose, and then code blocks.
_TEXT_FORMATS = _WRAPPERS | {"output", "rst"}
_MAX_PAIRED_MARKS = 100  # maximum marks that are paired to find the end of a code block with other code blocks inside
_MAX_ASIDE_LINES, _MIN_WRAPPED_LINES = 3, 5  # maximum lines of prose above a wrapped article, and minimum inside it
_STRUCTURED = patterns.lazy(  # structured data up to the end of the text
    r"(?P<first>\s*+(?:\[\s*+)?\{\s*+\"@(?:context|graph|type|id)\"[^\n]*\n).*[}\]]\s*(?:</script>\s*)?\Z", re.DOTALL
)
_PLAIN = frozenset({"", "text", "txt", "plain", "plaintext"})  # info words of fences that may contain anything
_CODE_INDENT = 4  # columns; a mark with this indent is part of indented code (CommonMark 4.4)
_OPENER = patterns.lazy(r"(`{3,}|~{3,})(?:[ \t]*+(?:(?:\{[ \t]*+)?\.?([A-Za-z][\w+#.-]*+)|[^\s`]++))?")
_CLOSER = patterns.lazy(r"[ \t>]*+(`{3,}|~{3,})[ \t]*+\Z")
_MAX_PREFIX = 200  # maximum code points searched for the indent of a mark


_AROUND_HTML = patterns.lazy(r"(~~~)(?=<[A-Za-z!/])(?:[^~]|~(?!~~)){1,5000}(~~~)(?!~)")
# A closed code block without marks of the same kind inside.
_CLOSED = patterns.lazy(
    r"^[ \t]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)*+(?P<code>(?P<mark>`{3,}+|~{3,}+)[^`\r\n]*+\r?\n"
    r"(?:(?![ \t]*+(?P=mark))[^\n]*+\n)*+[ \t]*+(?P=mark)[`~]*+)[ \t]*+\r?$",
    re.MULTILINE,
)
_RAW_HTML = patterns.lazy(r"\s*+<(?:[!?]|(?:pre|script|style|textarea)\b)", re.IGNORECASE)


class Fenced(NamedTuple):
    """A fenced code block as the parser found it.

    `opener` is the span of the opening mark with its info word, and `rest` the span of the text after the info word on
    the same line. `inner` is the span of the content, in whole lines. `closer` is the span of the closing mark, or
    None. `char` is the character of the opening mark, and `length` the number of these characters. `info` is the info
    word in lowercase, without braces or dots around it, or "". `depth` is the number of containers around the block,
    such as list items and block quotes. `indent` is the number of code points before the block on its first line, at
    most 200.
    """

    opener: Span
    char: str
    length: int
    info: str
    rest: Span
    inner: Span
    closer: Span | None
    depth: int
    indent: int


@dataclass
class Code:
    """The code and the HTML blocks in an article, as the parser found them, in order.

    `fenced` has the fenced code blocks. The other fields have spans: `blocks` those of all code blocks, `inline` those
    of inline code, and `html` those of HTML blocks.
    """

    fenced: list[Fenced] = field(default_factory=list)
    blocks: list[Span] = field(default_factory=list)
    inline: list[Span] = field(default_factory=list)
    html: list[Span] = field(default_factory=list)


def fenced(text: str, start: int, end: int, depth: int) -> Fenced:
    """Return a description of the fenced block at `text[start:end]`, which is inside `depth` containers."""
    opener = _OPENER.match(text, start, end)
    assert opener
    newline = _NEWLINE.search(text, start, end)
    line_end = newline.start() if newline else end
    word, mark_end = (opener[2] or "").lower(), opener.end()
    if word not in LANGUAGES and _reads_as_prose(text, opener.end(1), Span(opener.end(1), line_end)):
        word, mark_end = "", opener.end(1)
    inner = Span(behind_line(text, line_end, end), end)
    closer = None
    stop = end
    while stop > inner.start and text[stop - 1] in "\r\n":
        stop -= 1
    last = max(text.rfind("\n", inner.start, stop), text.rfind("\r", inner.start, stop), inner.start - 1) + 1
    if (mark := _CLOSER.match(text, last, stop)) and mark[1][0] == opener[1][0] and len(mark[1]) >= len(opener[1]):
        closer, inner = Span(*mark.span(1)), Span(inner.start, last)
    rest_end = line_end
    while rest_end > mark_end and text[rest_end - 1] in " \t":
        rest_end -= 1
    return Fenced(
        Span(start, mark_end),
        opener[1][0],
        len(opener[1]),
        word,
        Span(mark_end, rest_end),
        inner,
        closer,
        depth,
        fence_indent(text, start),
    )


def _reads_as_prose(text: str, mark_end: int, rest: Span) -> bool:
    """Whether the text in `rest`, on the line of an opening mark that ends at `mark_end`, is prose, not attributes."""
    if has_attributes(text, mark_end, rest.end):
        return False
    return is_prose(text[slice(*rest)].rstrip("`~ \t"), opening=False)


def behind_line(text: str, line_end: int, end: int) -> int:
    """Return the start of the line after the line end at `line_end`, or `end` if that comes first."""
    return min(line_end + (2 if text.startswith("\r\n", line_end) else 1), end)


def fence_indent(text: str, start: int) -> int:
    """Return the number of code points before `start` on its line, at most 200."""
    before = max(0, start - _MAX_PREFIX)
    newline = max(text.rfind("\n", before, start), text.rfind("\r", before, start), before - 1)
    return start - newline - 1


def may_hold_code(text: str) -> bool:
    """Whether `text` must be examined for damage, because it may contain code fences, or HTML such as comments."""
    if may_be_plain(text) or ("<" in text and _OPENS_HTML.search(text) is not None):
        return True
    return may_be_typographic(text)


def find_fence_damage(text: str, body: int, code: Code) -> Damage:
    """Return the damage from broken fences in `text[body:]`. `code` is the code that the parser found there."""
    damage = Damage([*_unparsed_code(text, body, code)])
    if damage:
        return damage
    _find_typographic(text, body, code, damage)
    for span in code.inline:
        if text.startswith("```", span.start) and (pair := marks_around(text, *span)):
            damage.cuts += [mark.span for mark in pair]
            damage.fences.append(Fence(pair[0].span, pair[1].span, pair[0].info, "one-line"))
    _FencePairing(text, code.fenced, damage, body).all()
    return damage


def fence_around_article(text: str, body: int) -> Damage:
    """Return, as damage, the two marks of a fence around all of `text[body:]`, if an article is inside the fence.

    Otherwise, the returned damage is empty.
    """
    damage = Damage()
    if not _BEGINS.match(text, body):
        return damage
    found = find_marks(text, body)
    if len(found) < 2 or not _encloses(text, body, found[0], found[-1]):
        return damage
    first, last = found[0], found[-1]
    inner = [mark for mark in found[1:-1] if mark.leads and mark.char == first.char]
    if _is_article(text, first, last, inner):
        for mark in (first, last):
            (damage.blanks if mark.alone else damage.cuts).append(mark.span)
        damage.fences.append(Fence(first.span, last.span, first.info, "wrapped"))
    return damage


def _encloses(text: str, body: int, first: FenceMark, last: FenceMark) -> bool:
    return (
        first.leads
        and first.char == last.char
        and first.char in "`~"
        and first.info in _WRAPPERS | {""}
        and last.length >= first.length
        and not last.info
        and not text[body : first.span.start].strip()
        and not text[last.span.end :].strip()
        and _NEWLINE.search(text, first.span.end, last.span.start) is not None
    )


def _is_article(text: str, first: FenceMark, last: FenceMark, inner: list[FenceMark]) -> bool:
    """Whether the text between the marks `first` and `last` is probably an article, judging by its prose.

    `inner` are the fence marks between the two, in order.
    """
    counts, within, done = [0, 0], False, first.span.end
    for mark in inner:
        counts[within] += prose_lines(text, done, mark.span.start)
        if mark.info and within:
            return False
        within, done = not within, mark.rest.end
    counts[0] += prose_lines(text, done, last.span.start)
    if within or (counts[1] and not all(mark.info for mark in inner[::2])):
        return False
    return counts[0] >= (2 if first.info in _PLAIN else 1)


def tildes_around_html(text: str, body: int) -> Damage:
    """Return, as damage, pairs of marks `~~~` around HTML, as in pages for Franklin.jl.

    The first mark of a pair is directly before a tag or comment. In CommonMark, `~~~` at the start of a line begins a
    code block.
    """
    damage = Damage()
    if "~~~<" in text:
        damage.blanks = [Span(*pair.span(mark)) for pair in _AROUND_HTML.finditer(text, body) for mark in (1, 2)]
    return damage


def _unparsed_code(text: str, body: int, code: Code) -> Iterator[Span]:
    """Yield the spans, with both marks, of closed code blocks in `text[body:]` that only some parsers recognize.

    Examples are code blocks inside HTML or a component, and those that are indented below the first line of a block of
    MkDocs, such as `!!! note`.
    """
    if not may_be_plain(text):
        return
    known = [Span(block.opener.start, (block.closer or block.inner).end) for block in code.fenced]
    known = sorted(known + [span for span in code.html if _RAW_HTML.match(text, *span)])
    known_starts, starts = [span.start for span in known], [block.start for block in code.blocks]
    for found in _CLOSED.finditer(text, body):
        span = Span(*found.span("code"))
        i = bisect_right(starts, span.start) - 1
        if not _lies_in(span, known, known_starts) and (i < 0 or not span.start < code.blocks[i].end >= span.end):
            yield span


def _find_typographic(text: str, body: int, code: Code, damage: Damage) -> None:
    """Add to `damage` the fence marks outside of code whose backticks a word processor changed."""
    if not (found := typographic_marks(text, body)):
        return
    # Inline code on several lines does not count as code: its backticks are really two fence marks.
    inline = [span for span in code.inline if not _NEWLINE.search(text, *span)]
    blocks = sorted(code.blocks + inline)
    starts = [block.start for block in blocks]
    found = [mark for mark in found if not _lies_in(mark.span, blocks, starts)]
    for mark in found:
        (damage.blanks if mark.alone else damage.cuts).append(mark.span)
    damage.fences += stray_fences((mark.span, mark.info) for mark in found)


def stray_fences(found: Iterable[tuple[Span, str]]) -> Iterator[Fence]:
    """Yield fences with the state `stray` for marks that delimit no code block.

    `found` has the span and the info word of each mark, in order. A mark without an info word closes the open fence, if
    there is one. Any other mark begins a new fence.
    """
    opener: tuple[Span, str] | None = None
    for span, info in found:
        if opener and not info:
            yield Fence(opener[0], span, opener[1], "stray")
            opener = None
            continue
        if opener:
            yield Fence(opener[0], None, opener[1], "stray")
        opener = span, info
    if opener:
        yield Fence(opener[0], None, opener[1], "stray")


def _lies_in(span: Span, blocks: Sequence[Span], starts: Sequence[int]) -> bool:
    i = bisect_right(starts, span.start) - 1
    return i >= 0 and span.start < blocks[i].end


@dataclass
class _FencePairing:
    """Examines the fenced blocks that the parser found, in order, and adds the broken fences to `damage`."""

    text: str
    fenced: list[Fenced]
    damage: Damage
    body: int = 0
    run: list[Fenced] = field(default_factory=list)  # top-level blocks whose marks may be paired incorrectly
    marks: list[FenceMark] | None = None  # the marks of the text, once they are needed

    def all(self) -> None:
        for i, block in enumerate(self.fenced):
            if not block.depth:
                if block.info:
                    self.run = []
                self.run.append(block)
            after = self.fenced[i + 1] if i + 1 < len(self.fenced) else None
            if self._is_misread(block):
                continue
            if inner := self._openers_in(block):
                if self._examples(block):
                    return  # the blocks below may be paired incorrectly
                # An example in Markdown may contain the first mark of a code block without the last one.
                if block.info not in _MARKDOWN or prose_lines(self.text, block.inner.start, inner[0].span.start):
                    self._never_closed(block, inner)
            elif block.closer is None and after and self._closes_late(block, after):
                self._late_closers(after)
                return
            elif block.closer is None:
                self._never_closed(block, [])

    def _is_misread(self, block: Fenced) -> bool:
        """Return whether `block` was probably misread as code; if so, report its marks."""
        text, rest = self.text, block.rest
        if not _reads_as_prose(text, block.opener.start + block.length, rest):
            return False
        state, closer = "stray", block.closer
        close = _LAST.search(text, *rest)
        if close and close[1][0] == block.char:
            closer, state = Span(*close.span(1)), "one-line"
            self.damage.cuts.append(closer)
        elif not self._holds_prose(block):
            return False
        elif closer:
            self.damage.blanks.append(closer)
        self.damage.cuts.append(block.opener)
        self.damage.fences.append(Fence(block.opener, closer, block.info, state if closer else "unclosed"))
        return True

    def _holds_prose(self, block: Fenced) -> bool:
        if block.info and block.info not in FORMATS:
            return False
        return not self.text[slice(*block.inner)].strip() or prose_lines(self.text, *block.inner) > 0

    def _openers_in(self, block: Fenced) -> list[FenceMark]:
        """Return the fence marks inside `block` that seem to begin other code blocks, in order."""
        if self.text.find(block.char * block.length, *block.inner) < 0:
            return []
        return [mark for mark in find_marks(self.text, *block.inner) if mark.info and self._is_like(mark, block)]

    def _is_like(self, mark: FenceMark, block: Fenced) -> bool:
        """Whether `mark` could begin or end `block`, or a block inside it."""
        return (
            mark.leads
            and mark.char == block.char
            and mark.length >= block.length
            and fence_indent(self.text, mark.span.start) - block.indent < _CODE_INDENT
        )

    def _examples(self, block: Fenced) -> bool:
        """Mask and report `block`, and blocks below it, that end too early because they contain other code blocks.

        Return whether `block` is such a block.
        """
        if self.marks is None:
            self.marks = [mark for mark in find_marks(self.text, self.body) if mark.info or mark.alone]
        first = bisect_left(self.marks, block.opener.start, key=lambda mark: mark.span.start)
        marks = [mark for mark in self.marks[first : first + _MAX_PAIRED_MARKS] if self._is_like(mark, block)]
        pairs, is_complete = _outer_pairs(marks)
        found = False
        for i, j in pairs if pairs and pairs[0][0] == 0 else ():
            opener, closer, after = marks[i], marks[j], marks[j + 1 : j + 2]
            if j == i + 1:
                continue
            # If the code blocks inside were not inside, `closer` would begin another block.
            if not (is_complete or not after or after[0].info):
                break
            inner = Span(behind_line(self.text, opener.rest.end, closer.span.start), marks[i + 1].span.start)
            if opener.info in LANGUAGES and opener.info not in _TEXT_FORMATS and prose_lines(self.text, *inner):
                break
            self._mask_example(opener, closer)
            found = True
        return found

    def _mask_example(self, opener: FenceMark, closer: FenceMark) -> None:
        """Mask the marks of a block that contains other code blocks, and its content, and report the block."""
        start = behind_line(self.text, opener.rest.end, closer.span.start)
        end = max(start, closer.span.start - fence_indent(self.text, closer.span.start))
        self.damage.fences.append(Fence(opener.span, None, opener.info, "nested"))
        self.damage.blanks += [Span(opener.span.start, opener.rest.end), closer.span]
        self.damage.code.append(Span(start, end))

    def _never_closed(self, block: Fenced, inner: list[FenceMark]) -> None:
        """Handle a missing closing mark of `block` or of an earlier block.

        `inner` are the opening marks inside `block`.
        """
        end = inner[0].span.start if inner else block.inner.end
        chosen = self._odd_one(block)
        span = Span(block.inner.start, end) if chosen is block else chosen.inner
        self._drop(chosen.opener, chosen.rest.end, chosen.info, span, chosen.indent, bool(inner))
        for mark, after in pairwise(inner):
            span = Span(behind_line(self.text, mark.rest.end, block.inner.end), after.span.start)
            self._drop(mark.span, mark.rest.end, mark.info, span, fence_indent(self.text, mark.span.start), True)
        self.run = []

    def _drop(self, opener: Span, line_end: int, info: str, inner: Span, indent: int, followed: bool) -> None:
        """Mask the line of the mark `opener`, up to `line_end`, and report that its fence has no closing mark.

        Unless `followed` is true, either step may be skipped, depending on `inner`, the content of the fence.
        """
        if info == "json" and not followed and (data := _STRUCTURED.match(self.text, *inner)):
            self.damage.blanks.append(Span(opener.start, line_end))
            self.damage.code.append(Span(data.end("first"), inner.end))
            return
        prose = _first_prose(self.text, inner, indent)
        if prose is None and not followed:
            return
        code_end = inner.end if prose is None else prose if info not in FORMATS else inner.start
        state = "wrapped" if self._wraps_all(opener, info) else "unclosed"
        self.damage.fences.append(Fence(opener, None, info, state))
        self.damage.blanks.append(Span(opener.start, line_end))
        if self.text[inner.start : code_end].strip():
            self.damage.code.append(Span(inner.start, code_end))

    def _wraps_all(self, opener: Span, info: str) -> bool:
        """Whether the mark `opener` probably begins a fence that a chatbot put around a whole Markdown article."""
        text = self.text
        return (
            info in _MARKDOWN
            and prose_lines(text, self.body, opener.start) <= _MAX_ASIDE_LINES
            and prose_lines(text, opener.end, len(text)) >= _MIN_WRAPPED_LINES
        )

    def _odd_one(self, last: Fenced) -> Fenced:
        """Return the block that was probably never closed: `last` or an earlier block of `run`."""
        if last.depth or len(self.run) < 2:
            return last
        # If a closing mark is missing, the parser pairs the marks after it incorrectly. For each block in turn, `cost`
        # is roughly the number of lines of prose that would be code if the closing mark of that block were missing.
        run = self.run
        cost = sum(self._prose_between(one, other) for one, other in pairwise(run))
        best, chosen = cost, run[0]
        for one, other in pairwise(run):
            cost += prose_lines(self.text, *one.inner) - self._prose_between(one, other)
            if cost <= best:
                best, chosen = cost, other
        return chosen

    def _prose_between(self, one: Fenced, other: Fenced) -> int:
        """Return the number of lines of prose and headings between two blocks, or 1 if there is only white space."""
        start, end = one.closer.end if one.closer else one.inner.end, other.opener.start
        lines = [line[0] for line in _LINE.finditer(self.text, start, end)]
        if not self.text[start:end].strip():
            return 1
        return sum(is_prose(line) or _HEADING.match(line) is not None for line in lines)

    def _closes_late(self, block: Fenced, after: Fenced) -> bool:
        """Whether the opening mark of `after` is probably the closing mark of `block`, with too little indent."""
        text = self.text
        if after.char != block.char or after.info or after.length < block.length or text[slice(*after.rest)]:
            return False
        if after.depth >= block.depth:
            return after.closer is None and not text[slice(*after.inner)].strip("> \t\r\n")
        goes_on = _SECTION.match(text, *after.inner) is not None or prose_lines(text, *after.inner) > 0
        if text[block.inner.end : after.opener.start].strip("> \t\r\n"):
            return goes_on and after.closer is None
        return goes_on or after.closer is None or bool(self._openers_in(after))

    def _late_closers(self, first: Fenced) -> None:
        """Mask `first.opener` and later closing marks with too little indent for the parser to pair them correctly."""
        self.damage.blanks.append(first.opener)
        found = [mark for mark in find_marks(self.text, first.inner.start) if mark.leads and mark.char == first.char]
        i = 0
        while i + 1 < len(found):
            opener, closer = found[i : i + 2]
            if closer.info:
                i += 1
                continue
            if closer.alone and fence_indent(self.text, closer.span.start) + 2 <= fence_indent(
                self.text, opener.span.start
            ):
                self.damage.blanks.append(closer.span)
            i += 2


def _outer_pairs(marks: Sequence[FenceMark]) -> tuple[list[tuple[int, int]], bool]:
    """Pair `marks` as if code blocks could contain code blocks, and return the indices of the outermost pairs.

    A mark with an info word always begins a block; any other mark ends the innermost block, if there is one. Also
    return whether all blocks end.
    """
    pairs: list[tuple[int, int]] = []
    opened: list[int] = []
    for i, mark in enumerate(marks):
        if mark.info or not opened:
            opened.append(i)
            continue
        first = opened.pop()
        if not opened:
            pairs.append((first, i))
    return pairs, not opened


def prose_lines(text: str, start: int, end: int) -> int:
    """Return the number of lines of prose in `text[start:end]`."""
    return sum(is_prose(line[0]) for line in _LINE.finditer(text, start, end))


def _first_prose(text: str, span: Span, indent: int) -> int | None:
    """Return the start of the first line of prose in a span, not counting indented code, or None if there is none."""
    for line in _LINE.finditer(text, *span):
        lead = _INDENT.match(line[0])
        if (lead.end() if lead else 0) < indent + _CODE_INDENT and is_prose(line[0]):
            return line.start()
    return None
