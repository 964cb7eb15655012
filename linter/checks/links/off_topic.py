"""Links to pages unrelated to the article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Literal, NamedTuple

from linter import patterns
from linter.checks.links._linking import (
    Address,
    address,
    content_word,
    content_words,
    is_marked,
    is_personal,
    lies_in,
    sentence_of,
    slug_words,
    topic_of,
)
from linter.document import Document, Link
from linter.rule import Match
from linter.text.lexicon import lexicon, word_list
from linter.views import per_document

_AROUND = "“”\"'‘’.,;:!?()"  # marks that are not part of a word in link text
_ONE_OR_TWO = patterns.lazy(rf"\s*[{_AROUND}]*[^\W\d_]+[{_AROUND}]*(?:\s+[{_AROUND}]*[^\W\d_]+[{_AROUND}]*)?\s*\Z")
_MIN_WORDS = 3  # minimum number of words of a URL or title that can be judged
_MAX_SHARED = 0.25  # maximum share, by weight, of the words of the page that the article also contains
# Minimum inverse document frequency of a word that expresses a subject, and of a rare word.
_MIN_SUBJECT_IDF, _MIN_RARE_IDF = 3.0, 5.0
_MIN_SOURCE_LINKS = 3  # minimum links to a host that is the author's own or a main source of the article
_ROUNDUP = (15, 50)  # a list of links has more links than this, and fewer words per link than this
_NO_SUBJECT = ("ed", "ly", "ing")  # endings of words for actions, which rarely are the subject of a page
_MIN_NAME_SHARE = 0.5  # a word that is capitalized more often is a name


@dataclass(frozen=True)
class OffTopic:
    """Links whose URL and title have few words in common with the article.

    `evidence` says what else makes the link suspicious: `host` (anyone can publish on the host), `mark` (a plug-in
    inserted the link) or `words` (nothing else). A link with both a suspicious host and a mark counts only for `host`.

    Only links with one or two ordinary dictionary words as their text are checked. Words that suit every link, such as
    “article”, do not count as ordinary; data/word_lists.txt lists these words. The same file lists hosts that any
    article may link to; links to these hosts are ignored. A host with three or more links in the article is ignored,
    too, and so are articles that are lists of links, and links whose URLs are listed at the end of the article, where
    no plug-in puts them.

    The words of a page are the content words in the title of the link and in one segment of the URL path, the one with
    the most content words. The title or this segment must have at least three. The page is off topic if at most a
    quarter of its words occur in the article outside the sentence with the link. Words are weighted by inverse document
    frequency, so that rare words count more. In addition, at least two words of the page, one of them rare, must be
    missing from the whole article.

    The message may use {anchor}, the link text; {page}, the title of the link or the words of its URL; and {absent},
    two words of the page that are missing from the article.
    """

    evidence: Literal["host", "mark", "words"]

    values: ClassVar[frozenset[str]] = frozenset({"anchor", "page", "absent"})
    parts: ClassVar[frozenset[str]] = frozenset({"links"})

    def find_in(self, document: Document) -> Iterator[Match]:
        candidates = [one for one in _candidates(document) if one.evidence == self.evidence]
        if not candidates or _is_roundup(document):
            return
        hosts = Counter(place.host for link in document.links if (place := address(link.url)))
        for link, place, _ in candidates:
            if hosts[place.host] < _MIN_SOURCE_LINKS and (absent := _absent(link, place, document)):
                page = link.title or " ".join(slug_words(place.path))
                words = " or ".join(f"“{word}”" for word in absent)
                yield Match(*link.url_span, {"anchor": link.text, "page": page, "absent": words})


class _Candidate(NamedTuple):
    """A link that can be judged, with the address of the page and the kind of evidence against the link."""

    link: Link
    place: Address
    evidence: str


@per_document
def _candidates(document: Document) -> list[_Candidate]:
    found = []
    for link, text in zip(document.links, document.anchor_texts, strict=True):
        if link.kind == "reference" or not _ONE_OR_TWO.match(text) or not all(map(_is_ordinary, text.split())):
            continue
        place = address(link.url)
        if not place or lies_in(place.host, word_list("hosts of any link")):
            continue
        if _has_enough_words(link, place) and not _is_name(link):
            evidence = "host" if is_personal(place) else "mark" if is_marked(link) else "words"
            found.append(_Candidate(link, place, evidence))
    return found


def _has_enough_words(link: Link, place: Address) -> bool:
    """Whether the title of a link or one segment of its URL path has at least three content words."""
    return max(len(slug_words(place.path)), len(content_words(link.title))) >= _MIN_WORDS


def _bare(word: str) -> str:
    return word.strip(_AROUND).lower()


@lru_cache(1 << 12)  # the same words recur, such as “here” and “docs”
def _is_ordinary(text: str) -> bool:
    word = _bare(text)
    if text.isupper() or word.endswith(_NO_SUBJECT):
        return False
    if word in word_list("words of any link") or not content_word(word):
        return False
    known = lexicon().find(word)
    return known.dictionary and known.name_share < _MIN_NAME_SHARE


def _absent(link: Link, place: Address, document: Document) -> list[str]:
    """Return the two rarest words of the page that are missing from the article, or [] if the page may be on topic."""
    table = lexicon()
    words = dict.fromkeys((*content_words(link.title), *slug_words(place.path)))
    weights = {word: table.idf(word) for word in words}
    if max(weights.values(), default=0.0) < _MIN_RARE_IDF:
        return []
    topic = topic_of(document)
    elsewhere = topic.without(sentence_of(link))
    shared = sum(weight for word, weight in weights.items() if elsewhere.mentions(word))
    if shared > _MAX_SHARED * sum(weights.values()):
        return []
    absent = [word for word, weight in weights.items() if weight >= _MIN_SUBJECT_IDF and not topic.mentions(word)]
    if len(absent) < 2 or max(weights[word] for word in absent) < _MIN_RARE_IDF:
        return []
    return sorted(absent, key=lambda word: -weights[word])[:2]


def _is_roundup(document: Document) -> bool:
    most, words = _ROUNDUP
    return len(document.links) > most and len(document.links) * words > sum(
        len(block.text.split()) for block in document.prose
    )


def _is_name(link: Link) -> bool:
    sentence = sentence_of(link).split()
    if not link.text[:1].isupper() or link.block.text[: link.start].strip() == "":
        return False
    long = [word for word in sentence if len(word) > 3]
    return sum(word[0].isupper() for word in long) <= len(long) / 2
