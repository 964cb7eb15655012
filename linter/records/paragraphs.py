"""Delete whole paragraphs from a source."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator

from linter import patterns
from linter.document import Block, Document, Span
from linter.finding import Edit, Finding
from linter.fix.edits import Rewrite
from linter.readers.html_meaning import VOID
from linter.source import Source

_TAG = patterns.lazy(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)(?:\s[^<>]*?)?(/?)>|<!--[ ](/?)(wp:[a-z/-]++)[^<>]*?(/?)-->")
_OPENED = patterns.lazy(r"<(?:[a-zA-Z!][^<>]*)>\s*\Z")
_CLOSED = patterns.lazy(r"\s*<(?:/|!--[ ]/)[^<>]*>")
_BLANK_LINES = patterns.lazy(r"(?:[ \t]*(?:\r\n?|\n))*")
_UNDERLINE = patterns.lazy(r"(?:\r\n?|\n)[ ]{0,3}(?:=+|-+)[ \t]*(?=[\r\n]|\Z)")
_DELIMITERS = patterns.lazy(
    r"(?:\r\n?|\n)[ \t>]*+\|?[ \t]*+:?-[-:| \t]*+(?:(?:\r\n?|\n)[^\r\n]*\|[^\r\n]*)*(?=[\r\n]|\Z)"
)
_EMPTY_LINE = ("\n\n", "\r\r", "\r\n\r\n")  # ends of texts before a paragraph
_MOST_CHECKED = 50  # spans with a tag that lacks the other one for which the rest of the text is checked
_LOOKED_AT = 2_000  # code points before a paragraph in which its start tag is searched
_KEPT = frozenset({"html", "head", "body", "table", "td", "th"})  # elements that are never deleted


def without_paragraphs(document: Document, findings: Iterable[Finding]) -> Source:
    """Return the source of `document` without the paragraphs that contain one of `findings`.

    In HTML, a paragraph is deleted together with the tags that enclose nothing else. In Markdown and text, its whole
    lines are deleted, with the blank lines after them. A finding outside of all paragraphs deletes only its own text. A
    finding in the metadata, or whose deletion would separate a start tag from its end tag, deletes nothing.
    """
    source, places = document.source, _Places(document)
    wanted = [[*_spans(document, places, finding)] for finding in findings]
    edited = _without(source, [choices[0] for choices in wanted if choices])
    if _unmatched(edited.text) <= _unmatched(source.text):
        return edited
    return _without(source, _safe_spans(source, wanted))


def _safe_spans(source: Source, wanted: list[list[Span]]) -> list[Span]:
    """Return the first span of each list in `wanted` that, together with the spans before it, separates no tags."""
    chosen: list[Span] = []
    before, left, done = _unmatched(source.text), _MOST_CHECKED, 0
    for choices in sorted(wanted):
        for span in choices:
            is_whole = _open_tags(source.text[span.start : span.end]) == (0, 0) and not _is_in_tag(
                source.text, span.start
            )
            is_safe = span.start >= done and is_whole
            if not is_safe and left > 0:
                left -= 1
                is_safe = _unmatched(_without(source, [*chosen, span]).text) <= before
            if is_safe:
                chosen.append(span)
                done = max(done, span.end)
                break
    return chosen


def _is_in_tag(text: str, at: int) -> bool:
    """Whether `text[at]` may be inside a tag, which the text after a deletion could complete: `<<b`, `>`."""
    first = max(0, at - _LOOKED_AT)
    return text.rfind("<", first, at) > text.rfind(">", first, at)


def _without(source: Source, spans: Iterable[Span]) -> Source:
    merged: list[Span] = []
    for span in sorted(span for span in spans if span.start < span.end):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return Rewrite(source, [Edit(start, _end(source.text, start, end), "") for start, end in merged]).source


def _end(text: str, start: int, end: int) -> int:
    """Return the end of a span to delete, without line ends after which the rest of a line would join another line."""
    if start == 0 or text[start - 1] in "\r\n":
        return end
    return start + len(text[start:end].rstrip("\r\n"))


class _Places:
    """The paragraphs of a document, for lookups by offset."""

    def __init__(self, document: Document) -> None:
        self._blocks = document.top_level_blocks
        self._starts = [block.source_span.start for block in self._blocks]

    def blocks(self, start: int, end: int) -> list[Block]:
        """Return the paragraphs that overlap `[start, end)` or, if there are none, one that touches it."""
        touched: list[Block] = []
        at = bisect_right(self._starts, end) - 1
        while at >= 0 and self._blocks[at].source_span.end >= start:
            touched.append(self._blocks[at])
            at -= 1
        touched.reverse()
        overlapped = [one for one in touched if one.source_span.start < end and start < one.source_span.end]
        return overlapped or touched[:1]


def _spans(document: Document, places: _Places, finding: Finding) -> Iterator[Span]:
    """Yield the spans that may be deleted for a finding, the best first."""
    metadata = document.metadata.span
    if metadata and metadata.start <= finding.start < metadata.end:
        return
    start, end = _whole(document.source.text, finding.start, finding.end)
    blocks = places.blocks(start, end)
    if not blocks:
        yield Span(start, end)
        return
    start = min(start, blocks[0].source_span.start)
    end = max(end, blocks[-1].source_span.end)
    if document.kind in ("markdown", "text"):
        lines = _lines(document, Span(start, end), blocks[-1].scopes)
        if all(one in blocks or "table" in one.scopes for one in places.blocks(*lines)):
            yield lines
    yield _element(document.source.text, start, end)


def _whole(text: str, start: int, end: int) -> Span:
    """Return `[start, end)`, with the whole of each tag and line end that contains its start or its end."""
    first, last = start, end
    for tag in _TAG.finditer(text, max(0, start - _LOOKED_AT), end + _LOOKED_AT):
        if tag.start() >= last:
            break
        if tag.end() > first:
            start, end = min(start, tag.start()), max(end, tag.end())
    start -= text[max(0, start - 1) : start + 1] == "\r\n"
    end += text[max(0, end - 1) : end + 1] == "\r\n"
    return Span(start, end)


def _lines(document: Document, span: Span, scopes: frozenset[str]) -> Span:
    """Return the span of the lines of a paragraph, and of the blank lines after them.

    The marks of code fences, the underlines of headings, and the rest of a table whose head is deleted are included.
    """
    source, (start, end) = document.source, span
    text = source.text
    for fence in document.fences:
        if fence.closer and fence.opener.start <= start and end <= fence.closer.end:
            start, end = fence.opener.start, fence.closer.end
    end -= len(text[start:end]) - len(text[start:end].rstrip("\r\n"))
    first = source.line_span(start)[0]
    last = first + len(text[first : source.line_span(end)[1]].rstrip("\r\n"))
    pattern = _UNDERLINE if "heading" in scopes else _DELIMITERS if "table" in scopes else None
    if pattern and (more := pattern.match(text, last)):
        last = more.end()
    blank = _BLANK_LINES.match(text, last)
    after = blank.end() if blank else last
    before = text[max(0, first - _LOOKED_AT) : first]
    if not before.strip() or before.rstrip(" \t").endswith(_EMPTY_LINE):
        return Span(first, after)
    return Span(first, source.line_span(min(last + 1, len(text)))[0] if after > last else last)


def _element(text: str, start: int, end: int) -> Span:
    """Return the span of `[start, end)` and of the elements that contain nothing else."""
    openers, closers = _open_tags(text[start:end])
    for _ in range(openers):
        if closed := _CLOSED.match(text, end):
            end = closed.end()
    for _ in range(closers):
        if opened := _OPENED.search(text, max(0, start - _LOOKED_AT), start):
            start = opened.start()
    while (opened := _OPENED.search(text, max(0, start - _LOOKED_AT), start)) and (closed := _CLOSED.match(text, end)):
        names = {_name(tag) for tag in (opened[0], closed[0])}
        if len(names) > 1 or not names.isdisjoint(_KEPT) or _open_tags(opened[0] + closed[0]) != (0, 0):
            break
        start, end = opened.start(), closed.end()
    return Span(start, end)


def _name(tag: str) -> str:
    found = _TAG.search(tag)
    return (found[2] or found[5]).lower() if found else ""


def _open_tags(text: str) -> tuple[int, int]:
    """Return the number of start tags without end tags, and that of end tags without start tags."""
    opened: list[str] = []
    closers = 0
    for tag in _TAG.finditer(text):
        name = _tag_name(tag)
        if not name:
            continue
        if not (tag[1] or tag[4]):
            opened.append(name)
        elif name in opened:
            while opened[-1] != name:
                opened.pop()
            opened.pop()
        else:
            closers += 1
    return len(opened), closers


def _tag_name(tag: re.Match[str]) -> str:
    """Return the name of a tag that needs another one, or "" for a tag that stands alone."""
    name = str(tag[2] or tag[5]).lower()
    return "" if tag[3] or tag[6] or name in VOID else name


def _unmatched(text: str) -> int:
    """Return the number of tags without the end tag or start tag, even if HTML does not require that tag."""
    opened: Counter[str] = Counter()
    unmatched = 0
    for tag in _TAG.finditer(text):
        if name := _tag_name(tag):
            if not (tag[1] or tag[4]):
                opened[name] += 1
            elif opened[name]:
                opened[name] -= 1
            else:
                unmatched += 1
    return unmatched + opened.total()
