"""Broken, unpaired, unknown or visible HTML tags, and repeated attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from linter import patterns
from linter.checks.markup._article_tags import attribute_tags, in_article
from linter.document import Attribute, Document, pair_tags
from linter.document import Tag as HtmlTag
from linter.readers.html_meaning import ELEMENTS, OPTIONAL_END, VOID
from linter.readers.tags import scan_tags
from linter.record import record
from linter.rule import Match
from linter.text.lexicon import word_list
from linter.views import per_document

_CODE = frozenset({"code.markdown"})
_ANY_CODE = frozenset({"code"})
_INDENT = patterns.lazy(r"(?:^|\n)(?:\t| {4})[ \t]*+\Z")  # indentation of code without a fence
_WIDEST_INDENT = 100
_PAGE = 40  # minimum number of visible tags that make the source an HTML page
_FRAME = frozenset({"html", "head", "body", "meta", "link", "base"})  # elements outside of the article
_DOCTYPE = patterns.lazy(r"<!doctype html[^<>]*>", re.IGNORECASE)
_NO_END = (VOID | OPTIONAL_END) - {"p"}  # an unmatched </p> creates an empty paragraph
_PLACEHOLDER = patterns.lazy(
    r"<[a-z]+(?:[ _][a-z]+)*>|(?<=[A-Za-z„“\"'])<[A-Z][A-Za-z]*>|<[A-Z][A-Za-z]*>(?=[A-Za-z]|[“”\"']\s)"
)
_TEMPLATE = patterns.lazy(r"\{\{|\{%|<[?%]")
_ANGULAR = patterns.lazy(
    r"\s\\?[*\[(#][^\s=<>]+="
)  # `*ngIf=`, `[(model)]=`, `(click)=`, `#form=`: Angular code without a fence
_JSX = patterns.lazy(r"<[^\n<>]*=\{[^\n<>]*\}[^\n<>]*>")  # `style={{ width: `45%` }}`
_DAMAGED_LINK = patterns.lazy(r"<https?://[^\s<>\"]*+\">")  # the remains of `<a href="…">`


@record
class Tag:
    """Tags and comments with the problem that `state` names.

    `showing` finds tags that readers see; adjacent tags are one match. An article with 40 or more visible tags counts
    as the source of a whole page. In such an article, `showing` finds only frame tags such as `<html>` and `<meta>`,
    and `page` finds the doctype or the first tag. In other articles, `page` finds nothing.

    `comment` finds complete comments that readers see. `broken` finds unfinished tags and comments, and elements such
    as `<script>` without an end tag, but not JSX in Markdown.

    `unopened` finds end tags without a start tag, and `unclosed` finds start tags without an end tag. Most elements
    with an optional end tag, such as `<li>`, are ignored. Start and end tags are paired by name alone, regardless of
    what is between them. `unknown` finds words in angle brackets, such as `<name>`, that browsers treat as tags and do
    not show. These three states apply to Markdown; `unopened` also applies to HTML without the frame of a page.

    `repeated-attribute` finds an attribute that the same tag already has; the match is its value, which browsers
    ignore. Tags with template code are skipped.

    The message may use {name}, the element name; {attribute}, the name of the repeated attribute; and, with `page`,
    {number}, the number of visible tags in the article.
    """

    state: Literal["showing", "page", "comment", "broken", "unopened", "unclosed", "unknown", "repeated-attribute"]

    values: ClassVar[frozenset[str]] = frozenset({"name", "attribute", "number"})
    parts: ClassVar[frozenset[str]] = frozenset({"tags"})

    def find(self, document: Document) -> Iterator[Match]:
        if self.state == "repeated-attribute":
            for tag, attribute in _repeated_attributes(document):
                if attribute.span:
                    yield Match(*attribute.span, {"name": tag.name, "attribute": attribute.name, "number": ""})
            return
        if self.state in ("showing", "page"):
            yield from _shown(document, is_page=self.state == "page")
            return
        for tag in self._tags(document):
            yield Match(*tag.span, {"name": tag.name, "attribute": "", "number": ""})

    def _tags(self, document: Document) -> Iterable[HtmlTag]:
        match self.state:
            case "comment":
                return [tag for tag in document.tags if tag.visible and tag.kind == "comment"]
            case "broken":
                broken = (tag for tag in document.tags if tag.kind == "broken")
                return [tag for tag in broken if document.kind != "markdown" or not _is_jsx(tag, document)]
            case "unknown":
                return _unknown(document) if document.kind == "markdown" else []
        is_markdown = document.kind == "markdown"
        unopened, unclosed = _unpaired(document) if is_markdown or _is_fragment(document) else ([], [])
        return unopened if self.state == "unopened" else unclosed * is_markdown


def _repeated_attributes(document: Document) -> Iterator[tuple[HtmlTag, Attribute]]:
    """Yield attributes that have the name of an earlier attribute of the same tag, each with the tag."""
    text = document.source.text
    for tag in in_article(attribute_tags(document).repeating, document):
        if _TEMPLATE.search(text, *tag.span):
            continue
        known = set()
        for attribute in tag.attributes:
            if attribute.name in known:
                yield tag, attribute
            known.add(attribute.name)


def _shown(document: Document, *, is_page: bool) -> Iterator[Match]:
    """Yield the matches for `state: page` if `is_page` is true, or for `state: showing` otherwise (see `Tag`)."""
    tags, text = _showing(document), document.source.text
    if is_page != (len(tags) >= _PAGE):
        if not is_page:
            yield from (
                Match(*tag.span, {"name": tag.name, "attribute": "", "number": ""})
                for tag in tags
                if tag.name in _FRAME
            )
        return
    if is_page:
        start, end = found.span() if (found := _DOCTYPE.search(text, 0, tags[0].span.end)) else tags[0].span
        yield Match(start, end, {"name": tags[0].name, "attribute": "", "number": str(len(tags))})
        return
    runs: list[list[HtmlTag]] = []
    for tag in tags:
        if runs and not text[runs[-1][-1].span.end : tag.span.start].strip(" \t"):
            runs[-1].append(tag)
        else:
            runs.append([tag])
    for run in runs:
        yield Match(run[0].span.start, run[-1].span.end, {"name": run[0].name, "attribute": "", "number": ""})


def _showing(document: Document) -> list[HtmlTag]:
    """Return the visible start and end tags, except those that are probably in Angular code."""
    text = document.source.text
    tags = [tag for tag in document.tags if tag.visible and tag.kind in ("open", "close")]
    ends = {_line_end(text, tag) for tag in tags if _is_angular(tag, document)}
    return [tag for tag in tags if _line_end(text, tag) not in ends] if ends else tags


def _line_end(text: str, tag: HtmlTag) -> int:
    return text.find("\n", tag.span.end)


def _is_angular(tag: HtmlTag, document: Document) -> bool:
    return tag.kind == "open" and _ANGULAR.search(document.source.text, *tag.span) is not None


def _is_jsx(tag: HtmlTag, document: Document) -> bool:
    return _JSX.match(document.source.text, tag.span.start) is not None


@per_document
def _is_fragment(document: Document) -> bool:
    """Whether the document is HTML without tags of the page frame, such as `<html>` or `<body>`."""
    return document.markup == "html" and _FRAME.isdisjoint(document.tags_by_name)


@per_document
def _unpaired(document: Document) -> tuple[list[HtmlTag], list[HtmlTag]]:
    """Return the end tags that probably lack a start tag, and the start tags that probably lack an end tag."""
    tags = [tag for tag in document.tags if not tag.visible and _has_partner(tag, document)]
    pairs = pair_tags(tags)
    single = [tag for i, tag in enumerate(tags) if i not in pairs]
    if not single:
        return [], []
    unopened = [tag for tag in single if tag.kind == "close" and tag.name not in _NO_END]
    unclosed = [tag for tag in single if tag.kind == "open" and tag.name != "p"]
    unclosed = [tag for tag in unclosed if not (_is_slot(tag) or _is_angular(tag, document))]
    hidden = _hidden(document)
    hidden["open"] += _damaged_starts({tag.name for tag in unopened}, document)
    return (
        [tag for tag in unopened if not any(name == tag.name and at < tag.span.start for name, at in hidden["open"])],
        [tag for tag in unclosed if not any(name == tag.name and at > tag.span.start for name, at in hidden["close"])],
    )


def _hidden(document: Document) -> dict[str, list[tuple[str, int]]]:
    """Return the names and offsets of text that may be the partner of an unpaired tag.

    The result has start tags under "open" and end tags under "close".
    """
    text = document.source.text
    found: dict[str, list[tuple[str, int]]] = {"open": [], "close": []}
    for block in document.blocks_in(_CODE):
        start, end = block.source_span
        if _INDENT.search(text, max(0, start - _WIDEST_INDENT), start):
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
    """Whether the tag should have a matching start or end tag."""
    if tag.name not in ELEMENTS or (tag.kind == "open" and tag.name in _NO_END) or _is_component(tag, document):
        return False
    return tag.kind != "open" or not _is_self_closing(tag, document)


def _is_component(tag: HtmlTag, document: Document) -> bool:
    """Whether the tag is probably a component of the site, such as `<Canvas>`."""
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
