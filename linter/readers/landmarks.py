"""What the elements of a page say they are: its article, or furniture around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from linter import late
from linter.document import Tag
from linter.readers.markup import BLOCK

# Roles of WAI-ARIA for what is laid around an article, or over it.
_ROLES = dict.fromkeys(
    "navigation banner contentinfo complementary search menu menubar toolbar dialog alertdialog doc-toc".split(),
    "furniture",
) | {"main": "main", "article": "article", "note": ""}
_ELEMENTS = {
    "main": "main",
    "article": "article",
    "nav": "furniture",
    "footer": "furniture",
    "search": "furniture",
    "button": "furniture",
    "dialog": "furniture",
    "header": "frame",
    "aside": "frame",
    "form": "frame",
}
# Names that content systems agree on: WordPress and its kin, Bootstrap, Disqus, microformats.
_NAMES = (
    dict.fromkeys(
        "comments comments-area comment-list commentlist comment-respond respond disqus_thread".split(), "furniture"
    )
    | dict.fromkeys(
        """
        sidebar widget-area breadcrumb breadcrumbs navbar pagination post-navigation nav-links site-header
        site-footer site-navigation main-navigation related-posts jp-relatedposts sharedaddy toc table-of-contents
        """.split(),
        "frame",
    )
    | dict.fromkeys("hentry h-entry".split(), "article")
    | dict.fromkeys("entry-content e-content".split(), "body")
)
_UNSEEN = frozenset("sr-only screen-reader-text visually-hidden visuallyhidden".split())
_ITEMS = {"articleBody": "body", "comment": "furniture"}
_TYPE = late.pattern(
    r"schema\.org/(?:(?P<article>\w*Article|\w*BlogPosting|Report|Review)"
    r"|(?P<furniture>Comment|UserComments)|(?P<frame>WPHeader|WPFooter|WPSideBar|SiteNavigationElement))\b"
)
_NO_DISPLAY = late.pattern(r"(?:\A|;)\s*display\s*:\s*none\b", re.IGNORECASE)
_TELLING = late.pattern(
    rf"""[\s"'=;](?:role|item(?:prop|type)|hidden|display|{"|".join(sorted({*_NAMES, *_UNSEEN}))})"""
)
_SECTIONS = frozenset({"article", "main", "section", "aside", "nav", "blockquote", "figure"})
_QUOTES = frozenset({"blockquote", "figure"})


class Landmark(NamedTuple):
    """The element of the tag `start`, which ends at the tag `end`.

    `meaning` is main, article, body (of an article), furniture, frame (furniture, or laid around the article), or
    hidden (for good, or until a script has run).
    """

    start: int
    end: int
    meaning: str


def find(tags: Sequence[Tag], ends: Sequence[int], text: str) -> Iterator[Landmark]:
    """The landmarks of a page, in order. Furniture is only what ends: an element left open holds all the rest."""
    sections = quotes = -1  # where the last of those that are open ends
    for i, tag in enumerate(tags):
        telling = bool(tag.attributes) and _TELLING.search(text, *tag.span) is not None
        if telling or tag.name in _ELEMENTS or tag.name in _SECTIONS:
            end = ends[i]
            meaning = _meaning(tag, telling, i < sections, i < quotes) if end > i else ""
            if meaning in ("main", "article", "body") or (meaning and end < len(tags)):
                yield Landmark(i, end, meaning)
            if tag.name in _SECTIONS:
                sections = max(sections, end)
            if tag.name in _QUOTES:
                quotes = max(quotes, end)


def _meaning(tag: Tag, telling: bool, in_section: bool, in_quote: bool) -> str:
    if telling:
        if _hidden(tag):
            return "hidden"
        told = _told(tag, in_section)
        if told is not None:
            return told
    if (tag.name == "header" and in_section) or (tag.name == "footer" and in_quote):
        return ""
    if tag.name in _ELEMENTS:
        return _ELEMENTS[tag.name]
    return _named(tag) if telling and tag.name in BLOCK and tag.name != "body" else ""


def _hidden(tag: Tag) -> bool:
    """Whether nobody sees an element; what a search on the page unfolds counts as seen."""
    hidden, style = tag.attribute("hidden"), tag.attribute("style")
    if hidden and hidden.value.lower() != "until-found":
        return True
    return bool(style and _NO_DISPLAY.search(style.value)) or not _UNSEEN.isdisjoint(_classes(tag))


def _told(tag: Tag, in_section: bool) -> str | None:
    """The meaning that role, itemprop or itemtype give an element; None where they say nothing of it."""
    role, prop, kind = (tag.attribute(name) for name in ("role", "itemprop", "itemtype"))
    if role and (role.value.lower() in _ROLES or role.value.lower().startswith("doc-")):
        return _ROLES.get(role.value.lower(), "")
    if prop and prop.value in _ITEMS:
        return _ITEMS[prop.value]
    found = _TYPE.search(kind.value) if kind else None
    if not found or (found.lastgroup == "frame" and in_section):
        return None
    return found.lastgroup


def _named(tag: Tag) -> str:
    """The meaning that its classes and its id give an element."""
    id_ = tag.attribute("id")
    names = (*_classes(tag), id_.value if id_ else "")
    return next((_NAMES[name] for name in names if name in _NAMES), "")


def _classes(tag: Tag) -> list[str]:
    classes = tag.attribute("class")
    return classes.value.split() if classes else []
