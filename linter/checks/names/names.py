"""Names without their capital: words hardly ever in lower case, or capitalized elsewhere in the article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from linter.checks.names._neighbors import Seen, seen
from linter.checks.names._small import is_small
from linter.checks.names._tiers import Reason, judge, may_be_name, wanted
from linter.document import Document
from linter.finding import Edit
from linter.rule import Match
from linter.text.words import Passage, Word, word_places


@dataclass(frozen=True)
class Names:
    """Looks at the copy of an article: prose, titles, descriptions, alt texts.

    The message may use {wrong} and {right}, the word with the one beside it where that is the evidence, and
    {evidence}, which is “, as on line 59” where the article has the right form too, or empty.
    """

    values: ClassVar[frozenset[str]] = frozenset({"wrong", "right", "evidence", "tier"})
    vocabulary: ClassVar[bool] = True

    def find(self, document: Document) -> Iterator[Match]:
        words = wanted(document)
        if not words or is_small(document):
            return
        small = [place for place in word_places(document, words) if may_be_name(*place)]
        if small:
            article = seen(document, words)
            for passage, word in small:
                if reason := judge(passage, word, article):
                    yield _match(document, passage, word, reason, article)


def _match(document: Document, passage: Passage, word: Word, reason: Reason, article: Seen) -> Match:
    name = word.text.capitalize()
    right = reason.key or (name,)
    values = {
        "wrong": " ".join(word.text if part == name else part for part in right),
        "right": " ".join(right),
        "evidence": "",
        "tier": reason.tier,
    }
    if reason.key:
        line, _ = document.source.position(article.places[reason.key])
        values["evidence"] = f", as on line {line}"
    start, end = passage.block.span(word.start, word.end)
    letter = passage.block.span(word.start, word.start + 1)
    return Match(start, end, values, (Edit(letter.start, letter.end, name[0]),))
