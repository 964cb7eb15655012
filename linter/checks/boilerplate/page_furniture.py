"""Runs of lines that are parts of a page: dates, counters, bylines, breadcrumbs, labels, links on their own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import ClassVar

from linter import patterns
from linter.checks.boilerplate._furniture_runs import MarkedLine, Run, furniture_runs
from linter.checks.boilerplate._line_shapes import EVIDENCE
from linter.checks.boilerplate._standalone_lines import standalone_lines
from linter.document import Document, Span
from linter.record import record
from linter.rule import Match
from linter.source_edits import line_deletion

_RULE = patterns.lazy(r"^[ \t]*+(?P<mark>[-=*_~#])(?P=mark){4,}[ \t]*+$", re.MULTILINE)
_RULES = 5  # that divide a newsletter
_COMMON = frozenset({"link", "links", "address", "row"})
_PLAIN = 3  # lines that are not only links, in a run for which one kind is enough
_SAME = {"byline": "date"}  # writers begin and end with both
_TELLING = frozenset({"page", "contact", "trail", "mail", "phone", "hashtag"})  # evidence that writers rarely give
_SIGNED = frozenset({"byline", "credit", "date", "stamp"})  # what writers give; some have the words of pages, too
_DATES = 3  # dates on their own, from which on they stand beside the titles of other articles
_LABELS = 3  # different labels of a page that count as two kinds of evidence
_LISTED = frozenset({"item", "linked-item", "links"})  # labels that may be a list of links
_SHOWN = 4  # kinds of evidence that a message names


@record
class PageFurniture:
    """Lines between two paragraphs of running text, or before the first or after the last of them, have weights, by
    their length and form, by what they consist of (links, items, headings), by their words (“share”, “newsletter”) and
    by the lines near them; data/page_furniture.txt has them. The lines in a row whose weights have the highest sum are
    a run. It is a match if the sum is `at_least` so much, and at least `several` lines have evidence, of so many
    `kinds`. From the sum `sure` on, one kind less is enough.

    Evidence are dates, counters, file sizes, contacts, addresses, tags, breadcrumbs, bylines, credits, links on their
    own, labels of pages, many short lines in a row, and the title again. Quotations, tables, captions, code and wrapped
    paragraphs are passed over, and so are articles whose running text is not English. With `labeled: true` one line is
    a label that only pages have (“Share this”, “Log in”); with `labeled: false` none is, but one has evidence other
    than a byline, a credit or a counter. In the middle of an article, one has the words of a page; a newsletter in
    plain text, which many rules divide, has such lines itself. From the sum `heavy` on, lines above the running text
    are a match with a single date, time or other evidence of that kind. Images right after a run at the end are a part
    of it. The message may use {evidence} and {lines}, the number of lines.
    """

    at_least: float
    several: int
    kinds: int
    sure: float = float("inf")
    labeled: bool = True
    heavy: float = float("inf")

    values: ClassVar[frozenset[str]] = frozenset({"evidence", "lines"})
    parts: ClassVar[frozenset[str]] = frozenset({"blocks"})

    def find(self, document: Document) -> Iterator[Match]:
        for run in furniture_runs(document):
            if self._is_match(run) and not (run.position == "middle" and _is_newsletter(document)):
                story = standalone_lines(document)
                last = story.last_image(run.lines[-1].line) if run.position == "tail" else run.lines[-1].line
                span = Span(story.span(run.lines[0].line).start, story.span(last).end)
                values = {"evidence": _described(run.lines), "lines": str(len(run.lines))}
                yield Match(*span, values, line_deletion(span, document))

    def _is_match(self, run: Run) -> bool:
        if run.weight < self.at_least or any(line.is_sure for line in run.lines) != self.labeled:
            return False
        marked = [line for line in run.lines if line.evidence]
        if run.weight >= self.heavy and run.position == "head" and _kinds(marked):
            return True
        kinds = _kinds(marked) if _is_telling(marked, run.position) else 0
        if run.weight >= self.sure and kinds and sum(line.is_plain for line in marked) >= _PLAIN:
            kinds += 1
        return len(marked) >= self.several and kinds >= self.kinds


def _is_newsletter(document: Document) -> bool:
    """Whether a plain text is divided by many rules: it has dates, addresses and lists of its own everywhere."""
    return document.kind == "text" and len([*islice(_RULE.finditer(document.source.text), _RULES)]) == _RULES


def _is_telling(lines: Sequence[MarkedLine], position: str) -> bool:
    """Whether one of the lines has evidence that writers rarely give, or several are dates, not amid the article."""
    plain = [line for line in lines if line.is_plain and "heading" not in line.shapes]
    if position != "middle" and sum("date" in line.shapes for line in plain) >= _DATES:
        return True
    return any(
        line.is_sure or (not _TELLING.isdisjoint(line.evidence) and _SIGNED.isdisjoint(line.evidence)) for line in plain
    )


def _kinds(lines: Sequence[MarkedLine]) -> int:
    """Count the kinds of evidence. A byline and a date are one, many labels are two; links and addresses are none."""
    kinds = {_SAME.get(name, name) for line in lines for name in line.evidence}
    labels = {line.line.text.casefold() for line in lines if "page" in line.shapes and _LISTED.isdisjoint(line.shapes)}
    return len(kinds - _COMMON) + (len(labels) >= _LABELS) + ("row" in kinds and len(kinds - _COMMON) > 0)


def _described(lines: Sequence[MarkedLine]) -> str:
    """Name the evidence in words, most frequent first: “3 dates, 2 links on their own, a byline”."""
    counts = Counter(line.evidence[0] for line in lines if line.evidence)
    return ", ".join(
        EVIDENCE[name].one if count == 1 else f"{count} {EVIDENCE[name].many}"
        for name, count in counts.most_common(_SHOWN)
    )
