"""Read the suppressions of an article, and determine which findings they suppress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from operator import attrgetter
from typing import Protocol

from linter.document import Document, Span
from linter.finding import Edit, Finding
from linter.rule import OWN, fits
from linter.suppressions.directives import (
    WORDS,
    Directive,
    Named,
    extents_of,
    find_directives,
    find_metadata_items,
    find_sic_marks,
    metadata_value_spans,
    unknown_metadata_names,
)

_MAX_NESTING = 100  # maximum nesting of suppressed parts of an article


class Region(Protocol):
    """A part of an article in which a comment suppresses findings."""

    @property
    def comment(self) -> Span: ...
    @property
    def extent(self) -> Span: ...
    def suppresses(self, rule: str, text: str) -> bool:
        """Whether a finding in the extent is suppressed, by the name of its rule and its text."""


@dataclass(frozen=True, eq=False)
class Suppression:
    """A suppression of rules in a part of an article.

    `span` is its position in the source, and `extent` is the span to which it applies. If `word` is given, as for
    “[sic]”, only findings that end in the span `word` are suppressed. Without `names`, the suppression applies to all
    rules except those of the copydesk pack. `comments` has the span of its comment, or the spans of its “ignore-start”
    and “ignore-end” comments. It is empty for “[sic]” and for front matter. `region` is given for a comment of an
    extension; it decides which findings are suppressed.
    """

    span: Span
    extent: Span
    names: tuple[Named, ...] = ()
    reason: str = ""
    word: Span | None = None
    comments: tuple[Span, ...] = ()
    region: Region | None = None

    def covers(self, start: int, end: int) -> bool:
        """Whether the extent contains a character of `[start, end)`.

        For an empty range, the result is whether it is inside the extent or at its edge.
        """
        extent_start, extent_end = self.extent
        return extent_start < max(end, start + 1) and (start < extent_end or start == end == extent_end)

    def matching_places(self, finding: Finding) -> Iterator[int]:
        """Yield the offset of each name that suppresses `finding`, which must be in the extent.

        If the suppression has no names but suppresses the finding, yield the offset of the suppression instead.
        """
        if self.word and not self.word.start < max(finding.end, finding.start + 1) <= self.word.end:
            return
        if self.region:
            if self.region.suppresses(finding.rule, finding.text):
                yield self.span.start
            return
        if not self.names and not finding.rule.startswith(f"{OWN}/"):
            yield self.span.start
        for name, span in self.names:
            if fits(name, finding.rule):
                yield span.start


@dataclass(eq=False)
class SuppressionIndex:
    """Finds the suppressions that apply to a span. The spans must be looked up in the order of their starts."""

    suppressions: Iterable[Suppression]
    _active: list[tuple[int, int, Suppression]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._waiting = sorted(self.suppressions, key=lambda one: one.extent, reverse=True)

    def covering(self, finding: Finding | Edit) -> Iterator[Suppression]:
        """Yield the suppressions whose extent includes a character of a finding or an edit, in any order.

        For an empty finding or edit, yield the suppressions whose extent touches it.
        """
        end = max(finding.end, finding.start + 1)
        while self._waiting and self._waiting[-1].extent.start < end:
            one = self._waiting.pop()
            heappush(self._active, (one.extent.end, len(self._waiting), one))
        while self._active and self._active[0][0] < finding.start:
            heappop(self._active)
        for _, _, one in self._active:
            if one.covers(finding.start, finding.end):
                yield one


@dataclass(frozen=True, eq=False)
class ArticleSuppressions:
    """All suppressions of an article.

    `directive_spans` are the spans of comments and metadata for copydesk. Findings in these spans are left out, except
    those of the copydesk pack. These fields list mistakes, which suppress nothing:
    - `unclosed`: “ignore-start” comments without an end
    - `unopened`: “ignore-end” comments without a start
    - `directives`: comments with an unknown keyword, or without one
    - `keys`: unknown keys under `copydesk` in front matter
    """

    suppressions: tuple[Suppression, ...] = ()
    directive_spans: tuple[Span, ...] = ()
    unclosed: tuple[Directive, ...] = ()
    unopened: tuple[Directive, ...] = ()
    directives: tuple[Directive, ...] = ()
    keys: tuple[Named, ...] = ()

    def blocked_fixes(self, findings: Iterable[Finding]) -> dict[Finding, set[int]]:
        """Return the findings whose fix extends beyond the finding, and changes text where the rule is suppressed.

        Each finding is mapped to the offsets of the names that suppress the rule there. For a suppression without
        names, this is the offset of the suppression.
        """
        edits = [(edit, finding) for finding in findings if _changes_outside(finding) for edit in finding.edits]
        index = SuppressionIndex(self.suppressions)
        found: dict[Finding, set[int]] = {}
        for edit, finding in sorted(edits, key=lambda each: each[0].start):
            for one in index.covering(edit):
                if one.region and not one.region.suppresses(finding.rule, finding.text):
                    continue
                for name, span in one.names or (Named("*", one.span),):
                    if fits(name, finding.rule):
                        found.setdefault(finding, set()).add(span.start)
        return found

    def with_places(self, findings: Iterable[Finding]) -> list[tuple[Finding, list[int]]]:
        """Return findings in order, each with the offsets of the names that suppress it.

        For a suppression without names, this is the offset of the suppression. Findings in comments and metadata for
        copydesk are left out, except those of the copydesk pack.
        """
        directives = SuppressionIndex(Suppression(span, span) for span in self.directive_spans)
        index = SuppressionIndex(_unique(self.suppressions))
        found: list[tuple[Finding, list[int]]] = []
        for finding in sorted(findings, key=attrgetter("start")):
            around = [one.extent for one in directives.covering(finding)]
            is_own = finding.rule.startswith(f"{OWN}/")
            if is_own or not any(low <= finding.start and finding.end <= high for low, high in around):
                covering = index.covering(finding)
                found.append((finding, [place for one in covering for place in one.matching_places(finding)]))
        return sorted(found, key=lambda each: each[0].order)


NONE = ArticleSuppressions()


def _changes_outside(finding: Finding) -> bool:
    """Whether the fix of a finding changes text outside of the finding."""
    return not all(finding.start <= edit.start and edit.end <= finding.end for edit in finding.edits)


def read_suppressions(
    document: Document, of_comments: Iterable[Region] = (), *, sic_marks: bool = True
) -> ArticleSuppressions:
    """Return the suppressions of an article, including those for the regions `of_comments` of extensions.

    “[sic]” marks are included only if `sic_marks` is true.
    """
    text = document.source.text
    single = [Suppression(extent, extent, word=word) for word, extent in (find_sic_marks(text) if sic_marks else ())]
    single += [Suppression(one.comment, one.extent, region=one) for one in of_comments]
    if OWN not in text:
        return ArticleSuppressions(tuple(single)) if single else NONE
    found = find_directives(document)
    extent, whole = extents_of(document, [one.span for one in found]), Span(0, len(text))
    regions, unclosed, unopened = _regions(found)
    local = [_suppression(one, here) for one, here in zip(found, extent, strict=True) if one.word == "ignore"]
    whole_file = [_suppression(one, whole) for one in found if one.word == "ignore-file"]
    front = [Suppression(one.span, whole, one.names, one.reason) for one in find_metadata_items(document)]
    return ArticleSuppressions(
        (*single, *local, *regions, *whole_file, *front),
        (*(one.span for one in found), *metadata_value_spans(document)),
        tuple(unclosed),
        tuple(unopened),
        tuple(one for one in found if one.word not in WORDS),
        tuple(unknown_metadata_names(document)),
    )


def _unique(suppressions: Iterable[Suppression]) -> Iterable[Suppression]:
    first: dict[object, Suppression] = {}
    for one in suppressions:
        first.setdefault((one.extent, one.word, one.region, tuple(name for name, _ in one.names)), one)
    return first.values()


def _suppression(one: Directive, extent: Span) -> Suppression:
    return Suppression(one.span, extent, one.names, one.reason, None, (one.span,))


def _regions(found: Iterable[Directive]) -> tuple[list[Suppression], list[Directive], list[Directive]]:
    """Return the suppressions between start and end comments, the unmatched starts, and the unmatched ends."""
    regions, open_starts, unopened = [], [], []
    for one in found:
        if one.word == "ignore-start":
            open_starts.append(one)
        elif one.word == "ignore-end":
            last = range(max(0, len(open_starts) - _MAX_NESTING), len(open_starts))
            at = next((i for i in reversed(last) if _is_pair(open_starts[i], one)), None)
            if at is None:
                unopened.append(one)
            else:
                start = open_starts.pop(at)
                extent = Span(start.span.start, one.span.end)
                regions.append(Suppression(start.span, extent, start.names, start.reason, None, (start.span, one.span)))
    return regions, open_starts, unopened


def _is_pair(start: Directive, end: Directive) -> bool:
    return not end.names or {name for name, _ in start.names} == {name for name, _ in end.names}
