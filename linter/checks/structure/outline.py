"""Outline labels published with the text: `Lede: …`, `Section 2: …`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

import regex

from linter.analysis.literals import Literals, literals_of_phrases
from linter.analysis.pattern_base import compile_pattern
from linter.document import Block
from linter.matching import matches
from linter.record import record
from linter.rule import Match


@record
class Outline:
    """`labels` are the names of parts, in any case if they have several words; a number may follow them.

    A label is one at the start of a line or behind the end of a sentence, with its colon. With `numbered: true` only
    labels that a number follows count. The message may use {label}.
    """

    labels: tuple[str, ...]
    numbered: bool = False

    values: ClassVar[frozenset[str]] = frozenset({"label"})

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        single = {form for label in self.labels if " " not in label for form in (label, label.upper())}
        several = [r"[^\S\n]++".join(map(regex.escape, label.split())) for label in self.labels if " " in label]
        names = [*sorted(map(regex.escape, single)), *(rf"(?i:{name})[^\S\n]*+" for name in several)]
        number = r"[ (]*+(?<!\d)\d++\)?" + ("" if self.numbered else "|")
        start = r"(?:\A|\n|[.!?…][”\"’')\]]*+\s)[\s*_#]{0,48}+"
        return compile_pattern(rf"{start}\K(?P<label>(?:{'|'.join(names)})(?:{number}))[ \u00a0\u202f]?[:：](?!//)")

    @cached_property
    def literals(self) -> Literals | None:
        return literals_of_phrases(self.labels)

    def find(self, block: Block) -> Iterator[Match]:
        for match in matches(self.compiled, block.text):
            yield Match(*match.span(), {"label": " ".join(match["label"].split())})
