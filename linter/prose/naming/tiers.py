"""The tiers of evidence for a name that lost its capital, in the order of trust."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from linter import late
from linter.prose.lexicon import lexicon, names
from linter.prose.naming.dates import MONTHS, months
from linter.prose.naming.seen import Key, Neighbours, Seen, neighbours
from linter.prose.tokens import Passage, Word

_CALENDAR = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday
    january february april june july september october november december
    """.split()
)
# Words too; but beside the hyphen of another country, or where the article shows it, these are countries.
_COUNTRIES = frozenset("china turkey jordan chad georgia guinea japan jersey niger panama".split())
_PEOPLES = frozenset("dutch danish french polish swiss thai".split())
_WARES = frozenset(
    """
    bone fine blue tea shop cabinet closet clay cup cups dinner dinnerware dish dishes doll dolls figurine pattern plate
    plates set sets teacup teapot vase white roast roasted cold wild breast leg legs meat sandwich sausage soup stuffing
    stuffed gobbler hen vulture vultures baster hanging pregnant hot the a
    """.split()
)
_THINGS = frozenset(
    """
    india-rubber india-ink india-paper brazil-nut brazil-nuts bermuda-shorts arabic-numerals
    """.split()
)
# What stands small between two capitals though it is no part of a name.
_JOINTS = frozenset(
    "about after among from into near onto over than that this through under upon versus were when with".split()
)
_CAPITAL = "[A-ZÀ-ÖØ-Þ][^\\W\\d_]*+"
_RUN = late.pattern(rf"{_CAPITAL}(?:[ \n]{_CAPITAL}){{2,}}")
_BETWEEN = late.pattern(rf"{_CAPITAL}[ \n]([a-z]{{4,}}+)(?=[ \n][A-Z])")


class Reason(NamedTuple):
    """Why a word needs its capital: the tier, and what of the article shows it, if anything does."""

    tier: str
    key: Key = ()


def wanted(passages: Sequence[Passage], vocabulary: frozenset[str]) -> frozenset[str]:
    """The words in small letters of an article, of all its words, at which a closer look is worth the while."""
    listed = vocabulary & _listed()
    both = vocabulary.intersection([word.lower() for word in vocabulary if word.istitle()])
    words = listed | {word for word in both if _hardly_a_word(word)} | (_inside(passages) & both)
    dated = not MONTHS.isdisjoint(vocabulary) and any(_has_month(passage) for passage in passages)
    return words | MONTHS if dated else words


@cache
def _listed() -> frozenset[str]:
    return names().known | names().beside | _COUNTRIES | _PEOPLES


def _inside(passages: Iterable[Passage]) -> set[str]:
    """Words that stand small between capitals in one place, and capitalised between capitals in another."""
    text = "\x00".join([passage.text for passage in passages])
    between = set(_BETWEEN.findall(text)) - _JOINTS
    return between and between & {word.lower() for run in _RUN.findall(text) for word in run.split()[1:-1]}


def _has_month(passage: Passage) -> bool:
    return passage.holds(MONTHS) and bool(months(passage.text))


def judge(passage: Passage, at: int, seen: Seen) -> Reason | None:
    """The best reason to capitalise `passage.words[at]`, one of the wanted words, or None."""
    word = passage.words[at]
    if not passage.is_copy(word):
        return None
    near = neighbours(passage, at)
    alone = (word.text.capitalize(),) if seen.alone[word.text.capitalize()] else ()
    if word.text in names().known:
        return None if _is_another_name(passage, at) else Reason("known", alone)
    if word.text in MONTHS:
        return Reason("date") if word.start in months(passage.text) else None
    if word.text in _COUNTRIES | _PEOPLES:
        return Reason("country", alone) if _is_country(passage, at, seen) else None
    if "-" in (passage.text[word.start - 1 : word.start], passage.text[word.end : word.end + 1]):
        return None  # Yoo Ji-chang, mozilla-nss
    return _by_article(passage, word, near, seen)


def _is_another_name(passage: Passage, at: int) -> bool:
    """Whether a known word is a part of what is written so: monday Service, Anguilla anguilla, india rubber."""
    word, near = passage.words[at], neighbours(passage, at)
    behind = passage.words[at + 1].text if at + 1 < len(passage.words) else ""
    return (
        (word.text in _CALENDAR and near.right is not None)
        or (near.left is not None and near.left.text.lower() == word.text)
        or f"{word.text}-{behind}" in _THINGS
    )


def _by_article(passage: Passage, word: Word, near: Neighbours, seen: Seen) -> Reason | None:
    """The reasons that need the article's own capitals."""
    name = word.text.capitalize()
    shown = _shown(word, near, seen)
    if word.text in names().beside and (
        any(_is_name(passage, other) for other in near) or (seen.alone[name] >= seen.small[word.text])
    ):
        return Reason("listed", shown)
    if _hardly_a_word(word.text) and len(shown) == 2 and _name_like(*set(shown) - {name}):
        if lexicon().find(word.text).capital and seen.alone[name] >= seen.small[word.text]:
            return Reason("seen", shown)
        if seen.together[shown] >= 2 * seen.small[word.text]:
            return Reason("pair", shown)
    if near.left and near.right and not (passage.headline or passage.starts_sentence(near.left)):
        whole = (near.left.text, name, near.right.text)
        together = passage.block.unbroken(near.left.start, near.right.end)
        if together and len(word.text) > 3 and seen.together[whole]:
            return Reason("inside", whole)
    return None


def _shown(word: Word, near: Neighbours, seen: Seen) -> Key:
    """The capitalised form of the word that the article has elsewhere, with a neighbour if it can be."""
    name = word.text.capitalize()
    left = (near.left.text, name) if near.left else ()
    right = (name, near.right.text) if near.right else ()
    return next((key for key in (left, right, (name,)) if key in seen.places), ())


def _is_name(passage: Passage, other: Word | None) -> bool:
    """Whether a capitalised neighbour is more than the start of a sentence or a headline."""
    if other is None or passage.headline:
        return False
    return not passage.starts_sentence(other) or other.text.lower() in names().beside


def _is_country(passage: Passage, at: int, seen: Seen) -> bool:
    """Whether one of the ambiguous words is the country or the people here."""
    word = passage.words[at]
    around = [other for other in passage.words[max(0, at - 1) : at + 2] if other != word]
    if "-" in (passage.text[word.start - 1 : word.start], passage.text[word.end : word.end + 1]):
        return any(_is_hyphenated_country(passage, word, other) for other in around)
    if word.text in _PEOPLES or any(other.text.lower() in _WARES for other in around):
        return False
    company = any(other.titled and other.text.lower() in names().known for other in passage.words)
    return company and seen.alone[word.text.capitalize()] >= 5 * seen.small[word.text]


def _is_hyphenated_country(passage: Passage, word: Word, other: Word) -> bool:
    gap = passage.text[other.end : word.start] or passage.text[word.end : other.start]
    if gap == ".-" or (gap == "-" and other.text.isupper() and len(other.text) > 1):  # U.S.-china, china-EU
        return True
    return gap == "-" and other.titled and other.text.lower() in names().known | _COUNTRIES | _PEOPLES


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
