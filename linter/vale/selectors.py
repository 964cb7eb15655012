"""Select blocks by the scopes of Vale rules, such as `heading & ~text.blockquote`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache

from linter.document import VALE_VIEWS

TEXT, PARAGRAPH, SENTENCE, RAW, SUMMARY = VALE_VIEWS


class Selectors:
    """The selectors of a rule. A block is selected if it matches one of them.

    A selector has parts that are joined by `&`. A part such as `heading.h2` matches blocks whose sections include
    `heading` and `h2`; `~` negates it. Negated selectors match neither the raw text nor the summary.
    """

    def __init__(self, selectors: Iterable[str]) -> None:
        self._selectors = [[_part(part) for part in selector.split("&")] for selector in selectors]
        self._known: dict[frozenset[str], bool] = {}

    def fit(self, sections: frozenset[str]) -> bool:
        """Whether a block with these sections is selected."""
        if sections not in self._known:
            self._known[sections] = any(_fits(parts, sections) for parts in self._selectors)
        return self._known[sections]

    @cached_property
    def views(self) -> frozenset[str]:
        """The scopes of documents that contain all blocks which the selectors can match (see `view`)."""
        found = set()
        for parts in self._selectors:
            wanted = frozenset[str]().union(*(sections for negated, sections in parts if not negated))
            special = [view for view, name in _SPECIAL.items() if name in wanted]
            found.update(special or [TEXT])
        return frozenset(found)


@lru_cache(1024)  # all rules with the same scope share the selected blocks of a document
def selectors_of(scope: tuple[str, ...]) -> Selectors:
    """Return the selectors in the scope of a rule. Equal scopes have the same object."""
    return Selectors(scope)


_SPECIAL = {PARAGRAPH: "paragraph", SENTENCE: "sentence", RAW: "raw", SUMMARY: "summary"}


def _part(part: str) -> tuple[bool, frozenset[str]]:
    """Return whether a part of a selector is negated, and its sections."""
    part = part.strip()
    return part.startswith("~"), frozenset(section.strip() for section in part.removeprefix("~").split("."))


def _fits(parts: Iterable[tuple[bool, frozenset[str]]], sections: frozenset[str]) -> bool:
    for negated, wanted in parts:
        if (wanted <= sections) == negated:
            return False
        if negated and not sections.isdisjoint(("raw", "summary")):
            return False
    return True
