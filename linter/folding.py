"""The folded form of texts, in which literals are searched: without capitals, each run of white space one space.

Characters that rules hardly ever tell apart have one form: capitals, kinds of spaces, dashes, straight and curly
quotation marks, an “i” with its dot, without it, and with the dot apart, and everything beyond U+FFFF. If one text
contains another, its form contains the form of the other.
"""

from __future__ import annotations

from linter import patterns
from linter.document import ADDRESSES, OBJECT, Document
from linter.source import slices
from linter.views import NUL, TextView, per_document

SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
SPACES += "\u2028\u2029\u202f\u205f\u3000"  # all that is white space to Python or `regex`, but the space itself
_SAME_CHARS = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "."}
_SAME_CHARS |= {"İ": "i", "ı": "i", "\u0307": ""}
_SAME_CHARS["\U0001df95"] = "ss"  # of Unicode 17, which Python folds from 3.15 on
_SAME = dict.fromkeys(SPACES, " ") | _SAME_CHARS
_ASCII = bytes(range(0x80))
_SPACES_PLAIN = bytes([ord(" ") if char < 0x80 and chr(char) in SPACES else char for char in range(0x100)]).lower()
_RUN = patterns.lazy(b"  +")
_CODE = "\x1a"  # the form of what is no text
_WIDE = "\ue000"  # and of pictograms and rare scripts, of which one would make four bytes of each sign of the whole
_CODES = 64  # for each piece of code in the source, at most
_CODEC = ("utf-8", "surrogatepass")


def folded(text: str) -> str:
    """Return the folded form of `text`. Only characters beyond ASCII are folded one by one, each once."""
    return _RUN.sub(b" ", b"".join(map(_folded, slices(text)))).decode(*_CODEC)


def _folded(text: str) -> bytes:
    """Return the folded form of a text, with its runs of spaces."""
    text = text.replace(OBJECT, _CODE)  # first, since there is one for each character of code
    data = text.encode(*_CODEC)
    if not text.isascii():
        for char in set(data.translate(None, _ASCII).decode(*_CODEC)):
            folded_char = _SAME[char] if char in _SAME else char.casefold() if char <= "\uffff" else _WIDE
            if folded_char != char:
                data = data.replace(char.encode(*_CODEC), folded_char.encode(*_CODEC))
    return data.translate(_SPACES_PLAIN)


@per_document
def folded_view(document: Document, scope: str = "") -> TextView:
    """Return the folded texts of a document's own blocks, or of those of a derived scope, with U+0000 between two."""
    return TextView(_texts(document, scope), NUL, folded)


def _texts(document: Document, scope: str) -> list[str]:
    """Return the texts of the blocks of a scope; of links and images, no blocks are built for it."""
    if not scope:
        return [block.text for block in document.blocks]
    if scope in ADDRESSES:
        return [one.url for one in document.links_or_images(scope)]
    if scope == "link.text":
        return [text for text in document.anchor_texts if text]
    if scope == "source":
        return ["".join(document.text_without_code(_CODE, _CODES))]
    return [block.text for block in document.blocks_in(frozenset({scope}))]
