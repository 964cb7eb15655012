"""Labels of fields (`Meta Description: …`) and of parts of the text (`Section 2: …`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

import regex

from linter.analysis.literals import Literals, literals_of_phrases
from linter.analysis.pattern_base import compile_pattern
from linter.document import Block
from linter.matching import matches
from linter.patterns import lazy
from linter.rule import Match

_MAX_LABEL_LENGTH = 80  # maximum code points of a block or line that is a label
_WHOLE = lazy(
    r"[^\w\n]*+(?:\d{1,2}[.):][ \u00a0]++)?(?P<shown>(?P<label>[^\W\d](?:[^\n:：\d]*[^\s:：\d])?+)"
    r"(?:[ \u00a0]\d{1,2})?+[ \u00a0]?[:：]?+)\s*+"
)


@dataclass(frozen=True)
class Label:
    """Labels of fields or of parts of the article.

    `labels` are the labels to find, with their usual capitals. `of` is `field` (the default), `part` or `whole`.

    With `of: field`, the match at the start of a line is the label, its colon and the rest of the line. Up to 40
    characters in parentheses may precede the colon. Inside a line, where the end of the field is unknown, the match is
    only the label and its colon, and labels of one word do not match.

    With `of: part`, the match is a label and its colon, at the start of a line or after the end of a sentence. A number
    may follow the label (“Section 2:”).

    With `of: whole`, the match is a label that is a whole block, or the first line of a block if that line contains a
    space. A number before or after the label is optional. So is a colon, but with `colon: true`, a colon directly after
    the label is required.

    With `of: whole`, labels match in any case. Otherwise, the case depends on the number of words. A label of several
    words matches in any case, except inside a line with `of: field`, where it matches only in its usual capitals. A
    label of one word matches only in its usual capitals or, with `of: part`, also in all capitals. The message may use
    {label}.
    """

    labels: tuple[str, ...]
    of: Literal["field", "part", "whole"] = "field"
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
        start = r"(?:\A|\n|[.!?…][”\"’')\]]*+\s)[\s*_#]{0,48}+"
        return rf"{start}\K(?P<label>(?:{'|'.join(names)})(?:[ (]*+(?<!\d)\d++\)?|))[ \u00a0\u202f]?[:：](?!//)"

    @cached_property
    def _folded(self) -> frozenset[str]:
        return frozenset(label.lower() for label in self.labels)

    def _whole(self, text: str) -> Iterator[Match]:
        found = _WHOLE.fullmatch(text, 0, _MAX_LABEL_LENGTH)
        if not found or found["label"].lower() not in self._folded:
            return
        if not self.colon or text.startswith(":", found.end("label")):
            yield Match(found.start("label"), found.end("shown"), {"label": found["label"]})

    def find(self, block: Block) -> Iterator[Match]:
        if self.of == "whole":
            line = block.text.partition("\n")[0]
            whole = line if " " in line else block.text  # a single word may be the first line of a verse
            yield from self._whole(whole) if len(whole) <= _MAX_LABEL_LENGTH else ()
            return
        for match in matches(self.compiled, block.text):
            label = match["label"] if self.of == "field" else " ".join(match["label"].split())
            yield Match(*match.span(), {"label": label})
