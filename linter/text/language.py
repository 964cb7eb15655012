"""Determine the language of an article: the configured or declared language, or English if the words suggest it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from linter import patterns
from linter.document import PROSE, Document
from linter.suggest import cut_text, did_you_mean
from linter.text.lexicon import DATA, word_list

_SAMPLE_LENGTH = 1000  # code points of prose that are examined
_ENGLISH_SAMPLE_LENGTH = 4000  # the same for a page that declares English, if the first 1000 do not decide
# In a thousand code points of prose, English function words make up 0.15 to 0.4 of the words of English text, and at
# most 0.03 of French, German, Spanish, Dutch or Danish text. Lists of names and commands are between these values.
_MIN_FUNCTION_WORD_SHARE = 0.1
_MIN_FUNCTION_WORDS = 2  # minimum function words; a single “the” may be in the title of a film
# Some templates declare every page to be English. Of twenty sites that declare English, four are in other languages. On
# those four, English function words make up at most 0.032 of the words, even on a page with an English note about a
# translation.
_MIN_FOREIGN_WORDS = 40  # minimum words for a decision that a page is not English
_MAX_ENGLISH_SHARE = 0.035  # maximum share of English function words on a page that is not English
_WORD = patterns.lazy(r"[^\W\d_]++(?:'[^\W\d_]++)?+")
_CODE = patterns.lazy(r"([A-Za-z]{2,3})(?![A-Za-z])")


def with_language(document: Document, configured: str = "") -> Document:
    """Return `document` with its language set: the configured language, or else the declared one, or else a guess.

    `configured` is a language tag, or "" if no language is configured. The language of the result is a code such as
    "en", or "" if it is unknown. `document` itself is returned if nothing changes.
    """
    language = _primary_subtag(configured) or _declared_language(document) or guess_language(_opening(document))
    return document if language == document.language else replace(document, language=language)


def guess_language(text: str) -> str:
    """Return "en" if at least a tenth of the words of `text` are English function words, otherwise "".

    Only the first 1000 code points are examined. They must contain at least two function words.
    """
    words, english = _counts(text)
    return "en" if english >= _MIN_FUNCTION_WORDS and english >= _MIN_FUNCTION_WORD_SHARE * words else ""


def _declared_language(document: Document) -> str:
    """Return the code of the language that an article declares, or "" if there is none or it seems wrong."""
    declared = _primary_subtag(document.language)
    if declared == "en" and document.markup == "html":
        for length in (_SAMPLE_LENGTH, _ENGLISH_SAMPLE_LENGTH):
            words, english = _counts(_opening(document, length), length)
            if words >= _MIN_FOREIGN_WORDS and english <= _MAX_ENGLISH_SHARE * words:
                return ""
            if english >= _MIN_FUNCTION_WORD_SHARE * words:
                break
    return declared


def _counts(text: str, length: int = _SAMPLE_LENGTH) -> tuple[int, int]:
    """Return the number of words, and the number of English function words, in `text[:length]`."""
    words = _WORD.findall(text[:length].lower().replace("’", "'"))
    return len(words), sum(map(word_list("english only").__contains__, words))


def _primary_subtag(language: str) -> str:
    """Return the primary subtag of a language tag in lowercase (“en” for “en-GB”), or "" if there is none."""
    tag = _CODE.match(language.strip())
    return tag[1].lower() if tag else ""


def _opening(document: Document, looked_at: int = _SAMPLE_LENGTH) -> str:
    """Return up to `looked_at` code points of prose from the start of the document."""
    parts: list[str] = []
    length = 0
    for block in document.blocks:  # not `document.prose`, whose cache is lost if `document` is replaced
        if PROSE.isdisjoint(block.scopes):
            continue
        parts.append(block.text[: looked_at - length])
        length += len(parts[-1]) + 1
        if length >= looked_at:
            break
    return "\n".join(parts)


@cache
def language_names() -> Mapping[str, str]:
    """Map language codes (ISO 639-1, and “und” for an unknown language) to the English names of the languages."""
    lines = (DATA / "languages.txt").read_text("utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines)


def unknown_language(word: str) -> str:
    """Return an error message for `word`, a string such as “english”, “en-GB” or “jp” that is not a language code.

    The message suggests the language code that `word` names, begins with or resembles, if there is one.
    """
    lower, known = word.strip().lower(), language_names()
    codes = (code for code, name in known.items() if lower in (name.lower(), name.lower()[:3]))
    guess = next(codes, lower.partition("-")[0])
    advice = f"; did you mean “{guess}”?" if guess in known else did_you_mean(lower, known)
    return f"“{cut_text(word)}” is not a language code such as en{advice}"
