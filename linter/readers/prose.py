"""Whether a line is plain language rather than code."""

from __future__ import annotations

from linter import late

_TAG = late.pattern(r"</?[A-Za-z!][^<>]*>|&(?:[A-Za-z]{2,8}|#\d{1,6});")
_IMAGE = late.pattern(r"!\[[^\[\]]*\]\([^()]*\)")
_LINK = late.pattern(r"\[([^\[\]]*)\]\([^()]*\)|https?://\S+")
_LEAD = late.pattern(r"\s*+(?:(?:>|[-*+•]|\d{1,3}[.)])\s++)*+[*_]{0,3}")
_WORD = late.pattern(r"[\"'“”„«»‘’(*_¿¡]*[^\W\d_]+(?:['’-][^\W\d_]+)*[.,;:!?…)\"'“”«»‘’*_]*\Z|[–—]\Z|\d[\d.,%]*\Z")
_OPENS = late.pattern(r"[\"'“„«‹‘(¿¡*_]*[^\W\d_a-z]")  # a capital, or a letter of a script without them
_ENDS = late.pattern(r"[.!?…:][\"'”»›’)*_]*\Z")
# Chinese and Japanese, which put no spaces between words.
_CJK = late.pattern(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_CJK_WORDS = 10  # letters of them that make a sentence
_LONGEST = 2000  # code points looked at
_SENTENCE = 4  # words of the shortest sentence,
_LINE = 8  # and of a line that is plain language though it ends nowhere


def is_prose(line: str, *, opening: bool = True) -> bool:
    """Whether `line` reads as a sentence or a long part of one; headings, comments and code do not.

    `opening`: it must begin as a sentence does.
    """
    line = line[:_LONGEST]
    if not line or line.isspace():
        return False
    plain = _LINK.sub(r"\1", _IMAGE.sub("", _TAG.sub(" ", line)))
    tokens = plain[_lead(plain) :].split()
    if len(_CJK.findall(plain)) >= _CJK_WORDS:
        return True
    if len(tokens) < _SENTENCE or (opening and not _OPENS.match(tokens[0])):
        return False
    if sum(_WORD.match(token) is not None for token in tokens) < 0.8 * len(tokens):
        return False
    return len(tokens) >= _LINE or _ENDS.search(tokens[-1]) is not None


def _lead(line: str) -> int:
    found = _LEAD.match(line)
    return found.end() if found else 0
