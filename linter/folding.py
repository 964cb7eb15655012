"""Fold text to make it searchable for literals: in lowercase, and with a single space for each run of white space.

Characters that rules rarely distinguish have the same folded form: uppercase and lowercase letters, different kinds of
white space, hyphens and dashes, straight and curly quotation marks, different forms of the letter “i”, and nearly all
characters beyond U+FFFF. If a string contains another string, its folded form contains the folded form of that string.
"""

from __future__ import annotations

from collections.abc import Mapping

from linter import patterns
from linter.document import ADDRESSES, OBJECT, PROSE, Block, Document
from linter.source import joined, slices
from linter.views import NUL, TextView, per_document

SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
SPACES += "\u2028\u2029\u202f\u205f\u3000"  # all white space in Python or in `regex`, except the space itself
_SAME_CHARS = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "."}
_SAME_CHARS |= {"İ": "i", "ı": "i", "\u0307": ""}
_SAME_CHARS["\U0001df95"] = "ss"  # from Unicode 17; Python 3.15 and later fold it
_SAME = dict.fromkeys(SPACES, " ") | _SAME_CHARS
_ASCII = bytes(range(0x80))
_SPACES_PLAIN = bytes([ord(" ") if char < 0x80 and chr(char) in SPACES else char for char in range(0x100)]).lower()
_RUN = patterns.lazy(b"  +")
_CODE = "\x1a"  # represents code and images
_WIDE = "\ue000"  # represents pictograms and rare scripts, which would take four bytes per character of the text
_CODES = 64  # maximum number of _CODE characters that replace one piece of code in the source
_CODEC = ("utf-8", "surrogatepass")


def folded(*parts: str) -> str:
    """Return the folded form of a text, as described at the top of this module. The text may be given in parts."""
    return _RUN.sub(b" ", b"".join([_folded(one) for part in parts for one in slices(part)])).decode(*_CODEC)


def _folded(text: str) -> bytes:
    """Return the folded form of `text`, in UTF-8. Runs of spaces are not yet reduced to single spaces."""
    text = text.replace(OBJECT, _CODE)  # first, since some texts have one U+FFFC for each character of code
    data = text.encode(*_CODEC)
    if not text.isascii():
        for char in set(data.translate(None, _ASCII).decode(*_CODEC)):
            folded_char = _SAME[char] if char in _SAME else char.casefold() if char <= "\uffff" else _WIDE
            if folded_char != char:
                data = data.replace(char.encode(*_CODEC), folded_char.encode(*_CODEC))
    return data.translate(_SPACES_PLAIN)


def folded_view(document: Document, scope: str = "") -> TextView:
    """Return a view of the folded texts of `document.blocks`, separated by U+0000.

    If `scope`, a derived scope such as `lead` or `link.url`, is given, the view has the texts of that scope instead.
    """
    if scope == "source":  # only the prefilter needs this view, which is as large as the article
        return TextView([folded(*joined(document.text_without_code(_CODE, _CODES)))], NUL)
    return _folded_view(document, scope)


@per_document
def _folded_view(document: Document, scope: str) -> TextView:
    return TextView(_texts(document, scope), NUL, folded)


def _texts(document: Document, scope: str) -> list[str]:
    """Return the texts of the derived scope `scope` or, if `scope` is "", the texts of `document.blocks`."""
    if not scope:
        return [block.text for block in document.blocks]
    # to save time, no blocks are created for URLs and the texts of links
    if scope in ADDRESSES:
        return [one.url for one in document.links_or_images(scope)]
    if scope == "link.text":
        return [text for text in document.anchor_texts if text]
    return [block.text for block in document.blocks_in(frozenset({scope}))]


@per_document
def comparable_text(document: Document) -> Mapping[Block, str]:
    """Map each block of `document.prose`, in order, to its folded text without spaces at the start and the end."""
    texts = zip(document.blocks, folded_view(document).text.split(NUL), strict=False)
    return {block: text.strip(" ") for block, text in texts if not PROSE.isdisjoint(block.scopes)}
