"""Parse URLs, find the words that express the subject of a link or an article, and recognize inserted links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from linter import patterns
from linter.document import Document, Link
from linter.text.lexicon import word_list
from linter.views import per_document

# Hosts on which anyone can publish under their own name.
_PERSONAL = patterns.lazy(
    r"(?:\A|\.)(?:blogspot\.[a-z.]{2,6}|(?:substack|wordpress|tumblr|livejournal|weebly|wixsite|hubpages)\.com)\Z"
)
WORD = patterns.lazy(r"[^\W\d_]{2,}(?:['’][^\W\d_]+)?")
# A part of a URL that is a number, a date or a database key.
_KEY = patterns.lazy(r"(?=\w*\d)\w+", re.ASCII)
_EXTENSION = patterns.lazy(r"\.[a-z0-9]{2,5}\Z", re.IGNORECASE)
_MAX_HOST_LENGTH = 253  # maximum characters of a host name (RFC 1035)
_STOP = patterns.lazy(r"[.!?…][\"'”’)\]]*\s")
_SCOPES = frozenset({"prose", "alt", "title", "metadata"})


class Address(NamedTuple):
    """A web address: `host` is in lowercase and without a leading “www.”, and `path` is percent-decoded."""

    host: str
    path: str


@lru_cache(4096)  # used by several rules
def address(url: str) -> Address | None:
    """Return what `split_address` returns for `url`, but None if the host contains no dot."""
    place = split_address(url)
    return place if place and "." in place.host else None


def split_address(url: str) -> Address | None:
    """Return the address of a URL that begins with “http://”, “https://” or “//”.

    Return None if the URL begins differently or is malformed.
    """
    if not url.lower().startswith(("http://", "https://", "//")):
        return None
    try:
        parts = urlsplit(url)
        return Address((parts.hostname or "").removeprefix("www."), unquote(parts.path))
    except ValueError:
        return None


def content_words(text: str) -> list[str]:
    """Return the content words of `text` in order, in the form that `content_word` returns."""
    return [content for word in WORD.findall(text) if (content := content_word(word))]


def content_word(word: str) -> str:
    """Return the normalized lowercase form of `word`, or "" if `word` is not a content word.

    Short words and function words, such as “the”, are not content words.
    """
    word = word.lower().replace("’", "'").removesuffix("'s")
    return word if len(word) > 2 and word not in word_list("function words") else ""


def stem(word: str) -> str:
    """Return the approximate stem of a lowercase English word: “tram” for “trams”, “park” for “parked”."""
    for ending, put in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("ly", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)] + put
            break
    return word.removesuffix("e")


def slug_words(path: str) -> list[str]:
    """Return the content words of the path segment that has the most content words, or [] if there are none."""
    segments = ([*_segment(segment)] for segment in path.split("/"))
    return max(segments, key=len, default=[])


def _segment(segment: str) -> Iterator[str]:
    for part in re.split(r"[-_+.,\s]+", _EXTENSION.sub("", segment)):
        if not _KEY.fullmatch(part):
            yield from content_words(part)


def is_marked(link: Link) -> bool:
    """Whether a link has an attribute or a class from a plug-in that inserts links by keyword."""
    if not link.attributes:
        return False
    marks = word_list("marks of plug-ins")
    if not marks.isdisjoint(link.attributes):
        return True
    return "class" in link.attributes and not marks.isdisjoint(
        [f".{name}" for name in link.attributes["class"].split()]
    )


def is_personal(place: Address) -> bool:
    """Whether `place` is probably part of a personal site, such as a blog on Blogspot or Substack."""
    if place.host == "medium.com":
        return place.path.startswith("/@")
    return bool(_PERSONAL.search(place.host)) or place.host.endswith(".medium.com")


def lies_in(host: str, hosts: Collection[str]) -> bool:
    """Whether `host` is one of `hosts` or a subdomain of one of them."""
    host = host[-_MAX_HOST_LENGTH:]
    while host not in hosts:
        _, dot, host = host.partition(".")
        if not dot:
            return False
    return True


@dataclass(frozen=True, eq=False)
class Topic:
    """The topic of an article: how often the stem of each content word occurs in it.

    `stems` has the counts for the prose, alt texts, title and metadata. `sentence` has the counts for the text that
    `mentions` leaves out.
    """

    stems: Counter[str]
    sentence: Counter[str] = field(default_factory=Counter)

    def mentions(self, word: str) -> bool:
        """Whether a word with the stem of the lowercase word `word` occurs outside the text that is left out."""
        form = stem(word)
        return self.stems[form] > self.sentence[form]

    def without(self, sentence: str) -> Topic:
        """Return the topic of the article with only the text `sentence` left out."""
        return Topic(self.stems, Counter(map(stem, content_words(sentence))))


@per_document
def topic_of(document: Document) -> Topic:
    """Return the topic of an article, with no text left out."""
    words = Counter(word for block in document.blocks_in(_SCOPES) for word in WORD.findall(block.text))
    counts: Counter[str] = Counter()
    for word, count in words.items():
        counts[_stem_of(word)] += count
    del counts[""]
    return Topic(counts)


@lru_cache(1 << 13)
def _stem_of(word: str) -> str:
    """Return the stem of `word` regardless of its capitals, or "" if it is not a content word."""
    content = content_word(word)
    return stem(content) if content else ""


def sentence_of(link: Link) -> str:
    """Return the approximate text of the sentence that contains a link."""
    text = link.block.text
    start = max((stop.end() for stop in _STOP.finditer(text, max(0, link.start - 1000), link.start)), default=0)
    stop = _STOP.search(text, link.end)
    return text[start : stop.end() if stop else len(text)]
