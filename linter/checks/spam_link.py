"""Links that were put in to sell what the story does not speak of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from linter.document import Document, Link
from linter.linking import Address, address, lies_in
from linter.rule import Match
from linter.topic import Topic, sentence_of


@dataclass(frozen=True)
class SpamLink:
    """A link is spam if its address holds one of `words` as a word, or one of `parts` anywhere in its host, or if
    its anchor text is one of `anchors`; unless the article uses that word outside of the link's sentence, or the
    link leads to one of `hosts`. The message may use {anchor} and {word}.
    """

    words: tuple[str, ...]
    parts: tuple[str, ...]
    anchors: tuple[str, ...]
    hosts: tuple[str, ...]

    values: ClassVar[frozenset[str]] = frozenset({"anchor", "word"})

    @cached_property
    def _in_path(self) -> re.Pattern[str]:
        words = "|".join(re.escape(word).replace(r"\ ", r"[-_+%20.]+") for word in self.words)
        return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE)

    @cached_property
    def _in_host(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.parts)), re.IGNORECASE)

    @cached_property
    def _anchors(self) -> frozenset[str]:
        return frozenset(self.anchors)

    def find(self, document: Document) -> Iterator[Match]:
        topic = None
        for link in document.links:
            place = address(link.url)
            if not place or lies_in(place.host, self.hosts):
                continue
            if word := self._spam_word(link, place):
                topic = topic or Topic.of(document)
                elsewhere = topic.without(sentence_of(link))
                if not any(elsewhere.mentions(part) for part in re.findall(r"\w+", word.lower())):
                    yield Match(*link.url_span, {"anchor": " ".join(link.text.split()), "word": word})

    def _spam_word(self, link: Link, place: Address) -> str:
        found = self._in_path.search(f"{place.host} {place.path}") or self._in_host.search(place.host)
        if found:
            return re.sub(r"[-_+%20.]+", " ", found[0])
        anchor = " ".join(link.text.lower().split())
        return anchor if anchor in self._anchors else ""
