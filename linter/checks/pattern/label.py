"""Field labels pasted with the text: `Meta Description: …`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

import regex

from linter.analysis.literals import Literals, literals_of_pattern
from linter.analysis.pattern_base import compile_pattern
from linter.document import Block
from linter.matching import matches
from linter.record import record
from linter.rule import Match


@record
class Label:
    """`labels` are the names of the fields, written with their capitals.

    At the start of a line label and field are the match, in any case if the label has several words. Inside a
    line only a label of several words, written with its capitals, is one, and it alone: the end
    of the field is unknown. The message may use {label}.
    """

    labels: tuple[str, ...]

    values: ClassVar[frozenset[str]] = frozenset({"label"})

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return compile_pattern(self._pattern)

    @cached_property
    def literals(self) -> Literals | None:
        return literals_of_pattern(self._pattern)

    @property
    def _pattern(self) -> str:
        ordered = sorted(self.labels, key=len, reverse=True)
        short = "|".join(regex.escape(label) for label in ordered if " " not in label) or "(?!)"
        long = "|".join(regex.escape(label) for label in ordered if " " in label) or "(?!)"
        colon = r"[ \t\u00a0\u202f]?+[:：](?!//)"
        return rf"(?m)^[ \t]*+\K(?P<label>{short}|(?i:{long})){colon}[^\n]*+|(?<=\s)(?P<label>{long}){colon}"

    def find(self, block: Block) -> Iterator[Match]:
        for match in matches(self.compiled, block.text):
            yield Match(match.start(), match.end(), {"label": match["label"]})
