"""Write HTML as Markdown that shows the same text."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import quote

from bs4 import Tag
from markdownify import MarkdownConverter

from linter import patterns

# Text that Markdown would read as markup: a backslash, code, the border of a cell, strikethrough, a tag, an entity, and
# the middle of a link. The base class escapes `*` and `_`.
_MARKUP = patterns.lazy(r"[\\`|~]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|\](?=[(\[:])")
_IN_LINK = patterns.lazy(r"[\\`|~\[\]]|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
# At the start of a text: marks of headings, quotations, lists and tasks, and numbers of lists.
_START = patterns.lazy(r"\A([ \t]*)([#>+=-]|\[(?=[ xX]\]))")
_NUMBER = patterns.lazy(r"\A([ \t]*\d{1,9})(?=[.)])")
_IN_URL = patterns.lazy(r"[\s()<>\\]")
_BOLD = patterns.lazy(r"font-weight:\s*(?:bold|[6-9]00)")
_NOT_BOLD = patterns.lazy(r"font-weight:\s*(?:normal|[1-5]00)")
_ITALIC = patterns.lazy(r"font-style:\s*italic")


_Converter: Any = MarkdownConverter  # its stub lacks the methods


class MarkdownWriter(_Converter):  # type: ignore[misc]
    """Converts parsed HTML to Markdown. Bold and italic text of Google Docs, which has no tags, is recognized."""

    def __init__(self) -> None:
        super().__init__(heading_style="ATX", bullets="-", wrap=True, wrap_width=None, autolinks=False)

    def escape(self, text: str, parent_tags: Collection[str]) -> str:
        """Return text in which characters that Markdown would read as markup are escaped."""
        markup = _IN_LINK if "a" in parent_tags else _MARKUP
        text = str(super().escape(markup.sub(r"\\\g<0>", text or ""), parent_tags))
        return _NUMBER.sub(r"\1\\", _START.sub(r"\1\\\2", text))

    def convert_a(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        """Convert a link."""
        return str(super().convert_a(_quoted(el, "href"), text, parent_tags))

    def convert_img(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        """Convert an image."""
        return str(super().convert_img(_quoted(el, "src"), text, parent_tags))

    def convert_b(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        """Convert bold text, but not the element that Google Docs puts around a whole text."""
        if _NOT_BOLD.search(_style(el)):
            return text
        return str(super().convert_b(el, text, parent_tags))

    def convert_span(self, el: Tag, text: str, parent_tags: Collection[str]) -> str:
        """Convert text that is bold or italic through its style."""
        style = _style(el)
        if _ITALIC.search(style):
            text = str(super().convert_em(el, text, parent_tags))
        if _BOLD.search(style) and not {"h1", "h2", "h3", "h4", "h5", "h6"} & {*parent_tags}:
            text = str(super().convert_b(el, text, parent_tags))
        return text


def _style(element: Tag) -> str:
    return str(element.get("style") or "").lower()


def _quoted(element: Tag, name: str) -> Tag:
    """Return `element` after escaping characters that would end an address in Markdown."""
    if value := element.get(name):
        element[name] = _IN_URL.sub(lambda found: quote(found[0]), str(value).strip())
    return element
