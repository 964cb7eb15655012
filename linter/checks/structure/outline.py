"""Outline labels published with the text: `Lede: …`, `Section 2: …`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter import patterns
from linter.analysis.literals import Literals, literals_of_phrases
from linter.document import Block
from linter.rule import Match

_COLON = patterns.lazy(r"[ \u00a0\u202f]?[:：](?!//)")
_START = patterns.lazy(r"(?:\A|\n|[.!?…][”\"’')\]]*\s)[\s*_#]*")
_NUMBER = patterns.lazy(r"(?<![ (])[ (]*+(?<!\d)\d++\)?\Z")
_LONGEST = 48  # code points of a label


@dataclass(frozen=True)
class Outline:
    """`labels` are the names of parts, in any case if they have several words; a number may follow them.

    A label is one at the start of a line or behind the end of a sentence, with its colon. With `numbered: true` only
    labels that a number follows count. The message may use {label}.
    """

    labels: tuple[str, ...]
    numbered: bool = False

    values: ClassVar[frozenset[str]] = frozenset({"label"})

    @cached_property
    def _known(self) -> frozenset[str]:
        single = {form for label in self.labels if " " not in label for form in (label, label.upper())}
        return frozenset(single | {" ".join(label.lower().split()) for label in self.labels if " " in label})

    @cached_property
    def literals(self) -> Literals | None:
        return literals_of_phrases(self.labels)

    def find(self, block: Block) -> Iterator[Match]:
        for colon in _COLON.finditer(block.text):
            start = _start(block.text, colon.start())
            label = block.text[start : colon.start()]
            plain = _NUMBER.sub("", label)
            if self.numbered and plain == label:
                continue
            if plain in self._known or " ".join(plain.lower().split()) in self._known:
                yield Match(start, colon.end(), {"label": " ".join(label.split())})


def _start(text: str, end: int) -> int:
    """Where the line or the sentence begins that goes on to `end`; `end` where that is too far for a label."""
    return max((start.end() for start in _START.finditer(text, max(0, end - _LONGEST), end)), default=end)
