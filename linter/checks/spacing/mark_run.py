"""Punctuation marks that should not be adjacent."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter import patterns
from linter.analysis.literals import Literals, literals_of_phrases
from linter.checks.spacing._junctions import CLOSERS, OTHER, Junction, is_known, is_seen, junction, replacement
from linter.document import Document
from linter.finding import Edit
from linter.rule import Match
from linter.text.view import find_odd, text_view
from linter.views import per_document

_CHUNK_REACH = 80  # code points before the marks that are searched for the start of their chunk
_MACHINE = patterns.lazy(rf"[@_/\\#=~^<>|{{}}`+$:]|{OTHER}|[^\W\d_]\.[^\W\d_]|&\w+;|[)\]];|^[\"'“‘]")
_ELLIPSIS = patterns.lazy(r"(?<![\w.)])\.\.\w")  # an ellipsis of two dots: “..and so on..”
_CHINESE = patterns.lazy(r"[\u3040-\u30ff\u4e00-\u9fff]")  # and Japanese: an ellipsis may have any number of dots
_TWO_DOTS = patterns.lazy(r"(?<!\.)\.\.(?=[\s\"”’)?!]|\Z)")
_MIN_PAUSES = 3  # minimum pairs of dots in an article whose author writes pauses like this
_MIN_LONG_WORD = 5  # minimum letters of a word that cannot be an abbreviation
_CLOSERS = re.escape(CLOSERS)


@dataclass(frozen=True)
class MarkRun:
    """Adjacent punctuation marks that should be one mark.

    `swap` maps each sequence of marks to its replacement, such as “!!” to “!”. A sequence matches after a word and
    before a space, a closing mark or the end of the block. A word of one character counts only if a closing mark
    follows it.

    There are exceptions. A sequence that starts with “!” or “?” may be part of a name. It does not match directly after
    markup, such as the end of a link. In English, if it has different marks (“!.”), it matches only after a lowercase
    word.

    Two dots may be an ellipsis. They do not match in a block with Chinese or Japanese characters, or in a block in
    which two dots are directly before a word (“..and so on”), or in an article with three or more of them. A period
    before a comma matches only in English, after a known lowercase word of at least five letters that is not one of
    `abbreviations`, such as “approx”.

    The message may use {wrong} and {right}: the word with the marks as they are and as they should be.
    """

    swap: Mapping[str, str]
    abbreviations: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"wrong", "right"})

    @cached_property
    def literals(self) -> Literals | None:
        return literals_of_phrases(self.swap)

    @cached_property
    def _patterns(self) -> Mapping[str, re.Pattern[str]]:
        """Patterns that match the sequences in `swap` after a word or closing mark, by their first mark."""
        either = defaultdict(list)
        for run in map(re.escape, self.swap):
            either[run.removeprefix("\\")[0]].append(rf"{run}(?<=[\w{_CLOSERS}]{run})")
        return {mark: patterns.lazy(rf"(?:{'|'.join(runs)})(?=[\s{_CLOSERS}]|\Z)") for mark, runs in either.items()}

    def find_in(self, document: Document) -> Iterator[Match]:
        for mark, pattern in self._patterns.items():
            for block, at, end in find_odd(document, mark, pattern):
                found, run = junction(block.text, at, at), block.text[at:end]
                if run == ".." and (
                    _ELLIPSIS.search(block.text) or _CHINESE.search(block.text) or _has_pauses(document)
                ):
                    continue
                if not _is_word(found, block.text) or not self._is_mistake(found.left, run, document.language == "en"):
                    continue
                may_be_split = mark not in "!?"  # by the end of a link; “!” or “?” may belong to the title in a link
                if is_seen(document, block, at - 1, end - 1) if may_be_split else block.is_contiguous(at - 1, end):
                    yield replacement(document, block, found.start, end, Edit(at, end, self.swap[run]))

    def _is_mistake(self, word: str, run: str, english: bool) -> bool:
        if run[0] in "!?" and len(set(run)) > 1 and english:
            return word.islower()
        if run == ".,":
            is_whole_word = len(word) >= _MIN_LONG_WORD and word.islower() and is_known(word)
            return english and is_whole_word and word not in self.abbreviations
        return True


@per_document
def _has_pauses(document: Document) -> bool:
    return len(_TWO_DOTS.findall(text_view(document).text)) >= _MIN_PAUSES


def _is_word(found: Junction, text: str) -> bool:
    glued = text[max(0, found.mark - _CHUNK_REACH) : found.mark + 1].split()[-1]
    if not found.left or _MACHINE.search(glued) or found.left.isdigit():
        return False
    return len(found.left) > 1 or text[found.mark - 1] in CLOSERS
