"""Markdown reference links without a definition."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter import patterns
from linter.analysis.literals import Literals
from linter.checks.links import _anchors
from linter.document import Block, Document
from linter.rule import Match

_REFERENCE = patterns.lazy(r"(?<![\]\w\\$)])\[(?P<words>[^\[\]\n\"'=$]+)\]\[(?P<name>[^\[\]\n\"'=$]*)\](?![\[(:\w])")
_DEFINED = patterns.lazy(r"^[ \t>]*+\[([^\[\]\n]++)\]:", re.MULTILINE)
_BROUGHT = patterns.lazy(
    r"\{%-?\s*(?:include|render|partial|import)|\{\{[<%]|^[^\S\n]*+#include|^--8<--|^\.\. include", re.MULTILINE
)
_PART = patterns.lazy(r"(?:\A|/)_?(?:includes|partials|snippets|fragments)/")  # brought in by an article
_LETTER = patterns.lazy(r"[^\W\d_]")


@dataclass(frozen=True)
class UndefinedReference:
    """Looks at words in brackets that another pair of brackets follows, and that were made no link.

    Numbers side by side are notes, and words in capitals the tags of a log. A line that begins with the name and a
    colon is a definition, whatever follows it; an article that brings another file in may bring definitions. The
    message may use {words} and {name}.
    """

    values: ClassVar[frozenset[str]] = frozenset({"words", "name"})
    literals: ClassVar[Literals] = (frozenset({"]["}),)

    def find(self, document: Document) -> Iterator[Match]:
        if document.kind != "markdown":
            return
        blocks = [block for block in document.prose if "][" in block.text and _REFERENCE.search(block.text)]
        if not blocks or _PART.search(document.source.path) or _BROUGHT.search(document.source.text):
            return
        linked = sorted(link.span for link in document.links if link.kind != "bare")
        starts = [span.start for span in linked]
        defined = frozenset(_plain(name[1]) for name in _DEFINED.finditer(document.source.text))
        for block in blocks:
            for found in _REFERENCE.finditer(block.text):
                start, end = block.span(*found.span())
                i, name = bisect_right(starts, start) - 1, found["name"] or found["words"]
                outside = i < 0 or linked[i].end <= start
                if outside and _plain(name) not in defined and _is_meant(found, block, document):
                    yield Match(start, end, {"words": found["words"], "name": name})


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _is_meant(found: re.Match[str], block: Block, document: Document) -> bool:
    """Whether a link is intended there: with words, with an address, with brackets that are not escaped."""
    words, name = found["words"], found["name"]
    brackets = (found.start(), found.end("words"), found.start("name") - 1, found.end() - 1)
    if _anchors.escaped(block, document, *brackets):
        return False
    if not _LETTER.search(words) or (words.isupper() and " " not in words) or (name.isupper() and len(name) > 1):
        return False
    return bool(name) or " " in words.strip()
