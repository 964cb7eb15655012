"""Links next to another link, inside it, or in its URL."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress, count
from operator import eq
from typing import ClassVar, Literal

from linter import patterns
from linter.checks.links import _anchors
from linter.document import OBJECT, Document, Link
from linter.finding import Edit
from linter.folding import folded_view
from linter.rule import Match
from linter.text.view import text_view

_NOWHERE = frozenset({"", "#"})
_HARD_BREAK = patterns.lazy(r"  \r?\n")  # each link is on a line of its own
_MAX_GAP = 3  # maximum code points of white space between two links
_OUTER = patterns.lazy(r"(?<![\\!])\[[^\[\]\n\ufffc]*\]\((?=[^()\s]{2,400}\))")
# Parts of a URL that contains links: a character, the text of a link, a link with a plain URL. Then the whole URL.
_PLAIN = r"[^()\[\]\s]"
_WORDS = r"\[[^\[\]\n]{1,200}+\]\("
_INNER = rf"{_WORDS}{_PLAIN}*+\)"
_ADDRESS = rf"(?:{_PLAIN}++|{_WORDS}(?:{_PLAIN}++|{_INNER})*+\))*+"
_WRECK = patterns.lazy(
    rf"""(?<![\\!]) (?: (?:
      {_WORDS} (?={_PLAIN}*+{_WORDS}) (?={_PLAIN}*/) {_ADDRESS} \)?                     # [a](/b-[c](/d)-e)
    | \[? {_WORDS} (?={_PLAIN}*/) {_PLAIN}++ \]\( {_ADDRESS} \) (?: {_ADDRESS} \) )?  # [[a](/b](/c)-d)
    | {_INNER} -[\w-]*+ \) (?=\]\()                                                   # [a](/b)-c)](/d)
    ) (?: {_ADDRESS} \)? \]\( {_ADDRESS} \) )*+ )++""",
    re.VERBOSE,
)
_TORN = patterns.lazy(r"\)-[\w-]*\)\]\(")  # a piece of a URL between the ends of two links
_BLOCK = patterns.lazy(r"</?(?:p|h[1-6]|div|td|tr|table|li|ul|ol|dd|dt|blockquote|hr)\b", re.IGNORECASE)
_NESTED = ["open", "open", "close", "close"]


@dataclass(frozen=True)
class SecondLink:
    """Links in a certain position relative to another link.

    `place` is where the second link is: `beside`, `within` or `address`.

    With `beside`, two links with the same URL follow each other, with at most three characters of white space between
    them. The match is the URL of the second link. The fix merges the two links if they have different texts and the
    same syntax, title and attributes. The message may use {first} and {second}, the texts of the two links.

    With `within`, a link is inside another link. In HTML, the inner link begins before the outer link ends, and the
    match is the start tag of the inner link. In Markdown, the text of the outer link contains the inner link, and the
    match extends from the opening bracket of the outer link to the opening parenthesis of its URL.

    With `address`, the URL of a Markdown link contains another link, usually because a program has turned keywords into
    links. A link that cuts another link in two also matches. The match covers all of these links.
    """

    place: Literal["beside", "within", "address"]

    values: ClassVar[frozenset[str]] = frozenset({"first", "second"})
    parts: ClassVar[frozenset[str]] = frozenset({"links", "tags"})

    def find_in(self, document: Document) -> Iterator[Match]:
        if self.place == "beside":
            yield from _beside(document)
            return
        if self.place == "address":
            yield from _in_addresses(document) if document.kind == "markdown" else ()
            return
        yield from _within_html(document)
        if document.kind == "markdown":
            yield from _within_markdown(document)


def _beside(document: Document) -> Iterator[Match]:
    addresses = [link.url for link in document.links]
    for number in compress(count(), map(eq, addresses, addresses[1:])):
        first, second = document.links[number : number + 2]
        same = first.url not in _NOWHERE and "{{" not in first.url
        same = same and "download" not in second.attributes  # such as the button in a file block of WordPress
        if same and _are_adjacent(first, second, document):
            words = [" ".join(link.text.split()) for link in (first, second)]
            edits = _merged(first, second, document) if words[0] != words[1] else ()
            yield Match(*second.url_span, {"first": words[0], "second": words[1]}, edits)


def _are_adjacent(first: Link, second: Link, document: Document) -> bool:
    if first.block is not second.block or OBJECT in first.text + second.text:
        return False
    if not first.text.strip() or not second.text.strip() or not {first.kind, second.kind} <= {"inline", "html"}:
        return False
    between = document.source.text[first.span.end : second.span.start]
    if first.span.end > second.span.start or len(between) > _MAX_GAP or between.strip():
        return False
    return not _HARD_BREAK.search(between)


def _merged(first: Link, second: Link, document: Document) -> tuple[Edit, ...]:
    """Return the edit that merges two adjacent links into one link, as a tuple, or () if they cannot be merged."""
    one, other = _anchors.inside(first, document), _anchors.inside(second, document)
    if first.kind != second.kind or first.attributes != second.attributes or first.title != second.title:
        return ()
    between = document.source.text[first.span.end : second.span.start]
    return (Edit(one.end, other.start, between),) if one and other else ()


def _within_html(document: Document) -> Iterator[Match]:
    tags = [tag for tag in document.tags_by_name.get("a", ()) if tag.kind in _NESTED and not tag.visible]
    kinds = [tag.kind for tag in tags]
    for i in range(1, len(tags) - 2):
        pair = tags[i - 1 : i + 1]
        if kinds[i - 1 : i + 3] == _NESTED and all(tag.attribute("href") for tag in pair):
            if _BLOCK.search(document.source.text, pair[0].span.end, tags[i].span.start):
                continue  # the first link was never closed
            yield Match(*tags[i].span)


def _within_markdown(document: Document) -> Iterator[Match]:
    """Yield a match for each Markdown link whose text contains another link."""
    blocks = [block for block in document.prose if "](" in block.text] if "](" in text_view(document).text else []
    links = sorted(document.links, key=lambda link: link.span) if blocks else []
    starts = [link.span.start for link in links]
    for block in blocks:
        for outer in _OUTER.finditer(block.text):  # the parser recognizes only the inner link
            start, end = block.span(*outer.span())
            inner = links[bisect_left(starts, start) : bisect_left(starts, end)]
            brackets = outer.start(), outer.end() - len("](")
            if any(link.span.end < end for link in inner) and not _anchors.escaped(block, document, *brackets):
                yield Match(start, end)


def _in_addresses(document: Document) -> Iterator[Match]:
    text, addresses = document.source.text, folded_view(document, "link.url").text
    suspect = "[" in addresses or "](" in addresses or (")-" in text and _TORN.search(text))
    for at, lines in document.lines_without_code() if suspect else ():  # no match contains a line end
        for found in _WRECK.finditer(lines):
            yield Match(at + found.start(), at + found.end())
