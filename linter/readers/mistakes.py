"""What is wrong with a line of front matter, in plain words."""

from __future__ import annotations

import re
from typing import NamedTuple

from linter import late

_PAIR = late.pattern(
    r"(?P<lead>[ ]*+(?:-[ ]++)*+)(?P<key>[^\s:=#](?:[^:=#]*[^:=# \t])?+)"
    r"[ \t]*+[:=](?:[ \t]++(?P<value>(?:.*[^ \t\n])?+))?+[ \t]*+\Z"
)
_UNSPACED = late.pattern(r"[ ]*+([\w-]++:[^\s:].*)")
_TAB = late.pattern(r"[ ]*+\t[ \t]*+")
_QUOTATIONS = {'"': late.pattern(r'"(?:[^"\\]|\\.)*+"'), "'": late.pattern(r"'(?:[^']|'')*+'")}
_ESCAPE = late.pattern(r'\\[^0abtnvfreN_LPxuU"/\\ \t]')
_COMMENT = late.pattern(r"[ \t]+#|[ \t]*\Z")
_RESERVED = "@`%&*!|>?"
_TOML_VALUE = late.pattern(r"[-+\d\[{]|true\b|false\b|inf\b|nan\b")


class Mistake(NamedTuple):
    """`what` is wrong with `line[start:end]`."""

    what: str
    start: int
    end: int


def in_yaml(line: str) -> Mistake | None:
    """The mistake in a line that reads `key: value`, or should; None where it shows none."""
    if tab := _TAB.match(line):
        return Mistake("a tab stands at the start of the line, where only spaces may stand", *tab.span())
    pair = _PAIR.match(line)
    if not pair and (unspaced := _UNSPACED.match(line)):
        return Mistake("a space is missing behind the colon", *unspaced.span(1))
    if not pair or not pair["value"]:
        return None
    what = _quoted(pair["value"]) if pair["value"][0] in _QUOTATIONS else _bare(pair["value"])
    return Mistake(what, *pair.span("value")) if what else None


def in_toml(line: str) -> Mistake | None:
    """The mistake in a line that reads `key = value`, or should; None where it shows none."""
    pair = _PAIR.match(line)
    if not pair or not pair["value"]:
        return None
    value = pair["value"]
    if value[0] in _QUOTATIONS:
        what = _quoted(value) if not value.startswith(('"""', "'''")) else ""
    else:
        what = "" if _TOML_VALUE.match(value) else "text without quotation marks"
    return Mistake(what, *pair.span("value")) if what else None


def unclosed(line: str) -> bool:
    """Whether the value of a line opens a quotation that does not end in it."""
    pair = _PAIR.match(line)
    return bool(pair and pair["value"] and pair["value"][0] in _QUOTATIONS and _quotation(pair["value"]) is None)


def _quotation(value: str) -> re.Match[str] | None:
    return _QUOTATIONS[value[0]].match(value)


def _quoted(value: str) -> str:
    quotation = _quotation(value)
    if not quotation:
        return "a quotation mark is opened and never closed"
    if value[0] == '"' and (escape := _ESCAPE.search(quotation[0])):
        return f"“{escape[0]}” means nothing between double quotation marks; use single ones"
    if _COMMENT.match(value, quotation.end()):
        return ""
    if value[0] == "'" and value[quotation.end()].isalnum():
        return "an apostrophe ends the quotation too soon; use double quotation marks"
    return "words stand behind the closing quotation mark"


def _bare(value: str) -> str:
    if value[0] in _RESERVED:
        return f"a value that begins with “{value[0]}” needs quotation marks"
    if value[0] in "[{":
        return f"a value that begins with “{value[0]}” and is no list needs quotation marks"
    if value.startswith("- "):
        return "a list must begin on a line of its own"
    if ": " in value or value.endswith(":"):
        return "a value with a colon in it needs quotation marks"
    return ""
