"""The encoding that a page says it is in."""

from __future__ import annotations

import codecs
import re

from linter import late
from linter.document import Tag
from linter.readers import lexer

_HEAD = 8192  # bytes; WHATWG HTML 13.2.3.2 wants 1,024 at least, and browsers heed what stands further down
_CHARSET = late.pattern(r"charset\s*+=\s*+(\"[^\"]*\"|'[^']*'|[^\s;\"']+)", re.IGNORECASE)
_XML = late.pattern(r"\s*+<\?xml\s[^<>]*?\bencoding\s*+=\s*+[\"']([^\"']+)")
# What browsers take some names for, by the names that Python gives them (WHATWG Encoding 4.2).
_BROWSERS = {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
    "tis-620": "cp874",
}
_OF_PAGES = late.pattern(r"(?:cp\d+|iso8859-\d+|iso2022_jp|koi8-[rtu]|mac-\w+|big5hkscs|euc_jp|gb18030)\Z")


def declared(data: bytes) -> str | None:
    """The name by which Python knows the encoding that a page declares; None where it is read better without.

    That is where it declares none or UTF-8, one that no page is in, or is UTF-8 whatever it declares.
    """
    name = _python_name(_label(data[:_HEAD].decode("latin-1")))
    if not name or data.isascii():
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return name
    return None


def _label(head: str) -> str:
    """The name of an encoding as the first lines of a page have it."""
    if xml := _XML.match(head):
        return xml[1]
    for tag in lexer.tags(head):
        if tag.name == "meta" and tag.kind == "open" and (label := _of_meta(tag)):
            return label
    return ""


def _of_meta(tag: Tag) -> str:
    charset, kind, content = (tag.attribute(name) for name in ("charset", "http-equiv", "content"))
    if charset:
        return charset.value
    if not (kind and content and kind.value.strip().lower() == "content-type"):
        return ""
    found = _CHARSET.search(content.value)
    return found[1].strip("\"'") if found else ""


def _python_name(label: str) -> str:
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return ""
    name = _BROWSERS.get(name, name)
    return name if _OF_PAGES.match(name) else ""
