"""Problems found in reading an article, such as undecodable bytes, invalid front matter or broken code fences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter.document import Document
from linter.finding import Edit
from linter.rule import Match


@dataclass(frozen=True)
class Note:
    """Problems that the reader (the parser of the file format) noticed, and broken code fences.

    `note` is the id of a problem or the state of a broken code fence: `unclosed`, `nested`, `one-line`, `wrapped`,
    `around-front-matter` or `stray`. The opening mark of a fence is a match, and the closing mark, if any, is another.
    In the articles of a known site generator, a problem with the id `unquoted-colon` counts as `front-matter`.

    The message may use {what}, the details of a problem. For a code fence, it may use {info}, the word after the
    opening mark, and {line}, the line of the opening mark.
    """

    note: str

    values: ClassVar[frozenset[str]] = frozenset({"what", "info", "line"})
    parts: ClassVar[frozenset[str]] = frozenset({"notes", "fences"})

    def _is_mine(self, note: str, document: Document) -> bool:
        """Whether the rule reports problems with the id `note` in this document."""
        # Site generators read front matter as YAML, where an unquoted colon is a mistake.
        if note == "unquoted-colon" and document.site:
            note = "front-matter"
        return note == self.note

    def find_in(self, document: Document) -> Iterator[Match]:
        for note in document.notes:
            if self._is_mine(note.id, document):
                edits = tuple(Edit(*edit) for edit in note.edits)
                yield Match(*note.span, {"what": "", **note.values}, edits)
        for fence in document.fences:
            if fence.state == self.note:
                line, _ = document.source.position(fence.opener.start)
                for mark in filter(None, (fence.opener, fence.closer)):
                    yield Match(*mark, {"what": "", "info": fence.info, "line": str(line)})
