"""Determine the language of an article: as configured, as declared by itself, or English by its words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from linter import patterns
from linter.document import PROSE, Document
from linter.record import replace
from linter.suggest import cut_text, did_you_mean
from linter.text.lexicon import DATA, word_list

_LOOKED_AT = 1000  # code points of prose
_LONGER = 4000  # of a page whose template says English: a note in English may open it
# Of a thousand code points of prose, English ones have a share of 0.15 to 0.4 of these words; French, German,
# Spanish, Dutch, Danish ones have 0.03 and less. Lists of names and commands lie between.
_SHARE = 0.1
_FEWEST = 2  # one “the” may be in the title of a film
# Templates call every page English: of twenty sites whose pages say so, four have other languages. Those have a
# share of 0.032 and less, a line in English about a translation included.
_MANY = 40  # words, to judge by
_NONE = 0.035
_WORD = patterns.lazy(r"[^\W\d_]++(?:'[^\W\d_]++)?+")
_CODE = patterns.lazy(r"([A-Za-z]{2,3})(?![A-Za-z])")


def with_language(document: Document, configured: str = "") -> Document:
    """Return `document` with its language: as `configured`, as it declares, or as guessed; "" if unknown."""
    language = _primary_subtag(configured) or _declared_language(document) or guess_language(_opening(document))
    return document if language == document.language else replace(document, language=language)


def guess_language(text: str) -> str:
    """Return "en" for English prose, judging by the share of function words, else ""."""
    words, english = _counts(text)
    return "en" if english >= _FEWEST and english >= _SHARE * words else ""


def _declared_language(document: Document) -> str:
    """Return the language that an article declares; "" for a page whose template wrongly declares English."""
    declared = _primary_subtag(document.language)
    if declared == "en" and document.kind == "html":
        for length in (_LOOKED_AT, _LONGER):
            words, english = _counts(_opening(document, length), length)
            if words >= _MANY and english <= _NONE * words:
                return ""
            if english >= _SHARE * words:
                break
    return declared


def _counts(text: str, length: int = _LOOKED_AT) -> tuple[int, int]:
    """Count the words at the beginning of a text, and the English function words among them."""
    words = _WORD.findall(text[:length].lower().replace("’", "'"))
    return len(words), sum(map(word_list("english only").__contains__, words))


def _primary_subtag(language: str) -> str:
    """Return the primary subtag of a language tag such as “en-GB”, in lower case; "" if it is not a tag."""
    tag = _CODE.match(language.strip())
    return tag[1].lower() if tag else ""


def _opening(document: Document, looked_at: int = _LOOKED_AT) -> str:
    """Return as much of the prose as a guess needs, without using the caches of a document about to be replaced."""
    parts: list[str] = []
    length = 0
    for block in document.blocks:
        if PROSE.isdisjoint(block.scopes):
            continue
        parts.append(block.text[: looked_at - length])
        length += len(parts[-1]) + 1
        if length >= looked_at:
            break
    return "\n".join(parts)


@cache
def language_names() -> Mapping[str, str]:
    """Return the English names of languages by their codes (ISO 639-1, and “und” where it is not known)."""
    lines = (DATA / "languages.txt").read_text("utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines)


def unknown_language(word: str) -> str:
    """Return a message about an invalid code, with a suggestion: “english”, “en-GB”, “jp”."""
    lower, known = word.strip().lower(), language_names()
    codes = (code for code, name in known.items() if lower in (name.lower(), name.lower()[:3]))
    guess = next(codes, lower.partition("-")[0])
    advice = f"; did you mean “{guess}”?" if guess in known else did_you_mean(lower, known)
    return f"“{cut_text(word)}” is no code of a language, such as en{advice}"
