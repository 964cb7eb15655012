"""Site names after headlines: “The tram is late | Harbour News”."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from linter import patterns
from linter.checks.links._linking import address
from linter.document import Block, Document
from linter.finding import Edit
from linter.rule import Match
from linter.text import similarity

_SEPARATOR = patterns.lazy(r"\s(?<!\s\s)\s*+(?P<separator>[|¦»·•–—-]|::)\s++")
_TITLE = frozenset({"title"})
_DASHES = "-–—"
_NAMED = patterns.lazy(r"[A-ZÀ-ÞА-Я0-9][\w.'’&+-]*")
_SMALL_WORDS = frozenset(
    "a an and at by das de der des die du e el et for für in la le les of on the und van von y".split()
)
_GENERIC = frozenset("blog com daily magazine media news net online org site the today website".split())
_MIN_HEADLINE_WORDS, _MAX_HEADLINE_WORDS = 3, 30  # minimum and maximum words of a headline before the name
_MAX_NAME_WORDS = 6  # maximum words of the name
_OPENING_LINES = 3  # lines at the top of plain text that may be the headline
_MIN_INITIALS = 3  # minimum letters of initials, and of a part of a host
_SITE = patterns.lazy(
    r"(?:[\w-]++\.){1,3}(?:com|org|net|edu|gov|info|io|co|tv|news|uk|ca|au|in)(?:\.\w\w)?", re.IGNORECASE
)
_Cut = tuple[int, str, str]


@dataclass(frozen=True)
class SiteSuffix:
    """The name of a site after the last bar or dash in a headline.

    Headlines are the title, the first heading and, in plain text, the first line of each of the first three blocks.
    HTML files are ignored. Bars are `|`, `¦`, `»`, `·`, `•` and `::`; dashes may be hyphens. A bar or dash has spaces
    on both sides. The name after it has at most six words. Unless the name is a domain, all its words except those such
    as “of” and “the” start with a capital or a digit, and 3 to 30 words precede the bar or dash. The match is the bar
    or dash with the name; the fix deletes the match.

    Two options help to recognize names. `fields` lists metadata keys that may contain the name of the site or a URL of
    the site. The keys are in lowercase, with underscores instead of hyphens. `media` lists, in lowercase, names of
    news media, and words and acronyms that occur in such names.

    The words after a bar or dash are recognized as a name if they are the value of a field, ignoring case and
    punctuation. They are also recognized if the host of a URL contains, as one of its parts, either the words written
    as one or their initials. The URL must be in a field or in a link; after a dash, links count only for names of
    several words. After a bar, words are also recognized if the headline without them appears at the top of the
    article.

    In plain text, any words after `|` are recognized. After other bars and after dashes, four more kinds of names are
    recognized in plain text: a domain, a name in `media`, words that end with a word in `media`, and words that begin
    with an acronym in `media`.

    The message may use {name}.
    """

    fields: tuple[str, ...] = ()
    media: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"name"})

    def find_in(self, document: Document) -> Iterator[Match]:
        headlines = [*_cuts(document)]
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
                or (document.kind == "text" and (separator == "|" or self._is_of_media(name)))
            ):
                span = block.span(at, _line_end(block.text))
                yield Match(*span, {"name": name}, (Edit(*span, ""),))

    def _is_of_media(self, name: str) -> bool:
        words = [word.casefold() for word in name.split()]
        return (
            name.casefold() in self.media
            or (len(words) > 1 and (words[-1] in self.media or (name.split()[0].isupper() and words[0] in self.media)))
            or _SITE.fullmatch(name) is not None
        )

    def _values(self, values: Mapping[str, Any]) -> Iterator[str]:
        for key, value in values.items():
            if isinstance(value, str) and str(key).lower().replace("-", "_") in self.fields:
                yield value.strip()


def _hosts(urls: Iterable[str]) -> frozenset[str]:
    return frozenset(place.host for place in map(address, urls) if place)


def _headlines(document: Document) -> Iterator[Block]:
    yield from document.blocks_in(_TITLE)
    yield from (heading.block for heading in document.headings[:1])
    if document.kind == "text":
        yield from (block for block in document.prose[:_OPENING_LINES] if "heading" not in block.scopes)


def _cuts(document: Document) -> Iterator[tuple[Block, _Cut]]:
    """Yield headlines that end with a possible site name, each with the result of `_cut`."""
    for block in _headlines(document) if document.markup != "html" else ():  # HTML titles should name the site
        text = block.text[: _line_end(block.text)]
        if (document.kind == "text" or text == block.text.rstrip()) and (cut := _cut(text)):
            yield block, cut


def _line_end(text: str) -> int:
    """Return the offset where the first nonempty line of `text` ends, not counting white space at its end."""
    lines = text.lstrip("\n").split("\n", 1)
    return len(text) - len(text.lstrip("\n")) + len(lines[0].rstrip())


def _cut(text: str) -> _Cut | None:
    """Return the offset where the headline itself ends, the separator after it, and the possible site name.

    Return None if `text` does not seem to end with a site name.
    """
    separators = list(_SEPARATOR.finditer(text))
    if not separators:
        return None
    last = separators[-1]
    name = text[last.end() :].strip()
    words = [word for word in name.split() if word.lower() not in _SMALL_WORDS]
    if not words or not words[0][0].isalpha() or len(name.split()) > _MAX_NAME_WORDS:
        return None
    if _SITE.fullmatch(name):
        return last.start(), last["separator"], name
    if not all(map(_NAMED.fullmatch, words)):
        return None
    if not _MIN_HEADLINE_WORDS <= len(similarity.words(text[: last.start()])) <= _MAX_HEADLINE_WORDS:
        return None
    return last.start(), last["separator"], name


def _is_host(name: str, host: str) -> bool:
    """Whether a name fits a host: “The Harbour News” fits `theharbournews.com`, `harbournews.org` and `thn.net`."""
    words = [word for word in re.findall(r"\w+", name.lower()) if word not in _SMALL_WORDS - {"the"}]
    labels = {label for label in host.split(".")[:-1] if len(label) >= _MIN_INITIALS}
    telling = [word for word in words if word not in _GENERIC]
    forms = {"".join(words), "".join(words).removeprefix("the"), "".join(telling)}
    if len(words) >= _MIN_INITIALS:
        forms |= {"".join(word[0] for word in words), "".join(word[0] for word in words if word != "the")}
    return any(len(form) >= _MIN_INITIALS and form in labels for form in forms)


def _is_repeated_alone(headline: str, document: Document) -> bool:
    """Whether the article also uses the headline alone, without the site name."""
    words = similarity.words(headline)
    return any(
        similarity.words(block.text) == words for block in [*_headlines(document), *document.prose[:_OPENING_LINES]]
    )


def _squashed(name: str) -> str:
    return "".join(re.findall(r"\w", name.lower()))
