"""Spam links inserted into an article that does not mention their subject."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter.analysis.literals import Literals, texts_with
from linter.checks.links._linking import Address, address, lies_in, sentence_of, topic_of
from linter.document import Block, Document, Link
from linter.folding import folded, folded_view
from linter.patterns import lazy
from linter.rule import Match

_GAP = r"[-_+. ]+"
_MARKS = ".,’'"
_MAX_SEGMENT_WORDS = 3  # maximum words of a short path segment; a longer one is a headline
_MAX_TEXT_WORDS = 8  # maximum words of link text; a longer one is the title of a page
_IMAGE = lazy(r"\.(?:jpe?g|png|gif|webp|svg|pdf)\Z", re.IGNORECASE)
# Maximum number of blocks with suspect links; the text of so few does not count as the topic of the article.
_MAX_SUSPECT_BLOCKS = 3
_MAX_SUSPECT_SHARE = 0.25  # maximum share of the article that these blocks may make up


@dataclass(frozen=True)
class SpamLink:
    """Links whose URL or text contains a spam word that the article does not mention elsewhere.

    Four options list spam words and phrases. `words` are searched for as whole words in the host and path of a URL.
    `veiled` are searched for as whole words in the host and in path segments of at most three words, because longer
    segments are headlines; a match is ignored if the link text contains the same word. `host_parts` are searched for
    anywhere in the host, even within a word; a match is ignored if the text of any link to the host is capitalized like
    a name and one of its words is in the host, because the article may be about that business. `anchors` are searched
    for as whole words in link text of at most eight words, because longer text is a title.

    `hosts` lists hosts to ignore. `invitations` lists beginnings of link text in lowercase, such as “click”; a link
    that begins with one of them is spam if its sentence contains a spam link.

    A link is not spam if any word of the spam phrase occurs elsewhere in the article. The sentence with the link does
    not count as elsewhere. If at most three blocks contain links with spam words, and these blocks make up at most a
    quarter of the prose, they do not count either.

    The message may use {anchor}, the link text, and {word}, the spam word; for a link with one of `invitations`, {word}
    is the host.
    """

    words: tuple[str, ...]
    veiled: tuple[str, ...]
    host_parts: tuple[str, ...]
    anchors: tuple[str, ...]
    hosts: tuple[str, ...]
    invitations: tuple[str, ...] = ()

    values: ClassVar[frozenset[str]] = frozenset({"anchor", "word"})
    parts: ClassVar[frozenset[str]] = frozenset({"links"})

    @cached_property
    def _plain(self) -> re.Pattern[str]:
        return _any_word(self.words)

    @cached_property
    def _veiled(self) -> re.Pattern[str]:
        return _any_word(self.veiled)

    @cached_property
    def _anchors(self) -> re.Pattern[str]:
        return _any_word(self.anchors)

    @cached_property
    def _in_host(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.host_parts)), re.IGNORECASE)

    @property
    def literals(self) -> Literals:
        return (self._in_addresses[0] | self._in_anchors[0],)

    @cached_property
    def _in_anchors(self) -> Literals:
        return (_longest_words(self.anchors),)

    @cached_property
    def _in_addresses(self) -> Literals:
        # A percent sign may encode a letter.
        return (_longest_words((*self.words, *self.veiled)) | frozenset(map(folded, self.host_parts)) | {"%"},)

    def find_in(self, document: Document) -> Iterator[Match]:
        suspects = list(self._suspects(document))
        if not suspects:
            return
        inserted = _inserted({link.block: None for link, _ in suspects}, document)
        found = []
        for link, word in suspects:
            topic = topic_of(document).without("\n".join((sentence_of(link), *inserted)))
            if not any(topic.mentions(part) for part in re.findall(r"\w+", word.lower())):
                found.append(link)
                yield _match(link, word)
        yield from self._company(document, found)

    def _suspects(self, document: Document) -> Iterator[tuple[Link, str]]:
        """Yield links that contain a spam word, each with the spam word."""
        numbers = {*texts_with(self._in_addresses, folded_view(document, "link.url"))}
        numbers.update(texts_with(self._in_anchors, folded_view(document, "link.text")))
        suspects = [
            (link, place) for link in map(document.links.__getitem__, sorted(numbers)) if (place := address(link.url))
        ]
        named = {place.host for link, place in suspects if _names(link.text, place.host)}
        for link, place in suspects:
            if not lies_in(place.host, self.hosts) and (word := self._spam_word(link.text, place, named)):
                yield link, word

    def _spam_word(self, anchor: str, place: Address, named: Set[str]) -> str:
        """Return the spam word in the link text `anchor` or the address `place`, or "" if there is none that counts.

        `named` are the hosts of businesses that link texts name.
        """
        if found := self._plain.search(f"{place.host} {place.path}"):
            return re.sub(_GAP, " ", found[0])
        if (found := self._in_host.search(place.host)) and place.host not in named:
            return found[0]
        short = " ".join((place.host, *filter(_is_short, place.path.split("/"))))
        if (found := self._veiled.search(short)) and found[0].lower() not in anchor.lower():
            return re.sub(_GAP, " ", found[0])
        found = self._anchors.search(anchor)
        return " ".join(found[0].split()) if found and len(anchor.split()) <= _MAX_TEXT_WORDS else ""

    def _company(self, document: Document, spam_links: Sequence[Link]) -> Iterator[Match]:
        """Yield matches for links such as “Click here” that share a sentence with one of `spam_links`."""
        sentences = {(link.block, sentence_of(link)) for link in spam_links}
        for link in document.links if sentences else ():
            if link in spam_links or not link.text.lower().lstrip().startswith(self.invitations):
                continue
            place = address(link.url)
            if place and not lies_in(place.host, self.hosts) and (link.block, sentence_of(link)) in sentences:
                yield _match(link, place.host)


def _match(link: Link, word: str) -> Match:
    span = link.span if link.kind == "reference" else link.url_span
    return Match(*span, {"anchor": " ".join(link.text.split()), "word": word})


def _inserted(blocks: Collection[Block], document: Document) -> list[str]:
    """Return the texts of `blocks`, or [] if the blocks are too many or too long to be inserted spam."""
    size = sum(len(block.text) for block in blocks)
    if len(blocks) > _MAX_SUSPECT_BLOCKS or size > _MAX_SUSPECT_SHARE * sum(
        len(block.text) for block in document.prose
    ):
        return []
    return [block.text for block in blocks]


def _names(anchor: str, host: str) -> bool:
    """Whether the link text `anchor` may be the name of the business at `host`, or contains the name."""
    words = [word.rstrip(_MARKS).removesuffix("’s").removesuffix("'s") for word in anchor.split()]
    names = [name for word in words if word[:1].isupper() and (name := _unaccented(word))]
    if not all(word[0].isupper() for word in words if len(word) > _MAX_SEGMENT_WORDS):
        return not set(names).isdisjoint(host.split("."))
    return any(name in host for name in names)


def _unaccented(word: str) -> str:
    """Return `word` in lowercase ASCII letters, as in a host name."""
    return unicodedata.normalize("NFKD", word.lower()).encode("ascii", "ignore").decode()


def _is_short(segment: str) -> bool:
    """Whether a path segment has at most three words and is not the name of an image or PDF file."""
    return len(re.findall(r"[^\W_]+", segment)) <= _MAX_SEGMENT_WORDS and not _IMAGE.search(segment)


def _any_word(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern that finds any of `words` as whole words, in any case, in a decoded URL or in link text."""
    spaced = "|".join(r"[-_+.\s]+".join(map(re.escape, word.split())) for word in words)
    return re.compile(rf"(?<![^\W_])(?:{spaced})(?![^\W_])", re.IGNORECASE)


def _longest_words(phrases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(folded(max(phrase.split(), key=len)) for phrase in phrases)
