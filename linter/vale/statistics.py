"""Count words, sentences and syllables of an article, for metrics and readability scores, as Vale does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from operator import mul
from typing import NamedTuple

from linter import patterns
from linter.document import Document
from linter.text.sentences import sentence_spans
from linter.vale.selectors import SUMMARY, TEXT
from linter.views import per_document

# The names that count blocks. An article without such blocks has 0 of them.
BLOCKS = (
    *("heading_h1", "heading_h2", "heading_h3", "heading_h4", "heading_h5", "heading_h6"),
    *("list", "blockquote", "figure_caption", "pre"),
)
_WORD = patterns.lazy_regex(r"(?:[A-Z]\.){2,}|[\p{N}\p{L}']+")
_LETTER = patterns.lazy_regex(r"[\p{N}\p{L}]")
_LONG = 6  # maximum bytes of a word that is not long
_MANY = 2  # maximum syllables of a word that is not polysyllabic
_CACHED_WORDS = 20_000


class Statistics(NamedTuple):
    """The counts of a text.

    `characters` are letters and digits. Long words have more than six bytes in UTF-8. Polysyllabic words have more than
    two syllables; the last syllable of complex words does not count if they end in -es, -ed or -ing.
    """

    words: int
    sentences: int
    paragraphs: int
    characters: int
    syllables: int
    long_words: int
    complex_words: int
    polysyllabic_words: int


NAMES = (*Statistics._fields, *BLOCKS)


class _Word(NamedTuple):
    """The numbers by which a word increases the fields of Statistics with the same names."""

    characters: int
    syllables: int
    long_words: int
    complex_words: int
    polysyllabic_words: int


@per_document
def document_statistics(document: Document) -> Statistics:
    """Return the counts of the text of an article."""
    return text_statistics("\n\n".join(block.text for block in document.blocks_in(frozenset({SUMMARY}))))


@per_document
def document_counts(document: Document) -> Mapping[str, float]:
    """Return the counts of the text and of the blocks of an article, by their names in formulas (see NAMES)."""
    counts = Counter(dict.fromkeys(BLOCKS, 0))
    for block in document.blocks_in(frozenset({TEXT})):
        counts.update(name for name in BLOCKS if block.scopes.issuperset(name.split("_")))
    counts["pre"] = sum(tag.name == "pre" and tag.kind == "open" for tag in document.tags)
    for block in document.blocks_in(frozenset({"code.markdown"})):
        counts["pre"] += block.text.endswith("\n")  # inline code does not end with a line
    return {name: float(count) for name, count in (document_statistics(document)._asdict() | counts).items()}


def text_statistics(text: str) -> Statistics:
    """Return the counts of `text`. Empty lines separate its paragraphs."""
    paragraphs = text.rstrip("\n").split("\n\n")
    sentences = sum(len(sentence_spans(paragraph)) or bool(paragraph) for paragraph in paragraphs)
    counts = Counter(_WORD.findall(text))
    columns = zip(*map(_word, counts), strict=True) if counts else ((),) * len(_Word._fields)
    totals = (sum(map(mul, column, counts.values())) for column in columns)
    return Statistics(counts.total(), sentences, len(paragraphs), *totals)


@lru_cache(_CACHED_WORDS)
def _word(word: str) -> _Word:
    syllables = syllable_count(word)
    return _Word(
        len(_LETTER.findall(word)),
        syllables,
        int(len(word.encode("utf-8", "surrogatepass")) > _LONG),
        int(syllables - word.endswith(("es", "ed", "ing")) > _MANY),
        int(syllables > _MANY),
    )


# The algorithm and the tables of syllables are those of the npm package `syllable` (Copyright (c) Titus Wormer, MIT
# license), which took them from Text-Statistics (Dave Child), in the version that Vale uses.
_KNOWN = {
    word: count
    for count, words in {
        2: "abed adieu cafe cafes chile chloe circe daphne jesse jukebox maybe people phoebe shoreline zoe",
        3: "abare acreage adame adobe apache coyote euterpe forever karate machete recipe sesame simile syncope tamale",
        4: "abalone abbruzzese abruzzese anemone aphrodite apostrophe ariadne calliope catastrophe epitome eurydice"
        " facsimile gethsemane guacamole hermione hyperbole penelope persephone yosemite",
        5: "aborigine aborigines",
    }.items()
    for word in words.split()
}
# Prefixes and suffixes that are removed from words before the vowels are counted, by their numbers of syllables.
_PREFIXES = {
    2: tuple(
        "above anti ante counter hyper afore agri infra intra inter over semi ultra under extra dia micro mega kilo"
        " pico nano macro".split()
    ),
    1: tuple("un fore ware none non out post sub pre pro dis side".split()),
}
_SUFFIXES = {
    3: ("ology", "ologist", "onomy", "onomist"),
    2: ("fully", "berry", "woman", "women"),
    1: tuple(
        "ly less some ful er ers ness cian cians ment ments ette ettes ville villes ships ship side sides port ports"
        " shire shires tion tioned".split()
    ),
}
_VOWELS = patterns.lazy("[aeiouy]+")
_ONE_LESS = (
    patterns.lazy(
        r"cia(?:l|$)|tia|cius|cious|[^aeiou]giu|[aeiouy][^aeiouy]ion|iou|sia$|eous$|[oa]gue$"
        r"|.[^aeiuoycgltdb]{2}ed$|.ely$|^jua|uai|eau|^busi$"
        r"|[aeiouy](?:b|c|ch|dg|f|g|gh|gn|k|l|lch|ll|lv|m|mm|n|nc|ng|nch|nn|p|r|rc|rn|rs|rv|s|sc|sk|sl|squ|ss|th|v|y|z)ed$"
        r"|[aeiouy](?:b|ch|d|f|gh|gn|k|l|lch|ll|lv|m|mm|n|nch|nn|p|r|rn|rs|rv|s|sc|sk|sl|squ|ss|st|t|th|v|y)es$"
    ),
    patterns.lazy(
        r"[aeiouy](?:b|c|ch|d|dg|f|g|gh|gn|k|l|ll|lv|m|mm|n|nc|ng|nn|p|r|rc|rn|rs|rv|s|sc|sk|sl|squ|ss|st|t|th|v|y|z)e$"
    ),
)
_ONE_MORE = (
    patterns.lazy(
        r"(?:[^aeiouy]ie(?:r|st|t)|[aeiouym]bl|eo|ism|asm|thm|dnt|uity|dea|gean|oa|ua|eings?|[aeiouy]sh?e[rsd])$"
    ),
    patterns.lazy(r"[^gq]ua[^auieo]|[aeiou]{3}|^(?:ia|mc|coa[dglx].)"),
    patterns.lazy(r"[^aeiou]y[ae]|[^l]lien|riet|dien|iu|io|ii|uen|real|iell|eo[^aeiou]|[aeiou]y[aeiou]"),
    patterns.lazy(r"[^s]ia"),
)


def syllable_count(word: str) -> int:
    """Return the number of syllables of an English word, by rules of spelling. A word has at least one syllable."""
    word = word.lower()
    if len(word) <= _MANY or word in _KNOWN:
        return _KNOWN.get(word, 1)
    count = 0
    for number, prefixes in _PREFIXES.items():
        if word.startswith(prefixes):
            word = word.removeprefix(next(filter(word.startswith, prefixes)))
            count += number
            break
    for number, suffixes in _SUFFIXES.items():
        if word.endswith(suffixes):
            word = word.removesuffix(next(filter(word.endswith, suffixes)))
            count += number
            break
    count += len(_VOWELS.findall(word))
    count -= sum(len(pattern.findall(word)) for pattern in _ONE_LESS)
    count += sum(len(pattern.findall(word)) for pattern in _ONE_MORE)
    return max(1, count)
