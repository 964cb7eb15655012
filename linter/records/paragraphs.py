"""Delete whole paragraphs from a source."""

from __future__ import annotations

from collections.abc import Iterable

from linter import patterns
from linter.document import Document, Span
from linter.finding import Edit, Finding
from linter.fix.edits import Rewrite
from linter.readers.html_meaning import BLOCK
from linter.source import Source

_OPENED = patterns.lazy(r"<([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?>\s*\Z")
_CLOSED = patterns.lazy(r"\s*</([a-zA-Z][a-zA-Z0-9]*)\s*>")
_BLANK_LINES = patterns.lazy(r"(?:[ \t]*(?:\r\n?|\n))*")
_LOOKED_AT = 2_000  # code points before a paragraph in which its start tag is searched


def without_paragraphs(document: Document, findings: Iterable[Finding]) -> Source:
    """Return the source of `document` without the paragraphs that contain one of `findings`.

    In HTML, a paragraph is deleted together with the tags that enclose nothing else. In Markdown and text, its whole
    lines are deleted, with the blank lines after them. A finding outside of all paragraphs deletes only its own text.
    """
    spans: list[Span] = []
    for span in sorted(_paragraph(document, finding) for finding in findings):
        if spans and span.start <= spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(span.end, spans[-1].end))
        else:
            spans.append(span)
    return Rewrite(document.source, [Edit(start, end, "") for start, end in spans]).source


def _paragraph(document: Document, finding: Finding) -> Span:
    for block in document.top_level_blocks:
        start, end = block.source_span
        if start <= finding.start and finding.end <= end and start < end:
            is_html = document.kind not in ("markdown", "text")
            return _element(document.source, start, end) if is_html else _lines(document.source, start, end)
    return Span(finding.start, finding.end)


def _lines(source: Source, start: int, end: int) -> Span:
    """Return the span of the lines of `[start, end)` and of the blank lines after them."""
    first, last = source.line_span(start)[0], source.line_span(end)[1]
    blank = _BLANK_LINES.match(source.text, last)
    return Span(first, blank.end() if blank else last)


def _element(source: Source, start: int, end: int) -> Span:
    """Return the span of `[start, end)` and of the block elements that contain nothing else."""
    text = source.text
    while (opened := _OPENED.search(text, max(0, start - _LOOKED_AT), start)) and (closed := _CLOSED.match(text, end)):
        if opened[1].lower() != closed[1].lower() or opened[1].lower() not in BLOCK:
            break
        start, end = opened.start(), closed.end()
    return Span(start, end)
