"""Describe the page a link leads to: host, words of its address and title, marks of plug-ins."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from linter import patterns
from linter.document import Link

# Marks that plug-ins leave on links they put in by keyword: attributes, and classes.
_MARK_ATTRIBUTES = frozenset({"data-ail", "data-wpil-keyword-link", "data-wpil-monitor-id"})
_MARK_CLASSES = frozenset({"wpil_keyword_link", "wpil_internal_link"})

# Words that go with a link to anything: they name the kind of page, or say that somebody said something.
REFERRING = frozenset(
    """
    added also analysis announce announced announcement announcements announces another argue argued argues
    article articles ask asked asks author authors blog blogs book books call called calls chart charts claim
    claimed claims click column columns comment comments continue data describe described describes detailed
    discussed discusses docs documentation documented download earlier episode essay estimated example examples
    explain explained explains figures find finds first found full graphic guide guides here image images
    interview interviews it last letter letters link links list listen lists map maps more newsletter note noted
    notes one original others outlined page pages paper papers photo photos piece podcast poll polls post posted
    posts predicted press previous previously proposed publish published publishes quote read reading recently
    recommend recommended recommends release released releases replied report reported reporting reports
    research responded revealed reveals review reviews said say saying says second see share shared shares show
    showed shown shows site sites slides source sources speech statement statements stories story studies study
    suggested suggests survey surveys talk talks tell tells that there these third this those thread three told
    tool tools tutorial two update updates video videos visit warned watch website websites write writes writing
    written wrote
    """.split()
)
# Hosts whose addresses tell nothing, or lead to goods, code and records that a story need not name.
NEUTRAL_HOSTS = frozenset(
    """
    amazon.com archive.org arxiv.org bitbucket.org bsky.app crates.io docs.google.com doi.org drive.google.com
    ebay.com etsy.com eventbrite.com facebook.com flickr.com github.com gitlab.com instagram.com jstor.org
    linkedin.com npmjs.com pinterest.com pypi.org reddit.com sourceforge.net ssrn.com stackexchange.com
    stackoverflow.com t.co tiktok.com twitter.com vimeo.com wikimedia.org wikipedia.org x.com youtu.be
    youtube.com
    """.split()
)
# Hosts on which anyone can publish under a name of their own.
_PERSONAL = patterns.lazy(
    r"(?:\A|\.)(?:blogspot\.[a-z.]{2,6}|(?:substack|wordpress|tumblr|livejournal|weebly|wixsite|hubpages)\.com)\Z"
)
WORD = patterns.lazy(r"[^\W\d_]{2,}(?:['’][^\W\d_]+)?")
# A part of an address that is a number, a date, or the key of a database.
_KEY = patterns.lazy(r"(?=\w*\d)\w+", re.ASCII)
_EXTENSION = patterns.lazy(r"\.[a-z0-9]{2,5}\Z", re.IGNORECASE)
_FUNCTION_WORDS = frozenset(
    """
    the of and to in is it for on with as at by be or an are was were from that this these those what when where
    which who whom whose why how will would can could should may might must do does did has have had not no nor
    but if than then so too very just about into over under after before between out up down off again here
    there all any both each few more most other some such only own same you your we our us they their them he his
    she her its my me one two get new
    """.split()
)


# Most addresses: no user, no port, nothing that stands for something else.
_PLAIN_URL = patterns.lazy(
    r"(?:https?:)?//(?P<host>[A-Za-z0-9.-]+)(?P<path>(?:/[!$&-.0-;=@-Z^-~]*)*)(?:[?#][!-~]*)?\Z", re.I | re.A
)


_LONGEST_HOST = 253  # characters (RFC 1035)


class Address(NamedTuple):
    """An address on the web: `host` without “www.”, in small letters; `path` decoded."""

    host: str
    path: str


@lru_cache(4096)  # used by several rules
def address(url: str) -> Address | None:
    """Where an absolute http address leads; None for every other link."""
    if plain := _PLAIN_URL.match(url):
        host = plain["host"].lower().removeprefix("www.")
        return Address(host, plain["path"]) if "." in host else None
    if not url.lower().startswith(("http://", "https://", "//")):
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    return Address(host, unquote(parts.path)) if "." in host else None


def content_words(text: str) -> list[str]:
    """Return the words of a text that express its subject, in lower case, in order."""
    return [content for word in WORD.findall(text) if (content := content_word(word))]


def content_word(word: str) -> str:
    """Return a word in lower case, without a possessive ending; "" if it does not express a subject."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    return word if len(word) > 2 and word not in _FUNCTION_WORDS else ""


def stem(word: str) -> str:
    """`word` (small letters) without its commonest English endings, so that plurals and tenses are one."""
    for ending, put in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("ly", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)] + put
            break
    return word.removesuffix("e")


def slug_words(path: str) -> list[str]:
    """The content words of the most telling part of an address's path."""
    segments = ([*_segment(segment)] for segment in path.split("/"))
    return max(segments, key=len, default=[])


def _segment(segment: str) -> Iterator[str]:
    for part in re.split(r"[-_+.,\s]+", _EXTENSION.sub("", segment)):
        if not _KEY.fullmatch(part):
            yield from content_words(part)


def marked(link: Link) -> bool:
    """Whether a plug-in that puts links in by keyword left its mark."""
    if not _MARK_ATTRIBUTES.isdisjoint(link.attributes):
        return True
    return not _MARK_CLASSES.isdisjoint(link.attributes.get("class", "").split())


def personal(place: Address) -> bool:
    """Whether anyone can publish at this address under a name of their own."""
    if place.host == "medium.com":
        return place.path.startswith("/@")
    return bool(_PERSONAL.search(place.host)) or place.host.endswith(".medium.com")


def lies_in(host: str, hosts: Collection[str]) -> bool:
    """Whether `host` is one of `hosts` or a part of one."""
    host = host[-_LONGEST_HOST:]
    while host not in hosts:
        _, dot, host = host.partition(".")
        if not dot:
            return False
    return True
