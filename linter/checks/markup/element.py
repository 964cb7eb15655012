"""Unwanted HTML elements, found by name, attribute or part of an attribute."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import ClassVar

import regex

from linter.analysis.pattern_base import compile_pattern
from linter.document import Document, Span, Tag
from linter.matching import fits, matches
from linter.rule import Match
from linter.views import per_document

_START = attrgetter("span.start")
_MAX_REPORTED = 10  # maximum number of attributes of one name that are reported in an article


@dataclass(frozen=True)
class Element:
    """Start tags of the elements `names`, or of all elements if `names` is not given. The match is the tag.

    `having` maps attribute names to regular expressions for the `regex` package. A tag matches only if it has each of
    these attributes, and if each regular expression matches the whole value of its attribute, ignoring case.

    With `attribute` and `pattern`, the match is a part of the value of that attribute instead: the first text that
    `pattern` matches. `any_attribute` is a regular expression for whole attribute names. With it, the matches are the
    attributes of the article whose names it matches, up to ten of each name. Do not combine these options with
    `having`.

    With `once: true`, only the first match of each element name is reported, and tags outside the article are skipped.
    This option has no effect with `any_attribute`.

    `address` is the name of an attribute. The message may use {name}, the element name. Without `any_attribute`, it may
    also use {number}, the number of matches of that element, and {address}, the value of the attribute that `address`
    names.
    """

    names: tuple[str, ...] = ()
    having: Mapping[str, str] = field(default_factory=dict)
    attribute: str = ""
    pattern: str = ""
    any_attribute: str = ""
    once: bool = False
    address: str = ""

    values: ClassVar[frozenset[str]] = frozenset({"name", "number", "address"})
    parts: ClassVar[frozenset[str]] = frozenset({"tags"})

    def __post_init__(self) -> None:
        if bool(self.attribute) != bool(self.pattern) or not (
            self.names or self.having or self.attribute or self.any_attribute
        ):
            raise ValueError("“names”, “having”, “any_attribute”, or both “attribute” and “pattern” must be given")

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {
            "having": tuple(self.having.values()),
            "pattern": tuple(filter(None, (self.pattern, self.any_attribute))),
        }

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        return compile_pattern(self.pattern or "(?!)")

    @cached_property
    def _having(self) -> Mapping[str, regex.Pattern[str]]:
        return {name: compile_pattern(rf"\A(?:{value})\Z", regex.IGNORECASE) for name, value in self.having.items()}

    @cached_property
    def _any_attribute(self) -> regex.Pattern[str]:
        return compile_pattern(rf"\A(?:{self.any_attribute})\Z")

    def _attributes(self, document: Document) -> Iterator[Match]:
        """Yield matches for attributes whose names match `any_attribute`, up to _MAX_REPORTED for each name."""
        text, found = document.source.text, Counter[str]()
        for tag in _article_tags(document):
            if not tag.attributes or (self.names and tag.name not in self.names):
                continue
            done = tag.span.start
            for attribute in tag.attributes:
                end = attribute.span.end if attribute.span else tag.span.end
                if fits(self._any_attribute, attribute.name) and found[attribute.name] < _MAX_REPORTED:
                    found[attribute.name] += 1
                    written = re.compile(re.escape(attribute.name), re.IGNORECASE).search(text, done, end)
                    if written:
                        stop = end + (text[end] in "\"'") if attribute.span else written.end()
                        yield Match(written.start(), stop, {"name": tag.name, "number": "1", "address": ""})
                done = end if attribute.span else done

    @cached_property
    def _needed(self) -> frozenset[str]:
        return frozenset({*self.having, self.attribute} - {""})

    def find_in(self, document: Document) -> Iterator[Match]:
        if self.names and document.tags_by_name.keys().isdisjoint(self.names):
            return
        if self.any_attribute:
            yield from self._attributes(document)
            return
        found: dict[str, list[tuple[Span, Tag]]] = defaultdict(list)
        for tag in self._tags(document):
            if span := self._unwanted(tag, document):
                found[tag.name].append((span, tag))
        for name, places in found.items():
            for span, tag in places[:1] if self.once else places:
                address = tag.attribute(self.address)
                number = str(len(places))
                yield Match(*span, {"name": name, "number": number, "address": address.value if address else ""})

    def _tags(self, document: Document) -> Sequence[Tag]:
        tags: Sequence[Tag] = document.tags
        for name in self._needed:
            tags = min(tags, _attribute_tags(document).get(name, ()), key=len)
        if self.names:
            tags = [tag for tag in tags if tag.name in self.names]
        tags = [tag for tag in tags if tag.kind == "open" and not tag.visible]
        return _in_article(tags, document) if self.once else tags

    def _unwanted(self, tag: Tag, document: Document) -> Span | None:
        """Return the span of the match (the tag, or a part of an attribute value), or None if there is no match."""
        if not self.attribute:
            return tag.span if self._has_all(tag) else None
        value = tag.attribute(self.attribute)
        if not value or not value.span:
            return None
        start, end = value.span
        first = next(iter(matches(self.compiled, document.source.text[start:end])), None)
        return Span(start + first.start(), start + first.end()) if first else None

    def _has_all(self, tag: Tag) -> bool:
        attributes = [(tag.attribute(name), pattern) for name, pattern in self._having.items()]
        return all(attribute and fits(pattern, attribute.value) for attribute, pattern in attributes)


@per_document
def _article_tags(document: Document) -> list[Tag]:
    """Return the start tags in `_article_span`. Tags that readers see are left out."""
    return _in_article([tag for tag in document.tags if tag.kind == "open" and not tag.visible], document)


def _in_article(tags: Sequence[Tag], document: Document) -> list[Tag]:
    """Return those of `tags` that begin in `_article_span`."""
    start, end = _article_span(document) if tags else (0, 0)
    return [tag for tag in tags if start <= tag.span.start < end]


@per_document
def _article_span(document: Document) -> Span:
    """Return the span from the first to the last words of an article, with the tags right before the first words.

    The span is empty for plain text, and for a document without tags or prose.
    """
    if not document.tags or not document.prose or document.kind == "text":
        return Span(0, 0)
    first, last = document.prose[0].source_span.start, document.prose[-1].source_span.end
    started = bisect_left(document.tags, first, key=_START)
    behind = [tag for tag in document.tags[:started] if tag.span.end <= first]
    while behind and document.source.text[behind[-1].span.end : first].isspace() | (behind[-1].span.end == first):
        first = behind.pop().span.start
    return Span(first, last)


@per_document
def _attribute_tags(document: Document) -> Mapping[str, Sequence[Tag]]:
    """Map the names of attributes to the start tags with them that readers do not see, in order."""
    named: dict[str, list[Tag]] = {}
    for tag in document.tags:
        if tag.attributes and tag.kind == "open" and not tag.visible:
            for name in dict.fromkeys([attribute.name for attribute in tag.attributes]):
                named.setdefault(name, []).append(tag)
    return named
