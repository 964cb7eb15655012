"""Broken, unpaired, unknown, mentioned or visible HTML tags."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal, NamedTuple

from linter import patterns
from linter.document import Document, pair_tags
from linter.document import Tag as HtmlTag
from linter.finding import Edit
from linter.readers.html_meaning import ELEMENTS, HEADINGS, OPTIONAL_END, VOID
from linter.readers.plain_text import are_mentions
from linter.readers.tags import scan_tags
from linter.rule import Match
from linter.text.lexicon import word_list
from linter.views import per_document

_CODE = frozenset({"code.markdown"})
_ANY_CODE = frozenset({"code"})
_INDENT = patterns.lazy(r"(?:^|\n)(?:\t| {4})[ \t]*+\Z")  # indentation of code without a fence
_MAX_INDENT = 100
_MIN_PAGE_TAGS = 40  # minimum number of visible tags that make the source an HTML page
_FRAME = frozenset({"html", "head", "body", "meta", "link", "base"})  # elements outside of the article
_DOCTYPE = patterns.lazy(r"<!doctype html[^<>]*>", re.IGNORECASE)
_NO_END = (VOID | OPTIONAL_END) - {"p"}  # an unmatched </p> creates an empty paragraph
# Elements of page layouts. An end tag without a start tag ends the innermost of them on the page, around the article.
_LAYOUT = frozenset({"article", "aside", "div", "footer", "header", "main", "nav", "section", "table"})
_NO_EFFECT = {"a": frozenset({"id", "name"}), "font": frozenset[str](), "span": frozenset({"id"})}
_LINKED = patterns.lazy(r"(?:</a>|\]\([^()\s]*\))(?:\s|</[a-z]+\d?>)*\Z", re.IGNORECASE)
_MAX_LINK_LENGTH = 200
_NEXT_LINK = patterns.lazy(r"\s*+(?:<a\s|\[[^\[\]\n]*+\][(\[])", re.IGNORECASE)  # it ends an open link
_SHOW_ODD_ENDS = frozenset({"Astro", "Eleventy", "Hugo", "Jekyll"})  # their Markdown parsers show `</br/>` as text
_PLACEHOLDER = patterns.lazy(
    r"<[a-z]+(?:[ _][a-z]+)*>|(?<=[A-Za-z„“\"'])<[A-Z][A-Za-z]*>|<[A-Z][A-Za-z]*>(?=[A-Za-z]|[“”\"']\s)"
)
# Angular code without a fence: `*ngIf=`, `[(model)]=`, `(click)=`, `#form=`.
_ANGULAR = patterns.lazy(r"\s\\?[*\[(#][^\s=<>]+=")
_JSX = patterns.lazy(r"<[^\n<>]*=\{[^\n<>]*\}[^\n<>]*>")  # `style={{ width: `45%` }}`
_DAMAGED_LINK = patterns.lazy(r"<https?://[^\s<>\"]*+\">")  # the remains of `<a href="…">`


@dataclass(frozen=True)
class Tag:
    """Tags and comments with the problem that `state` names.

    `showing` finds tags that readers see; adjacent tags are one match. An article with 40 or more visible tags counts
    as the source of a whole page. In such an article, `showing` finds only frame tags such as `<html>` and `<meta>`,
    and `page` finds the doctype or the first tag. In other articles, `page` finds nothing.

    `comment` finds complete comments that readers see. `broken` finds unfinished tags and comments, and elements such
    as `<script>` without an end tag, but not JSX in Markdown.

    `unopened` finds end tags without a start tag that end a link or a part of the page layout, and `unclosed` finds
    start tags without an end tag. `forgiven` finds tags without a partner that make no difference to readers, such as
    `</b>`, and misspelled line breaks such as `</br/>`. Most elements with an optional end tag, such as `<li>`, are
    ignored. Start and end tags are paired by name alone, regardless of what is between them. End tags of the page
    layout that are made up for by later start tags are ignored too: `</div>` and `<div>` may break out of a column.

    `mentioned` finds tags that the text only mentions: the <title> tag. The other states ignore such tags. `unknown`
    finds words in angle brackets, such as `<name>`, that browsers treat as tags and do not show. The states `unclosed`
    and `unknown` apply to Markdown; the other states of this and the previous paragraph also apply to HTML without the
    frame of a page.

    The message may use {name}, the element name, and, with `page`, {number}, the number of visible tags in the article.
    """

    state: Literal[
        "showing",
        "page",
        "comment",
        "broken",
        "unopened",
        "unclosed",
        "forgiven",
        "mentioned",
        "unknown",
    ]

    values: ClassVar[frozenset[str]] = frozenset({"name", "number"})
    parts: ClassVar[frozenset[str]] = frozenset({"tags"})

    def find_in(self, document: Document) -> Iterator[Match]:
        if self.state in ("showing", "page"):
            yield from _shown(document, is_page=self.state == "page")
            return
        for tag in self._tags(document):
            edits = _edits(tag) if self.state == "forgiven" else ()
            yield Match(*tag.span, {"name": tag.name, "number": ""}, edits)

    def _tags(self, document: Document) -> Iterable[HtmlTag]:
        match self.state:
            case "comment":
                return [tag for tag in document.tags if tag.visible and tag.kind == "comment"]
            case "broken":
                broken = [tag for tag in document.tags if tag.kind == "broken"]
                mentioned = set(_mentioned(document)) if broken else ()
                broken = [tag for tag in broken if tag not in mentioned]
                return [
                    tag
                    for tag in broken
                    if document.kind != "markdown" or not _JSX.match(document.source.text, tag.span.start)
                ]
            case "unknown":
                return _unknown(document) if document.kind == "markdown" else []
        if document.kind != "markdown" and (self.state == "unclosed" or not _is_fragment(document)):
            return []
        if self.state == "mentioned":
            return _mentioned(document)
        found: list[HtmlTag] = getattr(_unpaired(document), self.state)
        return [*found, *_odd_ends(document)] if self.state == "forgiven" else found


def _shown(document: Document, *, is_page: bool) -> Iterator[Match]:
    """Yield the matches for `state: page` if `is_page` is true, or for `state: showing` otherwise (see `Tag`)."""
    tags, text = _showing(document), document.source.text
    if is_page != (len(tags) >= _MIN_PAGE_TAGS):
        if not is_page:
            yield from (Match(*tag.span, {"name": tag.name, "number": ""}) for tag in tags if tag.name in _FRAME)
        return
    if is_page:
        start, end = found.span() if (found := _DOCTYPE.search(text, 0, tags[0].span.end)) else tags[0].span
        yield Match(start, end, {"name": tags[0].name, "number": str(len(tags))})
        return
    runs: list[list[HtmlTag]] = []
    for tag in tags:
        if runs and not text[runs[-1][-1].span.end : tag.span.start].strip(" \t"):
            runs[-1].append(tag)
        else:
            runs.append([tag])
    for run in runs:
        yield Match(run[0].span.start, run[-1].span.end, {"name": run[0].name, "number": ""})


def _showing(document: Document) -> list[HtmlTag]:
    """Return the visible start and end tags, except those that are probably in Angular code."""
    text = document.source.text
    odd = set(_odd_ends(document))
    tags = [tag for tag in document.tags if tag.visible and tag.kind in ("open", "close") and tag not in odd]
    ends = {_line_end(text, tag) for tag in tags if _is_angular(tag, document)}
    return [tag for tag in tags if _line_end(text, tag) not in ends] if ends else tags


def _line_end(text: str, tag: HtmlTag) -> int:
    return text.find("\n", tag.span.end)


def _is_angular(tag: HtmlTag, document: Document) -> bool:
    return tag.kind == "open" and _ANGULAR.search(document.source.text, *tag.span) is not None


@per_document
def _is_fragment(document: Document) -> bool:
    """Whether the document is HTML without tags of the page frame, such as `<html>` or `<body>`."""
    return document.markup == "html" and _FRAME.isdisjoint(document.tags_by_name)


@per_document
def _odd_ends(document: Document) -> list[HtmlTag]:
    """Return the end tags such as `</br/>` that readers of a Markdown article may see as text.

    Some parsers keep such tags as HTML. If the site is known to use another parser, the result is empty.
    """
    if document.kind != "markdown" or document.site in _SHOW_ODD_ENDS:
        return []
    ends = (tag for tag in document.tags if tag.visible and tag.kind == "close")
    return [tag for tag in ends if document.source.text[tag.span.end - 2] == "/"]


@per_document
def _mentioned(document: Document) -> list[HtmlTag]:
    """Return the tags that the text probably only mentions, although they have an effect on the page."""
    tags = [tag for tag in document.tags if not tag.visible and tag.name in ELEMENTS]
    mentions = are_mentions(document.source.text, tags, pair_tags(tags), shown=False)
    return [tag for tag, mention in zip(tags, mentions, strict=True) if mention]


class _Unpaired(NamedTuple):
    """The tags that probably lack a partner: harmful end tags and start tags, and tags without a visible effect."""

    unopened: list[HtmlTag]
    unclosed: list[HtmlTag]
    forgiven: list[HtmlTag]


@per_document
def _unpaired(document: Document) -> _Unpaired:
    mentioned = set(_mentioned(document))
    tags = [tag for tag in document.tags if not tag.visible and _has_partner(tag, document) and tag not in mentioned]
    pairs = pair_tags(tags)
    single = _without_levels([tag for i, tag in enumerate(tags) if i not in pairs])
    if not single:
        return _Unpaired([], [], [])
    unopened = [tag for tag in single if tag.kind == "close" and tag.name not in _NO_END]
    unclosed = [tag for tag in single if tag.kind == "open" and tag.name != "p"]
    unclosed = [tag for tag in unclosed if not (_is_slot(tag) or _is_angular(tag, document))]
    hidden = _hidden(document)
    hidden["open"] += _damaged_starts({tag.name for tag in unopened}, document)
    unopened, unclosed = _without_detours(
        [tag for tag in unopened if not any(name == tag.name and at < tag.span.start for name, at in hidden["open"])],
        [tag for tag in unclosed if not any(name == tag.name and at > tag.span.start for name, at in hidden["close"])],
    )
    parts = _Unpaired([], [], [])
    for tag in (*unopened, *unclosed):
        ends_with_block = tag.kind == "open" and tag.name == "span" and document.kind == "markdown"
        forgiven = ends_with_block or _is_forgiven(tag, document.source.text)
        (parts.forgiven if forgiven else parts.unopened if tag.kind == "close" else parts.unclosed).append(tag)
    return parts


def _without_levels(single: Sequence[HtmlTag]) -> list[HtmlTag]:
    """Return the tags without headings such as `<h2>…</h3>`: any end tag of a heading ends a heading in browsers."""
    headings = (tag for tag in single if tag.name in HEADINGS)
    pairs = [pair for pair in pairwise(headings) if pair[0].kind == "open" and pair[1].kind == "close"]
    paired = {tag for pair in pairs for tag in pair}
    return [tag for tag in single if tag not in paired]


def _without_detours(unopened: Sequence[HtmlTag], unclosed: Sequence[HtmlTag]) -> tuple[list[HtmlTag], list[HtmlTag]]:
    """Return the tags without those that leave an element of the page layout for a while: `</div><div class="wide">`.

    As many elements must begin as have ended before.
    """
    left: set[str] = set()
    for name in _LAYOUT.intersection(tag.name for tag in unopened):
        ends, starts = ([tag.span for tag in tags if tag.name == name] for tags in (unopened, unclosed))
        if len(ends) == len(starts) and all(map(operator.lt, ends, starts)):
            left.add(name)
    return [tag for tag in unopened if tag.name not in left], [tag for tag in unclosed if tag.name not in left]


def _edits(tag: HtmlTag) -> tuple[Edit, ...]:
    """Return the edits for a tag that `_is_forgiven`, or () if it should be deleted."""
    if tag.attributes:  # others may link to <a name="vote">
        return (Edit(tag.span.end, tag.span.end, f"</{tag.name}>"),)
    return (Edit(*tag.span, "<br>"),) if tag.name == "br" else ()


def _is_forgiven(tag: HtmlTag, text: str) -> bool:
    if tag.kind == "open":
        if tag.name == "a" and _NEXT_LINK.match(text, tag.span.end):
            return True
        without_effect = _NO_EFFECT.get(tag.name)
        return without_effect is not None and all(one.name in without_effect for one in tag.attributes)
    if tag.name == "a":
        start = tag.span.start
        return _LINKED.search(text, max(0, start - _MAX_LINK_LENGTH), start) is not None
    return tag.name not in _LAYOUT


def _hidden(document: Document) -> dict[str, list[tuple[str, int]]]:
    """Return the names and offsets of text that may be the partner of an unpaired tag.

    The result has start tags under "open" and end tags under "close".
    """
    text = document.source.text
    found: dict[str, list[tuple[str, int]]] = {"open": [], "close": []}
    for block in document.blocks_in(_CODE):
        start, end = block.source_span
        if _INDENT.search(text, max(0, start - _MAX_INDENT), start):
            for tag in scan_tags(text, start, end):
                found["close" if tag.kind == "close" else "open"].append((tag.name, tag.span.start))
    for tag in document.tags:
        if tag.kind == "broken" or (tag.visible and _is_angular(tag, document)):
            found["open"].append((tag.name, tag.span.start))
    found["open"] += [("a", match.start()) for match in _DAMAGED_LINK.finditer(text)]
    return found


def _damaged_starts(names: Iterable[str], document: Document) -> list[tuple[str, int]]:
    """Return the names and offsets of text that begins like a start tag in `names` but is not parsed as a tag."""
    known = {tag.span.start for tag in document.tags}
    starts = [(name, found.start()) for name in names for found in re.finditer(f"<{name}\\b", document.source.text)]
    return [(name, start) for name, start in starts if start not in known]


def _unknown(document: Document) -> list[HtmlTag]:
    """Return the tags that are probably placeholders for text, such as `<name>`."""
    closed = {tag.name for tag in document.tags if tag.kind == "close"}
    unknown = [
        tag
        for tag in document.tags
        if tag.kind == "open"
        and not tag.visible
        and tag.name not in ELEMENTS
        and tag.name not in closed
        and (found := _PLACEHOLDER.match(document.source.text, tag.span.start))
        and found.end() == tag.span.end
    ]
    code = [block.source_span for block in document.blocks_in(_ANY_CODE)] if unknown else []
    return [tag for tag in unknown if not any(start <= tag.span.start < end for start, end in code)]


def _has_partner(tag: HtmlTag, document: Document) -> bool:
    if tag.name not in ELEMENTS or (tag.kind == "open" and tag.name in _NO_END) or _is_component(tag, document):
        return False
    return tag.kind != "open" or not _is_self_closing(tag, document)


def _is_component(tag: HtmlTag, document: Document) -> bool:
    start = tag.span.start + (2 if tag.kind == "close" else 1)
    written = document.source.text[start : start + len(tag.name)]
    return written[:1].isupper() and not written.isupper()  # `<P>` is only an old-style `<p>`


def _is_slot(tag: HtmlTag) -> bool:
    """Whether the tag is probably a placeholder for a value, as in `at <time>`."""
    return tag.name in word_list("elements that are words too") and not any(one.span for one in tag.attributes)


def _is_self_closing(tag: HtmlTag, document: Document) -> bool:
    slash = tag.span.end - 2
    if document.source.text[slash] != "/":
        return False
    value = tag.attributes[-1].span if tag.attributes else None
    return not (value and value.end > slash)  # <a href=https://x/>
