"""Runs of labeled fields written by a program: `Headline: …`, `Sentiment: …`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import ClassVar, NamedTuple

import regex

from linter.analysis.literals import Literals, literals_of_phrases
from linter.analysis.pattern_base import compile_pattern
from linter.document import Block, Document
from linter.matching import matches
from linter.patterns import lazy
from linter.rule import Match

_LINE = lazy(
    r"[ \t*_>•–-]*(?P<label>[^\W\d_](?:[\w#/&()' -]{0,38}[\w)])?)[ \t]?[:：](?!//)"
    r"[ \t*_]*(?P<value>[^\n]*?)[ \t]*(?:\n|\Z)"
)
_RULE = lazy(r"[ \t]*(?P<row>(?P<mark>[=*_~#–—-])(?P=mark){2,})[ \t]*(?:\n|\Z)")
_MAX_VALUE_LENGTH = 400  # maximum code points of a value; longer text belongs to the article
_SCOPES = ({"paragraph"}, {"list"}, {"heading"})


class _Field(NamedTuple):
    """A labeled line of a block, or a row of dashes or similar characters with an empty label.

    `label` is in lowercase. `start` and `end` are offsets in the source.
    """

    label: str
    start: int
    end: int


@dataclass(frozen=True)
class LabelRun:
    """Runs of consecutive lines, each with a label, a colon and a value.

    `fields` are labels that only programs write, and `others` are labels that people write, too. Both match in any
    case. `lines` is the minimum number of lines (default: 2). All labels must differ; at least one must be in `fields`,
    and another one in `fields` or `others`. Lines with labels that are in neither list may follow the
    first line with a listed label.

    A run may extend over several blocks. It ends before a heading of one line, a quotation, a table or code, and before
    a block that contains text outside labeled lines. A line with a value of more than 400 characters does not count as
    a labeled line unless its label is in lowercase. Rows of dashes may be inside a run.

    `headings` lists headings, in any case; such a heading directly above the run is part of the match. `unlike` is a
    regular expression for the `regex` package; a run is not reported if its source contains a match. The message may
    use {label}, the first label of the run that is in `fields`, as written there.
    """

    fields: tuple[str, ...]
    others: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    lines: int = 2
    unlike: str = ""

    values: ClassVar[frozenset[str]] = frozenset({"label"})

    @cached_property
    def literals(self) -> Literals | None:
        colons = (":", " :", "：")
        return literals_of_phrases(tuple(label + colon for label in self.fields for colon in colons))

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"unlike": (self.unlike,)} if self.unlike else {}

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return compile_pattern(self.unlike or "(?!)")

    @cached_property
    def _fields(self) -> Mapping[str, str]:
        return {label.lower(): label for label in self.fields}

    @cached_property
    def _others(self) -> frozenset[str]:
        return frozenset(map(str.lower, self.others))

    def find_in(self, document: Document) -> Iterator[Match]:
        labeled = ((block, _fields(block)) for block in document.top_level_blocks)
        above: Block | None = None
        for has_fields, group in groupby(labeled, lambda item: bool(item[1])):
            blocks = list(group)
            if has_fields:
                run = self._run([field for _, fields in blocks for field in fields], above)
                yield from (match for match in run if not self._is_unlike(document, match))
            above = blocks[-1][0]

    def _run(self, run: Sequence[_Field], above: Block | None) -> Iterator[Match]:
        known = [number for number, field in enumerate(run) if self._knows(field.label)]
        run = run[known[0] :] if known else ()
        labels = [field.label for field in run if field.label]
        certain = [label for label in labels if label in self._fields]
        if certain and len(known) > 1 and len(set(labels)) == len(labels) >= self.lines:
            headed = above and not known[0] and "heading" in above.scopes and self._heads(above.text)
            start = above.source_span.start if above and headed else run[0].start
            yield Match(start, run[-1].end, {"label": self._fields[certain[0]]})

    def _is_unlike(self, document: Document, match: Match) -> bool:
        return bool(self.unlike) and any(matches(self.compiled, document.source.text[match.start : match.end]))

    def _heads(self, title: str) -> bool:
        return bool(self.headings) and title.strip(" :*_").lower() in map(str.lower, self.headings)

    def _knows(self, label: str) -> bool:
        return label in self._fields or label in self._others


def _fields(block: Block) -> list[_Field]:
    """Return the labeled lines of a block, in order, or [] if a run cannot include the block."""
    if block.scopes not in _SCOPES or ("heading" in block.scopes and "\n" not in block.text):
        return []
    if not {":", "："}.intersection(block.text[:60]) and not _RULE.match(block.text):
        return []
    fields, at = [], 0
    while at < len(block.text):
        if rule := _RULE.match(block.text, at):
            fields.append(_Field("", *block.span(*rule.span("row"))))
            at = rule.end()
            continue
        line = _LINE.match(block.text, at)
        if not line or not line["value"] or (len(line["value"]) > _MAX_VALUE_LENGTH and not line["label"].islower()):
            return []
        span = block.span(line.start("label"), line.end("value"))
        fields.append(_Field(line["label"].lower(), span.start, span.end))
        at = line.end()
    return fields
