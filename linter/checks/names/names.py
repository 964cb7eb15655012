"""Names without their capital: words hardly ever in lower case, or capitalized elsewhere in the article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import ClassVar, NamedTuple

from linter import patterns
from linter.checks.names._neighbors import Key, Neighbors, Seen, neighbors, seen
from linter.document import Document
from linter.finding import Edit
from linter.rule import Match
from linter.text.lexicon import lexicon, word_list
from linter.text.view import text_view
from linter.text.words import (
    Passage,
    Word,
    document_letters,
    unlisted_words,
    vocabulary,
    word_places,
)


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


# Judge whether a word in lower case is a name that lost its capital, by tiers of evidence.
#
# The tiers are ordered by how much they are trusted.

# A small word between capitals, with the Capitalised word before it and the letter behind it.
_BETWEEN = patterns.lazy(r"([A-ZÀ-ÖØ-Þ][^ \nA-Z]{0,60}+)[ \n]([a-z]{4,}+)(?=[ \n]([A-Z]))")
# The same where the word has its capital, in a text that has a space for whatever is no letter.
_CAPITALIZED = patterns.lazy(r" (?=([A-ZÀ-ÖØ-Þ][^ A-Z]*+ [A-Z][a-z]{3,}+ [A-Z]))")
_FEW = 10  # texts that are sooner looked for one by one
_DIGIT = patterns.lazy(r"\d")
_DAY_DISTANCE = 10  # code points between a month and the far end of the day or the year beside it


class Reason(NamedTuple):
    """Why a word needs its capital: the tier, and what of the article shows it, if anything does."""

    tier: str
    key: Key = ()


def wanted(document: Document) -> frozenset[str]:
    """The words in small letters of an article at which a closer look is worth the while."""
    known = vocabulary(document)
    words = _listed() & known
    for word, small in unlisted_words(document).items():
        if word == small and (name := word.capitalize()) in known and name.istitle() and _hardly_a_word(word):
            words |= {word}
    words |= _inside(document)
    return words | word_list("months") if not word_list("months").isdisjoint(known) and _is_dated(document) else words


@cache
def _ambiguous() -> frozenset[str]:
    """Countries and peoples that are words too."""
    return word_list("countries") | word_list("peoples")


@cache
def _listed() -> frozenset[str]:
    return word_list("names") | word_list("names_in_context") | _ambiguous()


def _inside(document: Document) -> set[str]:
    """Words that stand small between two capitals in one place, and with a capital between the same two in another."""
    known = vocabulary(document)
    candidates: dict[str, str] = {}
    for left, word, right in _BETWEEN.findall(text_view(document).text):
        name = word.capitalize()
        if name in known and word not in word_list("separators"):
            candidates[f"{left} {name} {right}"] = word
    text = document_letters(document) if candidates else ""
    if len(candidates) > _FEW:
        return {candidates[shown] for shown in _CAPITALIZED.findall(text) if shown in candidates}
    return {word for shown, word in candidates.items() if f" {shown}" in text}


def _is_dated(document: Document) -> bool:
    """Whether “may”, “march” or “august” is a month."""
    for passage, word in word_places(document, word_list("months")):
        if _DIGIT.search(passage.text, max(0, word.start - _DAY_DISTANCE), word.end + _DAY_DISTANCE) and months(
            passage.text
        ):
            return True
    return False


def may_be_name(passage: Passage, word: Word) -> bool:
    """Whether one of the wanted words is in prose, and `judge` may have a reason for its capital."""
    if word.text not in _listed() and word.text not in word_list("months") and not any(neighbors(passage, word)):
        return False
    return passage.is_prose(word)


def judge(passage: Passage, word: Word, seen: Seen) -> Reason | None:
    """The best reason to capitalise `word`, one of those that may be names, or None."""
    near = neighbors(passage, word)
    alone = (word.text.capitalize(),) if seen.alone[word.text.capitalize()] else ()
    if word.text in word_list("names"):
        return None if _is_another_name(passage, word) else Reason("known", alone)
    if word.text in word_list("months"):
        return Reason("date") if word.start in months(passage.text) else None
    if word.text in _ambiguous():
        return Reason("country", alone) if _is_country(passage, word, seen) else None
    if "-" in (passage.text[word.start - 1 : word.start], passage.text[word.end : word.end + 1]):
        return None  # Yoo Ji-chang, mozilla-nss
    return _by_article(passage, word, near, seen)


def _is_another_name(passage: Passage, word: Word) -> bool:
    """Whether a known word is a part of what is written so: monday Service, Anguilla anguilla, india rubber."""
    near, behind = neighbors(passage, word), passage.behind(word)
    return (
        (word.text in word_list("calendar") and near.right is not None)
        or (near.left is not None and near.left.text.lower() == word.text)
        or (behind is not None and f"{word.text}-{behind.text}" in word_list("things"))
    )


def _by_article(passage: Passage, word: Word, near: Neighbors, seen: Seen) -> Reason | None:
    """The reasons that need the article's own capitals."""
    name = word.text.capitalize()
    shown = _shown(word, near, seen)
    if word.text in word_list("names_in_context") and (
        any(_is_name(passage, other) for other in near) or (seen.alone[name] >= seen.small[word.text])
    ):
        return Reason("listed", shown)
    if _hardly_a_word(word.text) and len(shown) == 2 and _name_like(*set(shown) - {name}):
        if lexicon().find(word.text).capital and seen.alone[name] >= seen.small[word.text]:
            return Reason("seen", shown)
        if seen.together[shown] >= 2 * seen.small[word.text]:
            return Reason("pair", shown)
    if near.left and near.right and not (passage.is_title_case or passage.starts_sentence(near.left)):
        whole = (near.left.text, name, near.right.text)
        together = passage.block.is_contiguous(near.left.start, near.right.end)
        if together and len(word.text) > 3 and seen.together[whole]:
            return Reason("inside", whole)
    return None


def _shown(word: Word, near: Neighbors, seen: Seen) -> Key:
    """The capitalised form of the word that the article has elsewhere, with a neighbour if it can be."""
    name = word.text.capitalize()
    left = (near.left.text, name) if near.left else ()
    right = (name, near.right.text) if near.right else ()
    return next((key for key in (left, right, (name,)) if key in seen.places), ())


def _is_name(passage: Passage, other: Word | None) -> bool:
    """Whether a capitalised neighbour is more than the start of a sentence or a headline."""
    if other is None or passage.is_title_case:
        return False
    return not passage.starts_sentence(other) or other.text.lower() in word_list("names_in_context")


def _is_country(passage: Passage, word: Word, seen: Seen) -> bool:
    """Whether one of the ambiguous words is the country or the people here."""
    around = [other for other in (passage.before(word), passage.behind(word)) if other]
    if "-" in (passage.text[word.start - 1 : word.start], passage.text[word.end : word.end + 1]):
        return any(_is_hyphenated_country(passage, word, other) for other in around)
    if word.text in word_list("peoples") or any(other.text.lower() in word_list("wares") for other in around):
        return False
    return seen.alone[word.text.capitalize()] >= 5 * seen.small[word.text] and _names_others(passage)


@lru_cache(8)
def _names_others(passage: Passage) -> bool:
    """Whether a passage has a known name with its capital."""
    return any(word.istitle() and word.lower() in word_list("names") for word in passage.vocabulary)


def _is_hyphenated_country(passage: Passage, word: Word, other: Word) -> bool:
    gap = passage.text[other.end : word.start] or passage.text[word.end : other.start]
    if gap == ".-" or (gap == "-" and other.text.isupper() and len(other.text) > 1):  # U.S.-china, china-EU
        return True
    return (
        gap == "-"
        and other.is_capitalized
        and (other.text.lower() in word_list("names") or other.text.lower() in _ambiguous())
    )


@lru_cache(1 << 16)
def _hardly_a_word(text: str) -> bool:
    """Whether `text` is no word in small letters, as far as is known."""
    word = lexicon().find(text)
    return len(text) > 2 and not word.dictionary and not word.mixed and word.name_share >= (0.95 if word.docs else 0)


@lru_cache(4096)
def _name_like(text: str) -> bool:
    """Whether a capitalised word is hardly an ordinary word with a capital."""
    word = lexicon().find(text.lower())
    return not word.dictionary or word.name_share > 0.6


# May, March and August are words too; a number beside them identifies the month.

_MONTH = "(?P<{}>may|march|august)"
_DAY = r"(?:[12]?\d|3[01])(?:st|nd|rd|th)?(?![%°.,:]*+\d)(?![\w%°$])"
_YEAR = r"(?:19|20)\d\d\b"
_ON = "on|by|until|till|since|from|before|after|through|between|dated|of|late|early"
_IN = "in|since|until|by|from|of|during|early|late|mid|this|last|next"
_DATE = patterns.lazy(
    rf"""\b(?:{_ON})[ ]{_MONTH.format("a")}[ ]{_DAY}
    | \b{_MONTH.format("b")}[ ]{_DAY},[ ]{_YEAR}
    | (?<![\d.,:$-]){_DAY}[ ](?:of[ ])?{_MONTH.format("c")},?[ ]{_YEAR}
    | \b(?:{_IN})[ -]{_MONTH.format("d")}(?:[ ]of)?[ ]{_YEAR}""",
    re.VERBOSE,
)


@lru_cache(8)
def months(text: str) -> frozenset[int]:
    """Where in `text` “may”, “march” and “august” are months for sure: “on may 9”, “9 may 2025”, “in march 2025”."""
    return frozenset(match.start(match.lastgroup or 0) for match in _DATE.finditer(text))
