"""Problems that a reader found in the file itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter.document import Document
from linter.finding import Edit
from linter.rule import Match


@dataclass(frozen=True)
class Note:
    """`note` is the id of the reader's note."""

    note: str

    values: ClassVar[frozenset[str]] = frozenset({"what"})
    parts: ClassVar[frozenset[str]] = frozenset({"notes"})

    def find(self, document: Document) -> Iterator[Match]:
        for note in document.notes:
            if note.id == self.note:
                edits = tuple(Edit(*edit) for edit in note.edits)
                yield Match(note.span.start, note.span.end, {"what": "", **note.values}, edits)
