"""Images that a feed adds below each of its articles: counters, buttons, pixels."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from linter.analysis.pattern_base import PatternCheck
from linter.document import Document, Span
from linter.matching import matches
from linter.rule import Match
from linter.source_edits import line_deletion


@dataclass(frozen=True)
class FeedImage(PatternCheck):
    """`pattern` is a regular expression of the package `regex` for addresses of images, or of links around images.

    Those of one line are one match.
    """

    pattern: str

    parts: ClassVar[frozenset[str]] = frozenset({"images"})

    def find(self, document: Document) -> Iterator[Match]:
        of_feed = sorted(image.span for image in document.images if any(matches(self.compiled, image.url)))
        around = [link.span for link in document.links if _contains(link.span, of_feed)]
        lines: dict[int, Span] = {}
        for span in of_feed + around:
            line, _ = document.source.position(span.start)
            known = lines.get(line, span)
            lines[line] = Span(min(known.start, span.start), max(known.end, span.end))
        for line in sorted(lines):
            yield Match(*lines[line], {}, line_deletion(lines[line], document))


def _contains(outer: Span, spans: Sequence[Span]) -> bool:
    """Whether one of `spans`, which are in order and apart, lies in another one."""
    at = bisect_left(spans, Span(outer.start, outer.start))
    return at < len(spans) and spans[at].end <= outer.end
