"""Spaces and punctuation marks inside links that belong outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter import patterns
from linter.checks.links import _anchors
from linter.document import OBJECT, Document, Link, Span
from linter.finding import Edit
from linter.rule import Match

_BLANK = " \t\u00a0"
_LINE = "\r\n"  # a line break formats HTML source and is not a visible space
_STOP = "."
_GOES_ON = "-–—&("  # marks that come after a period only if the period does not end a sentence
_SENTENCE_ENDS = patterns.lazy(r"[.!?:…][”\"’')\]]*\Z")
_NO_WORD = patterns.lazy(r"\W*")
_SENTENCE_REACH = 100  # code points before a link that show whether it begins a sentence
_WORD_BEFORE = patterns.lazy(r"[^\W_][”\"’')]?\Z")
_LAST_WORD = patterns.lazy(r"(?<!\S)\S++\Z")


@dataclass(frozen=True)
class AnchorEdge:
    """Spaces or punctuation marks at the edge of a link that belong outside the link.

    `marks` lists marks that do not belong at the end of a link, such as “,”. Without `marks`, the rule finds spaces at
    both ends. A mark is ignored if it belongs to the link text, such as the period of a link that is a whole sentence.
    `abbreviations` lists words whose period also belongs to the link text, such as “inc”; they are given without the
    period.

    The match is the mark or the spaces. The fix moves them out of the link, or deletes spaces that are not needed
    outside. There is no fix if the next character makes the result unclear. The message may use {words}, the link text,
    and {mark}, the mark or a space.
    """

    marks: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"words", "mark"})
    parts: ClassVar[frozenset[str]] = frozenset({"links"})

    @cached_property
    def _abbreviations(self) -> frozenset[str]:
        return frozenset(word.lower() for word in self.abbreviations)

    def find_in(self, document: Document) -> Iterator[Match]:
        for link, anchor in zip(document.links, document.anchor_texts, strict=True):
            if self.marks and anchor.endswith(self.marks):
                mark = next(mark for mark in self.marks if anchor.endswith(mark))
                yield from self._mark(link, mark, document)
            elif not self.marks and (link.kind == "html" or anchor[:1].isspace() or anchor[-1:].isspace()):
                yield from _spaces(link, document) if anchor.strip(f"{_BLANK}\n{OBJECT}") else ()

    def _mark(self, link: Link, mark: str, document: Document) -> Iterator[Match]:
        text = document.source.text
        within = _anchors.inside(link, document)
        if not within or not text.endswith(mark, *within) or not _WORD_BEFORE.search(link.text[: -len(mark)]):
            return
        if self._keeps(mark, link):
            return
        behind = text[link.span.end : link.span.end + 1]
        edits = [Edit(within.end - len(mark), within.end, "")]
        if behind not in self.marks:
            edits.append(Edit(link.span.end, link.span.end, mark))
        values = {"words": " ".join(link.text.split()), "mark": mark}
        yield Match(within.end - len(mark), within.end, values, tuple(edits) if behind.isspace() or not behind else ())

    def _keeps(self, mark: str, link: Link) -> bool:
        """Whether a mark at the end of a link probably belongs to its text, as the period of an abbreviation does."""
        text = link.block.text
        following = text[link.end : link.end + 1]
        if following and not following.isspace():
            return True
        if mark != _STOP:
            return not following and not text[: link.start].strip()
        behind = text[link.end : link.end + 3].lstrip()[:1]
        if behind.islower() or (behind and behind in _GOES_ON):
            return True
        last = _LAST_WORD.search(link.text[:-1])
        word = last[0] if last else ""
        if _begins_sentence(text, link.start) or _STOP in word or len(word) == 1:
            return True
        return word.lower() in self._abbreviations


def _begins_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - _SENTENCE_REACH) : at].rstrip()
    return bool(_SENTENCE_ENDS.search(before) or (at <= _SENTENCE_REACH and _NO_WORD.fullmatch(before)))


def _spaces(link: Link, document: Document) -> Iterator[Match]:
    text = document.source.text
    within = _anchors.inside(link, document)
    words = text[slice(*within)] if within else ""
    if not within or (words[:1] not in _BLANK and words[-1:] not in _BLANK):
        return
    left = within.start + len(words) - len(words.lstrip(_BLANK))
    right = within.start + len(words.rstrip(_BLANK))
    values = {"words": " ".join(link.text.split()), "mark": " "}
    if within.start < left and text[left] not in _LINE and link.start:
        before = text[link.span.start - 1 : link.span.start]
        yield Match(within.start, left, values, _moved(Span(within.start, left), before, link.span.start))
    if right < within.end and text[right - 1] not in _LINE and link.end < len(link.block.text):
        behind = text[link.span.end : link.span.end + 1]
        yield Match(right, within.end, values, _moved(Span(right, within.end), behind, link.span.end))


def _moved(blank: Span, neighbor: str, place: int) -> tuple[Edit, ...]:
    """Return the edits that take the spaces at the edge of a link out of it, or () if the right fix is unclear.

    `blank` is the source span of the spaces. `place` is the source offset of the edge of the link. `neighbor` is the
    character beyond this edge, or "" if there is none.
    """
    gone = Edit(*blank, "")
    if not neighbor or neighbor.isspace() or neighbor in ".,;:!?)":
        return (gone,)
    return (gone, Edit(place, place, " ")) if neighbor.isalnum() else ()
