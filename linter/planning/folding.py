"""The form of a text in which literals are looked for: without capitals, each run of white space one space.

What rules hardly ever tell apart has one form: capitals, kinds of spaces, dashes, straight and curly quotation marks,
an “i” with its dot, without it, and with the dot apart. Where one text holds another, its form holds the form of that.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from linter.document import Document

SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
SPACES += "\u2028\u2029\u202f\u205f\u3000"  # all that is white space to Python or `regex`, but the space itself
_SIGNS = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": ".", "\ufffc": "\x1a"}
_SIGNS |= {"İ": "i", "ı": "i", "\u0307": ""}
_SIGNS["\U0001df95"] = "ss"  # of Unicode 17, which Python folds from 3.15 on
_SAME = (*((space, " ") for space in SPACES), *_SIGNS.items())
_SAME_ASCII = tuple((sign, form) for sign, form in _SAME if sign.isascii())

_forms: WeakKeyDictionary[Document, str] = WeakKeyDictionary()


def form_of(document: Document) -> str:
    """The form of all blocks of a document, as they are joined, made once for all that ask."""
    form = _forms.get(document)
    if form is None:
        form = _forms[document] = folded(document.joined)
    return form


def folded(text: str) -> str:
    """The form of `text`. What is mostly ASCII costs a third of a look at each code point."""
    if text.isascii() and text.isprintable():
        text = text.lower()
    else:
        for sign, form in _SAME_ASCII if text.isascii() else _SAME:
            if sign in text:
                text = text.replace(sign, form)
        text = text.casefold()
    while "  " in text:
        text = text.replace("  ", " ")
    return text
