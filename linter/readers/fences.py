"""Find broken code fences in Markdown, and the prose that they would hide.

`Code` and `Fenced` describe the code that the parser found. `find_fence_damage` compares this code with the marks in
the text and returns the damage. When the damage is masked and the text is parsed again, the hidden prose appears.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from linter import patterns
from linter.document import Fence, Span
from linter.readers.fence_marks import (
    FORMATS,
    LANGUAGES,
    FenceMark,
    find_marks,
    marks_around,
    may_be_plain,
    may_be_typographic,
    typographic_marks,
)
from linter.readers.recover import Damage, is_prose
from linter.record import NamedTuple, field, record

_BEGINS = patterns.lazy(r"\s*+(?:```|~~~)")
_LAST = patterns.lazy(r"((?<!`)`{3,}+|(?<!~)~{3,}+)[ \t]*+\Z")
_LINE = patterns.lazy(r"[^\r\n]*+(?:\r\n?|\n|\Z)")
_INDENT = patterns.lazy(r"[ \t>]*+")
_ITEM = patterns.lazy(r"\s*+(?:[-*+]|\d{1,9}[.)])[ \t]")
_HEADING = patterns.lazy(r"[ \t>]*+#{1,6}[ \t]")
_OPENS_HTML = patterns.lazy(r"<[!?SPTspt]")
_NEWLINE = patterns.lazy(r"[\r\n]")
# Info words of fences around whole articles.
_WRAPPERS = frozenset("html htm markdown md mdx text txt plain plaintext".split())
_MARKDOWN = frozenset({"markdown", "md", "mdx"})
_ASIDE, _WHOLE = 3, 5  # maximum lines of prose above a wrapped article, and minimum inside it
_STRUCTURED = patterns.lazy(  # structured data up to the end of the text
    r"(?P<first>\s*+(?:\[\s*+)?\{\s*+\"@(?:context|graph|type|id)\"[^\n]*\n).*[}\]]\s*(?:</script>\s*)?\Z", re.DOTALL
)
_PLAIN = frozenset({"", "text", "txt", "plain", "plaintext"})  # info words of fences that may contain anything
_CODE_INDENT = 4  # columns; a mark with this indent is part of indented code (CommonMark 4.4)
_OPENER = patterns.lazy(r"(`{3,}|~{3,})(?:[ \t]*+([^\s`]++))?")
_CLOSER = patterns.lazy(r"[ \t>]*+(`{3,}|~{3,})[ \t]*+\Z")
_WIDEST_PREFIX = 200  # maximum code points searched for the indent of a mark


_AROUND_HTML = patterns.lazy(r"(~~~)(?=<[A-Za-z!/])(?:[^~]|~(?!~~)){1,5000}(~~~)(?!~)")
_BELOW_HTML = patterns.lazy(
    r"^</?(?:h[1-6]|p|div|center|details|summary|blockquote|section)\b[^\n]*>[ \t]*+\r?\n"
    r"(?P<code>(?P<mark>`{3,}+)[\w+#.-]*+[ \t]*+\r?\n(?:(?!`{3})[^\n]*+\n)*+(?P=mark)[ \t]*+$)",
    re.MULTILINE | re.IGNORECASE,
)


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


@record(frozen=False)
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
    word = (opener[2] or "").strip("{}.").lower()
    mark_end = opener.end()
    if word not in LANGUAGES and is_prose(text[opener.end(1) : line_end].rstrip("`~ \t"), opening=False):
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


def behind_line(text: str, line_end: int, end: int) -> int:
    """Return the start of the line after the line end at `line_end`, or `end` if that comes first."""
    return min(line_end + (2 if text.startswith("\r\n", line_end) else 1), end)


def fence_indent(text: str, start: int) -> int:
    """Return the number of code points before `start` on its line, at most 200."""
    before = max(0, start - _WIDEST_PREFIX)
    newline = max(text.rfind("\n", before, start), text.rfind("\r", before, start), before - 1)
    return start - newline - 1


def may_hold_code(text: str) -> bool:
    """Whether `text` must be examined for damage, because it may contain code fences, or HTML such as comments."""
    if may_be_plain(text) or ("<" in text and _OPENS_HTML.search(text) is not None):
        return True
    return may_be_typographic(text)


def find_fence_damage(text: str, body: int, code: Code) -> Damage:
    """Return the damage from broken fences in `text[body:]`. `code` is the code that the parser found there."""
    damage = Damage()
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


def fences_below_html(text: str, body: int) -> Damage:
    """Return, as damage, the closed code blocks directly below a line of HTML.

    These blocks are fenced with backticks, and their spans include the fence marks. The line of HTML begins with a
    block tag such as `<div>` or `</p>`. Some parsers recognize such code blocks, but CommonMark does not.
    """
    damage = Damage()
    if ">\n```" in text or ">\r\n```" in text:
        damage.code = [Span(*code.span("code")) for code in _BELOW_HTML.finditer(text, body)]
    return damage


def tildes_around_html(text: str, body: int) -> Damage:
    """Return, as damage, pairs of marks `~~~` around HTML, as in pages for Franklin.jl.

    The first mark of a pair is directly before a tag or comment. In CommonMark, `~~~` at the start of a line begins a
    code block.
    """
    damage = Damage()
    if "~~~<" in text:
        damage.blanks = [Span(*pair.span(mark)) for pair in _AROUND_HTML.finditer(text, body) for mark in (1, 2)]
    return damage


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


@record(frozen=False)
class _FencePairing:
    """Examines the fenced blocks that the parser found, in order, and adds the broken fences to `damage`."""

    text: str
    fenced: list[Fenced]
    damage: Damage
    body: int = 0
    run: list[Fenced] = field(default_factory=list)  # top-level blocks whose marks may be paired incorrectly

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
                self._never_closed(block, inner)
            elif block.closer is None and after and self._closes_late(block, after):
                self._late_closers(after)
                return
            elif block.closer is None:
                self._never_closed(block, [])

    def _is_misread(self, block: Fenced) -> bool:
        """Return whether `block` was probably misread as code; if so, report its marks."""
        text, rest = self.text, block.rest
        close = _LAST.search(text, rest.start, rest.end)
        if not is_prose(text[rest.start : close.start() if close else rest.end], opening=False):
            return False
        state = "stray"
        closer = block.closer
        if close and close[1][0] == block.char:
            closer, state = Span(*close.span(1)), "one-line"
            self.damage.cuts.append(closer)
        elif closer:
            self.damage.blanks.append(closer)
        self.damage.cuts.append(block.opener)
        self.damage.fences.append(Fence(block.opener, closer, block.info, state if closer else "unclosed"))
        return True

    def _openers_in(self, block: Fenced) -> list[FenceMark]:
        """Return the fence marks inside `block` that seem to begin other code blocks, in order."""
        if self.text.find(block.char * block.length, *block.inner) < 0:
            return []
        return [
            mark
            for mark in find_marks(self.text, *block.inner)
            if mark.leads
            and mark.info
            and mark.char == block.char
            and mark.length >= block.length
            and fence_indent(self.text, mark.span.start) - block.indent < _CODE_INDENT
        ]

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
            and prose_lines(text, self.body, opener.start) <= _ASIDE
            and prose_lines(text, opener.end, len(text)) >= _WHOLE
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
        if after.depth >= block.depth or after.char != block.char or after.info or after.length < block.length:
            return False
        if text[block.inner.end : after.opener.start].strip("> \t\r\n") or text[slice(*after.rest)]:
            return False
        goes_on = _ITEM.match(text, *after.inner) is not None
        return goes_on or after.closer is None or bool(self._openers_in(after)) or prose_lines(text, *after.inner) > 0

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
