"""Read the YAML of front matter as nearly everybody writes it: keys with values on one line, lists, folded texts.

`front_matter_formats` reads all of YAML with the same results, but takes ten times as long, and 16 ms to import.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from linter import patterns

_BOOLEANS = {"true": True, "false": False}
_NULLS = frozenset({"", "~", "null"})
_NUMBER = patterns.lazy(r"[-+]?(?:0|[1-9]\d{0,17})(?P<real>\.\d{1,17})?(?:[eE][-+]?\d{1,3})?")
DATE = patterns.lazy(r"\d{4}-\d{1,2}-\d{1,2}(?:[Tt ].*)?", re.DOTALL)
TEXTS = (("title",), ("slug",))  # are strings, whatever they look like

# A verbatim value on one line: in quotation marks without an escape, or without any, where
# no mark of YAML begins it, and no colon or comment ends it.
_PLAIN_SCALAR = r"(?:[\w/.(“‘$<](?:[^:#\n]|:(?=[^\s:])|(?<=[^\s#])#)*(?<! ))"
_VALUE = rf"""(?:"(?P<double>[^"\\\n]*)"|'(?P<single>[^'\n]*)'|(?P<plain>{_PLAIN_SCALAR}))"""
_KEY = patterns.lazy(
    rf"(?P<key>[A-Za-z_][A-Za-z0-9_-]{{0,99}}):(?:[ ]+(?:{_VALUE}|\[(?P<list>[^\[\]{{}}\n]*)\]|(?P<folded>>)))?[ ]*"
)
_ITEM = patterns.lazy(rf"(?P<indent>[ ]*)-[ ]+{_VALUE}[ ]*")
_LISTED = patterns.lazy(r"[ ]*(?P<plain>[A-Za-z0-9](?:[\w ./+&'’-]*[\w.+'’])?)[ ]*(?:,|\Z)")


class String(NamedTuple):
    """A string at `[start, end)` of the source, in code points; `path` are the keys that lead to it.

    `style` says how it is written (see `scalar_pieces`), `value` what it means.
    """

    path: tuple[str, ...]
    start: int
    end: int
    style: str
    value: str


@dataclass
class FrontMatterValues:
    """Front matter as plain data, its strings in order, and the place of each value by its key.

    A place is a half-open range of code points in the source: that of the key where the value is empty, or no scalar.
    Keys are in small letters, dotted where nested; of several values under one key the first counts.
    """

    values: Any
    strings: list[String]
    places: dict[str, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: tuple[str, ...], value: tuple[int, int], key: tuple[int, int]) -> None:
        """Record the place of the value of a key, or of the key if that is an empty range."""
        if path:
            self.places.setdefault(".".join(path).lower(), value if value[0] < value[1] else key)


class Malformed(Exception):
    """Front matter cannot be read; `[start, end)` is where, an empty span if only its begin is known.

    `unclosed` says that a quotation mark is opened there and never closed; `what` is the problem, if known.
    """

    def __init__(self, start: int, end: int, unclosed: bool = False, what: str = "") -> None:
        super().__init__(what)
        self.start, self.end, self.unclosed, self.what = start, end, unclosed, what


def read_plain(text: str, start: int, end: int) -> FrontMatterValues | None:
    """The front matter in `text[start:end]`; None where anything in it is written otherwise."""
    parsed, at = _Reader(), start
    *lines, rest = text[start:end].split("\n")
    for line in lines:
        words = line.removesuffix("\r")
        if not words.isprintable() or not (parsed.take(words, at) if words.strip(" ") else parsed.take_blank(words)):
            return None
        at += len(line) + 1
    return None if rest else parsed.done(end)


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
        self._parsed = FrontMatterValues(self._values, [])
        self._key = ""  # the last one
        self._open: list[Any] | None = None  # what is listed under it, if that may go on
        self._indent: str | None = None  # of the items of that
        self._folded: _Folded | None = None
        self._blank = False  # whether the last line was

    def done(self, at: int) -> FrontMatterValues | None:
        """What was read, up to `at` in the source; nothing is for others to say."""
        return self._parsed if self._unfold(at) and self._values else None

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
        self._parsed.place((key,), (start, at), place)
        self._parsed.strings.append(String((key,), start, at, ">", value))
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
            self._parsed.place((key,), (0, 0), place)
            items = self._listed(pair, at)
            self._values[key] = items
            return items is not None
        if (found := _named(pair)) is None:
            self._parsed.place((key,), (0, 0), place)
            self._values[key], self._open = None, []
            return True
        edge = found != "plain"  # a quotation mark
        outer = at + pair.start(found) - edge, at + pair.end(found) + edge
        self._parsed.place((key,), outer if pair[found].strip() else (0, 0), place)
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
            self._parsed.strings.append(String((self._key,), low - edge, low + len(text) + edge, style, text))
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


# Strings in YAML or TOML: quotes, escapes and folded lines, with the place of each character.

_PROPERTIES = patterns.lazy(r"(?:[!&][^\s]*+\s++)++")
_FOLD = r"[ \t]*+(?:\r\n?|\n)[ \t]*+(?:(?:\r\n?|\n)[ \t]*+)*+"
_LINE_END = patterns.lazy(r"\r\n?|\n")
_PLAIN = patterns.lazy(rf"(?P<fold>{_FOLD})|[^\r\n \t]++|[ \t]++")
_SINGLE = patterns.lazy(rf"(?P<fold>{_FOLD})|(?P<double>'')|[^\r\n \t']++|[ \t]++")
_ESCAPE = r"\\(?P<escape>x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^\r\n])"
_DOUBLE = patterns.lazy(rf"(?P<join>\\[ \t]*+{_FOLD})|{_ESCAPE}|(?P<fold>{_FOLD})|[^\r\n \t\\]++|[ \t]++")
_TOML_BASIC = patterns.lazy(rf"(?P<join>\\[ \t]*+(?:\r\n?|\n)\s*+)|{_ESCAPE}|(?P<line>\r\n?|\n)|[^\r\n\\]++")
_TOML_LITERAL = patterns.lazy(r"(?P<line>\r\n?|\n)|[^\r\n]++")
_LINES = patterns.lazy(r"[^\r\n]*+")
_MEANS = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_STYLES = {"": _PLAIN, "'": _SINGLE, '"': _DOUBLE, "basic": _TOML_BASIC, "literal": _TOML_LITERAL}


class ScalarPiece(NamedTuple):
    """Text for `[start, end)` of the source, in code points."""

    text: str
    start: int
    end: int


def scalar_pieces(source: str, start: int, end: int, style: str, value: str) -> list[ScalarPiece]:
    """The pieces of `value`, which `source[start:end]` means, in order.

    `style` is that of YAML ("", ', ", | or >; the span has the quotation marks in it) or of TOML (basic or
    literal; it has not). A value that cannot be followed through its source is one piece.
    """
    if style in ("|", ">"):
        found = list(_block(source, start, end, value))
    else:
        properties = _PROPERTIES.match(source, start, end) if style in ("", "'", '"') else None
        low = properties.end() if properties else start
        inside = (low + 1, end - 1) if style in ("'", '"') else (low, end)
        if source[slice(*inside)] == value:
            return [ScalarPiece(value, *inside)]
        found = list(_flow(_STYLES[style], source, *inside))
    if "".join(piece.text for piece in found) != value:
        return [ScalarPiece(value, start, end)]
    return found


def _flow(pattern: re.Pattern[str], source: str, start: int, end: int) -> Iterator[ScalarPiece]:
    for part in pattern.finditer(source, start, end):
        yield ScalarPiece(_meaning(part), *part.span())


def _meaning(part: re.Match[str]) -> str:
    match part.lastgroup:
        case "fold":
            ends = len(_LINE_END.findall(part[0]))
            return " " if ends == 1 else "\n" * (ends - 1)
        case "double":
            return "'"
        case "join":
            return ""
        case "line":
            return "\n"
        case "escape":
            code = part["escape"]
            if code[0] in "xuU" and len(code) > 1:
                return chr(int(code[1:], 16)) if int(code[1:], 16) < 0x110000 else "\ufffd"
            return _MEANS.get(code, code)
    return part[0]


def _block(source: str, start: int, end: int, value: str) -> Iterator[ScalarPiece]:
    """A block scalar line by line: what lies between the words of two lines is white space in `value` too."""
    header = _LINE_END.search(source, start, end)
    done, at = (header.end() if header else end), 0
    for line in _LINES.finditer(source, done, end):
        words = line[0].strip(" \t")
        if not words:
            continue
        gap = at
        while at < len(value) and value[at] in " \t\n":
            at += 1
        low = line.start() + line[0].index(words)
        space, words = value[gap:at], line[0][low - line.start() :]
        words = words if value.startswith(words, at) else words.rstrip(" \t")
        if space:
            yield ScalarPiece(space, done, low)
        yield ScalarPiece(words, low, low + len(words))
        done, at = low + len(words), at + len(words)
    if value[at:]:
        yield ScalarPiece(value[at:], done, end)
