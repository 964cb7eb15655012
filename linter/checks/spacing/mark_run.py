"""Marks that should not be adjacent."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter import patterns
from linter.analysis.literals import Literals, literals_of_phrases
from linter.checks.spacing._junctions import CLOSERS, OTHER, Junction, is_known, is_seen, junction
from linter.document import Block, Document
from linter.finding import Edit
from linter.rule import Match
from linter.source_edits import source_edit
from linter.text.view import find_odd

_AROUND = 80  # code points before the marks that may be glued to them
_MACHINE = patterns.lazy(rf"[@_/\\#=~^<>|{{}}`+$:]|{OTHER}|[^\W\d_]\.[^\W\d_]|^[\"'“‘]")
_LONG = 5  # letters of a word that is no abbreviation
_CLOSERS = re.escape(CLOSERS)


@dataclass(frozen=True)
class MarkRun:
    """`swap` maps adjacent marks to their replacement; `abbreviations` keep their period before a comma.

    They count behind a word of at least two letters and before a space or what closes. Behind a capitalised word or
    the title of a link “!” and “?” may be of a name. The message may use {wrong} and {right}.
    """

    swap: Mapping[str, str]
    abbreviations: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"wrong", "right"})

    @cached_property
    def literals(self) -> Literals | None:
        return literals_of_phrases(self.swap)

    @cached_property
    def _abbreviations(self) -> frozenset[str]:
        return frozenset(self.abbreviations)

    @cached_property
    def _patterns(self) -> Mapping[str, re.Pattern[str]]:
        """Patterns for the marks behind a word and before a space or what closes, by the first of the marks."""
        either = defaultdict(list)
        for run in map(re.escape, self.swap):
            either[run.removeprefix("\\")[0]].append(rf"{run}(?<=[\w{_CLOSERS}]{run})")
        return {mark: patterns.lazy(rf"(?:{'|'.join(runs)})(?=[\s{_CLOSERS}]|\Z)") for mark, runs in either.items()}

    def find(self, document: Document) -> Iterator[Match]:
        for mark, pattern in self._patterns.items():
            for block, at, end in find_odd(document, mark, pattern):
                found = junction(block.text, at, at)
                run = block.text[at:end]
                if _is_word(found, block.text) and self._is_mistake(found.left, run, document.language == "en"):
                    whole = (
                        block.is_contiguous(at - 1, end) if mark in "!?" else is_seen(document, block, at - 1, end - 1)
                    )
                    if whole:
                        yield self._match(document, block, found.start, at, end)

    def _is_mistake(self, word: str, run: str, english: bool) -> bool:
        if run[0] in "!?" and len(set(run)) > 1 and english:
            return word[0].islower()
        if run == ".,":
            return (
                english and len(word) >= _LONG and word.islower() and is_known(word) and word not in self._abbreviations
            )
        return True

    def _match(self, document: Document, block: Block, start: int, at: int, end: int) -> Match:
        right = self.swap[block.text[at:end]]
        values = {"wrong": block.text[start:end], "right": block.text[start:at] + right}
        edit = source_edit(Edit(at, end, right), block, document)
        return Match(*block.span(start, end), values, (edit,) if edit else ())


def _is_word(found: Junction, text: str) -> bool:
    """Whether a word of a sentence precedes the marks."""
    glued = text[max(0, found.mark - _AROUND) : found.mark].split()[-1]
    if not found.left or _MACHINE.search(glued) or found.left.isdigit():
        return False
    return len(found.left) > 1 or text[found.mark - 1] in CLOSERS
