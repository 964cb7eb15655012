"""Plain data about a checked article for the page: its verdict, its lines with marks, and its findings.

Readers of HTML see blocks and no tags. So the rows of HTML are its blocks, and all other parts of the source are code.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from linter import reporters
from linter.document import OBJECT, PROSE, Block, Document, Span, Tag
from linter.finding import SEVERITIES, Finding
from linter.readers.html_meaning import RAW_TEXT
from linter.reporters import html, terminal
from linter.reporters.html.passages import Layout, Part, Passage, layout_rows, passage_rows
from linter.rule import Rule
from linter.source import LINE_END

_SHOWN = PROSE | {"boilerplate", "code"}  # the scopes of blocks that readers see
_STYLED = ("boilerplate", "code", "heading", "quote", "list", "caption", "table")  # the first that a block has counts


def view(
    document: Document, findings: Sequence[Finding], rules: Mapping[str, Rule], explained: Callable[[Rule], Rule]
) -> dict[str, Any]:
    """Return what the page shows of an article, as plain data for JSON.

    `findings` are all findings of the document, in order. `rules` maps names to rules, and `explained` returns a rule
    with its examples. `rows` are lists of a 1-based line, pieces, the indexes of the findings that begin in the row
    (see `passages.Row`), and the scope of the block ("" for a plain paragraph, and unless the source is HTML). `edits`
    have 0-based offsets in code points.
    """
    names = sorted({finding.rule for finding in findings})
    numbers = {name: number for number, name in enumerate(names)}
    return {
        "version": 1,
        "verdict": verdict(findings),
        "counts": dict(zip(SEVERITIES, reporters.severity_counts(findings), strict=True)),
        "fixable": sum(bool(finding.fix and finding.fix.safe) for finding in findings),
        "rules": names,
        "explanations": [_explanation(rules.get(name), explained) for name in names],
        "rows": _html_rows(document, findings) if document.markup == "html" else _plain_rows(document, findings),
        "findings": [html.finding_data(finding, numbers) | {"edits": _edits(finding)} for finding in findings],
    }


def verdict(findings: Sequence[Finding]) -> tuple[str, str]:
    """Return the total and the outcome, such as “2 errors and 1 note” and “not ready to publish.”

    If there are neither errors nor warnings, the outcome is "".
    """
    severities = {finding.severity for finding in findings}
    if severities <= {"info"}:
        notes = f"; {reporters.severity_phrase(findings)}" if severities else ""
        return f"No problems found{notes}.", ""
    return reporters.severity_phrase(findings), terminal.outcome(findings)


def _explanation(rule: Rule | None, explained: Callable[[Rule], Rule]) -> dict[str, str]:
    texts = html.explanation(explained(rule)) if rule else ("", "", "")
    return dict(zip(("summary", "why", "fix"), texts, strict=True))


def _edits(finding: Finding) -> list[list[Any]] | None:
    return [[*edit] for edit in finding.fix.edits] if finding.fix and finding.fix.edits else None


def _plain_rows(document: Document, findings: Sequence[Finding]) -> list[list[Any]]:
    return [[*row, ""] for row in passage_rows([Passage(0, 1, document.source.text)], findings)]


def _html_rows(document: Document, findings: Sequence[Finding]) -> list[list[Any]]:
    blocks = _shown_blocks(document)
    layout = Layout(_parts(document, blocks), _breaks(document, blocks))
    scopes = _row_scopes(blocks, layout.breaks)
    rows = layout_rows(document.source, findings, layout)
    return [[*row, scope] for row, scope in zip(rows, scopes, strict=True)]


class _Shown(NamedTuple):
    """A block that readers see, with its span in the source."""

    span: Span
    block: Block


def _shown_blocks(document: Document) -> list[_Shown]:
    """Return the blocks that readers see, in the order of the source, without those inside another such block.

    Inline code is both part of a paragraph and a block of its own.
    """
    every = (_Shown(Span(block.places[1], block.places[-1]), block) for block in document.blocks if block.places)
    found: list[_Shown] = []
    scripts = _script_starts(document)
    for shown in sorted(every, key=lambda shown: (shown.span.start, -shown.span.end)):
        if _SHOWN.isdisjoint(shown.block.scopes) or shown.span.start in scripts:
            continue
        if not found or shown.span.start >= found[-1].span.end:
            found.append(shown)
    return found


def _script_starts(document: Document) -> frozenset[int]:
    """Return the offsets at which the content of a script, a style sheet or the like begins."""
    return frozenset(tag.span.end for tag in document.tags if tag.kind == "open" and tag.name in RAW_TEXT)


def _parts(document: Document, blocks: Sequence[_Shown]) -> list[Part]:
    """Return the parts of an HTML source: text of blocks, and the code between its pieces."""
    parts, at = [], 0
    tags = [tag.span for tag in document.tags]
    for shown in blocks:
        for start, end, part in _text_parts(document.source.text, shown.block, tags):
            if start > at:
                parts.append(Part(at, is_code=True))
            parts.append(part)
            at = end
    return [*parts, Part(at, is_code=True)] if at < len(document.source.text) or not parts else parts


def _text_parts(source: str, block: Block, tags: Sequence[Span]) -> Iterator[tuple[int, int, Part]]:
    """Yield the start, the end and the part for each piece of text of a block. `tags` are all tags of the document."""
    ends = [*block.starts[1:], len(block.text)]
    for at, behind, (start, end) in zip(block.starts, ends, block.pieces, strict=True):
        text = block.text[at:behind]
        if text == OBJECT:
            yield from _text_between(start, end, tags)
        elif not _is_line_break(source, text, start):
            yield start, end, Part(start, text=None if text == source[start:end] else text)


def _is_line_break(source: str, text: str, start: int) -> bool:
    """Whether the piece of a block at the offset `start`, with this text, is a `<br>`."""
    return text == "\n" and source[start] == "<"


def _text_between(start: int, end: int, tags: Sequence[Span]) -> Iterator[tuple[int, int, Part]]:
    """Yield the parts of text in `source[start:end]`, as `_text_parts` does: everything but the tags."""
    first = bisect_right(tags, (start, -1))
    for tag in tags[first:]:
        if tag.start >= end:
            break
        if tag.start > start:
            yield start, tag.start, Part(start)
        start = tag.end
    if start < end:
        yield start, end, Part(start)


def _breaks(document: Document, blocks: Sequence[_Shown]) -> list[int]:
    """Return the offsets at which rows of an HTML source begin: at blocks, after `<br>`, and on lines between blocks.

    A row begins with the tags that open its block.
    """
    source, breaks, at = document.source.text, set[int](), 0
    tags = [tag for tag in document.tags if tag.kind == "open"]
    starts = [tag.span.start for tag in tags]
    for span, block in blocks:
        begin = _row_start(source, tags, bisect_left(starts, span.start), at, span.start)
        breaks |= {begin, *_line_starts(source, at, begin)}
        if "code" in block.scopes:
            breaks |= {*_line_starts(source, span.start, span.end)}
        ends = zip(block.starts, block.pieces, strict=True)
        breaks |= {end for at, (start, end) in ends if _is_line_break(source, block.text[at : at + 1], start)}
        at = span.end
    breaks |= {*_line_starts(source, at, len(source))}
    return sorted(breaks - {0, len(source)})


def _row_start(source: str, tags: Sequence[Tag], before: int, lowest: int, start: int) -> int:
    """Return the offset of the first of the tags that directly precede the offset `start`, or `start` if none does.

    `tags` are the opening tags, and `before` is the number of them before `start`. Tags before `lowest` do not count.
    """
    while before and (span := tags[before - 1].span).start >= lowest and not source[span.end : start].strip():
        start = span.start
        before -= 1
    return start


def _line_starts(source: str, start: int, end: int) -> Iterator[int]:
    """Yield the offsets after the line ends in `source[start:end]`."""
    return (found.end() for found in LINE_END.finditer(source, start, end))


def _row_scopes(blocks: Sequence[_Shown], breaks: Sequence[int]) -> list[str]:
    """Return for each row the scope that its block has in the page, or "" if it has none.

    Only the row in which a list item begins has the scope `list`.
    """
    starts = [shown.span.start for shown in blocks]
    scopes = []
    for begin, end in pairwise([0, *breaks, sys.maxsize]):
        at = bisect_left(starts, end) - 1
        scope = ""
        if at >= 0 and blocks[at].span.end > begin:
            scope = next((scope for scope in _STYLED if scope in blocks[at].block.scopes), "")
        scopes.append("" if scope == "list" and starts[at] < begin else scope)
    return scopes
