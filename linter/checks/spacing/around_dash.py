"""Dashes with a space before them and none behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from linter.document import Block
from linter.finding import Edit
from linter.patterns import lazy
from linter.record import record
from linter.rule import Match

_LOPSIDED = lazy(r" —(?=[“\"]?(?:[^\W\d_]{2}|[aAI]\b))(?<=[^\W\d_][ ,)”\"].|[,)”\"] .)")
_CLOSING = lazy(r"[^\n—]{0,160}— ?[^\W\d_]")  # the dash that ends an aside in Spanish


@record
class AroundDash:
    """An em dash within a sentence that has a space before it alone. Pairs of dashes are passed over. The match is the
    space and the dash; the fix deletes the space.
    """

    chars: ClassVar[str] = "[—]"

    def find(self, block: Block) -> Iterator[Match]:
        for found in _LOPSIDED.finditer(block.text):
            if found.start() > 1 and not _CLOSING.match(block.text, found.end()):
                yield Match(*found.span(), {}, (Edit(found.start(), found.start() + 1, ""),))
