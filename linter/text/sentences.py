"""Split English text into sentences as Vale does, with rules instead of the trained model that Vale uses.

Vale uses the English model of Punkt (Kiss and Strunk, Unsupervised Multilingual Sentence Boundary Detection, 2006). The
decisions are the same, but the words that can follow the end of a sentence come from the word table in `linter/data`.
"""

from __future__ import annotations

from functools import lru_cache

from linter import patterns
from linter.text.lexicon import lexicon

# A token that contains a mark which may end a sentence. Tokens end at white space, and after marks of East Asian text.
_TOKEN = patterns.lazy(r"(?<![^\s。；！？])[^\s.?!。；！？]*+(?:。|[.?!][^\s。；！？]*+[。；！？]?+)")
_NEXT = patterns.lazy(r"\s*([^\s。；！？]*+[。；！？]?)")
# The end of a sentence, whatever the word: “No!”, “(No.)”, “No?[2]”.
_FINAL = patterns.lazy(r"[?!][\"')’”]?\Z|\.[\")’”]\Z|[.?!][\[(]|\.\"")
_ELLIPSIS = patterns.lazy(r"\.{3}")
_INITIAL = patterns.lazy(r"[A-Za-z]\.\Z")
_NUMBER = patterns.lazy(r"(?<![\d,.-])[,.-]*\d[\d,.-]*\.\Z", 256)  # re.ASCII
_SPELLED = patterns.lazy(r"(?:\w\.)+\w*\.", 256)  # “U.S.”, “e.g.”, and “example.com.”
_CLOSERS = (")", "’", "”", '"', "'")
_KEPT = "Yahoo!"  # a name with an exclamation mark

_ABBREVIATIONS = frozenset(
    # people and military ranks
    "mr mrs ms messrs dr prof sr jr st gen col lt maj sgt adm gov sen rep reps"
    # companies, measures and references
    " bros cie co corp cos inc ltd ave ft mg mt no ok vs yr ill"
    # months and days
    " jan feb aug sep sept oct nov dec tues wed fri"
    # American states and places
    " ala ariz calif colo conn ct fla ga kan ky mich minn nev okla ore pa tenn va vt wash wis sw".split()
)
# Words that often start a sentence.
_STARTERS = frozenset(
    "according although among both but despite even he however i if in indeed instead it many meanwhile moreover most"
    " nevertheless nonetheless nor separately she similarly since so some the there these they this though thus under"
    " when while yet".split()
)
_CACHED_WORDS = 20_000
_NAME = 0.02  # maximum share of capitalized uses of a word that is never part of a name


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the span of each sentence in `text`, in order, without the white space around it."""
    spans: list[tuple[int, int]] = []
    start = 0
    dotted = -1  # the end of the last token, if it ends with a period
    for match in _TOKEN.finditer(text):
        token, end = match[0], match.end()
        following = _NEXT.match(text, end)
        after = following[1] if following else ""
        spaced = token == "." and dotted >= 0 and text[dotted : match.start()].isspace()  # “. . .”
        if after and _ends_sentence(token, after, spaced):
            spans.append(_stripped(text, start, end))
            start = end
        dotted = end if token.endswith(".") else -1
    spans.append(_stripped(text, start, len(text)))
    return [(low, high) for low, high in spans if low < high]


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    low = start + len(part) - len(part.lstrip())
    return low, max(low, start + len(part.rstrip()))


def _ends_sentence(token: str, after: str, spaced: bool) -> bool:
    """Whether a sentence ends with `token`. `after` is the next token. If `spaced`, `token` ends a spaced ellipsis."""
    upper, lower = after[0].isupper(), after[0].islower()
    word = after.lower().replace(",", "").removesuffix(".")
    if token.endswith(".") and after == ".":
        return False
    if (upper or word in _STARTERS) and _ELLIPSIS.search(token):
        return True
    if _SPELLED.search(token) and not _INITIAL.match(token):
        return upper and (word in _STARTERS or _is_starter(word))
    if _FINAL.search(token) and _KEPT not in token:
        return not (lower and token.endswith(_CLOSERS) and word not in _STARTERS)
    if not token.endswith((".", "。")):
        return False
    if _INITIAL.match(token):
        return not lower and (not upper or _is_common(word))
    if _NUMBER.search(token):
        return not lower
    if spaced or token.endswith("..") or token[:-1].lower().rpartition("-")[2] in _ABBREVIATIONS:
        return upper and _is_common(word)
    return True


@lru_cache(_CACHED_WORDS)
def _is_common(word: str) -> bool:
    """Whether a word, given in lowercase, is not only a name."""
    known = lexicon().find(word)
    return known.dictionary and known.small > 0


@lru_cache(_CACHED_WORDS)
def _is_starter(word: str) -> bool:
    """Whether a capital at the start of a word, given in lowercase, shows that the word starts a sentence."""
    known = lexicon().find(word)
    return known.dictionary and known.small > 0 and known.name_share <= _NAME
