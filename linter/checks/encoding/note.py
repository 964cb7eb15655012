"""Problems that the reader of an article found: bytes, front matter, code fences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from linter.document import Document
from linter.finding import Edit
from linter.record import record
from linter.rule import Match


@record
class Note:
    """`note` is the id of a note of the reader, or the state of a broken code fence: unclosed, one-line, wrapped,
    around-front-matter or stray. Each mark of such a fence is a match.

    An unquoted-colon is of front-matter in a site whose generator is known. The message may use {what}, and of a fence
    {info}, the word behind its opening mark, and {line}, its line.
    """

    note: str

    values: ClassVar[frozenset[str]] = frozenset({"what", "info", "line"})
    parts: ClassVar[frozenset[str]] = frozenset({"notes", "fences"})

    def _is_mine(self, note: str, document: Document) -> bool:
        """Whether it is the note; a generator that is known reads YAML, in which a colon is a mistake for sure."""
        if note == "unquoted-colon" and document.site:
            note = "front-matter"
        return note == self.note

    def find(self, document: Document) -> Iterator[Match]:
        for note in document.notes:
            if self._is_mine(note.id, document):
                edits = tuple(Edit(*edit) for edit in note.edits)
                yield Match(*note.span, {"what": "", **note.values}, edits)
        for fence in document.fences:
            if fence.state == self.note:
                line, _ = document.source.position(fence.opener.start)
                for mark in filter(None, (fence.opener, fence.closer)):
                    yield Match(*mark, {"what": "", "info": fence.info, "line": str(line)})
