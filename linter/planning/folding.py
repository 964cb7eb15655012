"""The form of a text in which literals are looked for: without capitals, each run of white space one space.

What rules hardly ever tell apart has one form: capitals, kinds of spaces, dashes, straight and curly quotation marks,
an “i” with its dot, without it, and with the dot apart, and all that lies beyond U+FFFF. Where one text holds another,
its form holds the form of that.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from linter import late
from linter.block import OBJECT
from linter.document import ADDRESSES, Document, joined_addresses
from linter.slices import slices

SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
SPACES += "\u2028\u2029\u202f\u205f\u3000"  # all that is white space to Python or `regex`, but the space itself
_SIGNS = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "."}
_SIGNS |= {"İ": "i", "ı": "i", "\u0307": ""}
_SIGNS["\U0001df95"] = "ss"  # of Unicode 17, which Python folds from 3.15 on
_SAME = dict.fromkeys(SPACES, " ") | _SIGNS
_ASCII = bytes(range(0x80))
_PLAIN = bytes([ord(" ") if sign < 0x80 and chr(sign) in SPACES else sign for sign in range(0x100)]).lower()
_RUN = late.pattern(b"  +")
_CODE = "\x1a"  # the form of what is no text
_WIDE = "\ue000"  # and of pictograms and rare scripts, of which one would make four bytes of each sign of the whole
_CODES = 64
_CODEC = ("utf-8", "surrogatepass")


@lru_cache(1)  # several rules ask
def form_of(document: Document) -> str:
    """The form of all blocks of a document, as they are joined."""
    return folded(document.joined)


@lru_cache(len(ADDRESSES))  # several rules ask
def form_of_addresses(document: Document, scope: str = "link.url") -> str:
    """The form of the addresses that make up a scope, with U+0000 between two of them."""
    return folded(joined_addresses(document.addressed(scope)))


def form_of_source(document: Document) -> str:
    """The form of the raw text without its code, of which a few signs stand for many: nothing needs so many of them."""
    return _joined(part.replace("\x00", _CODE) for part in document.without_code(_CODE, _CODES))


def folded(text: str) -> str:
    """The form of `text`. Only what is not ASCII is looked at sign by sign, each once; bytes are folded faster."""
    return _joined((text,))


def _joined(texts: Iterable[str]) -> str:
    """The form of texts that follow each other."""
    return _RUN.sub(b" ", b"".join([_folded(part) for text in texts for part in slices(text)])).decode(*_CODEC)


def _folded(text: str) -> bytes:
    """The form of a text but for its runs of spaces."""
    text = text.replace(OBJECT, _CODE)  # first, since there are as many as signs of code
    data = text.encode(*_CODEC)
    if not text.isascii():
        for sign in set(data.translate(None, _ASCII).decode(*_CODEC)):
            form = _SAME[sign] if sign in _SAME else sign.casefold() if sign <= "\uffff" else _WIDE
            if form != sign:
                data = data.replace(sign.encode(*_CODEC), form.encode(*_CODEC))
    return data.translate(_PLAIN)
