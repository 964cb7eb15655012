"""The name of a site after a headline: “The tram is late | Harbour News”."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar

from linter import patterns
from linter.checks.links._linking import address
from linter.document import Block, Document
from linter.finding import Edit
from linter.record import record
from linter.rule import Match
from linter.text import similarity

_SEPARATOR = patterns.lazy(r"(?<!\s)\s++(?P<separator>[|¦»·•–—-]|::)\s++")
_DASHES = "-–—"
_NAMED = patterns.lazy(r"[A-ZÀ-ÞА-Я0-9][\w.'’&+-]*")
_SMALL = frozenset("a an and at by das de der des die du e el et for für in la le les of on the und van von y".split())
_GENERIC = frozenset("blog com daily magazine media news net online org site the today website".split())
_FEWEST = 3  # words of a headline before the name,
_MOST = 6  # and of the name
_OPENING = 3  # lines of plain text that may be its headline
_INITIALS = 3  # letters of a host that stand for as many words


@record
class SiteSuffix:
    """`fields` are those of the metadata that may name the site, or hold an address on it.

    Looked at are the title, the first heading, and in plain text the first lines. Words after the last bar or
    dash are the name of a site if a field says so, or an address of a field or a link leads there: the words, or their
    initials, are its host. Behind a dash a link tells this of several words alone. Behind a bar it is one, too, if the
    headline appears in the article without it, and in plain text always. The message may use {name}.
    """

    fields: tuple[str, ...]

    values: ClassVar[frozenset[str]] = frozenset({"name"})

    @cached_property
    def _fields(self) -> frozenset[str]:
        return frozenset(self.fields)

    def find(self, document: Document) -> Iterator[Match]:
        if document.kind == "html":  # a page has it in its title, where it belongs
            return
        headlines = [(block, cut) for block in _headlines(document) if (cut := _cut(block.text))]
        if not headlines:
            return
        values = [*self._values(document.metadata.values)]
        known = {_squashed(value) for value in values if "://" not in value}
        named_hosts = _hosts(value for value in values if "://" in value)
        linked = _hosts(link.url for link in document.links)
        for block, (at, separator, name) in headlines:
            bar = separator not in _DASHES
            hosts = named_hosts | linked if bar or " " in name else named_hosts
            if (
                _squashed(name) in known
                or any(_is_host(name, host) for host in hosts)
                or (bar and _is_repeated_alone(block.text[:at], document))
                or (document.kind == "text" and separator == "|")
            ):
                span = block.span(at, len(block.text.rstrip()))
                yield Match(*span, {"name": name}, (Edit(*span, ""),))

    def _values(self, values: Mapping[str, Any]) -> Iterator[str]:
        for key, value in values.items():
            if isinstance(value, str) and str(key).lower().replace("-", "_") in self._fields:
                yield value.strip()


def _hosts(urls: Iterable[str]) -> frozenset[str]:
    """The hosts that addresses lead to."""
    return frozenset(place.host for place in map(address, urls) if place)


def _headlines(document: Document) -> Iterator[Block]:
    """Yield the headlines of the article, and in plain text its first lines."""
    yield from (block for block in document.blocks if "title" in block.scopes)
    yield from (heading.block for heading in document.headings[:1])
    if document.kind == "text":
        yield from (block for block in document.prose[:_OPENING] if "heading" not in block.scopes)


def _cut(text: str) -> tuple[int, str, str] | None:
    """Where a headline ends, the separator behind it, and what may be the name of a site."""
    separators = list(_SEPARATOR.finditer(text))
    if not separators or "\n" in text.strip():
        return None
    last = separators[-1]
    name = text[last.end() :].strip()
    words = [word for word in name.split() if word.lower() not in _SMALL]
    if not words or not words[0][0].isalpha() or len(name.split()) > _MOST or not all(map(_NAMED.fullmatch, words)):
        return None
    if len(similarity.words(text[: last.start()])) < _FEWEST:
        return None
    return last.start(), last["separator"], name


def _is_host(name: str, host: str) -> bool:
    """Whether a name is that of a host: “The Harbour News” of theharbournews.com, or harbournews.org, or thn.net."""
    words = [word for word in re.findall(r"\w+", name.lower()) if word not in _SMALL - {"the"}]
    labels = {label for label in host.split(".")[:-1] if len(label) >= _INITIALS}
    telling = [word for word in words if word not in _GENERIC]
    forms = {"".join(words), "".join(words).removeprefix("the"), "".join(telling)}
    if len(words) >= _INITIALS:
        forms |= {"".join(word[0] for word in words), "".join(word[0] for word in words if word != "the")}
    return any(len(form) >= _INITIALS and form in labels for form in forms)


def _is_repeated_alone(headline: str, document: Document) -> bool:
    """Whether the headline is said somewhere at the top of the article, as a whole."""
    words = similarity.words(headline)
    return any(similarity.words(block.text) == words for block in [*_headlines(document), *document.prose[:_OPENING]])


def _squashed(name: str) -> str:
    return "".join(re.findall(r"\w", name.lower()))
