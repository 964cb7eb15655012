"""Parse URLs, find the words that express the subject of a link, and recognize plug-ins that insert links."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from linter import patterns
from linter.document import Link
from linter.text.lexicon import word_list

# Hosts on which anyone can publish under their own name.
_PERSONAL = patterns.lazy(
    r"(?:\A|\.)(?:blogspot\.[a-z.]{2,6}|(?:substack|wordpress|tumblr|livejournal|weebly|wixsite|hubpages)\.com)\Z"
)
WORD = patterns.lazy(r"[^\W\d_]{2,}(?:['’][^\W\d_]+)?")
# A part of a URL that is a number, a date or a database key.
_KEY = patterns.lazy(r"(?=\w*\d)\w+", re.ASCII)
_EXTENSION = patterns.lazy(r"\.[a-z0-9]{2,5}\Z", re.IGNORECASE)
_MAX_HOST_LENGTH = 253  # maximum characters of a host name (RFC 1035)


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
