"""Metadata fields that repeat the value of another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter.checks.metadata import _fields
from linter.document import Document
from linter.rule import Match
from linter.text import similarity


@dataclass(frozen=True)
class SameValue:
    """A value under `keys` has the very words of one under `other`, capitals and marks aside."""

    keys: tuple[str, ...]
    other: tuple[str, ...]

    parts: ClassVar[frozenset[str]] = frozenset({"metadata"})

    def find(self, document: Document) -> Iterator[Match]:
        others: list[list[str]] | None = None
        for block in _fields.values(document, self.keys):
            if others is None:
                others = [similarity.words(other.text) for other in _fields.values(document, self.other)]
            words = similarity.words(block.text) if others else []
            if words and words in others:
                yield Match(*block.source_span)
