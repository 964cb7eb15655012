"""Pictures that a feed adds below each of its articles: counters, buttons, pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import regex

from linter.document import Document, Span
from linter.matching import matches
from linter.placing import line_deletion
from linter.planning import literals
from linter.rule import Match


@dataclass(frozen=True)
class FeedImage:
    """`pattern` is a regular expression of the package `regex` for addresses of images, or of links around images.

    Those of one line are one match.
    """

    pattern: str

    within: ClassVar[frozenset[str]] = frozenset({"image.url"})

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return regex.compile(self.pattern, regex.VERSION1)

    @cached_property
    def literals(self) -> literals.Literals | None:
        return literals.of_pattern(self.pattern)

    def find(self, document: Document) -> Iterator[Match]:
        of_feed = [image.span for image in document.images if any(matches(self.compiled, image.url))]
        around = [link.span for link in document.links if any(_holds(link.span, span) for span in of_feed)]
        lines: dict[int, Span] = {}
        for span in of_feed + around:
            line, _ = document.source.position(span.start)
            known = lines.get(line, span)
            lines[line] = Span(min(known.start, span.start), max(known.end, span.end))
        for line in sorted(lines):
            yield Match(*lines[line], {}, line_deletion(lines[line], document))


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
