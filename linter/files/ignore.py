"""Match patterns of .gitignore files as git does, in time at most proportional to pattern length × path length.

The matcher of git (wildmatch.c) tries every way to divide a name among the stars of a pattern. Here, each pattern is
translated to a regular expression for `re`. The expression searches for the text between two stars only once, in an
atomic group that matches as early as possible, as in `fnmatch.translate`. A later match would only leave less text for
the rest of the pattern.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple

from linter import file_safety
from linter.patterns import lazy

NAME = ".gitignore"
LIMIT = 1_000_000  # maximum bytes of a file; the largest handwritten files have 100,000
_MARK = b"\xef\xbb\xbf"

_SEPARATOR = lazy(r"(?<!\\)(?:\\\\)*\\\w")  # a backslash before a letter, which needs no escape; probably meant as “/”
_SPECIAL = lazy(r"[*?\[\\]")
_PLAIN = lazy(r"([^*?\[\\]+)|\\(.)|\?", re.DOTALL)
_STARS = lazy(r"\*+")
# Expressions for gaps: for a star, for “**/”, and for “**” at the end of a pattern.
_STAR, _FOLDERS, _ANYTHING = "[^/]*", "(?:[^/]*+/)*", "(?s:.)*"
_END = r"(?:/|(?<!/)\Z)"  # of a path that may be that of a folder, which ends in “/”
_FOLDERS_KEPT = 1024  # folders whose matches are cached, since files are matched folder by folder
# The character classes of wildmatch.c, in ASCII.
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "\\x21-\\x7e",
    "lower": "a-z",
    "print": "\\x20-\\x7e",
    "punct": "\\x21-/:-@\\[-`{-~",
    "space": " \\t\\n\\r",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


@dataclass(frozen=True)
class Ignored:
    """The ignore patterns that apply in a folder.

    `levels` has one entry for each folder with a .gitignore, the outermost first: the path of the folder, with a
    trailing separator, and the patterns.
    """

    levels: tuple[tuple[str, GlobPatterns], ...] = ()

    def ignores(self, path: str, *, folder: bool) -> bool:
        """Whether the patterns ignore the absolute path `path`. Patterns in inner folders take precedence.

        `folder` is true if `path` is a folder. Patterns that match only a folder above `path` are not considered.
        """
        for base, patterns in reversed(self.levels):
            verdict = patterns.decide(_as_bytes(path[len(base) :].replace(os.sep, "/")), folder=folder)
            if verdict is not None:
                return verdict
        return False


@dataclass(eq=False)
class GitignoreReader:
    """Reads each .gitignore file once. `failures` collects the files that cannot be read, each with the error."""

    failures: list[tuple[str, OSError]] = field(default_factory=list)
    _known: dict[str, GlobPatterns | None] = field(default_factory=dict)

    def above(self, folder: str) -> Ignored:
        """Return the patterns of the .gitignore files above the absolute path `folder`.

        Outside a repository, no patterns apply. No patterns apply in an ignored folder either, since a user who names
        such a folder wants it checked.
        """
        parents = list(file_safety.parent_folders(folder))
        if not file_safety.is_repository_top(parents[-1]):
            return Ignored()
        ignored = self._down(parents[:0:-1])
        return Ignored() if ignored is None or ignored.ignores(folder, folder=True) else ignored

    def ignores(self, file: str) -> bool:
        """Whether git ignores `file` or a folder above it. `file` is an absolute path in a repository."""
        ignored = self._down([*file_safety.parent_folders(os.path.dirname(file))][::-1])
        return ignored is None or ignored.ignores(file, folder=False)

    def _down(self, folders: Iterable[str]) -> Ignored | None:
        """Return the patterns that apply in the last of `folders`, or None if one of the folders is ignored.

        Each folder contains the next.
        """
        ignored = Ignored()
        for folder in folders:
            if ignored.ignores(folder, folder=True):
                return None
            if os.path.lexists(os.path.join(folder, NAME)):
                ignored = self.within(ignored, folder)
        return ignored

    def within(self, ignored: Ignored, folder: str) -> Ignored:
        """Return the patterns for `folder`: those of its own .gitignore, and `ignored`, those of the folders above it.

        `folder` is an absolute path.
        """
        if folder not in self._known:
            self._known[folder] = self._read(os.path.join(folder, NAME))
        patterns = self._known[folder]
        return Ignored((*ignored.levels, (os.path.join(folder, ""), patterns))) if patterns else ignored

    def _read(self, file: str) -> GlobPatterns | None:
        """Return the patterns in a file, or None if no line may be a pattern or the file cannot be read.

        An error is added to `failures`.
        """
        try:
            lines = _lines(file_safety.read_regular_file(file, LIMIT, follow=False))  # like git
        except OSError as error:
            self.failures.append((file, error))
            return None
        return GlobPatterns(lines) if lines else None


def _lines(data: bytes) -> list[str]:
    """Return the lines of a .gitignore file that may be patterns, with one character for each byte of the file."""
    text = data.removeprefix(_MARK).decode("latin-1")
    lines = (line.removesuffix("\r").partition("\0")[0] for line in text.split("\n"))
    return [line for line in lines if line and not line.startswith("#")]


def _as_bytes(path: str) -> str:
    """Return a path with one character per byte, because git compares bytes."""
    return path if path.isascii() else os.fsencode(path).decode("latin-1")


@dataclass(frozen=True)
class Globs:
    """Patterns in a config for files inside `folder`, in the syntax of .gitignore.

    Examples are `drafts/`, `*.txt`, `/2019/**/notes.md` and `!kept.md`. A pattern matches at any depth unless it has a
    slash at its start or in its middle. Later patterns generally take precedence over earlier ones; for the exceptions,
    see `GlobPatterns.match`.
    """

    folder: str
    patterns: tuple[str, ...]

    @cached_property
    def _compiled(self) -> GlobPatterns:
        return GlobPatterns(self.patterns)

    @cached_property
    def _top(self) -> str:
        return os.path.normcase(os.path.join(self.folder, ""))

    def fit(self, path: str) -> bool:
        """Whether the patterns match the absolute path `path`, or a folder between `folder` and `path`.

        Outside of `folder`, nothing matches.
        """
        top = self._top
        return os.path.normcase(path[: len(top)]) == top and self._compiled.match(path[len(top) :].replace(os.sep, "/"))


class GlobPatterns:
    """The patterns of a .gitignore file or a config. Later patterns generally take precedence over earlier ones.

    The methods take relative POSIX paths.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        numbered = [(position, pattern) for position, line in enumerate(lines) if (pattern := _parsed(line))]
        # without “!”, and with it
        self._sides = [_Side([each for each in numbered if each[1].negated == negated]) for negated in (False, True)]
        self._above = lru_cache(_FOLDERS_KEPT)(self._match_above)

    def decide(self, path: str, *, folder: bool) -> bool | None:
        """Return whether git ignores `path` because of these patterns, or None if no pattern matches.

        `folder` is true if `path` is a folder. The caller must handle files inside an ignored folder, which git does
        not search.
        """
        ignored, kept = (side.last(path, folder=folder) for side in self._sides)
        return None if ignored == kept else ignored > kept

    def match(self, file: str) -> bool:
        """Whether the patterns match `file`, or a folder above it.

        A pattern for the file itself takes precedence over a later pattern with “!” for a folder above it. Unlike in
        git, a pattern with “!” for the file takes effect even if an earlier pattern matches a folder above it.
        """
        matched, kept = (side.last(file, folder=False) for side in self._sides)
        above, kept_above = self._above(file.rpartition("/")[0])
        return matched > kept if max(matched, kept) >= above else above > kept_above

    def _match_above(self, folder: str) -> tuple[int, ...]:
        """Return the positions of the last patterns without and with “!” that match `folder` or a folder above it.

        A position is -1 if no such pattern matches.
        """
        return tuple(side.last_above(folder) for side in self._sides) if folder else (-1, -1)


def glob_mistake(line: str) -> str:
    r"""Return a description of the mistake in a pattern, or "" if there is none.

    It is a mistake if a pattern cannot match anything, or if it has a backslash before a letter or digit, as in
    `drafts\old`, which git reads as `draftsold`.
    """
    pattern = _parsed(line)
    if pattern is None:
        return "" if line.startswith("#") else "it does not name a file"
    if _SPECIAL.search(pattern.text) and _translated(pattern.text) is None:
        return "“[” without “]”, an unknown class such as [:alpha:], or “\\” at the end"
    if _SEPARATOR.search(pattern.text):
        return "“\\” does not separate folders; write “/”"
    return "" if pattern.text else "it does not name a file"


class _GlobPattern(NamedTuple):
    """A pattern on a line of a .gitignore file.

    `text` is the pattern without a “!” or “/” at its start and without a “/” at its end. `negated` is true if the line
    begins with “!”. `folders` is true if the pattern matches only folders. `paths` is true if the pattern is compared
    with whole paths rather than names.
    """

    text: str
    negated: bool
    folders: bool
    paths: bool


def _parsed(line: str) -> _GlobPattern | None:
    """Return the pattern on a line, or None if the line does not contain a pattern."""
    if line.startswith("#"):
        return None
    line = _without_spaces(line)
    negated = line.startswith("!")
    text = line[1:] if negated else line
    folders = text.endswith("/")
    text = text[:-1] if folders else text
    return _GlobPattern(text.removeprefix("/"), negated, folders, "/" in text) if text else None


def _without_spaces(line: str) -> str:
    """Return a line without its trailing spaces, except a space that is escaped with a backslash."""
    bare = line.rstrip(" ")
    backslashes = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if backslashes % 2 and bare != line else bare


class _Side:
    """Either all patterns without “!”, or all patterns with “!”, each with its position among all lines."""

    def __init__(self, numbered: Sequence[tuple[int, _GlobPattern]]) -> None:
        self._names = _LastMatch([each for each in numbered if not each[1].paths])
        self._paths = _LastMatch([each for each in numbered if each[1].paths])

    def last(self, path: str, *, folder: bool) -> int:
        """Return the position of the last pattern that matches `path`, or -1. `folder` is true if it is a folder."""
        text = f"{path}/" if folder else path
        return max(self._names.whole(text[path.rfind("/") + 1 :]), self._paths.whole(text))

    def last_above(self, folder: str) -> int:
        """Return the position of the last pattern that matches a folder or one of its parents, or -1."""
        return max(self._paths.above(f"{folder}/"), *(self._names.whole(f"{name}/") for name in folder.split("/")))


class _LastMatch:
    """Finds the last of several patterns that matches a text. The path of a folder ends in “/”.

    Patterns without wildcards are in a table, by the text that they match; all others are parts of one expression.
    """

    def __init__(self, numbered: Sequence[tuple[int, _GlobPattern]]) -> None:
        self._exact: dict[str, int] = {}
        self._positions = [-1]
        parts: list[str] = []
        for position, one in numbered:
            if not _SPECIAL.search(one.text):
                self._exact |= {f"{one.text}/": position} | ({} if one.folders else {one.text: position})
            elif (text := _translated(one.text)) is not None:
                self._positions.insert(1, position)
                parts.insert(0, f"({text}{'/' if one.folders else _END})")
        self._expression = re.compile("|".join(parts) or "(?!)")

    def whole(self, text: str) -> int:
        """Return the position of the last pattern that matches `text`, or -1."""
        found = self._expression.fullmatch(text)
        return max(self._exact.get(text, -1), self._positions[(found and found.lastindex) or 0])

    def above(self, folder: str) -> int:
        """Return the position of the last pattern that matches a folder or one of its parents, or -1."""
        found = self._expression.match(folder)
        exact = (
            self._exact.get(parent, -1) for parent in accumulate(folder.split("/")[:-1], "{}{}/".format, initial="")
        )
        return max(self._positions[(found and found.lastindex) or 0], *exact)


def with_gaps(parts: Sequence[str], gap: str, *, last: bool = True) -> str:
    """Return a regular expression for `parts` with `gap` between them, without exponential backtracking.

    The parts are regular expressions, each of which must end with a slash or match only strings of one length. `gap` is
    a repetition, such as `[^/]*`. Set `last` to false if another expression that begins with a gap follows.
    """
    first, *others = parts
    end = f"{gap}{others.pop()}" if last and others else ""
    return first + "".join(f"(?>{gap}?{part})" for part in others) + end


class _Chunk(NamedTuple):
    """A section of a pattern, which is divided before each “**” that can match slashes.

    `gap` is the expression for the “**” at the start of the section, or "" in the first section. `parts` has a list of
    expressions for each part of the section between single stars.
    """

    gap: str
    parts: list[list[str]]


def _translated(pattern: str) -> str | None:
    """Return a regular expression for a pattern, or None if git rejects it."""
    chunks = [_Chunk("", [[]])]
    at = 0
    literal = _SPECIAL.search(pattern)
    start = literal.start() if literal else len(pattern)  # git compares the text before this offset separately
    while at < len(pattern):
        if run := _STARS.match(pattern, at):
            begins = at == start or pattern[at - 1] == "/"
            at = run.end()
            deep = begins and len(run[0]) > 1 and (at == len(pattern) or pattern.startswith(("/", "\\/"), at))
            if not deep:
                chunks[-1].parts.append([])
                continue
            if chunks[-1].gap and chunks[-1].parts == [[]]:  # “**/**/” is the same as “**/”
                chunks.pop()
            folders = pattern.startswith("/", at)
            chunks.append(_Chunk(_FOLDERS if folders else _ANYTHING, [[]]))
            at += folders
            continue
        if plain := _PLAIN.match(pattern, at):
            text = plain[1] or plain[2] or ""
            piece, at = re.escape(text) or "[^/]", plain.end()
        elif pattern[at] == "[" and (found := _class(pattern, at)):
            piece, at = found
        else:
            return None
        chunks[-1].parts[-1].append(piece)
    return _joined(chunks)


def _joined(chunks: list[_Chunk]) -> str:
    """Return the expression for all chunks."""
    made = []  # each chunk except the last is matched as early as possible
    for chunk in chunks:
        last = chunk is chunks[-1]
        text = with_gaps(["".join(part) for part in chunk.parts], _STAR, last=last)
        made.append(f"(?>{chunk.gap}?{text})" if chunk.gap and not last else chunk.gap + text)
    return "".join(made)


def _class(pattern: str, at: int) -> tuple[str, int] | None:
    """Return an expression for the character class at the offset `at`, and the offset after the class.

    Return None if git rejects the class.
    """
    items: dict[str, None] = {}
    at += 1
    negated = pattern.startswith(("!", "^"), at)
    at += negated
    previous, close, first = "", -1, True
    while first or not pattern.startswith("]", at):
        first = False
        char = pattern[at : at + 1]
        if char == "[" and pattern.startswith(":", at + 1):
            close = close if close >= at + 2 else pattern.find("]", at + 2)
            if close < 0:
                return None
            if close > at + 2 and pattern[close - 1] == ":":
                if (name := pattern[at + 2 : close - 1]) not in _CLASSES:
                    return None
                items[_CLASSES[name]] = None
                previous, at = "", close + 1
                continue
        is_range = char == "-" and previous and pattern[at + 1 : at + 2] not in ("", "]")
        at += bool(is_range)
        at += pattern.startswith("\\", at)
        char = pattern[at : at + 1]
        if not char:
            return None
        if not is_range:
            items[re.escape(char)] = None
        elif previous <= char:
            items[f"{re.escape(previous)}-{re.escape(char)}"] = None
        previous, at = "" if is_range else char, at + 1
    text = "".join(items)
    return (f"[^/{text}]" if negated else f"(?!/)[{text}]"), at + 1
