"""Read Org, the format of Emacs Org mode, for the rules of Vale styles.

The syntax is described at https://orgmode.org/worg/org-syntax.html. Only the first paragraph of a list item or a quote
has the scope `list` or `quote`. Headings start at level 2, as in exported HTML. Comments are tags of the kind
`comment`. Keywords such as `#+TITLE:`, drawers, and time stamps of headings are left out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from linter import patterns
from linter.document import Document, Image, Span, Tag
from linter.readers.builder import Builder
from linter.source import Source

_MAX_INLINE = 200  # code points of inline markup
_MAX_DEPTH = 5  # levels of nested emphasis
_LINE = patterns.lazy(r"([^\r\n]*)(?:\r\n?|\n|\Z)")
_HEADING = patterns.lazy(r"(\*+)[ \t]+(?:\[#[A-Z0-9]\][ \t]*)?")
_LABELS = patterns.lazy(r"[ \t]:[\w@#%:]+:\Z")  # at the end of a heading
_COMMENT = patterns.lazy(r"[ \t]*#(?:[ \t].*)?\Z")
_BEGIN = patterns.lazy(r"[ \t]*#\+begin_(\w+)", re.IGNORECASE)
_KEYWORD = patterns.lazy(r"[ \t]*#\+[^\s:]+:.*|[ \t]*(?:CLOSED|DEADLINE|SCHEDULED):[ \t]*[<\[].*|[ \t]*-{5,}[ \t]*\Z")
_DRAWER = patterns.lazy(r"[ \t]*:[\w-]+:[ \t]*\Z")
_END = patterns.lazy(r"[ \t]*(?:\#\+end_\w+|:end:)[ \t]*\Z", re.IGNORECASE)
_FIXED = patterns.lazy(r"[ \t]*:(?: .*)?\Z")
_ROW = patterns.lazy(r"[ \t]*\|")
_RULE = patterns.lazy(r"[ \t]*\|-")
_ITEM = patterns.lazy(r"([ \t]*)(?:[-+]|\d{1,9}[.)]|(?<=[ \t])\*)(?:[ \t]+|\Z)(?:\[[ xX-]\][ \t]+)?")
_WHITE = patterns.lazy(r"[ \t]*")
_INLINE = patterns.lazy(
    rf"""
    \[\[ (?P<url>[^\[\]]{{1,{_MAX_INLINE}}}) \] (?:\[ (?P<words>[^\[\]]{{1,{_MAX_INLINE}}}) \])? \]
    | (?<![^\s\-({{'"]) (?P<mark>[=~*/_+]) (?=\S) (?P<inside>.{{1,{_MAX_INLINE}}}?) (?<=\S) (?P=mark)
      (?![^\s\-.,;:!?'")}}\[])
    | \[fn:[^\[\]]{{0,{_MAX_INLINE}}}\] | <<<?[^<>]{{1,{_MAX_INLINE}}}>>>?
    """,
    re.VERBOSE,
)
_IMAGE = patterns.lazy(r".*\.(?:png|jpe?g|gif|svg|webp)\Z", re.IGNORECASE)
_HIDDEN = frozenset({"src", "example", "export", "comment"})  # blocks whose content is not text


class _Line(NamedTuple):
    """A line of the source: its text, and the offset at which it begins."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def read(source: Source) -> Document:
    """Return the document for an Org source."""
    reader = _Reader(source)
    reader.read()
    return reader.builder.document()


class _Reader:
    def __init__(self, source: Source) -> None:
        self.builder = Builder(source, "org")
        self._lines = [_Line(found[1], found.start()) for found in _LINE.finditer(source.text)]
        self._scope = ""  # of the next paragraph: `list`, `quote` or ""
        self._end = -1  # end of the last line of the current block, or -1
        self._quotes: set[int] = set()  # indexes of the lines that end a quote or a similar block
        self._headings = [i for i, line in enumerate(self._lines) if line.text.startswith("*")]
        self._ends: dict[str, list[int]] = {}  # indexes of the lines that end blocks and drawers, by their text
        for i, line in enumerate(self._lines):
            if _END.match(line.text):
                self._ends.setdefault(line.text.strip().lower(), []).append(i)

    def read(self) -> None:
        i = 0
        while i < len(self._lines):
            i = self._element(i)
        self._flush()

    def _element(self, i: int) -> int:
        """Add the line with the index `i`, or the element that begins there; return the index of the next line."""
        line = self._lines[i]
        text = line.text
        if not text.strip() or i in self._quotes:
            self._flush()
            self._scope = "" if i in self._quotes else self._scope
        elif heading := _HEADING.match(text):
            self._heading(line, heading)
        elif _COMMENT.match(text):
            self._flush()
            start = line.end - len(text.lstrip())
            self.builder.tags.append(Tag("", "comment", Span(start, line.end)))
        elif begin := _BEGIN.match(text):
            self._flush()
            return self._block(i, begin[1].lower())
        elif _KEYWORD.match(text):
            self._flush()
        elif _DRAWER.match(text) and (end := self._find(i, ":end:")):
            self._flush()
            return end + 1
        elif _FIXED.match(text):
            self._flush()
            self.builder.code(line.start, line.end)
        elif _ROW.match(text):
            self._flush()
            return self._table(i)
        else:
            self._words(line)
        return i + 1

    def _find(self, i: int, words: str) -> int:
        """Return the index of the first line after `i` with the text `words`, before the next heading; 0 if none."""
        lines = self._ends.get(words, [])
        at, heading = bisect_right(lines, i), bisect_right(self._headings, i)
        if at == len(lines) or (heading < len(self._headings) and self._headings[heading] < lines[at]):
            return 0
        return lines[at]

    def _heading(self, line: _Line, heading: re.Match[str]) -> None:
        self._flush()
        self._scope = ""
        text = line.text.rstrip(" \t")
        labels = _LABELS.search(text, heading.end() - 1)
        end = len((text[: labels.start()] if labels else text).rstrip(" \t"))
        self._inline(line.start + heading.end(), line.start + max(heading.end(), end))
        self.builder.heading(min(len(heading[1]) + 1, 6))

    def _block(self, i: int, name: str) -> int:
        end = self._find(i, f"#+end_{name}")
        if not end:  # what is broken hides nothing
            return i + 1
        if name in _HIDDEN:
            self.builder.code(self._lines[i + 1].start, self._lines[end].start)
            return end + 1
        self._scope = "quote" if name == "quote" else ""
        self._quotes.add(end)
        return i + 1

    def _table(self, i: int) -> int:
        end = i
        while end < len(self._lines) and _ROW.match(self._lines[end].text):
            end += 1
        rules = [at for at in range(i, end) if _RULE.match(self._lines[at].text)]
        header = next((at for at in rules if at > i), i)
        for at in range(i, end):
            if at not in rules:
                self._row(self._lines[at], "table.header" if at < header else "table.cell")
        return end

    def _row(self, line: _Line, scope: str) -> None:
        start = line.start + line.text.index("|") + 1
        for cell in line.text[start - line.start :].split("|"):
            self._inline(start, start + len(cell))
            self.builder.flush("table", scope)
            start += len(cell) + 1

    def _words(self, line: _Line) -> None:
        if item := _ITEM.match(line.text):
            self._flush()
            self._scope, start = "list", line.start + item.end()
        else:
            indent = _WHITE.match(line.text)
            start = line.start + (indent.end() if indent else 0)
            if self._end < 0 and start == line.start and self._scope == "list":
                self._scope = ""  # the list has ended
            if self._end >= 0:
                self.builder.atom(self._end, start, "\n")
        self._inline(start, line.end)
        self._end = line.start + len(line.text.rstrip())

    def _flush(self) -> None:
        if self._end >= 0:
            self.builder.flush(self._scope or "paragraph")
            self._scope = ""
        self._end = -1

    # Inline markup.

    def _inline(self, start: int, end: int, depth: int = 0) -> None:
        text = self.builder.source.text[start:end].rstrip()
        done = 0
        for found in _INLINE.finditer(text):
            self.builder.text(start + done, start + found.start())
            self._markup(found, start, depth)
            done = found.end()
        self.builder.text(start + done, start + len(text))

    def _markup(self, match: re.Match[str], base: int, depth: int) -> None:
        span = Span(base + match.start(), base + match.end())
        low, high = base + match.start("inside"), base + match.end("inside")
        if match["mark"] and match["mark"] in "=~":
            self.builder.atom(*span)
            self.builder.code(low, high)
        elif match["mark"] and depth < _MAX_DEPTH:
            self._inline(low, high, depth + 1)
        elif match["mark"]:
            self.builder.text(*span)
        elif match["url"]:
            self._link(match, base, span)

    def _link(self, match: re.Match[str], base: int, span: Span) -> None:
        url = Span(base + match.start("url"), base + match.end("url"))
        if not match["words"] and _IMAGE.match(match["url"]):
            self.builder.image(Image(span, None, match["url"], url))
            return
        words = "words" if match["words"] else "url"
        self.builder.open_link(span.start, match["url"], url, "inline")
        self.builder.text(base + match.start(words), base + match.end(words))
        self.builder.close_link(span.end)
