"""Read a `.vale.ini`: sections with keys and values, each with its position.

The syntax is that of the Go library `ini` with the options that Vale sets (AllowShadows, SpaceBeforeInlineComment):
keys may precede the first section, a repeated key adds a value, and sections with the same name are one section.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from linter import patterns
from linter.config.yaml_file import File
from linter.suggest import cut_text

LIMIT = 1_000_000  # code points of a file
TOP = "DEFAULT"  # the name of the section with the keys before the first section
_COMMENTS = ("#", ";")
_DELIMITER = patterns.lazy("[=:]")
_QUOTES = ('"""', "`")  # around values that may have several lines


class Piece(NamedTuple):
    """The part of a value that is on one line. It begins at the offset `start`, and at a 1-based line and column."""

    start: int
    line: int
    column: int


@dataclass(frozen=True, eq=False)
class Value:
    """A value, and the file that contains it. `pieces` has at least one piece; its parts are on different lines."""

    text: str
    file: File
    pieces: tuple[Piece, ...]

    def mistake(self, problem: str, offset: int = 0) -> None:
        """Note a mistake at the position of `text[offset:]`."""
        self.file.mistake(*self.place(offset), problem)

    def place(self, offset: int = 0) -> tuple[int, int]:
        """Return the 1-based line and column of `text[offset:]`."""
        piece = next(piece for piece in reversed(self.pieces) if piece.start <= max(offset, self.pieces[0].start))
        return piece.line, piece.column + offset - piece.start

    def items(self) -> Iterator[tuple[str, int]]:
        """Yield the nonempty parts between commas, without white space around them, each with its offset."""
        start = 0
        for part in self.text.split(","):
            if bare := part.strip():
                yield bare, start + len(part) - len(part.lstrip())
            start += len(part) + 1


@dataclass(frozen=True, eq=False)
class Key:
    """A key of a section, its first position, and its values in order, without repeated ones."""

    name: str
    file: File
    line: int
    column: int
    values: dict[str, Value] = field(default_factory=dict)

    @property
    def first(self) -> Value:
        return next(iter(self.values.values()))

    def mistake(self, problem: str) -> None:
        """Note a mistake at the position of the key."""
        self.file.mistake(self.line, self.column, problem)


@dataclass(frozen=True, eq=False)
class Section:
    """A section, its first position, and its keys by name, in order."""

    name: str
    file: File
    line: int
    column: int
    keys: dict[str, Key] = field(default_factory=dict)

    def add(self, key: Key, value: Value) -> None:
        self.keys.setdefault(key.name, key).values.setdefault(value.text, value)


Sections = Mapping[str, Section]


def parse(text: str, file: File) -> dict[str, Section]:
    r"""Return the sections in `text`, whose line ends are `\n`, by name and in order. The first one is TOP.

    Mistakes are noted in `file`; the lines with mistakes are skipped.
    """
    return _Parser(text, file).parse()


def merge(files: Iterable[Sections]) -> dict[str, Section]:
    """Return the sections of several files as if they were in one file."""
    merged: dict[str, Section] = {}
    for sections in files:
        for name, section in sections.items():
            own = merged.setdefault(name, Section(name, section.file, section.line, section.column))
            for key in section.keys.values():
                for value in key.values.values():
                    own.add(Key(key.name, key.file, key.line, key.column), value)
    return merged


class _Parser:
    def __init__(self, text: str, file: File) -> None:
        self.lines = text.split("\n")
        self.at = 0  # index of the next line
        self.file = file

    def parse(self) -> dict[str, Section]:
        section = Section(TOP, self.file, 1, 1)
        sections = {TOP: section}
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            bare = line.strip()
            indent = len(line) - len(line.lstrip())
            if not bare or bare.startswith(_COMMENTS):
                continue
            if not bare.startswith("["):
                self._key(section, line.rstrip(), indent)
            elif name := self._section_name(bare, indent + 1):
                section = sections.setdefault(name, Section(name, self.file, self.at, indent + 2))
        return sections

    def _section_name(self, line: str, column: int) -> str:
        """Return the name of the section that a line begins, or "" if there is a mistake."""
        name, close, _ = line[1:].rpartition("]")
        if not close:
            self.file.mistake(self.at, column, f"“{cut_text(line)}” has no “]”")
        elif not name:
            self.file.mistake(self.at, column, "this section has no name; write a glob such as [*.md]")
        return name

    def _key(self, section: Section, line: str, indent: int) -> None:
        """Read the key on a line that begins at the offset `indent`, and its value, which may continue below."""
        number = self.at
        quote = next((quote for quote in ('"""', '"', "`") if line.startswith(quote, indent)), "")
        start = indent + len(quote)
        end = line.find(quote, start) if quote else start
        delimiter = _DELIMITER.search(line, end + len(quote)) if end >= 0 else None
        if delimiter is None:
            self.file.mistake(number, indent + 1, f"“{cut_text(line)}” is neither a section nor “key = value”")
            return
        name = line[start : end if quote else delimiter.start()].strip()
        value = self._value(line, delimiter.end())
        if not name:
            self.file.mistake(number, indent + 1, "there is no key before “=” or “:”")
        elif value:
            section.add(Key(name, self.file, number, indent + 1), value)

    def _value(self, line: str, start: int) -> Value | None:
        """Read the value that begins at the offset `start` in the line before `self.at`, or note a mistake."""
        start += len(line[start:]) - len(line[start:].lstrip())
        bare = line[start:]
        if quote := next((quote for quote in _QUOTES if bare.startswith(quote) and bare != quote), ""):
            return self._quoted(line, start + len(quote), quote)
        if bare.endswith("\\"):
            return self._continued(bare[:-1], Piece(0, self.at, start + 1))
        cut = next((at for at in (bare.find(" #"), bare.find(" ;")) if at >= 0), len(bare))
        bare = bare[:cut].rstrip()
        if len(bare) > 1 and bare[0] in "'\"" and bare.find(bare[0], 1) == len(bare) - 1:
            bare, start = bare[1:-1], start + 1
        return Value(bare, self.file, (Piece(0, self.at, start + 1),))

    def _continued(self, text: str, first: Piece) -> Value:
        r"""Return a value whose first line, without its `\`, is `text`. Comments in it are part of the value."""
        parts, pieces, length, more = [text], [first], len(text), True
        while more and self.at < len(self.lines) and (bare := self.lines[self.at].strip()):
            line = self.lines[self.at]
            self.at += 1
            pieces.append(Piece(length, self.at, len(line) - len(line.lstrip()) + 1))
            more = bare.endswith("\\")
            parts.append(bare[:-1] if more else bare)
            length += len(parts[-1])
        return Value("".join(parts), self.file, tuple(pieces))

    def _quoted(self, line: str, start: int, quote: str) -> Value | None:
        """Return the value after an opening quote, up to the last closing quote on the first line that has one."""
        number, opened = self.at, start + 1
        parts, pieces, length = [], [Piece(0, self.at, opened)], 0
        while True:
            end = line.rfind(quote, start)
            if end >= 0:
                parts.append(line[start:end])
                return Value("".join(parts), self.file, tuple(pieces))
            parts.append(f"{line[start:]}\n")
            length += len(parts[-1])
            if self.at == len(self.lines):
                self.file.mistake(number, opened - len(quote), f"this value has no closing {quote}")
                return None
            line, start = self.lines[self.at], 0
            self.at += 1
            pieces.append(Piece(length, self.at, 1))
