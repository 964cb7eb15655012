"""Headings that appear twice in one part of an article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter.document import OBJECT, Document, Heading
from linter.rule import Match
from linter.text import similarity


@dataclass(frozen=True)
class RepeatedHeading:
    """The second of two headings that say the same, of one level, below the same heading.

    A heading that appears three times belongs to a form: each part of it has its “Example”. Headings with code or an
    image are passed over. The message may use {line}, the line of the first one.
    """

    values: ClassVar[frozenset[str]] = frozenset({"line"})
    parts: ClassVar[frozenset[str]] = frozenset({"headings"})

    def find(self, document: Document) -> Iterator[Match]:
        for group in _alike(document).values():
            if len(group) == 2:
                line, _ = document.source.position(group[0].block.source_span.start)
                yield Match(*group[1].block.source_span, {"line": str(line)})


def _alike(document: Document) -> dict[tuple[int, int, tuple[str, ...]], list[Heading]]:
    """The headings by the place of the heading above them, their level and their words."""
    alike: dict[tuple[int, int, tuple[str, ...]], list[Heading]] = defaultdict(list)
    texts = [(heading.level, tuple(similarity.words(heading.block.text))) for heading in document.headings]
    if len(set(texts)) == len(texts):  # as nearly always
        return alike
    above: list[Heading] = []
    for heading, (_, words) in zip(document.headings, texts, strict=True):
        while above and above[-1].level >= heading.level:
            above.pop()
        if words and OBJECT not in heading.block.text:
            alike[above[-1].block.source_span.start if above else -1, heading.level, words].append(heading)
        above.append(heading)
    return alike
