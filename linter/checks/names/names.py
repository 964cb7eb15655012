"""Lowercase names: words that are names wherever they appear, and words that the article shows to be names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import ClassVar, NamedTuple

from linter import patterns
from linter.document import Document
from linter.finding import Edit
from linter.rule import Match
from linter.text.lexicon import lexicon, word_list
from linter.text.view import text_view
from linter.text.words import (
    Passage,
    Word,
    document_letters,
    occurring,
    place_of,
    unlisted_words,
    vocabulary,
    word_offsets,
    word_places,
    words_in_code,
)
from linter.word_lists import word_lists

Key = tuple[str, ...]  # one word or several adjacent words, as written
# A lowercase word between two capitalized words; groups: the previous word, the word, the first letter of the next.
_BETWEEN = patterns.lazy(r"([A-ZÀ-ÖØ-Þ][^ \nA-Z]{0,60}+)[ \n]([a-z]{4,}+)(?=[ \n]([A-Z]))")
# The same with the word capitalized, in text in which every character that is not a letter is a space.
_CAPITALIZED = patterns.lazy(r" (?=([A-ZÀ-ÖØ-Þ][^ A-Z]*+ [A-Z][a-z]{3,}+ [A-Z]))")
_STOCK = frozenset({"Unsplash", "Pexels", "Pixabay", "Flickr"})  # sites where users choose how their names are written
_CAPITAL = patterns.lazy(r"[^\W\d_a-zß-öø-ÿ][a-zß-öø-ÿ]")  # start of a Capitalized word
_LOWERCASE_START = patterns.lazy(r"[a-zß-öø-ÿ][.!?]+ [a-zß-öø-ÿ]")  # start of a lowercase sentence
_DIGIT = patterns.lazy(r"\d")
_VALUES = "/|=<>&?"  # marks next to a word that is a value or part of a path
_MIN_CAPITALIZED_RATIO = 3  # minimum ratio of capitalized to lowercase uses for a name after “a”, “the” and the like
_ARTICLES = frozenset("a an another the this each".split())
_OF_COMPUTERS = frozenset(
    "user users username login device directory folder library package command server host machine driver backend "
    "branch module project dot at".split()
)
_DAY_DISTANCE = 10  # code points on each side of a month that are searched for a digit


@dataclass(frozen=True)
class Names:
    """Lowercase names in all text of an article: prose, titles, descriptions, alt text.

    A word is reported if it is a name wherever it appears, such as “tuesday”, or if there is other evidence: a date, an
    adjacent name, or a capitalized use elsewhere in the article. The lists of names are in `linter/data`.

    The message may use {wrong} and {right}, the word in both forms, with the adjacent word if that is the evidence;
    {evidence}, which is a phrase such as “, as on line 59” if the article contains the correct form, and otherwise
    empty; and {tier}, the kind of evidence.
    """

    values: ClassVar[frozenset[str]] = frozenset({"wrong", "right", "evidence", "tier"})
    vocabulary: ClassVar[bool] = True

    def find_in(self, document: Document) -> Iterator[Match]:
        for passage, word in _months(document):
            yield _match(document, passage, word, Reason("date"), None)
        places = [
            (passage, word)
            for passage, word in word_places(document, _candidates(document))
            if _may_be_name(passage, word)
            and not _is_of_a_computer(document, passage, word)
            and not _is_as_typed(passage.text)
        ]
        if not places:
            return
        capitals = _count_capitals(document, {word.text for _, word in places})
        for passage, word in places:
            if reason := _reason(passage, word, capitals):
                yield _match(document, passage, word, reason, capitals)


class Reason(NamedTuple):
    """Why a word needs a capital.

    `tier` is the kind of evidence, such as “date”. `key` is the capitalized form elsewhere in the article, as one word
    or several adjacent words; it is empty if there is none.
    """

    tier: str
    key: Key = ()


def _match(document: Document, passage: Passage, word: Word, reason: Reason, capitals: Capitals | None) -> Match:
    name = word.text.capitalize()
    right = reason.key or (name,)
    values = {
        "wrong": " ".join(word.text if part == name else part for part in right),
        "right": " ".join(right),
        "evidence": "",
        "tier": reason.tier,
    }
    if reason.key and capitals:
        line, _ = document.source.position(capitals.places[reason.key])
        values["evidence"] = f", as on line {line}"
    letter = passage.block.span(word.start, word.start + 1)
    return Match(*passage.block.span(word.start, word.end), values, (Edit(*letter, name[0]),))


# Uses of words in the article, and phrases of capitalized neighbors.


class Neighbors(NamedTuple):
    """The capitalized words before and after a word, with only a space or line break between.

    A missing word is None.
    """

    left: Word | None
    right: Word | None


def _neighbors(passage: Passage, word: Word) -> Neighbors:
    """Return the capitalized words directly before and after `word` in the passage."""
    text, left, right = passage.text, passage.before(word), passage.behind(word)
    if left and not (left.is_capitalized and text[left.end : word.start] in (" ", "\n")):
        left = None
    if right and not (right.is_capitalized and text[word.end : right.start] in (" ", "\n")):
        right = None
    return Neighbors(left, right)


class Capitals(NamedTuple):
    """Counts of the lowercase and capitalized uses of some words in an article.

    `small` counts the lowercase uses of each word. `alone` counts the capitalized uses outside headlines, except where
    a sentence may start. `together` counts phrases: a capitalized word with one or both of its capitalized neighbors.
    Phrases of three words are counted only outside headlines. `places` maps each word of `alone`, as a tuple, and each
    phrase of `together` to the source offset of its first counted use.
    """

    small: Counter[str]
    alone: Counter[str]
    together: Counter[Key]
    places: dict[Key, int]

    def add(self, passage: Passage, word: Word, forms: Set[str]) -> None:
        """Count one capitalized use, `word`. `forms` are the lowercase and capitalized forms of all counted words."""
        left, right = _neighbors(passage, word)
        if not passage.is_title_case and not passage.starts_sentence(word):
            self.alone[word.text] += 1
            self._place(passage, word)
        if left and left.text not in forms:  # otherwise, the pair is counted when `left` is added
            self.together[self._place(passage, left, word)] += 1
        if right:
            self.together[self._place(passage, word, right)] += 1
        if left and right and not passage.is_title_case:
            self.together[self._place(passage, left, word, right)] += 1

    def _place(self, passage: Passage, *words: Word) -> Key:
        key = tuple(word.text for word in words)
        if key not in self.places:
            self.places[key] = passage.block.span(words[0].start, words[-1].end).start
        return key


def _count_capitals(document: Document, words: Set[str]) -> Capitals:
    """Return the counts for `words`, given in lowercase. Capitalized uses count only in English sentences."""
    found = Capitals(Counter(), Counter(), Counter(), {})
    forms = words | {word.capitalize() for word in words}
    for passage, word in word_places(document, forms):
        if word.text in words:
            found.small[word.text] += 1
        elif passage.is_prose(word):
            found.add(passage, word, forms)
    return found


# Candidates: the lowercase words that are examined.


def _candidates(document: Document) -> frozenset[str]:
    """Return the lowercase words of an article that may be names, except brands."""
    known = vocabulary(document)
    unlisted = {
        word
        for word, small in unlisted_words(document).items()
        if word == small and (name := word.capitalize()) in known and name.istitle() and _hardly_a_word(word)
    }
    return (occurring(document, _listed()) | unlisted | _inner_words(document)) - _brands()


@cache
def _brands() -> frozenset[str]:
    return frozenset(map(str.lower, word_lists("brands.txt")["words"]))


@cache
def _listed() -> frozenset[str]:
    return word_list("names") | word_list("names in context") | _ambiguous()


@cache
def _ambiguous() -> frozenset[str]:
    return word_list("countries") | word_list("peoples")


def _inner_words(document: Document) -> set[str]:
    """Return the lowercase words between capitalized words that the article capitalizes in a similar place."""
    known = vocabulary(document)
    candidates: dict[str, str] = {}
    for left, word, right in _BETWEEN.findall(text_view(document).text):
        name = word.capitalize()
        if name in known and word not in word_list("separators"):
            candidates[f"{left} {name} {right}"] = word
    text = document_letters(document) if candidates else ""
    return {candidates[shown] for shown in _CAPITALIZED.findall(text) if shown in candidates}


def _may_be_name(passage: Passage, word: Word) -> bool:
    """Whether a candidate may be a name here, judging by the passage and the words next to it."""
    is_candidate = word.text in _listed() or any(_neighbors(passage, word))
    return is_candidate and passage.is_prose(word) and _STOCK.isdisjoint(passage.vocabulary)


def _is_as_typed(text: str) -> bool:
    """Whether `text`, a passage, has no capitals, and its sentences start in lowercase, probably on purpose."""
    return text[0].islower() and not _CAPITAL.search(text) and _LOWERCASE_START.search(text) is not None


@lru_cache(1 << 16)
def _hardly_a_word(text: str) -> bool:
    """Whether the lowercase word `text` is almost certainly not an ordinary word, judging by the word table."""
    word = lexicon().find(text)
    return len(text) > 2 and not word.dictionary and not word.mixed and word.name_share >= (0.95 if word.docs else 0)


# Decide whether a lowercase word is a name without its capital. The kinds of evidence are tried in order of certainty.


def _reason(passage: Passage, word: Word, capitals: Capitals) -> Reason | None:
    """Return the most certain reason to capitalize a candidate, or None if there is no reason."""
    name = word.text.capitalize()
    alone = (name,) if capitals.alone[name] else ()
    if any(mark in passage.text[max(0, word.start - 2) : word.end + 2] for mark in _VALUES):
        return None
    if word.text in word_list("names"):
        is_another = _is_another_name(passage, word) or _is_a_word_here(passage, word, capitals)
        return None if is_another else Reason("known", alone)
    if word.text in _ambiguous():
        return Reason("country", alone) if _is_country(passage, word, capitals) else None
    if _is_full_name(passage, word):
        return Reason("full", alone)
    if "-" in (passage.text[word.start - 1 : word.start], passage.text[word.end : word.end + 1]):
        return None  # Yoo Ji-chang, mozilla-nss
    return _reason_in_article(passage, word, capitals)


def _is_full_name(passage: Passage, word: Word) -> bool:
    """Whether `word` and an adjacent word are a full name in lowercase: “barack obama”."""
    names = word_list("names in context")
    if word.text not in names:
        return False
    pairs = ((passage.before(word), word), (word, passage.behind(word)))
    return any(
        first is not None
        and second is not None
        and names.issuperset((first.text, second.text))
        and passage.text[first.end : second.start] == " "
        for first, second in pairs
    )


def _is_of_a_computer(document: Document, passage: Passage, word: Word) -> bool:
    """Whether `word` probably names a user, library or host."""
    if word.text in word_list("names") and word.text not in word_list("places"):
        return False
    around = (passage.before(word), passage.behind(word))
    if any(other is not None and other.text in _OF_COMPUTERS for other in around):
        return True
    return bool(words_in_code(document, {word.text}))


def _is_a_word_here(passage: Passage, word: Word, capitals: Capitals) -> bool:
    """Whether `word` is the name of a place but is probably used as a common noun in this article."""
    if word.text not in word_list("places"):
        return False
    before = passage.before(word)
    if before is not None and before.text.lower() in _ARTICLES and passage.text[before.end : word.start] == " ":
        return True
    return capitals.small[word.text] > 1 and not capitals.alone[word.text.capitalize()]


def _is_another_name(passage: Passage, word: Word) -> bool:
    """Whether `word` is part of another name or term: “monday Service”, “Anguilla anguilla”, “india rubber”."""
    near, before, behind = _neighbors(passage, word), passage.before(word), passage.behind(word)
    joined = before is not None and before.is_capitalized and passage.text[before.end : word.start] == "-"
    return (
        (joined and before is not None and before.text.lower() not in word_list("names") | _ambiguous())  # Ji-paris
        or (word.text in word_list("calendar") and near.right is not None)
        or (near.left is not None and near.left.text.lower() == word.text)
        or (behind is not None and f"{word.text}-{behind.text}" in word_list("things"))
    )


def _reason_in_article(passage: Passage, word: Word, capitals: Capitals) -> Reason | None:
    """Return a reason to capitalize `word`, found in its neighbors or elsewhere in the article, or None."""
    near = _neighbors(passage, word)
    name = word.text.capitalize()
    shown = _shown(name, near, capitals)
    mostly_capitalized = capitals.alone[name] >= capitals.small[word.text]
    seldom = capitals.alone[name] < _MIN_CAPITALIZED_RATIO * capitals.small[word.text]
    if seldom and not near.right and (before := passage.before(word)) and before.text.lower() in _ARTICLES:
        return None  # a common noun: the medina
    if word.text in word_list("names in context") and (
        mostly_capitalized or any(_is_name(passage, other) for other in near)
    ):
        return Reason("listed", shown)
    if near.left and not capitals.alone[name] and passage.starts_sentence(near.left):
        return None  # Alanine aminotransferase: capitalized only in headlines
    if _hardly_a_word(word.text) and len(shown) == 2 and _name_like(*set(shown) - {name}):
        if lexicon().find(word.text).capital and mostly_capitalized:
            return Reason("seen", shown)
        if capitals.together[shown] >= 2 * capitals.small[word.text]:
            return Reason("pair", shown)
    if near.left and near.right and not (passage.is_title_case or passage.starts_sentence(near.left)):
        whole = (near.left.text, name, near.right.text)
        together = passage.block.is_contiguous(near.left.start, near.right.end)
        if together and len(word.text) > 3 and capitals.together[whole]:
            return Reason("inside", whole)
    return None


def _shown(name: str, near: Neighbors, capitals: Capitals) -> Key:
    """Return the capitalized form used elsewhere in the article, with a neighbor if possible, or ().

    The form is a key of `capitals.places`.
    """
    left = (near.left.text, name) if near.left else ()
    right = (name, near.right.text) if near.right else ()
    return next((key for key in (left, right, (name,)) if key in capitals.places), ())


def _is_name(passage: Passage, other: Word | None) -> bool:
    """Whether `other`, a neighbor of a word, exists and is probably capitalized because it is a name."""
    if other is None or passage.is_title_case:
        return False
    return not passage.starts_sentence(other) or other.text.lower() in word_list("names in context")


@lru_cache(4096)
def _name_like(text: str) -> bool:
    """Whether a capitalized word is unlikely to be an ordinary word."""
    word = lexicon().find(text.lower())
    return not word.dictionary or word.name_share > 0.6


def _is_country(passage: Passage, word: Word, capitals: Capitals) -> bool:
    """Whether an ambiguous word, such as “turkey” or “polish”, means the country or people here."""
    around = [other for other in (passage.before(word), passage.behind(word)) if other]
    if "-" in (passage.text[word.start - 1 : word.start], passage.text[word.end : word.end + 1]):
        return any(_is_hyphenated_country(passage, word, other) for other in around)
    if word.text in word_list("peoples") or any(other.text.lower() in word_list("wares") for other in around):
        return False
    if any(other.text.lower() in word_list("parts of countries") and other.end < word.start for other in around):
        return word.text in word_list("countries")
    return capitals.alone[word.text.capitalize()] >= 5 * capitals.small[word.text] and any(
        other.istitle() and other.lower() in word_list("names") for other in passage.vocabulary
    )


def _is_hyphenated_country(passage: Passage, word: Word, other: Word) -> bool:
    gap = passage.text[other.end : word.start] or passage.text[word.end : other.start]
    if gap == ".-" or (gap == "-" and other.text.isupper() and len(other.text) > 1):  # U.S.-china, china-EU
        return True
    small = other.text.lower()
    return gap == "-" and other.is_capitalized and (small in word_list("names") or small in _ambiguous())


# May, March and August are also ordinary words; an adjacent number identifies the month.

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


def _months(document: Document) -> Iterator[tuple[Passage, Word]]:
    """Yield the uses of “may”, “march” and “august” that are certainly months: “on may 9”, “9 may 2025”."""
    text = text_view(document).text
    for start, month in word_offsets(document, word_list("months")):
        if _DIGIT.search(text, max(0, start - _DAY_DISTANCE), start + len(month) + _DAY_DISTANCE):
            passage, word = place_of(document, start, month)
            if word.start in _dated(passage.text) and passage.is_prose(word):
                yield passage, word


@lru_cache(8)
def _dated(text: str) -> frozenset[int]:
    """Return the offsets of “may”, “march” and “august” where they are part of a date in `text`."""
    return frozenset(match.start(match.lastgroup or 0) for match in _DATE.finditer(text))
