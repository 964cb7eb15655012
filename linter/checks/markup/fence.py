"""Broken code fences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from linter.document import Document
from linter.rule import Match


@dataclass(frozen=True)
class Fence:
    """`state` is unclosed, one-line, wrapped or stray; each mark of such a fence is a finding of its own.

    The message may use {info}, the word behind the opening mark, and {line}, its line.
    """

    state: Literal["unclosed", "one-line", "wrapped", "stray"]

    values: ClassVar[frozenset[str]] = frozenset({"info", "line"})
    parts: ClassVar[frozenset[str]] = frozenset({"fences"})

    def find(self, document: Document) -> Iterator[Match]:
        for fence in document.fences:
            if fence.state == self.state:
                line, _ = document.source.position(fence.opener.start)
                for mark in (fence.opener, fence.closer):
                    if mark:
                        yield Match(*mark, {"info": fence.info, "line": str(line)})
