"""Traits of an article that few have, and without which some checks find nothing: told by a look at what is known.

A check names them in `among`, as it does what a document has (Document.things). Each is true wherever one of the checks
that name it could find anything, and false for most articles: it takes less than to ask them, or to import them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from linter import late
from linter.copytext import copy_text, odd_marks, spaced_marks
from linter.document import Document
from linter.prose.endings import open_endings
from linter.prose.naming.small import is_small
from linter.prose.tokens import vocabulary

_OPENERS = frozenset("“„‘(")
_DASHES = frozenset("-–—")
_CUT = ("…", "...", "]")
_BOLD = ("**", "__", "<")
_BULLETS = "•‣▪"
_PAIRS = (("(", ")"), ("[", "]"))
_RUNNING = 12  # words of a paragraph that is no label
_STOP = late.pattern(r"[.!?](?:[”’»\"]?[“„(\"]?(?![a-z])[^\W\d_]|(?<=[a-zA-Z]\.)\d)")


def has(document: Document, among: Iterable[str]) -> bool:
    """Whether a document has one of the things, or one of the traits."""
    things = document.things
    return any(name in things or (name in TRAITS and TRAITS[name](document)) for name in among)


def _bare_links(document: Document) -> bool:
    return any(link.kind == "bare" for link in document.links)


def _marked_links(document: Document) -> bool:
    """Links with attributes."""
    return any(link.attributes for link in document.links)


def _places(document: Document) -> bool:
    """Links to a place within the article."""
    return any(link.url[:1] == "#" for link in document.links)


def _repeated_addresses(document: Document) -> bool:
    return len({link.url for link in document.links}) < len(document.links)


def _queries(document: Document) -> bool:
    """Addresses with a question mark, of links and images or among the words of links."""
    text = document.source.text
    if "?" not in text:
        return False
    spans = [one.url_span for some in (document.links, document.images) for one in some]
    return any("?" in text[start:end] for start, end in spans) or any("?" in words for words in document.anchors)


def _odd_anchors(document: Document) -> bool:
    """Links whose words do not begin and end with a letter or digit, or may not as they are written."""
    if any(not (words[:1].isalnum() and words[-1:].isalnum()) for words in document.anchors):
        return True
    return any(link.kind == "html" for link in document.links)


def _dotted_anchors(document: Document) -> bool:
    return any("." in words for words in document.anchors)


def _written_links(document: Document) -> bool:
    """What has the form of a link, or of its end, and is none."""
    return "](" in document.joined


def _several_headings(document: Document) -> bool:
    return len(document.headings) > 1


def _bold_type(document: Document) -> bool:
    return any(sign in document.source.text for sign in _BOLD)


def _bullets(document: Document) -> bool:
    """Bullets in the text; an asterisk may be one in plain text."""
    return document.kind == "text" or any(sign in document.joined for sign in _BULLETS)


def _shown_gaps(document: Document) -> bool:
    """Spaces that a reader may see side by side."""
    return document.kind == "text" or "\u00a0" in document.joined


def _curly_quotes(document: Document) -> bool:
    return "“" in document.joined or "”" in document.joined


def _lone_brackets(document: Document) -> bool:
    """Paragraphs with more of one bracket than of its partner."""
    joined = document.joined
    pairs = [pair for pair in _PAIRS if pair[0] in joined or pair[1] in joined]
    texts = [block.text for block in document.prose] if pairs else []
    return any(text.count(opener) != text.count(closer) for opener, closer in pairs for text in texts)


def _odd_brackets(document: Document) -> bool:
    """An opening bracket behind no space, or a closing one before a letter or a dash."""
    text = copy_text(document).text
    if text.count("(") > text.count(" (") + text.count("\n("):
        return True
    behind = (text[at + 1 : at + 2] for at in odd_marks(document)[")"])
    return any(_is_letter(sign) or sign in _DASHES for sign in behind)


def _odd_commas(document: Document) -> bool:
    """A comma or semicolon right before a word, or a colon before a quotation."""
    text, odd = copy_text(document).text, odd_marks(document)
    behind = (text[at + 1 : at + 2] for mark in ",;" for at in odd[mark])
    return any(_is_letter(sign) or sign in _OPENERS for sign in behind) or ":“" in text or ":„" in text


def _odd_stops(document: Document) -> bool:
    """The end of a sentence, or an abbreviation, right before a capital or a number."""
    text, odd = copy_text(document).text, odd_marks(document)
    return any(_STOP.match(text, at) for mark in ".!?" for at in odd[mark])


def _is_letter(sign: str) -> bool:
    return sign.isalnum() and not sign.isdecimal()


def _broken_ends(document: Document) -> bool:
    """Paragraphs that end in dots, or in a bracket."""
    if not any(sign in document.joined for sign in _CUT):
        return False
    return any(block.text.rstrip().endswith(_CUT) for block in document.prose)


def _open_endings(document: Document) -> bool:
    """Paragraphs without an end mark."""
    return any(True for _ in open_endings(document, _RUNNING))


def _small_i(document: Document) -> bool:
    return "i" in vocabulary(document)


TRAITS: dict[str, Callable[[Document], bool]] = {
    "bare links": _bare_links,
    "bold type": _bold_type,
    "broken ends": _broken_ends,
    "bullets": _bullets,
    "curly quotes": _curly_quotes,
    "dotted anchors": _dotted_anchors,
    "lone brackets": _lone_brackets,
    "marked links": _marked_links,
    "odd anchors": _odd_anchors,
    "odd brackets": _odd_brackets,
    "odd commas": _odd_commas,
    "odd stops": _odd_stops,
    "open endings": _open_endings,
    "places": _places,
    "queries": _queries,
    "repeated addresses": _repeated_addresses,
    "several headings": _several_headings,
    "shown gaps": _shown_gaps,
    "small i": _small_i,
    "small letters": is_small,
    "spaced marks": spaced_marks,
    "written links": _written_links,
}
