"""List items without text, or with nothing but a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from linter import patterns
from linter.document import Document, Span
from linter.rule import Match

_EMPTY = patterns.lazy(r"\n(?P<lead>(?:  |\t)*[-*+])[ \t]*(?=\r?\n)")
_LABEL = r"(?:\*\*|__)?[^\W\d_a-z][^\W\d_][^\W\d_ ]*(?: [^\W\d_]+){0,3}(?::(?:\*\*|__)?|(?:\*\*|__):)"
_BARE = patterns.lazy(rf"(?P<lead> {{0,3}}[-*+] ){_LABEL}[ \t]*\Z")
_COLON = patterns.lazy(r":(?:\*\*|__)?[ \t]*(?=\r?\n(?:[ \t]*\r?\n)? {0,3}[-*+] )")
_FILLED = patterns.lazy(rf"(?P<lead> {{0,3}}[-*+] ){_LABEL} (?P<value>[^\r\n:]+)")
# A shortcode that contains data.
_SHORTCODE = patterns.lazy(r"\{\{[<%]\s*+(?P<name>[\w-]++)(?:(?!\{\{).)*+\{\{[<%]\s*+/(?P=name)", re.DOTALL)
_ROW = patterns.lazy(r"^[ \t]*[-*+] [-*+](?:[ \t]|$)", re.MULTILINE)  # of a table written as a list of lists
_CODE, _LIST = frozenset({"code"}), frozenset({"list"})
_MAX_VALUE_LENGTH = 80  # maximum code points of a value; a longer value is a paragraph
_NEIGHBOR_REACH = 500  # code points before and after an item that are searched for its neighbors


@dataclass(frozen=True)
class EmptyItem:
    """Bulleted list items that are empty, unlike the items around them.

    An item without text is a match if the item before it has text and another item follows. An item that is only a
    label, such as “Price:”, is a match if the next item is a label with a value of at most 80 characters, without a
    colon in the value. If there is a third item, it must also be a label with a value. `not_labels` lists labels, in
    lower case, that introduce the items after them. An item with such a label, in any case, is ignored. Code, comments,
    shortcodes, tables that are written as lists of lists (`- - Line`) and HTML files are not checked.
    """

    not_labels: tuple[str, ...]

    def find_in(self, document: Document) -> Iterator[Match]:
        text = document.source.text
        items = document.prose if document.kind == "text" else [*document.blocks_in(_LIST)]
        if document.markup == "html" or not items:
            return
        span = Span(items[0].source_span.start, items[-1].source_span.end)
        may_be_labeled = document.kind == "text" or ":" in {block.text[-1:] for block in items}
        found = list(self._found(text, span, labels=may_be_labeled))
        if not found:
            return
        hidden = [block.source_span for block in document.blocks_in(_CODE)]
        hidden += [tag.span for tag in document.tags if tag.kind == "comment"]
        if "{{" in text:
            hidden += [Span(*shortcode.span()) for shortcode in _SHORTCODE.finditer(text)]
        for start, end in found:
            if not any(span.start <= start < span.end for span in hidden):
                yield Match(start, end)

    def _found(self, text: str, span: Span, *, labels: bool) -> Iterator[tuple[int, int]]:
        """Yield the ranges of empty items within `span` of the source.

        If `labels` is true, items with only a label may be included.
        """
        for empty in _EMPTY.finditer(text, *span):
            before, after = _neighbors(text, empty.start(), empty.end())
            if len(empty["lead"]) > 1 and _ROW.search(text, max(0, empty.start() - _NEIGHBOR_REACH), empty.start()):
                continue
            lead = empty["lead"] + " "
            if before.startswith(lead) and after.startswith(lead) and before[len(lead) :].strip() and after.strip():
                yield empty.start("lead"), empty.end()
        for colon in _COLON.finditer(text, *span) if labels else ():
            start, end = text.rfind("\n", 0, colon.start()) + 1, colon.end()
            bare = _BARE.match(text[start:end]) if end - start <= _MAX_VALUE_LENGTH else None
            filled = _FILLED.fullmatch(_neighbors(text, start, end)[1]) if bare else None
            if not bare or not filled or filled["lead"] != bare["lead"] or len(filled["value"]) > _MAX_VALUE_LENGTH:
                continue
            if bare[0].strip(" -*+_:\t").lower() not in self.not_labels and _is_series(text, end, bare["lead"]):
                yield start, end


def _is_series(text: str, end: int, lead: str) -> bool:
    """Whether the next items after `end`, if any, have labels with values.

    `lead` is the bullet of the items, with the spaces around it.
    """
    items = [line for line in text[end : end + _NEIGHBOR_REACH].splitlines()[1:5] if line.strip()][:2]
    return all(_FILLED.fullmatch(line) for line in items if line.startswith(lead))


def _neighbors(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the nearest nonblank lines before and after `text[start:end]`, or "" for each that is not found nearby."""
    before = text[max(0, start - _NEIGHBOR_REACH) : start].splitlines()[-2:]
    after = text[end : end + _NEIGHBOR_REACH].splitlines()[1:3]
    return (
        next((line for line in reversed(before) if line.strip()), ""),
        next((line for line in after if line.strip()), ""),
    )
