"""What an article says to copydesk in comments: `<!-- copydesk: ignore names/proper-noun -- quoted -->`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from linter import late
from linter.block import Span
from linter.document import Document
from linter.rule import OWN

WORDS = ("ignore", "ignore-start", "ignore-end", "ignore-file")
_MOST = 2_000  # code points of a comment that may be one
# Comments of Markdown's users and of site generators, none of which a reader of the page sees.
_OTHERS = late.pattern(
    rf"""
    \{{/\*       (?P<mdx>(?:[^*]|\*(?!/)){{0,{_MOST}}}+)            \*/\}}
    | \{{\{{-?[ ]?/\*  (?P<hugo>(?:[^*]|\*(?!/)){{0,{_MOST}}}+)     \*/[ ]?-?\}}\}}
    | \{{%-?[ ]*+comment[ ]*+-?%\}} (?P<liquid>[^{{]{{0,{_MOST}}}+) \{{%-?[ ]*+endcomment[ ]*+-?%\}}
    | \{{\#      (?P<jinja>[^#]{{0,{_MOST}}}+)              \#\}}
    | ^\[(?://|comment)\]:[ ]\#[ ]\( (?P<label>[^()\r\n]{{0,{_MOST}}}+) \)[ \t]*+(?=[\r\n]|\Z)
    """,
    re.VERBOSE | re.MULTILINE,
)
_COMMENT_START = late.pattern(r"<!---*+")
_COMMENT_END = "-->"
# An em dash will do before the reason: that is what two hyphens become in some editors.
_SAID = late.pattern(r"\s*+copydesk(?::\s*+|\s++(?=ignore\b))(?P<word>[\w-]++)?(?P<rest>.*)\Z", re.DOTALL)
_REASON = late.pattern(r"(?:(?<=\s)|\A)(?:--|[—–])(?:\s|\Z)")
_NAME = late.pattern(r"[^\s,]++")


class Named(NamedTuple):
    """A rule, a pack or a glob for rules, and where it stands in the source."""

    name: str
    span: Span


class Directive(NamedTuple):
    """A comment for copydesk: `word` is what it asks for; without `names` it is about all rules."""

    span: Span
    word: str
    word_span: Span
    names: tuple[Named, ...]
    reason: str


def find(document: Document) -> list[Directive]:
    """The comments for copydesk, in order. Plain text has none: a comment would be printed there."""
    if document.kind == "text" or OWN not in document.source.text:
        return []
    found = [*_in_tags(document), *_in_others(document)]
    return sorted(found)


def _in_tags(document: Document) -> Iterator[Directive]:
    text = document.source.text
    for tag in document.tags:
        if tag.kind == "comment" and (inside := _inside(text, *tag.span)):
            yield from _read(text, tag.span, inside)


def _inside(text: str, start: int, end: int) -> Span | None:
    """The span of what the comment `text[start:end]` says, without hyphens around it; None where it is left open."""
    opening, end = _COMMENT_START.match(text, start, end), end - len(_COMMENT_END)
    if not opening or opening.end() > end or not text.startswith(_COMMENT_END, end):
        return None
    while text[end - 1] == "-" and end > opening.end():
        end -= 1
    return Span(opening.end(), end)


def _in_others(document: Document) -> Iterator[Directive]:
    text = document.source.text
    code = sorted(block.outer for block in document.blocks_in(frozenset({"code"})))
    starts = [span.start for span in code]
    for comment in _OTHERS.finditer(text):
        at = bisect_right(starts, comment.start()) - 1
        if comment.lastgroup and (at < 0 or code[at].end <= comment.start()):
            yield from _read(text, Span(*comment.span()), Span(*comment.span(comment.lastgroup)))


def _read(text: str, span: Span, inside: Span) -> Iterator[Directive]:
    if said := _SAID.match(text, *inside):
        names, reason = read(text, Span(*said.span("rest")))
        word_span = Span(*said.span("word")) if said["word"] else span
        yield Directive(span, said["word"] or "", word_span, names, reason)


def read(text: str, span: Span) -> tuple[tuple[Named, ...], str]:
    """The names in `text[start:end]`, with commas or spaces between, and the reason behind “--”."""
    dash = _REASON.search(text, *span)
    end = dash.start() if dash else span.end
    names = tuple(Named(name[0], Span(*name.span())) for name in _NAME.finditer(text, span.start, end))
    return names, " ".join(text[dash.end() : span.end].split()) if dash else ""
