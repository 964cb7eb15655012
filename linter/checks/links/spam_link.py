"""Spam links inserted into an article that does not mention their subject."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

from linter.analysis.literals import Literals, any_of, literals_of_pattern, literals_of_phrases, texts_with
from linter.checks.links._linking import Address, address, lies_in
from linter.checks.links._topic import sentence_of, topic_of
from linter.document import Document
from linter.folding import folded_view
from linter.patterns import lazy
from linter.record import record
from linter.rule import Match

_GAP = r"[-_+. ]+"
_HEADLINE = 3  # words; a part of a path with more is a headline
_IMAGE = lazy(r"\.(?:jpe?g|png|gif|webp|svg|pdf)\Z", re.IGNORECASE)


@record
class SpamLink:
    """A link is spam if its address contains one of `words` as a word, or one of `host_parts` anywhere in its host; if
    it contains one of `veiled`, in its host or in a short part of its path (a headline may be about anything), that is
    not in its anchor; or if its anchor is one of `anchors`. Links are left out if the article uses that word outside of
    the link's sentence, or if they lead to one of `hosts`. The message may use {anchor} and {word}.
    """

    words: tuple[str, ...]
    veiled: tuple[str, ...]
    host_parts: tuple[str, ...]
    anchors: tuple[str, ...]
    hosts: tuple[str, ...]

    values: ClassVar[frozenset[str]] = frozenset({"anchor", "word"})
    parts: ClassVar[frozenset[str]] = frozenset({"links"})

    @cached_property
    def _plain(self) -> re.Pattern[str]:
        return _in_address(self.words)

    @cached_property
    def _veiled(self) -> re.Pattern[str]:
        return _in_address(self.veiled)

    @cached_property
    def _in_host(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.host_parts)), re.IGNORECASE)

    @cached_property
    def literals(self) -> Literals | None:
        return any_of(self._in_addresses, literals_of_phrases(self.anchors))

    @cached_property
    def _in_addresses(self) -> Literals | None:
        patterns = (self._plain.pattern, self._veiled.pattern, self._in_host.pattern, "%")  # which stands for others
        return any_of(*(literals_of_pattern(f"(?i:{pattern})") for pattern in patterns))

    def find(self, document: Document) -> Iterator[Match]:
        suspects = frozenset(texts_with(self._in_addresses, folded_view(document, "link.url")))
        for number, link in enumerate(document.links):
            anchor = " ".join(link.text.lower().split())
            place = address(link.url) if number in suspects or anchor in self.anchors else None
            if place and not lies_in(place.host, self.hosts) and (word := self._spam_word(anchor, place)):
                elsewhere = topic_of(document).without(sentence_of(link))
                if not any(elsewhere.mentions(part) for part in re.findall(r"\w+", word.lower())):
                    yield Match(*link.url_span, {"anchor": " ".join(link.text.split()), "word": word})

    def _spam_word(self, anchor: str, place: Address) -> str:
        """Return the word that makes spam of a link, or ""."""
        if found := self._plain.search(f"{place.host} {place.path}") or self._in_host.search(place.host):
            return re.sub(_GAP, " ", found[0])
        short = " ".join((place.host, *filter(_is_short, place.path.split("/"))))
        if (found := self._veiled.search(short)) and found[0].lower() not in anchor:
            return re.sub(_GAP, " ", found[0])
        return anchor if anchor in self.anchors else ""


def _is_short(segment: str) -> bool:
    """Whether a part of a path is no headline and no image."""
    return len(re.findall(r"[^\W_]+", segment)) <= _HEADLINE and not _IMAGE.search(segment)


def _in_address(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for any of `words` as whole words of a decoded address."""
    spaced = "|".join(_GAP.join(map(re.escape, word.split())) for word in words)
    return re.compile(rf"(?<![^\W_])(?:{spaced})(?![^\W_])", re.IGNORECASE)
