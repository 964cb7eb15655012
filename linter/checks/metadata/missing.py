"""Metadata fields that are missing or empty."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import regex

from linter import patterns
from linter.analysis.pattern_base import compile_pattern
from linter.checks.metadata import _fields
from linter.document import Attribute, Document, pair_tags
from linter.matching import holds
from linter.rule import ArticleFacts, Fact, FolderFacts, Key, Match

_MIN_ARTICLES = 10  # minimum number of articles in a folder
_MIN_SHARE = 0.9  # minimum share of the articles in a folder that have a usual field
_MAX_VALUE_LENGTH = 80  # maximum code points of a value that are compared
_OPENING = frozenset({"opening"})
_WORD = patterns.lazy(r"\w")


@dataclass(frozen=True)
class Missing:
    """A missing metadata field: a required one (`keys`), or one that nearly all articles of a folder have (`usual`).

    `keys` are alternative keys of one field. Keys are in lowercase, and nested keys are joined with dots (`og.title`).
    The field is missing if none of the keys has a value; `false` and 0 count as no value. The match is at the first of
    these keys that is present, or else at the start of the metadata. In an article without metadata, the match is the
    first block; such articles are checked only with `opening` or `attributes`. Articles of fewer than 20 words and HTML
    files with template code are ignored.

    With `heading: true`, a level-1 heading counts as the field. With `written: true`, an article is reported only if
    its front matter contains one of `keys`, without a value, or one of the keys in `besides`. `heading`, `written` and
    `besides` have no effect on HTML pages with a head.

    `opening` and `attributes` find the field in the article itself, such as a byline. `opening` is a regular expression
    for the `regex` package; the field is present if this expression matches in the scope `opening`. `attributes` maps
    names of HTML attributes to regular expressions, which ignore case. The field is present if an element with words in
    it has one of these attributes, and the expression for that attribute matches in its value.

    `usual` maps the name of each field to the keys of the field, separated by spaces. A field is missing if the article
    has none of these keys, not even one without a value, and at least 90 percent of the articles in the folder have the
    field, but not all with the same value. At most one missing field of an article is reported. Articles without
    metadata are not counted, and a folder needs at least ten articles. A file named `index` or `_index` counts as part
    of the parent of its folder. Folders with numeric names count as part of their parent. The message may use {field},
    the name of the field; {articles}, the number of articles in the folder that have the field; and {all}, the number
    of all articles in the folder.
    """

    keys: tuple[str, ...] = ()
    heading: bool = False
    written: bool = False
    besides: tuple[str, ...] = ()
    opening: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    usual: Mapping[str, str] = field(default_factory=dict)

    data: ClassVar[object] = tuple[tuple[str, str], ...]  # names of fields, and the start of their values

    def __post_init__(self) -> None:
        if bool(self.keys) == bool(self.usual):
            raise ValueError("exactly one of “keys” and “usual” must be given")
        if self._in_text and not self.keys:
            raise ValueError("“opening” and “attributes” need “keys”")

    @property
    def _in_text(self) -> bool:
        """Whether articles without metadata are checked, too."""
        return bool(self.opening or self.attributes)

    @property
    def parts(self) -> frozenset[str]:
        return frozenset({"blocks" if self._in_text else "metadata"})

    @property
    def expressions(self) -> Mapping[str, Sequence[str]]:
        return {"opening": (self.opening,) * bool(self.opening), "attributes": tuple(self.attributes.values())}

    @cached_property
    def _opening(self) -> regex.Pattern[str]:
        return compile_pattern(self.opening or "(?!)")

    @cached_property
    def _attributes(self) -> Mapping[str, regex.Pattern[str]]:
        return {name: compile_pattern(value, regex.IGNORECASE) for name, value in self.attributes.items()}

    @property
    def values(self) -> frozenset[str]:
        return frozenset({"field", "articles", "all"} if self.usual else ())

    @property
    def across(self) -> bool:
        return bool(self.usual)

    @cached_property
    def _usual(self) -> list[tuple[str, list[str]]]:
        return [(name, keys.split()) for name, keys in self.usual.items()]

    def find_in(self, document: Document) -> Iterator[Match]:
        fields, places = document.metadata.fields, document.metadata.places
        if any(_has_value(fields[key]) for key in filter(fields.__contains__, self.keys)):
            return
        empty = [places[key] for key in filter(places.__contains__, self.keys)]
        place = _fields.beginning(document) or (_fields.first_block(document) if self._in_text else None)
        if not place or (not _fields.is_page(document) and self._may_lack(document, bool(empty))):
            return
        if not (self._in_text and (self._is_in_opening(document) or self._is_in_element(document))):
            yield Match(*(empty or [place])[0])

    def _is_in_opening(self, document: Document) -> bool:
        return any(holds(self._opening, block.text) for block in document.blocks_in(_OPENING))

    def _is_in_element(self, document: Document) -> bool:
        tags = document.tags
        found = [i for i, tag in enumerate(tags) if tag.kind == "open" and any(map(self._has, tag.attributes))]
        if not found:
            return False
        worded, ends = _gaps_with_words(document), pair_tags(tags)
        return any(bisect_left(worded, i) < bisect_left(worded, ends.get(i, i + 1)) for i in found)

    def _has(self, attribute: Attribute) -> bool:
        pattern = self._attributes.get(attribute.name)
        return pattern is not None and holds(pattern, attribute.value)

    def _may_lack(self, document: Document, empty: bool) -> bool:
        if self.heading and any(heading.level == 1 for heading in document.headings):
            return True
        return self.written and not empty and document.metadata.fields.keys().isdisjoint(self.besides)

    def facts(self, document: Document) -> Iterator[Fact]:
        if place := _fields.beginning(document):
            yield Fact(*place, tuple(self._present(document)))

    def _present(self, document: Document) -> Iterator[tuple[str, str]]:
        """Yield the name of each field in `usual` that the article has, and the beginning of its value."""
        fields, places = document.metadata.fields, document.metadata.places
        for name, keys in self._usual:
            if key := next(filter(places.__contains__, keys), ""):
                yield name, str(fields.get(key, ""))[:_MAX_VALUE_LENGTH]

    def found_by(self, article: ArticleFacts) -> Iterator[Key]:
        home = _fields.folder_of(article.path)
        yield home
        for name, value in article.facts[0].data:
            yield home, name
            yield home, name, value

    def gather(self, folder: FolderFacts) -> Iterator[tuple[ArticleFacts, Match]]:
        for article in folder.asked_articles:
            home, fact = _fields.folder_of(article.path), article.facts[0]
            articles = folder.count(home)
            own = {name for name, _ in fact.data}
            for name in sorted(self.usual.keys() - own) if articles >= _MIN_ARTICLES else ():
                number = folder.count((home, name))
                if number >= _MIN_SHARE * articles and self._varies(folder, home, name, number):
                    values = {"field": name, "articles": str(number), "all": str(articles)}
                    yield article, Match(fact.start, fact.end, values)
                    break

    def _varies(self, folder: FolderFacts, home: str, name: str, number: int) -> bool:
        """Whether the `number` articles of a folder that have a field have different values in it."""
        first = folder.first((home, name))
        return first is not None and folder.count((home, name, dict(first.facts[0].data)[name])) < number


def _has_value(value: Any) -> bool:
    return value is not False and value not in (None, [], "") and bool(str(value).strip())


def _gaps_with_words(document: Document) -> Sequence[int]:
    """Return, in order, the index of each tag that is followed by a word before the next tag."""
    text, tags = document.source.text, document.tags
    ends = [*(tag.span.start for tag in tags[1:]), len(text)]
    return [i for i, tag in enumerate(tags) if _WORD.search(text, tag.span.end, ends[i])]
