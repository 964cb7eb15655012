"""Links inserted by a keyword plug-in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter.checks.links._linking import marked
from linter.document import Document
from linter.rule import Match


@dataclass(frozen=True)
class AutoLink:
    """Finds links by the marks that such plug-ins leave. The message may use {anchor}."""

    values: ClassVar[frozenset[str]] = frozenset({"anchor"})
    parts: ClassVar[frozenset[str]] = frozenset({"links"})

    def find(self, document: Document) -> Iterator[Match]:
        for link in document.links:
            if link.attributes and marked(link):
                yield Match(*link.url_span, {"anchor": " ".join(link.text.split())})
