"""Labels pasted with the text, of fields (`Meta Description: …`) and of parts (`Section 2: …`)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar, Literal

import regex

from linter.analysis.literals import Literals, literals_of_phrases
from linter.analysis.pattern_base import compile_pattern
from linter.document import Block
from linter.matching import matches
from linter.patterns import lazy
from linter.record import record
from linter.rule import Match

_LONGEST = 80  # code points of a block that is a label
_WHOLE = lazy(
    r"[^\w\n]*+(?:\d{1,2}[.):][ \u00a0]++)?(?P<shown>(?P<label>[^\W\d](?:[^\n:：\d]*[^\s:：\d])?+)"
    r"(?:[ \u00a0]\d{1,2})?+[ \u00a0]?[:：]?+)\s*+"
)


@record
class Label:
    """`labels` are the names of what is labeled, written with their capitals; `of` is field, part or whole.

    At the start of a line the label of a field and the field are the match, in any case if the label has several words;
    something in parentheses may stand before the colon.
    Inside a line only a label of several words, written with its capitals, is one, and it alone: the end of the field
    is unknown.

    The label of a part of the text, with its colon, is at the start of a line or behind the end of a sentence, in any
    case if it has several words; a number may follow it. With `numbered: true` only labels that a number follows count.

    The label of a whole section is all that a block says, or its first line if it has several words, in any case, with
    a number before it or behind it and a colon or without; with `colon: true` only those with a colon right behind them
    count. The message may use {label}.
    """

    labels: tuple[str, ...]
    of: Literal["field", "part", "whole"] = "field"
    numbered: bool = False
    colon: bool = False

    values: ClassVar[frozenset[str]] = frozenset({"label"})

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return compile_pattern(self._field if self.of == "field" else self._part)

    @cached_property
    def literals(self) -> Literals | None:
        return literals_of_phrases(tuple(f"{label}:" for label in self.labels) if self.colon else self.labels)

    @property
    def _field(self) -> str:
        ordered = sorted(self.labels, key=len, reverse=True)
        short = "|".join(regex.escape(label) for label in ordered if " " not in label) or "(?!)"
        long = "|".join(regex.escape(label) for label in ordered if " " in label) or "(?!)"
        colon = r"[ \t\u00a0\u202f]?+[:：](?!//)"
        count = r"(?:[ ]\([^()\n]{1,40}\))?+"
        return rf"(?m)^[ \t]*+\K(?P<label>{short}|(?i:{long})){count}{colon}[^\n]*+|(?<=\s)(?P<label>{long}){colon}"

    @property
    def _part(self) -> str:
        single = {form for label in self.labels if " " not in label for form in (label, label.upper())}
        several = [r"[^\S\n]++".join(map(regex.escape, label.split())) for label in self.labels if " " in label]
        names = [*sorted(map(regex.escape, single)), *(rf"(?i:{name})[^\S\n]*+" for name in several)]
        number = r"[ (]*+(?<!\d)\d++\)?" + ("" if self.numbered else "|")
        start = r"(?:\A|\n|[.!?…][”\"’')\]]*+\s)[\s*_#]{0,48}+"
        return rf"{start}\K(?P<label>(?:{'|'.join(names)})(?:{number}))[ \u00a0\u202f]?[:：](?!//)"

    @cached_property
    def _folded(self) -> frozenset[str]:
        return frozenset(label.lower() for label in self.labels)

    def _whole(self, text: str) -> Iterator[Match]:
        found = _WHOLE.fullmatch(text, 0, _LONGEST)
        if not found or found["label"].lower() not in self._folded:
            return
        if not self.colon or text.startswith(":", found.end("label")):
            yield Match(found.start("label"), found.end("shown"), {"label": found["label"]})

    def find(self, block: Block) -> Iterator[Match]:
        if self.of == "whole":
            line = block.text.partition("\n")[0]
            whole = line if " " in line else block.text  # a label of one word may begin a verse
            yield from self._whole(whole) if len(whole) <= _LONGEST else ()
            return
        for match in matches(self.compiled, block.text):
            label = match["label"] if self.of == "field" else " ".join(match["label"].split())
            yield Match(*match.span(), {"label": label})
