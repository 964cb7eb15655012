r"""Translate regular expressions of Vale rules for the `regex` package, and refuse those that could be hostile.

Vale uses regexp2, a port of the expressions of .NET, in a mode that also allows the named groups and character classes
of RE2. The syntax of `regex` is nearly the same. These constructs differ and are rewritten:

- `$` without the flag `m`, `\z` and `\Z` match only at the end of the text.
- In classes, `[`, `--`, `&&`, `||` and `~~` are plain characters, and `-[…]` at the end subtracts a class.
- POSIX classes such as `[:alpha:]` contain only ASCII characters, but `\w`, `\d` and `\s` are not limited to ASCII.
- `{` is a plain character unless it begins a repetition such as `{2,}`.
- The flags `n` and `x`, escapes such as `\x{2019}`, and references such as `\k<name>` are spelled differently.

Fuzzy matching, calls of groups and other syntax that only `regex` has is not available. Unlike in `regex`, there are no
possessive repetitions.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache, partial
from typing import NoReturn

import regex

from linter import patterns
from linter.analysis.results import cached_analysis
from linter.analysis.syntax_tree import NESTED, is_certainly_small, refusal
from linter.matching import SIMPLE_FOLDING
from linter.suggest import cut_text
from linter.vale.definition import BadOption

MAX_LENGTH = 200_000  # maximum code points of an expression; those of large vocabularies are long
_MAX_REPEAT = 65_535
_PLAIN = patterns.lazy(r"[^\\\[({)$*+?\s#]+")
_REPEAT = patterns.lazy(r"(?:[*+?]|\{(\d+)(?:,(\d*))?\})\??")
_GROUP = patterns.lazy(
    r"""\(\?(?: (?P<kind> : | = | ! | > | <= | <! ) | P?<(?P<name>\w+)> | '(?P<quoted>\w+)' | (?P<test>\(\w+\))
    | (?P<flags>[imnsx+-]*)(?P<end>[:)]) )""",
    re.VERBOSE,
)
_COMMENT = patterns.lazy(r"\(\?#[^)]*\)")
_REFERENCE = patterns.lazy(r"\\(?:(\d+)|k(?:<(\w+)>|'(\w+)'))")
_SET = patterns.lazy(r"\\(?:[wWdDsS]|[pP](?:\{\^?[\w-]+\}|[A-Z]))")
_HEX = patterns.lazy(r"\\(?:x\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))")
_OCTAL = patterns.lazy(r"\\([0-7]{1,3})")
_CONTROL = patterns.lazy(r"\\c([@-_a-z])")
_POSIX = patterns.lazy(r"\[:(\^?)(\w+):\]")
_POSIX_CLASSES = {"alnum": "0-9A-Za-z", "alpha": "A-Za-z", "ascii": r"\x00-\x7f", "blank": r"\t\x20"}
_POSIX_CLASSES |= {"cntrl": r"\x00-\x1f\x7f", "digit": r"\d", "graph": "!-~", "lower": "a-z", "print": r"\x20-~"}
_POSIX_CLASSES |= {"punct": r"!-/:-@\[-`\{-~", "space": r"\s", "upper": "A-Z", "word": r"0-9A-Za-z\_"}
_POSIX_CLASSES |= {"xdigit": "0-9A-Fa-f"}
_ESCAPES = {"a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_MAX_CODE = 0x10FFFF
_MAX_SHOWN = 20  # code points of an expression that a mistake quotes


@lru_cache(8192)  # many rules have the same exceptions; vocabularies have up to a few thousand terms
def expression(key: str, pattern: str) -> regex.Pattern[str]:
    """Return a Vale expression for the `regex` package, which is compiled on first use.

    Raises BadOption with `key`, the name of an option, if the expression is invalid, or if it could take too much time
    or memory.
    """
    translated(key, pattern)
    return patterns.made_lazily(partial(_compiled, pattern, int(regex.VERSION1)))


def ascii_expression(key: str, pattern: str) -> regex.Pattern[str]:
    r"""Return an expression like `expression`, but in the syntax of Go, where `\w` is limited to ASCII.

    The actions of rules have such expressions.
    """
    translated(key, pattern)
    return patterns.made_lazily(partial(_compiled, pattern, int(regex.VERSION1 | regex.ASCII)))


def _compiled(pattern: str, flags: int) -> regex.Pattern[str]:
    """Return a Vale expression for the `regex` package. If it is refused after all, the result matches nothing."""
    text, why = _analysis(pattern)
    with suppress(regex.error):
        if is_certainly_small(text):
            return regex.compile(text, flags)
    text, why = _translation(pattern)  # the cached translation may be forged
    return regex.compile("(?!)" if why else text, flags)


def translated(key: str, pattern: str) -> str:
    """Return a Vale expression in the syntax of the `regex` package, version 1.

    Raises BadOption like `expression`.
    """
    text, why = _analysis(pattern)
    if why:
        raise BadOption(key, why)
    return text


def problem(pattern: str) -> str:
    """Return why a Vale expression is refused (see `translated`), or "" if it is allowed."""
    return _analysis(pattern)[1]


@cached_analysis
def _analysis(pattern: str) -> tuple[str, str]:
    return _translation(pattern)


def _translation(pattern: str) -> tuple[str, str]:
    """Return the translation of an expression, and the reason why it is refused, or ""."""
    if len(pattern) > MAX_LENGTH:
        return "", f"the expression has {len(pattern):,} characters; {MAX_LENGTH:,} are allowed"
    try:
        text = _Translator(pattern).translate()
        why = refusal(text)
    except RecursionError:
        return "", f"the expression {NESTED}"
    except (regex.error, ValueError, OverflowError) as error:
        return "", f"this is not a regular expression: {getattr(error, 'msg', error)}"
    return text, f"the expression {why}" if why else ""


class _Translator:
    """Translates one expression. `out` are the translated parts so far, and `at` is the offset of the next part."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0
        self.out: list[str] = []
        self.flags = frozenset[str]()
        self.outer: list[frozenset[str]] = []  # the flags outside of each open group
        self.groups, self.names = 0, set[str]()
        self.references: list[str] = []

    def translate(self) -> str:
        """Return the translated expression. Raises ValueError with the reason if it is invalid."""
        while self.at < len(self.pattern):
            self._next()
        for name in self.references:
            if name not in self.names and not (name.isdigit() and 0 < int(name) <= self.groups):
                raise ValueError(f"there is no group {name}")
        return SIMPLE_FOLDING + "".join(self.out)

    def _next(self) -> None:
        """Translate the next part: plain text, an escape, a class, the start or end of a group, or a repetition."""
        if plain := _PLAIN.match(self.pattern, self.at):
            self._add(plain[0], plain.end())
            return
        char = self.pattern[self.at]
        if char == "\\":
            self._escape()
        elif char == "[":
            self.out.append(self._class())
        elif char == "(":
            self._open()
        elif char == ")":
            self.flags = self.outer.pop() if self.outer else self.flags
            self._add(")")
        elif char == "$":
            self._add("$" if "m" in self.flags else r"\Z")
        elif char in "*+?{":
            self._repeat()
        elif "x" in self.flags:
            line_end = self.pattern.find("\n", self.at) if char == "#" else self.at
            self.at = line_end + 1 if line_end >= 0 else len(self.pattern)
        else:
            self._add(char)

    def _add(self, text: str, end: int = 0) -> None:
        """Add translated text for the part that ends at the offset `end`, or for one character."""
        self.out.append(text)
        self.at = end or self.at + 1

    def _fail(self, why: str) -> NoReturn:
        raise ValueError(f"{why}, before “{cut_text(self.pattern[self.at : self.at + _MAX_SHOWN])}”")

    def _repeat(self) -> None:
        found = _REPEAT.match(self.pattern, self.at)
        if not found:
            self._add(r"\{")
            return
        if any(count and int(count) > _MAX_REPEAT for count in found.groups()):
            self._fail(f"a repetition has more than {_MAX_REPEAT:,} copies")
        self._add(found[0], found.end())
        if _REPEAT.match(self.pattern, self.at):
            self._fail("a repetition of a repetition")

    def _open(self) -> None:
        """Translate the start of a group, a comment, or flags such as `(?i)`."""
        if comment := _COMMENT.match(self.pattern, self.at):
            self.at = comment.end()
            return
        if not self.pattern.startswith("(?", self.at):
            self._start_group("(?:" if "n" in self.flags else "(", self.at + 1)
            self.groups += "n" not in self.flags
            return
        found = _GROUP.match(self.pattern, self.at)
        if not found:
            self._fail("an unknown kind of group")
        if name := found["name"] or found["quoted"]:
            if not name.isidentifier():
                self._fail(f"a group cannot have the name “{cut_text(name)}”")
            self.groups += name not in self.names
            self.names.add(name)
            self._start_group(f"(?P<{name}>", found.end())
        elif found["test"]:
            self.references.append(found["test"][1:-1])
            self._start_group(found[0], found.end())
        elif found["kind"]:
            self._start_group(found[0], found.end())
        else:
            self._set_flags(found)

    def _start_group(self, text: str, end: int) -> None:
        self.outer.append(self.flags)
        self._add(text, end)

    def _set_flags(self, found: re.Match[str]) -> None:
        """Apply flags such as `(?i-m)`, which hold until the end of the group, or `(?i-m:`, which start a group."""
        if found["end"] == ":":
            self.outer.append(self.flags)
        on, off, adding = self.flags, set[str](), True
        for flag in found["flags"]:
            if flag in "+-":
                adding = flag == "+"
            elif adding:
                on, off = on | {flag}, off - {flag}
            else:
                on, off = on - {flag}, off | {flag}
        set_on = "".join(flag for flag in "ims" if flag in on - self.flags)
        set_off = "".join(flag for flag in "ims" if flag in off & self.flags)
        self.flags = on
        changes = set_on + (f"-{set_off}" if set_off else "")
        self._add(f"(?{changes}{found['end']}" if changes or found["end"] == ":" else "", found.end())

    def _escape(self) -> None:
        char = self.pattern[self.at + 1 : self.at + 2]
        if char in "123456789k" and (found := _REFERENCE.match(self.pattern, self.at)):
            name = found[1] or found[2] or found[3]
            self.references.append(name)
            self._add(rf"\g<{name}>", found.end())
        elif char in "zZ" and char:
            self._add(r"\Z", self.at + 2)
        elif char in "bBAG" and char:
            self._add("\\" + char, self.at + 2)
        elif char == "Q":
            end = self.pattern.find(r"\E", self.at)
            quoted = self.pattern[self.at + 2 : end if end >= 0 else None]
            self._add("".join(map(_plain, quoted)), self.at + len(quoted) + (4 if end >= 0 else 2))
        else:
            self.out.append(self._set() or _plain(self._char()))

    def _set(self) -> str:
        r"""Return the translation of an escape for a set of characters, such as `\w` or `\p{Lu}`, or ""."""
        found = _SET.match(self.pattern, self.at)
        if not found:
            return ""
        self.at = found.end()
        return found[0]

    def _char(self) -> str:
        """Return the character that a character or an escape in the expression represents."""
        char = self.pattern[self.at]
        if char != "\\":
            self.at += 1
            return char
        if found := _HEX.match(self.pattern, self.at):
            code = int(found[1] or found[2] or found[3], 16)
        elif found := _OCTAL.match(self.pattern, self.at):
            code = int(found[1], 8) & 0xFF
        elif found := _CONTROL.match(self.pattern, self.at):
            code = ord(found[1].upper()) - 0x40
        else:
            char = self.pattern[self.at + 1 : self.at + 2]
            if not char or (char.isalnum() and char not in _ESCAPES):
                self._fail("an unknown escape")
            self.at += 2
            return _ESCAPES.get(char, char)
        if code > _MAX_CODE:
            self._fail("there is no character with this number")
        self.at = found.end()
        return chr(code)

    def _class(self) -> str:
        """Return the translation of a class, such as `[a-z-[aeiou]]`."""
        start = self.at
        negated = self.pattern.startswith("[^", start)
        self.at += 2 if negated else 1
        items: list[str] = []
        subtracted = ""
        while not items or not self.pattern.startswith("]", self.at):
            if self.at >= len(self.pattern) or subtracted:
                self.at = start
                self._fail("a class without “]” at its end")
            if items and self.pattern.startswith("-[", self.at):
                self.at += 1
                subtracted = self._class()
            else:
                items.append(self._class_item())
        self.at += 1
        text = f"[{'^' if negated else ''}{''.join(items)}]"
        return f"[{text}--{subtracted}]" if subtracted else text

    def _class_item(self) -> str:
        """Return the translation of a character, a range, or a set of characters in a class."""
        if posix := _POSIX.match(self.pattern, self.at):
            if posix[2] not in _POSIX_CLASSES:
                self._fail("an unknown character class")
            self.at = posix.end()
            return f"[{posix[1]}{_POSIX_CLASSES[posix[2]]}]"
        if in_set := self._set():
            return in_set
        low = self._char()
        after = self.pattern[self.at + 1 : self.at + 2]
        if not self.pattern.startswith("-", self.at) or not after or after in "[]":
            return _plain(low)
        self.at += 1
        if self._set():
            self._fail("a range that ends with a set of characters")
        return f"{_plain(low)}-{_plain(self._char())}"


def _plain(char: str) -> str:
    """Return an expression for one character."""
    if char <= " " or char == "\x7f":
        return f"\\x{ord(char):02x}"
    return char if char.isalnum() or char > "\x7f" else "\\" + char
