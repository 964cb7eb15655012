"""Front matter in YAML as nearly everybody writes it: keys with values on one line, lists of such, folded texts.

`yamlmatter` reads all of YAML, and says the same of this part of it, but takes ten times as long, and 16 ms to begin.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from linter import late
from linter.readers.matter import Matter, String

_BOOLEANS = {"true": True, "false": False}
_NULLS = frozenset({"", "~", "null"})
_NUMBER = late.pattern(r"[-+]?(?:0|[1-9]\d{0,17})(?P<real>\.\d{1,17})?(?:[eE][-+]?\d{1,3})?")
DATE = late.pattern(r"\d{4}-\d{1,2}-\d{1,2}(?:[Tt ].*)?", re.DOTALL)
TEXTS = (("title",), ("slug",))  # are strings, whatever they look like

# A value that means what stands there, on its line alone: in quotation marks without an escape, or without any, where
# no mark of YAML begins it, and no colon or comment ends it.
_PLAIN = r"(?:[\w/.(“‘$<](?:[^:#\n]|:(?=[^\s:])|(?<=[^\s#])#)*(?<! ))"
_VALUE = rf"""(?:"(?P<double>[^"\\\n]*)"|'(?P<single>[^'\n]*)'|(?P<plain>{_PLAIN}))"""
_KEY = late.pattern(
    rf"(?P<key>[A-Za-z_][A-Za-z0-9_-]{{0,99}}):(?:[ ]+(?:{_VALUE}|\[(?P<list>[^\[\]{{}}\n]*)\]|(?P<folded>>)))?[ ]*"
)
_ITEM = late.pattern(rf"(?P<indent>[ ]*)-[ ]+{_VALUE}[ ]*")
_LISTED = late.pattern(r"[ ]*(?P<plain>[A-Za-z0-9](?:[\w ./+&'’-]*[\w.+'’])?)[ ]*(?:,|\Z)")


def read(text: str, start: int, end: int) -> Matter | None:
    """The front matter in `text[start:end]`; None where anything in it is written otherwise."""
    matter, at = _Reader(), start
    *lines, rest = text[start:end].split("\n")
    for line in lines:
        words = line.removesuffix("\r")
        if not words.isprintable() or not (matter.take(words, at) if words.strip(" ") else matter.take_blank(words)):
            return None
        at += len(line) + 1
    return None if rest else matter.done(end)


class _Folded(NamedTuple):
    """A text on lines of its own, the key that it stands under, and where that and its mark begin."""

    key: str
    place: tuple[int, int]
    start: int
    lines: list[str]
    indent: int


class _Reader:
    """Takes one line after the other."""

    def __init__(self) -> None:
        self._values: dict[Any, Any] = {}
        self._matter = Matter(self._values, [])
        self._key = ""  # the last one
        self._open: list[Any] | None = None  # what is listed under it, if that may go on
        self._indent: str | None = None  # of the items of that
        self._folded: _Folded | None = None
        self._blank = False  # whether the last line was

    def done(self, at: int) -> Matter | None:
        """What was read, up to `at` in the source; nothing is for others to say."""
        return self._matter if self._unfold(at) and self._values else None

    def take_blank(self, line: str) -> bool:
        """The same of a line without words."""
        self._blank = True
        return not (self._folded and line)

    def take(self, line: str, at: int) -> bool:
        """Whether a line that begins at `at` of the source says something that is understood."""
        blank, self._blank = self._blank, False
        if self._folded and line.startswith(" "):
            return not blank and self._fold(line)
        if line.startswith("#"):
            return not self._folded
        if not self._unfold(at):
            return False
        if pair := _KEY.fullmatch(line):
            return self._pair(pair, at)
        item = _ITEM.fullmatch(line) if self._open is not None else None
        if item is None or self._indent not in (None, item["indent"]):
            return False
        assert self._open is not None
        self._indent = item["indent"]
        if self._values[self._key] is None:
            self._values[self._key] = self._open
        self._open.append(self._scalar(item, at))
        return True

    def _fold(self, line: str) -> bool:
        """Go on with a text, of one paragraph whose lines begin alike and end in no space."""
        assert self._folded
        words = line.lstrip(" ")
        indent = len(line) - len(words)
        if line.endswith(" ") or indent != (self._folded.indent or indent):
            return False
        self._folded.lines.append(words)
        self._folded = self._folded._replace(indent=indent)
        return True

    def _unfold(self, at: int) -> bool:
        """End a text that goes as far as `at`, if there is one; whether it has words then."""
        if not self._folded:
            return True
        key, place, start, lines, _ = self._folded
        self._folded = None
        value = f"{' '.join(lines)}\n"
        self._matter.place((key,), (start, at), place)
        self._matter.strings.append(String((key,), start, at, ">", value))
        self._values[key] = value
        return bool(lines)

    def _pair(self, pair: re.Match[str], at: int) -> bool:
        key = self._key = pair["key"]
        if not isinstance(resolved(key), str):
            return False
        place = at + pair.start("key"), at + pair.end("key")
        self._open, self._indent = None, None
        if pair["folded"]:
            self._folded = _Folded(key, place, at + pair.start("folded"), [], 0)
            return True
        if pair["list"] is not None:
            self._matter.place((key,), (0, 0), place)
            items = self._listed(pair, at)
            self._values[key] = items
            return items is not None
        if (found := _named(pair)) is None:
            self._matter.place((key,), (0, 0), place)
            self._values[key], self._open = None, []
            return True
        edge = found != "plain"  # a quotation mark
        outer = at + pair.start(found) - edge, at + pair.end(found) + edge
        self._matter.place((key,), outer if pair[found].strip() else (0, 0), place)
        self._values[key] = self._scalar(pair, at)
        return True

    def _listed(self, pair: re.Match[str], at: int) -> list[Any] | None:
        """The values between brackets."""
        text, done = pair["list"], 0
        items = []
        while text.strip(" ") and done < len(text):
            if not (item := _LISTED.match(text, done)):
                return None
            items.append(self._scalar(item, at + pair.start("list")))
            done = item.end()
        return None if text.rstrip(" ").endswith(",") else items

    def _scalar(self, found: re.Match[str], at: int) -> Any:
        """The value in a match, noted as a string if it is one; the match is of what begins at `at`."""
        name = _named(found) or "plain"
        text = found[name]
        value = resolved(text) if name == "plain" else text
        shown = isinstance(value, str) and not (name == "plain" and DATE.fullmatch(value))
        if shown or (value is not None and (self._key,) in TEXTS):
            low = at + found.start(name)
            style, edge = {"plain": ("", 0), "single": ("'", 1), "double": ('"', 1)}[name]
            self._matter.strings.append(String((self._key,), low - edge, low + len(text) + edge, style, text))
        return value


def _named(found: re.Match[str]) -> str | None:
    """How the value in a match is written."""
    return next((name for name, text in found.groupdict().items() if name in _WAYS and text is not None), None)


_WAYS = ("double", "single", "plain")


def resolved(text: str) -> Any:
    """A plain scalar as YAML 1.2 has it; dates stay text."""
    if text.lower() in _NULLS:
        return None
    if text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    if _NUMBER.fullmatch(text):
        return int(text) if text.lstrip("+-").isdigit() else float(text)
    return text
