"""Parse regular expressions in the syntax of `regex` (version 1) into trees, and analyze these.

Of some syntax, such as references and named lists, only the extent is known: it becomes a node of the kind `Other`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import regex

from linter import patterns
from linter.analysis.results import cached_analysis
from linter.source import slices

Ranges = tuple[tuple[int, int], ...]  # of code points, both ends included


class Unparsed(ValueError):
    """A pattern cannot be parsed: it is invalid, or has syntax that this module does not know."""


@dataclass(slots=True, eq=False)
class Node:
    """A part of a pattern. `start` and `end` are its 0-based offsets in the pattern, in code points."""

    start: int
    end: int

    @property
    def children(self) -> tuple[Node, ...]:
        return ()


@dataclass(slots=True, eq=False)
class Characters(Node):
    r"""A character or a character class.

    Without case folding, it matches only characters in `ranges` and in `properties`, such as r"\s", unless `ranges` is
    None, which means that nothing is known. `text` is the source.
    """

    ranges: Ranges | None
    properties: tuple[str, ...]
    ignores_case: bool
    text: str

    @property
    def single(self) -> int | None:
        """The only character that matches, or None."""
        known = self.ranges if not self.properties else None
        return known[0][0] if known and len(known) == 1 and known[0][0] == known[0][1] else None

    def matches(self, char: str) -> bool:
        """Whether the class matches a character."""
        return _matcher(self.text, self.ignores_case).fullmatch(char) is not None


@dataclass(slots=True, eq=False)
class Edge(Node):
    r"""A place that matches no character, such as `\b` or `^`, by its `name` in `regex`."""

    name: str


@dataclass(slots=True, eq=False)
class Other(Node):
    """Something about which nothing is known but its `name`.

    The names are "any" (any character but a line end), "all" (any character), "call", "reference" and "other".
    """

    name: str


@dataclass(slots=True, eq=False)
class _Several(Node):
    parts: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts


class Concatenation(_Several):
    """Parts that match one after another."""


class Branch(_Several):
    """Parts of which one matches, the first that can."""


@dataclass(slots=True, eq=False)
class _Outer(Node):
    part: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.part,)


@dataclass(slots=True, eq=False)
class Repeat(_Outer):
    """`least` to `most` repetitions of `part`; None is no limit. `kind` is "greedy", "lazy" or "possessive"."""

    least: int
    most: int | None
    kind: str


@dataclass(slots=True, eq=False)
class Group(_Outer):
    atomic: bool


@dataclass(slots=True, eq=False)
class LookAround(_Outer):
    behind: bool
    positive: bool


@lru_cache(1024)
def _matcher(text: str, ignores_case: bool) -> regex.Pattern[str]:
    return regex.compile(text, regex.VERSION1 | (regex.IGNORECASE if ignores_case else 0))


_EDGES = {
    "A": "StartOfString",
    "Z": "EndOfString",
    "z": "EndOfString",
    "b": "Boundary",
    "B": "Boundary",
    "m": "StartOfWord",
    "M": "EndOfWord",
    "G": "SearchAnchor",
    "K": "Keep",
}
_ESCAPED = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_CODES = {"x": 2, "u": 4, "U": 8}  # escapes of characters, with their number of hexadecimal digits
_OCTAL = re.compile(r"\\([0-7]{1,3})")
_PROPERTY = re.compile(r"\\(?:[dDsSwWhHRX]|[pP](?:\{[^{}]*\}|[A-Z]))")
_COUNT = re.compile(r"\{\s*(\d*)\s*(?:(,)\s*(\d*)\s*)?\}")
_FUZZY = re.compile(r"\{\s*(?:\d+\s*<=?\s*)?\d*[deis]\s*[<>=,+:}]")  # how fuzzy matching begins
_OPENED = re.compile(
    r"\((?:\?(?:(?P<look><?[=!])|(?P<atomic>>)|(?P<comment>\#[^)]*\))"
    r"|(?P<call>R\)|&\w+\)|P>\w+\)|[+-]?\d+\))|(?P<on>[a-zA-Z1]*)(?:-(?P<off>[a-z]+))?(?P<scope>[:)])"
    r"|P?<(?P<name>[^<>=!]+)>|'[^']+'|(?P<back>P=\w+\))|(?P<reset>\|)|(?P<condition>\(\w+\)|(?=\(\?<?[=!])))"
    r"|\*(?P<verb>FAIL|F|PRUNE|SKIP)\))?"
)
_FLAGS = {"i": int(regex.I), "x": int(regex.X), "m": int(regex.M), "s": int(regex.S)}
_IGNORED_FLAGS = frozenset("afpruwV1")  # with these, a match has the same literals or fewer characters to choose from
_EITHER = ("||", "~~")  # union and symmetric difference, which bind less tightly than the other operators
_SET_OPERATORS = (*_EITHER, "--", "&&")
_MAX_DEPTH = 200  # nesting of groups, repetitions and alternatives
FUZZY = "fuzzy matching"
NESTED = "has groups nested too deeply; simplify it"


class _Parser:
    """Reads a pattern from left to right. `at` is the offset of the next character, `flags` the letters of flags."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.text, self.at, self.depth = pattern, 0, 0
        self.flags = frozenset(letter for letter, flag in _FLAGS.items() if flags & flag)

    def parse(self) -> Node:
        tree = self.branch()
        if self.at < len(self.text):
            raise Unparsed("unbalanced parenthesis")
        return tree

    def branch(self) -> Node:
        """Read alternatives up to the end of the group. Flags that are set inside hold up to there."""
        start, flags = self.at, self.flags
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise RecursionError
        branches = [self.sequence()]
        while self.text.startswith("|", self.at):
            self.at += 1
            branches.append(self.sequence())
        self.flags, self.depth = flags, self.depth - 1
        return branches[0] if len(branches) == 1 else Branch(start, self.at, tuple(branches))

    def sequence(self) -> Node:
        start, items = self.at, list[Node]()
        while self.skip() < len(self.text) and self.text[self.at] not in "|)":
            if (item := self.item()) is not None:
                items.append(self.repeated(item))
        return items[0] if len(items) == 1 else Concatenation(start, self.at, tuple(items))

    def skip(self) -> int:
        """Skip what verbose mode ignores, white space and comments, and return the offset of what follows."""
        while "x" in self.flags and self.at < len(self.text):
            if self.text[self.at].isspace():
                self.at += 1
            elif self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                break
        return self.at

    def item(self) -> Node | None:
        """Read a character, class, escape or group. Return None for a comment and for flags."""
        start, char = self.at, self.text[self.at]
        if char == "(":
            return self.group()
        if char == "[":
            ranges, properties = self.char_class()
            return self.characters(start, ranges, properties)
        if char == "\\":
            return self.escape()
        self.at += 1
        if char == ".":
            return Other(start, self.at, "all" if "s" in self.flags else "any")
        if char == "^":
            return Edge(start, self.at, "StartOfLine" if "m" in self.flags else "StartOfString")
        if char == "$":
            return Edge(start, self.at, "EndOfLine" if "m" in self.flags else "EndOfStringLine")
        count = _COUNT.match(self.text, start)
        if char in "*+?" or (count and (count[1] or count[3])):
            raise Unparsed("nothing to repeat")
        return self.characters(start, ((ord(char), ord(char)),), ())

    def characters(self, start: int, ranges: Ranges | None, properties: tuple[str, ...]) -> Characters:
        text = self.text[start : self.at]
        return Characters(
            start, self.at, ranges, properties, "i" in self.flags, f"\\{text}" if text in "#{} " else text
        )

    def repeated(self, item: Node) -> Node:
        """Read the repetition that follows an item, if there is one."""
        self.skip()
        text, at = self.text, self.at
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(text[at : at + 1], (-1, None))
        if least >= 0:
            self.at += 1
        elif (count := _COUNT.match(text, at)) and (count[1] or count[3]):
            self.at = count.end()
            least = int(count[1] or 0)
            most = (int(count[3]) if count[3] else None) if count[2] else least
        elif _FUZZY.match(text, at):
            raise Unparsed(FUZZY)
        else:
            return item
        self.skip()
        kind = {"?": "lazy", "+": "possessive"}.get(text[self.at : self.at + 1], "greedy")
        self.at += kind != "greedy"
        if self.skip() < len(text) and (text[self.at] in "*+?" or _COUNT.match(text, self.at)):
            raise Unparsed("multiple repeat")
        return Repeat(item.start, self.at, item, least, most, kind)

    def group(self) -> Node | None:
        start, flags = self.at, self.flags
        opened = _OPENED.match(self.text, start)
        assert opened
        self.at = opened.end()
        if opened["comment"]:
            return None
        if opened["verb"]:
            return Edge(start, self.at, opened["verb"])
        if opened["call"] or opened["back"]:
            return Other(start, self.at, "call" if opened["call"] else "reference")
        if opened.end() == start + 1 and self.text.startswith(("?", "*"), self.at):
            raise Unparsed("an unknown group")
        if opened["scope"]:
            self.set_flags(opened["on"], opened["off"] or "")
            if opened["scope"] == ")":
                return None
        if opened["condition"] == "":  # a lookaround
            self.group()
        part = self.branch()
        if not self.text.startswith(")", self.at):
            raise Unparsed("missing )")
        self.at += 1
        self.flags = flags
        if opened["condition"] is not None:  # the second alternative may be missing
            nothing = Concatenation(self.at, self.at, ())
            choice = part if isinstance(part, Branch) else Branch(part.start, part.end, (part, nothing))
            return Concatenation(start, self.at, (Other(start, opened.end(), "reference"), choice))
        if look := opened["look"]:
            return LookAround(start, self.at, part, look[0] == "<", look[-1] == "=")
        return Group(start, self.at, part, bool(opened["atomic"]))

    def set_flags(self, on: str, off: str) -> None:
        if not _IGNORED_FLAGS.union(_FLAGS).issuperset(on + off):
            raise Unparsed("an unsupported flag")
        self.flags = self.flags.union(on).difference(off)

    def escape(self) -> Node:
        start = self.at
        name = self.text[start + 1 : start + 2]
        if name in _EDGES:
            self.at += 2
            return Edge(start, self.at, _EDGES[name])
        if named := _PROPERTY.match(self.text, start):
            self.at = named.end()
            if name in "RX":
                return Other(start, self.at, "other")
            return self.characters(start, (), (named[0],))
        if name in "123456789gL" and name:
            reference = re.compile(r"\\(?:\d+|[gL]<\w+>)").match(self.text, start)
            if not reference:
                raise Unparsed("bad reference")
            self.at = reference.end()
            return Other(start, self.at, "reference")
        code = self.escaped()
        return self.characters(start, ((code, code),), ())

    def escaped(self) -> int:
        """Read an escape for one character, and return its code point."""
        start = self.at
        name = self.text[start + 1 : start + 2]
        self.at += 2
        if name in _ESCAPED:
            return ord(_ESCAPED[name])
        if name in _CODES:
            digits = self.text[self.at : self.at + _CODES[name]]
            self.at += len(digits)
            if re.fullmatch("[0-9A-Fa-f]+", digits) and len(digits) == _CODES[name] and int(digits, 16) <= 0x10FFFF:
                return int(digits, 16)
        elif octal := _OCTAL.match(self.text, start):
            self.at = octal.end()
            return int(octal[1], 8)
        elif name == "N" and (named := re.compile(r"\{([^{}]+)\}").match(self.text, self.at)):
            self.at = named.end()
            try:
                return ord(unicodedata.lookup(named[1]))
            except (KeyError, TypeError):
                raise Unparsed("undefined character name") from None
        elif name and not name.isalnum():
            return ord(name)
        raise Unparsed("bad escape")

    def char_class(self) -> tuple[Ranges | None, tuple[str, ...]]:
        """Read a class from its opening bracket on; return its ranges and its properties, as in `Characters`.

        Of a difference or an intersection, only the first operand counts: the class matches nothing else.
        """
        self.at += 1
        known = not self.text.startswith("^", self.at)
        self.at += not known
        ranges, properties, counts = list[tuple[int, int]](), list[str](), True
        first = self.at  # where an operand begins: there, `]` and the signs of operators are members
        while True:
            if self.at >= len(self.text):
                raise Unparsed("unterminated character set")
            if self.text[self.at] == "]" and self.at > first:
                self.at += 1
                return (tuple(ranges) if known else None), tuple(properties)
            if self.text.startswith(_SET_OPERATORS, self.at) and self.at > first:
                counts = self.text.startswith(_EITHER, self.at)
                self.at += 2
                first = self.at
                continue
            own, named = self.member()
            if counts:
                known = known and own is not None
                ranges += own or ()
                properties += named

    def member(self) -> tuple[Ranges | None, tuple[str, ...]]:
        """Read a member of a class: a character, a range, a property or another class."""
        if posix := re.compile(r"\[:\^?\w+:\]").match(self.text, self.at):
            self.at = posix.end()
            return (), (posix[0],)
        if self.text[self.at] == "[":
            return self.char_class()
        if named := _PROPERTY.match(self.text, self.at):
            self.at = named.end()
            return (), (named[0],)
        low = self.member_char()
        following = self.text[self.at : self.at + 2]
        if following[:1] != "-" or following[1:] in ("]", "-", ""):
            return ((low, low),), ()
        self.at += 1
        if self.text[self.at] == "[" or _PROPERTY.match(self.text, self.at):
            return ((low, low), (ord("-"), ord("-"))), ()
        high = self.member_char()
        if high < low:
            raise Unparsed("bad range")
        return ((low, high),), ()

    def member_char(self) -> int:
        if self.text[self.at] != "\\":
            self.at += 1
            return ord(self.text[self.at - 1])
        if self.text.startswith("\\b", self.at):
            self.at += 2
            return 8
        return self.escaped()


@lru_cache(1)  # several functions parse the same pattern one after another
def parsed_pattern(pattern: str, flags: int) -> Node | None:
    """Return the syntax tree of a pattern for the `regex` package, version 1; None if it cannot be parsed."""
    try:
        return _Parser(pattern, flags).parse()
    except (Unparsed, RecursionError):
        return None


def nodes(tree: Node) -> Iterator[tuple[Node, int, int]]:
    """Yield each node of a tree, its depth, and the number of its copies in the compiled pattern.

    Sequences do not add to the depth.
    """
    todo = [(tree, 0, 1)]
    while todo:
        node, depth, times = todo.pop()
        yield node, depth, times
        times *= max(1, node.least) if isinstance(node, Repeat) else 1
        depth += not isinstance(node, Concatenation)
        todo += ((child, depth, times) for child in node.children)


# Compiling takes about 300 bytes and 30 µs per part of a pattern, with repetitions expanded: `(?:ab){50}`
# has 100 parts. The limit grows with the length of the pattern, and so does memory. For each code point of a long
# pattern beyond the first 20,000, there may be only one more part.
_PARTS, _PARTS_PER_CODE_POINT, _LONG = 1_000, 5, 20_000
_CERTAINLY_SMALL = 100_000
# An escape, or a repeat count with the character before it, and characters that may hide more digits: spaces and
# comments in verbose mode.
_COUNTED = patterns.lazy(r"\\.(?!\{)|(\\.|.?)\{(\d*+)([\s#]?)", re.DOTALL)
_MAX_SHOWN = 12  # code points of a pattern that a reason quotes
_FUZZY_FLAG = "uses a flag for fuzzy matching, (?b) or (?e), which is not allowed"
_UNKNOWN = "has syntax that copydesk does not know, so its size is unknown; write it in another way"
_TOO_LARGE = "is too large when its repetitions are expanded; simplify it"


def refusal(pattern: str, flags: int = regex.VERSION1) -> str:
    """Return the reason why an untrusted pattern is not allowed, or "" if it is allowed.

    The reason continues a sentence about the pattern. Patterns that could take too much time or memory are not allowed.
    Raises regex.error if the pattern is invalid.
    """
    try:
        tree = _Parser(pattern, flags).parse()
    except RecursionError:
        return NESTED
    except Unparsed as error:
        if str(error) == FUZZY:
            return "uses fuzzy matching, such as {e<=1}, which is not allowed; write out the variants: colou?r"
        if not is_certainly_small(pattern):
            return _TOO_LARGE
        compiled = regex.compile(pattern, flags)
        return _FUZZY_FLAG if compiled.flags & (regex.BESTMATCH | regex.ENHANCEMATCH) else _UNKNOWN
    size, length = 0, len(pattern)
    most = _PARTS + _PARTS_PER_CODE_POINT * min(length, _LONG) + max(0, length - _LONG)
    for node, depth, times in nodes(tree):
        size += times
        if isinstance(node, Other) and node.name == "call":
            near = pattern[node.start :][:_MAX_SHOWN]
            return f"uses recursion or calls a group, which is not allowed: “{near}”; write out the repeated part"
        if depth > _MAX_DEPTH:
            return NESTED
        if size > most:
            return _TOO_LARGE
    return ""


def is_certainly_small(pattern: str) -> bool:
    """Whether a pattern has at most 100,000 parts with its repetitions expanded. False if this is unknown.

    The pattern is not parsed.
    """
    single, nested = 0, 1
    for before, count, gap in _COUNTED.findall(pattern) if "{" in pattern else ():
        if gap:
            return False
        if before.strip() in ("", ")"):  # a group may contain other repetitions
            nested *= max(1, int(count or 1))
        else:  # one character or class
            single += int(count or 1)
    return (len(pattern) + single) * nested <= _CERTAINLY_SMALL


@cached_analysis
def anchored(pattern: str) -> bool:
    """Whether a pattern can match only at the start of text; False if unknown."""
    tree = parsed_pattern(pattern, regex.VERSION1)
    return tree is not None and _is_anchored(tree)


def _is_anchored(node: Node) -> bool:
    if isinstance(node, Concatenation):
        for item in node.parts:
            if _is_anchored(item):
                return True
            if not isinstance(item, (Edge, LookAround)):
                return False
    if isinstance(node, Branch):
        return all(map(_is_anchored, node.parts))
    if isinstance(node, Group):
        return _is_anchored(node.part)
    return isinstance(node, Edge) and node.name == "StartOfString"


# Odd characters that text must contain for a pattern to match: non-ASCII and control characters. Most articles
# contain few of them, so they are collected once for all patterns.

_PLAIN = bytes([0x09, 0x0A, 0x0D, *range(0x20, 0x7F)])


def odd_characters(texts: Iterable[str]) -> str:
    """Return the odd characters of `texts` (non-ASCII and control characters), each once, sorted.

    Tabs and line ends are not odd.
    """
    found: set[str] = set()
    for part in chain.from_iterable(map(slices, texts)):
        if rest := part.encode("utf-8", "surrogatepass").translate(None, _PLAIN):
            found.update(rest.decode("utf-8", "surrogatepass"))
    return "".join(sorted(found))


def odd_characters_of_pattern(pattern: str) -> str:
    """Return a character class of odd characters. `pattern` matches only text that contains at least one of them.

    Return "" if there are no such characters, or if they are unknown.
    """
    ranges = _of_pattern(pattern) or ()
    return "[" + "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges) + "]" if ranges else ""


@cached_analysis
def _of_pattern(pattern: str) -> Ranges | None:
    tree = parsed_pattern(pattern, regex.VERSION1)
    ranges = tree and _required_chars(tree)
    return ranges if ranges and _is_odd(ranges) else None


def _required_chars(node: Node) -> Ranges | None:
    """Return ranges of characters, one of which must be in any text that matches, or None if they are unknown."""
    if isinstance(node, Characters):
        return node.ranges if node.ranges and not node.properties and not node.ignores_case else None
    if (
        isinstance(node, Group)
        or (isinstance(node, Repeat) and node.least)
        or (isinstance(node, LookAround) and node.positive)
    ):
        return _required_chars(node.part)
    if isinstance(node, Concatenation):
        odd_ranges = [ranges for item in node.parts if (ranges := _required_chars(item)) and _is_odd(ranges)]
        return min(odd_ranges, key=_size, default=None)
    return _union(map(_required_chars, node.parts)) if isinstance(node, Branch) else None


def _union(parts: Iterable[Ranges | None]) -> Ranges | None:
    found: Ranges = ()
    for part in parts:
        if part is None:
            return None
        found += part
    return found


def _is_odd(ranges: Ranges) -> bool:
    return not any(low <= char <= high for low, high in ranges for char in _PLAIN)


def _size(ranges: Ranges) -> int:
    return sum(high - low + 1 for low, high in ranges)
