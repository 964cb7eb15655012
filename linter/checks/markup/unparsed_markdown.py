"""Markdown syntax that shows as text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from linter import patterns
from linter.analysis.literals import Literals
from linter.checks.links import _anchors
from linter.document import PROSE, Block, Document
from linter.files import sites
from linter.finding import Edit
from linter.readers.html_meaning import BLOCK
from linter.rule import Match

_INLINE = patterns.lazy(r"(?<!\w)!?\[(?P<words>[^\[\]\n]*+)\]\((?P<name>(?:https?://|mailto:|www\.)[^()\n\"]*+)\)")
_REFERENCE = patterns.lazy(
    r"(?<![\]\w\\$)])\[(?P<words>[^\[\]\n\"'=$\\]+)\]\[(?P<name>[^\[\]\n\"'=$\\]*)\](?![\[(:\w])"
)
_MARKS = {
    "strong": patterns.lazy(r"(?<![A-Za-z0-9*\\/])(\*\*)(?=[^\s*])[^*\n]{1,160}?(?<=\S)(\*\*)(?![A-Za-z0-9*/])"),
    "heading": patterns.lazy(r"^(#{2,6} )(?=\S)", re.MULTILINE),
    "link": patterns.lazy(r"(?<!\w)(\[)[^\[\]\n]{1,160}(\]\((?:https?://|/|#|mailto:)[^()\s]{1,400}\))"),
}
_REQUIRED = {"strong": "**", "heading": "##", "link": "]("}  # text that each pattern requires
_MIN_KINDS = 2  # kinds of marks required in plain text, whose authors also write **like this**
_FENCE = "```"  # a page with this shows a file on purpose, or its fence is reported by the `fences` pack
_LITERALS = {
    "inline": ("](http", "](mailto:", "](www."),
    "reference": ("][",),
    "pasted": tuple(_REQUIRED.values()),
}

_BLANK_LINE = patterns.lazy(r"^[ \t]*+\r?\n", re.MULTILINE)
_TAG = patterns.lazy(r"[ ]{0,3}</?([a-z][a-z0-9]*)(?=[\s/>])", re.IGNORECASE)
_EMBEDS = frozenset({"iframe", "object", "video", "audio"})
_HTML_BLOCK = BLOCK | {"iframe"}  # elements that start an HTML block (CommonMark 0.31, 4.6, kind 6)

_DEFINITION = patterns.lazy(r"^[ \t>]*+\[([^\[\]\n]++)\]:", re.MULTILINE)
_INCLUDE = patterns.lazy(
    r"\{%-?\s*(?:include|render|partial|import)|\{\{[<%]|^[^\S\n]*+#include|^--8<--|^\.\. include", re.MULTILINE
)
_INCLUDED = patterns.lazy(r"(?:\A|/)_?(?:includes|partials|snippets|fragments)/")
_LETTER = patterns.lazy(r"[^\W\d_]")


@dataclass(frozen=True)
class UnparsedMarkdown:
    """Links and marks of Markdown that were not converted to HTML.

    `form` is the kind of syntax: `inline`, `reference` or `pasted`.

    `inline` finds links in the form `[words](address)` with a web or email address. They show as text inside an HTML
    block, or if the address contains a space. Dialects that do not follow CommonMark, such as Python-Markdown, accept
    spaces, and end an HTML block at its end tag. If the dialect is unknown, embeds such as `<iframe>` end there, too.

    `reference` finds links in the form `[words][name]` with a name that the article does not define. Any line that
    begins with the name in brackets and a colon is a definition. Articles that include other files are ignored, because
    those files may contain the definition. Brackets that probably have another purpose are ignored, too, such as
    numbers of notes, log tags in all capitals and escaped brackets.

    `pasted` finds bold marks, heading marks and links of Markdown in HTML pages and plain text. Articles with a code
    fence, or with heading marks alone, are ignored, because they probably show a Markdown file on purpose. Plain text
    must contain at least two kinds of marks. The fix deletes the marks.

    With `inline` and `reference`, the message may use {words} and {name}. With `inline`, {name} is the address.
    """

    form: Literal["inline", "reference", "pasted"]

    @property
    def values(self) -> frozenset[str]:
        return frozenset(() if self.form == "pasted" else {"words", "name"})

    @property
    def literals(self) -> Literals:
        return (frozenset(_LITERALS[self.form]),)

    def find_in(self, document: Document) -> Iterator[Match]:
        if self.form == "pasted":
            yield from _pasted(document) if document.kind != "markdown" else ()
        elif document.kind == "markdown":
            for block, found in (_inline if self.form == "inline" else _references)(document):
                values = {"words": found["words"], "name": found["name"] or found["words"]}
                yield Match(*block.span(*found.span()), values)


def _inline(document: Document) -> Iterator[tuple[Block, re.Match[str]]]:
    starts: list[int] = []
    for block in document.prose:
        for found in _INLINE.finditer(block.text) if "](" in block.text else ():
            starts = starts or [0, *(blank.end() for blank in _BLANK_LINE.finditer(document.source.text))]
            spaced = " " in found["name"] and sites.follows_commonmark(document) is not False
            cause = spaced or _is_in_html(block.span(*found.span()).start, starts, document)
            if cause and block.is_verbatim(*found.span()) and not _anchors.escaped(block, document, found.start()):
                yield block, found


def _is_in_html(at: int, starts: list[int], document: Document) -> bool:
    """Whether the source offset `at` is in an HTML block; `starts` are the offsets where such a block may begin."""
    text, start = document.source.text, starts[bisect_right(starts, at) - 1]
    tag = _TAG.match(text, start)
    if tag is None or (name := tag[1].lower()) not in _HTML_BLOCK:
        return False
    follows = sites.follows_commonmark(document)
    ends_early = name in _EMBEDS if follows is None else not follows
    return not ends_early or f"</{name}" not in text[start:at].lower()


def _references(document: Document) -> Iterator[tuple[Block, re.Match[str]]]:
    blocks = [block for block in document.prose if "][" in block.text and _REFERENCE.search(block.text)]
    if not blocks or _INCLUDED.search(document.source.path) or _INCLUDE.search(document.source.text):
        return
    linked = sorted(link.span for link in document.links if link.kind != "bare")
    starts = [span.start for span in linked]
    defined = frozenset(_plain(name[1]) for name in _DEFINITION.finditer(document.source.text))
    for block in blocks:
        for found in _REFERENCE.finditer(block.text):
            before = bisect_right(starts, block.span(*found.span()).start) - 1
            outside = before < 0 or linked[before].end <= block.span(*found.span()).start
            known = _plain(found["name"] or found["words"]) in defined
            if outside and not known and _is_reference(found, block, document):
                yield block, found


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _is_reference(match: re.Match[str], block: Block, document: Document) -> bool:
    """Whether the author probably intended a link."""
    words, name = match["words"], match["name"]
    brackets = (match.start(), match.end("words"), match.start("name") - 1, match.end() - 1)
    if _anchors.escaped(block, document, *brackets):
        return False
    if not _LETTER.search(words) or (words.isupper() and " " not in words) or (name.isupper() and len(name) > 1):
        return False
    return bool(name) or " " in words.strip()


def _pasted(document: Document) -> Iterator[Match]:
    """Yield matches for Markdown marks that were probably pasted into an HTML page or plain text."""
    found = [(sort, block, mark) for block in document.blocks_in(PROSE) for sort, mark in _marks(block)]
    sorts = {sort for sort, _, _ in found}
    if sorts == {"heading"} or (document.kind == "text" and len(sorts) < _MIN_KINDS):
        return
    if any(_FENCE in block.text for block in document.blocks_in(PROSE)):
        return
    for _, block, mark in found:
        spans = [block.span(*mark.span(group)) for group in range(1, (mark.re.groups or 0) + 1)]
        yield Match(*block.span(*mark.span()), {}, tuple(Edit(*span, "") for span in spans))


def _marks(block: Block) -> Iterator[tuple[str, re.Match[str]]]:
    for sort, pattern in _MARKS.items():
        for mark in pattern.finditer(block.text) if _REQUIRED[sort] in block.text else ():
            yield sort, mark
