"""Edits that take a suppression out of an article and leave its text as it is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from linter.block import Span
from linter.silencing.directives import Named
from linter.source import Source

Edit = tuple[int, int, str]  # replace `[start, end)` of the source


def comment(source: Source, span: Span) -> Edit:
    """Takes a comment away, with its line where nothing else stands on that; no two paragraphs become one."""
    text, lines = source.text, source.line_starts
    low, high = source.line_span(span.start)[0], source.line_span(span.end)[1]
    if text[low : span.start].strip() or text[span.end : high].strip():
        spaced = text[span.start - 1 : span.start] == " " and (span.end == high or text[span.end].isspace())
        return span.start - spaced, span.end, ""
    first, behind = bisect_right(lines, low) - 1, bisect_right(lines, high)  # its line, and the one below
    above_blank = first == 0 or _is_blank(source, first - 1)
    below_blank = behind >= len(lines) or _is_blank(source, behind)
    if not above_blank and not below_blank:
        return low, high, ""  # it stands between two paragraphs as a blank line does
    below = behind + (above_blank and below_blank)
    return low, lines[below] if below < len(lines) else len(text), ""


def name(names: Sequence[Named], at: int) -> Edit:
    """Takes one of several names away, with what stands between it and the next one or the one before."""
    span = names[at].span
    if at + 1 < len(names):
        return span.start, names[at + 1].span.start, ""
    return names[at - 1].span.end, span.end, ""


def item(source: Source, span: Span) -> Edit:
    """Takes an item out of a list in front matter, with its line, or its comma; a text alone becomes an empty list."""
    text, (start, end) = source.text, span
    if text[start - 1 : start] == text[end : end + 1] and text[end : end + 1] in ("'", '"'):
        start, end = start - 1, end + 1
    line, line_end = source.line_span(start)
    if text[line:start].strip() == "-" and not text[end:line_end].partition("#")[0].strip():
        return line, _behind(source, line_end), ""
    before, behind = text[line:start].rstrip(), text[end:line_end].lstrip()
    if before.endswith(","):
        return line + len(before) - 1, end, ""
    if behind.startswith(","):
        return start, line_end - len(behind[1:].lstrip()), ""
    return start, end, "" if before.endswith("[") else "[]"


def lines(source: Source, first: int, last: int) -> Edit:
    """Takes lines away, 0-based, the last one too."""
    end = source.line_span(source.line_starts[last])[1]
    return source.line_starts[first], _behind(source, end), ""


def _behind(source: Source, line_end: int) -> int:
    """Where the next line begins."""
    at = bisect_right(source.line_starts, line_end)
    return source.line_starts[at] if at < len(source.line_starts) else len(source.text)


def _is_blank(source: Source, line: int) -> bool:
    start, end = source.line_span(source.line_starts[line])
    return not source.text[start:end].strip()
