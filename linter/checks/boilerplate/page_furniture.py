"""Runs of page boilerplate: dates, counters, bylines, breadcrumbs, labels, standalone links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from linter import patterns
from linter.checks.boilerplate._furniture_runs import MarkedLine, Run, furniture_runs
from linter.checks.boilerplate._line_shapes import EVIDENCE
from linter.checks.boilerplate._standalone_lines import standalone_lines
from linter.document import Document, Span
from linter.rule import Match
from linter.source_edits import line_deletion

_RULE = patterns.lazy(r"^[ \t]*+(?P<mark>[-=*_~#])(?P=mark){4,}[ \t]*+$", re.MULTILINE)
_MIN_RULES = 5  # minimum number of rules (lines such as “-----”) that divide a newsletter
_COMMON = frozenset({"link", "links", "address", "row"})
_MIN_PLAIN_LINES = 3  # minimum number of lines other than links in a run that needs one fewer kind of evidence
_SAME = {"byline": "date"}  # authors write a byline and a date together
_TELLING = frozenset({"page", "contact", "trail", "mail", "phone", "hashtag"})  # rarely written by authors
_SIGNED = frozenset({"byline", "credit", "date", "stamp"})  # authors write these, too; some contain page words
_MIN_DATES = 3  # minimum standalone dates that suggest a list of articles
_MIN_LABELS = 3  # minimum number of different page labels that count as two kinds of evidence
_LISTED = frozenset({"item", "linked-item", "links"})  # shapes of labels that may be a list of links
_MAX_SHOWN = 4  # maximum kinds of evidence that a message names


@dataclass(frozen=True)
class PageFurniture:
    """Runs of lines that look like page boilerplate, before, between or after the paragraphs of running text.

    Some lines are evidence of page boilerplate: a date, a timestamp, a counter, a file size, a contact, a URL, a row of
    tags, breadcrumbs, a byline, a credit, a standalone link, a row of links, a page label (“Share”, “Newsletter”), a
    repeated title, and many short lines in a row.

    Each line has a weight, which depends on its position, length, form, words and elements (links, list items,
    headings) and on the lines near it; data/page_furniture.txt has the numbers. In each passage, the consecutive lines
    with the highest total weight are a run.

    A run matches only if its weight is at least `at_least`, if at least `several` of its lines have evidence, and if
    there are at least `kinds` different kinds of evidence. A byline and a date count as one kind, and three different
    page labels count as two. Links and URLs do not count, and short lines count only if there is another kind.

    Heavy runs need less evidence. With a weight of `sure` or more, one kind fewer is enough if three lines outside
    lists have evidence other than links and URLs. With a weight of `heavy` or more, a run before the running text needs
    only one kind, and `several` does not apply. By default, no run is heavy enough for either option.

    `labeled: true` (the default) requires a label found only on web pages (“Share this”, “Log in”). `labeled: false`
    excludes runs with such a label. Unless `heavy` applies, `labeled: false` also requires a line with another page
    label, a contact, breadcrumbs or a row of tags or, at the start or end of the article, three lines with dates.

    In the middle of an article, a passage must contain a word typical of web pages, and plain-text newsletters that are
    divided by at least five lines such as “-----” are ignored. Quotations, tables, captions, code, wrapped paragraphs
    and articles in languages other than English are ignored. Images right after a run at the end belong to the run. The
    message may use {evidence} and {lines}, the number of lines.
    """

    at_least: float
    several: int
    kinds: int
    sure: float = float("inf")
    labeled: bool = True
    heavy: float = float("inf")

    values: ClassVar[frozenset[str]] = frozenset({"evidence", "lines"})
    parts: ClassVar[frozenset[str]] = frozenset({"blocks"})

    def find_in(self, document: Document) -> Iterator[Match]:
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
        if run.weight >= self.sure and kinds and sum(line.is_plain for line in marked) >= _MIN_PLAIN_LINES:
            kinds += 1
        return len(marked) >= self.several and kinds >= self.kinds


def _is_newsletter(document: Document) -> bool:
    """Whether a plain-text article is probably a newsletter, judging by lines such as “-----”."""
    return document.kind == "text" and len([*islice(_RULE.finditer(document.source.text), _MIN_RULES)]) == _MIN_RULES


def _is_telling(lines: Sequence[MarkedLine], position: str) -> bool:
    """Whether the evidence in `lines` is rare in text that authors write."""
    plain = [line for line in lines if line.is_plain and "heading" not in line.shapes]
    if position != "middle" and sum("date" in line.shapes for line in plain) >= _MIN_DATES:
        return True
    return any(
        line.is_sure or (not _TELLING.isdisjoint(line.evidence) and _SIGNED.isdisjoint(line.evidence)) for line in plain
    )


def _kinds(lines: Sequence[MarkedLine]) -> int:
    """Count the kinds of evidence in `lines`, with adjustments for common and related kinds."""
    kinds = {_SAME.get(name, name) for line in lines for name in line.evidence}
    labels = {line.line.text.casefold() for line in lines if "page" in line.shapes and _LISTED.isdisjoint(line.shapes)}
    return len(kinds - _COMMON) + (len(labels) >= _MIN_LABELS) + ("row" in kinds and len(kinds - _COMMON) > 0)


def _described(lines: Sequence[MarkedLine]) -> str:
    """Describe the most frequent kinds of evidence, at most four: “3 dates, 2 standalone links, a byline”."""
    counts = Counter(line.evidence[0] for line in lines if line.evidence)
    shown = ((*EVIDENCE[name], count) for name, count in counts.most_common(_MAX_SHOWN))
    return ", ".join(one if count == 1 else f"{count} {many}" for one, many, count in shown)
