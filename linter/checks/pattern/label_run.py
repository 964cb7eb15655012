"""Runs of labeled fields that a program wrote: `Headline: …`, `Sentiment: …`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import ClassVar, NamedTuple

from linter.analysis.literals import Literals, literals_of_phrases, texts_with
from linter.document import Block, Document
from linter.folding import folded_view
from linter.patterns import lazy
from linter.record import record
from linter.rule import Match

_LINE = lazy(
    r"[ \t*_>•–-]*(?P<label>[^\W\d_](?:[\w#/&()' -]{0,38}[\w)])?)[ \t]?[:：](?!//)"
    r"[ \t*_]*(?P<value>[^\n]*?)[ \t]*(?:\n|\Z)"
)
_RULE = lazy(r"[ \t]*(?P<row>(?P<mark>[=*_~#–—-])(?P=mark){2,})[ \t]*(?:\n|\Z)")
_LONGEST = 400  # code points of a value; a longer one is a part of the story
_SCOPES = ({"paragraph"}, {"list"}, {"heading"})


class _Field(NamedTuple):
    """A line of a block: its label in small letters, and where both begin and end in the source.

    The label of a row of dashes or the like is empty.
    """

    label: str
    start: int
    end: int


@record
class LabelRun:
    """`fields` are the labels that programs write, `others` those that people write as well, all in any case.

    A run is `lines` lines or more, one below the other, each a label, a colon and a value, with different labels. At
    least one of them is among `fields`, and another one among `fields` or `others`. Lines with other labels are part of
    a run between or behind such lines. A paragraph that has anything else, a value of
    more than 400 code points behind a label with a capital, and a heading of one line end it. The match is the run.
    A heading right above it that is one of `headings`, in any case, is a part of it.
    The message may use {label}, the first one of `fields` as it is given.
    """

    fields: tuple[str, ...]
    others: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    lines: int = 2

    values: ClassVar[frozenset[str]] = frozenset({"label"})

    @cached_property
    def literals(self) -> Literals | None:
        return literals_of_phrases(tuple(f"{label}:" for label in self.fields))

    @cached_property
    def _fields(self) -> Mapping[str, str]:
        return {label.lower(): label for label in self.fields}

    @cached_property
    def _others(self) -> frozenset[str]:
        return frozenset(map(str.lower, self.others))

    def find(self, document: Document) -> Iterator[Match]:
        numbers = texts_with(self.literals, folded_view(document, ""))
        if not any(field.label in self._fields for number in numbers for field in _fields(document.blocks[number])):
            return
        labeled = ((block, _fields(block)) for block in document.top_level_blocks)
        above: Block | None = None
        for has_fields, group in groupby(labeled, lambda item: bool(item[1])):
            blocks = list(group)
            if has_fields:
                yield from self._run([field for _, fields in blocks for field in fields], above)
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

    def _heads(self, title: str) -> bool:
        return bool(self.headings) and title.strip(" :*_").lower() in map(str.lower, self.headings)

    def _knows(self, label: str) -> bool:
        return label in self._fields or label in self._others


def _fields(block: Block) -> list[_Field]:
    """Return the fields of a block that is made of them alone."""
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
        if not line or not line["value"] or (len(line["value"]) > _LONGEST and not line["label"].islower()):
            return []
        span = block.span(line.start("label"), line.end("value"))
        fields.append(_Field(line["label"].lower(), span.start, span.end))
        at = line.end()
    return fields
