"""Read YAML files within limits, convert their values to Python types, and note mistakes with their positions."""

from __future__ import annotations

import codecs
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from encodings.aliases import aliases
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from linter import file_safety
from linter.patterns import lazy
from linter.suggest import as_list, cut_text, did_you_mean, shortened

if TYPE_CHECKING:
    from yaml import Node

LIMIT = 8_000_000  # bytes of a config or rule file
TAG = "tag:yaml.org,2002:"
_TYPE_NAMES = {
    "str": "text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "null": "empty",
    "timestamp": "a date",
    "merge": "“<<”, which is not supported",
    "seq": "a list",
    "map": "keys with values",
}
_NODES = {"seq": "SequenceNode", "map": "MappingNode"}  # node classes by tag; all others are ScalarNode
_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})
MISTAKES = 100  # maximum mistakes to report for one file
LARGEST = 1_000_000_000  # largest absolute value of a number
_PLACE = lazy(r":(\d+):(\d+): ")  # after the path, in a message
_NOT_FOR_FILES = frozenset({"raw-unicode-escape", "unicode-escape"})  # codecs that produce lone surrogates


class Limits(NamedTuple):
    """Limits for one file.

    `values` limits the number of values in the file, including lists, mappings and, in YAML, keys. `entries` limits the
    number of entries in each list or mapping, and `length` the number of code points in each scalar.
    """

    values: int
    entries: int
    length: int


DEFAULT_LIMITS = Limits(1_000_000, 1_000_000, 1_000_000)  # about 300 MB of memory while the file is read


def load(path: Path, file: File, limits: Limits = DEFAULT_LIMITS, text: str | None = None) -> Value | None:
    """Return the content of the file at `path`. If `text` is given, it is used as the text of the file.

    If the file cannot be read, is not YAML or exceeds a limit, note a mistake in `file` and return None.
    """
    text = read(path, file, text=text)
    return None if text is None else parse(text, file, limits)


def read(path: Path, file: File, limit: int = LIMIT, text: str | None = None) -> str | None:
    r"""Return the text of a file as `read_unchanged` does, but with `\n` as line ends."""
    text = read_unchanged(path, file, limit, text)
    return None if text is None else unified_lines(text)


def read_unchanged(path: Path, file: File, limit: int = LIMIT, text: str | None = None) -> str | None:
    """Return the text of a regular UTF-8 file of at most `limit` bytes, without a byte-order mark.

    If `text` is given, it is used as the text of the file, and the file is not opened. If there is no such file, or it
    cannot be read, note a mistake in `file` and return None.
    """
    if text is not None:
        if len(text) <= limit:
            return text
        file.failure(f"this file cannot be read: it is longer than {limit:,} characters")
        return None
    try:
        return file_safety.read_regular_file(path, limit).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8-sig", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        file.mistake(line, column, "this is not UTF-8; save the file as UTF-8")
    except OSError as error:
        file.failure(f"this file cannot be read: {error.strerror}")
    return None


def unified_lines(text: str) -> str:
    r"""Return `text` with `\n` in place of the line ends `\r\n` and `\r`."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def shown_path(path: Path) -> str:
    """Return a path in the form for messages: POSIX, and relative to the working folder if it is inside that folder.

    If the working folder is the top of the file system, the path is absolute.
    """
    full, here = Path(os.path.abspath(path)), Path.cwd()
    is_inside = full.is_relative_to(here) and here != here.parent
    return (full.relative_to(here) if is_inside else full).as_posix()


def parse(text: str, file: File, limits: Limits = DEFAULT_LIMITS) -> Value | None:
    """Return the content of YAML text. The content of empty text is an empty mapping.

    If the text is not YAML or exceeds a limit, note a mistake in `file` and return None.
    """
    from linter.config import yaml_nodes  # which imports PyYAML

    try:
        return Value(file, yaml_nodes.compose(text, *limits), "the file")
    except yaml_nodes.BadSyntax as bad:
        file.mistake(bad.line, bad.column, bad.problem)
    return None


@dataclass(eq=False)
class File:
    """A file that is being read: its path in messages, and the messages about its mistakes so far."""

    path: str
    noted: int = 0  # number of mistakes, including repeated mistakes and those beyond the maximum
    _mistakes: dict[str, None] = field(default_factory=dict)

    @property
    def mistakes(self) -> list[str]:
        """The messages about mistakes, in the order in which the mistakes were noted, without duplicates.

        If there are more than MISTAKES, only the first MISTAKES are included, and a last message says so.
        """
        return list(self._mistakes)

    def parts_of(self, mistake: str) -> tuple[int, int, str] | None:
        """Return the 1-based line and column, and the problem, of a message about a mistake in this file.

        The result is None for a message without a position, or about another file.
        """
        place = _PLACE.match(mistake.removeprefix(self.path)) if mistake.startswith(self.path) else None
        return (int(place[1]), int(place[2]), mistake[len(self.path) + place.end() :]) if place else None

    @property
    def is_full(self) -> bool:
        """Whether more than MISTAKES mistakes were noted, so that further mistakes are not reported."""
        return len(self._mistakes) > MISTAKES

    def mistake(self, line: int, column: int, problem: str) -> None:
        """Note a mistake at a 1-based line and column. If `problem` is long, quoted values in it are shortened."""
        self._note(f"{line}:{column}: {shortened(problem)}")

    def failure(self, problem: str) -> None:
        """Note a problem without a position: the reason why the file cannot be read."""
        self._note(f" {shortened(problem)}")

    def _note(self, mistake: str) -> None:
        self.noted += 1
        if len(self._mistakes) < MISTAKES:
            self._mistakes[f"{self.path}:{mistake}"] = None
        elif not self.is_full and f"{self.path}:{mistake}" not in self._mistakes:
            self._mistakes[f"{self.path}: there are more than {MISTAKES} mistakes; correct those above first"] = None


@dataclass(eq=False, slots=True)
class Value:
    """A value in a YAML file or in a pyproject.toml.

    Methods such as `number` convert the value. If the value has the wrong type, they note a mistake in `file` and
    return a default, such as 0 or an empty list. `name` is the name of the value in messages.
    """

    file: File
    node: Node
    name: str

    @property
    def line(self) -> int:
        """The 1-based line on which the value begins."""
        return int(self.node.start_mark.line) + 1

    @property
    def last_line(self) -> int:
        """The 1-based line on which the last scalar in the value ends, or the value itself ends if it has no scalar."""
        node = self.node
        while not isinstance(node.value, str) and node.value:
            node = node.value[-1][1] if isinstance(node.value[-1], tuple) else node.value[-1]
        ends_line = getattr(node, "style", None) in ("|", ">") and node.end_mark.column == 0
        return int(node.end_mark.line) + (not ends_line)

    @property
    def flow(self) -> bool:
        """Whether the value is a YAML list or mapping in brackets or braces, or a TOML array."""
        return bool(getattr(self.node, "flow_style", False))

    @property
    def place(self) -> str:
        """The position of the value, as `file:line:column`."""
        return f"{self.file.path}:{self.line}:{self.node.start_mark.column + 1}"

    @property
    def type(self) -> str:
        """The type: "str", "int", "float", "bool", "null", "timestamp", "seq" or "map".

        For a value of an unsupported type, the result is its tag. A type is also unsupported if the tag does not match
        the node, as in `!!seq text` and `!!str [a]`.
        """
        name = str(self.node.tag).removeprefix(TAG)
        return name if type(self.node).__name__ == _NODES.get(name, "ScalarNode") else str(self.node.tag)

    @property
    def plain(self) -> str:
        """The text of a scalar of any type, such as “0x1f” or “yes”, without quotation marks.

        For a list or mapping, the result is "".
        """
        return self.node.value if isinstance(self.node.value, str) else ""

    def mistake(self, problem: str) -> None:
        """Note a mistake at the position of the value."""
        self.file.mistake(self.line, self.node.start_mark.column + 1, problem)

    def text(self, default: str = "") -> str:
        """Return the value if it is text. Otherwise, note a mistake and return `default`."""
        if self.type == "str":
            return str(self.node.value)
        self._wrong_type("text", f"; put it in quotation marks: '{cut_text(self.plain)}'" if self.plain else "")
        return default

    def flag(self, default: bool = False) -> bool:
        """Return the value if it is a bool. Otherwise, note a mistake and return `default`."""
        if self.type == "bool" and self.plain.lower() in _TRUE | _FALSE:
            return self.plain.lower() in _TRUE
        self._wrong_type("true or false")
        return default

    def number(self, default: float = 0) -> float:
        """Return the value if it is a decimal number from -LARGEST to LARGEST.

        Otherwise, note a mistake and return `default`.
        """
        if self.type not in ("int", "float"):
            self._wrong_type("a number")
            return default
        try:
            number = float(self.plain)
        except ValueError:  # 0x1f, 1:30, .nan, .inf
            self.mistake(f"“{self.name}” must be a plain decimal number, not “{cut_text(self.plain)}”")
            return default
        if not -LARGEST <= number <= LARGEST:  # “!!float nan” is not in that range either
            self.mistake(f"“{self.name}” must be from {-LARGEST:,} to {LARGEST:,}, not “{cut_text(self.plain)}”")
            return default
        return number

    def whole(self, default: int = 0) -> int:
        """Return the value if it is an integer from -LARGEST to LARGEST.

        Otherwise, note a mistake and return `default`.
        """
        noted = self.file.noted
        number = self.number(default)
        if self.file.noted > noted:
            return default
        if self.type == "float":
            self._wrong_type("a whole number")
            return default
        return int(number)

    def choice(self, options: Collection[str], default: str = "") -> str:
        """Return the value if it is one of `options`. Otherwise, note a mistake and return `default`."""
        if self.plain in options:  # “off” is a bool in YAML
            return self.plain
        if self.plain:
            advice = self.suggestion(self.plain, options)
            self.mistake(f"“{self.name}” must be {as_list(options)}, not “{cut_text(self.plain)}”{advice}")
        else:
            self._wrong_type(as_list(options))
        return default

    def encoding(self) -> str:
        """Return the value, which should be "" or the name of a Python codec for text files.

        Anything else is noted as a mistake.
        """
        name = self.text()
        try:
            b"\xff".decode(name or "utf-8", "replace")
        except (LookupError, UnicodeError, ValueError):
            names = {alias.replace("_", "-") for pair in aliases.items() for alias in pair}
            self.mistake(f"“{cut_text(name)}” is not a known encoding{self.suggestion(name.replace('_', '-'), names)}")
            return name
        if name and codecs.lookup(name).name.replace("_", "-") in _NOT_FOR_FILES:
            self.mistake(f"“{cut_text(name)}” is not an encoding for files; use “utf-8” or the encoding of your files")
        return name

    def texts(self) -> tuple[str, ...]:
        """Return the strings in a list as a tuple, or a single string as a tuple of one.

        Blank strings, and values that are not strings, are noted as mistakes.
        """
        if self.type in ("map", "null"):
            self._wrong_type("a list of texts")
            return ()
        texts = []
        for item in self.items():
            text = item.text()
            texts.append(text)
            if item.type == "str" and not text.strip():
                item.mistake(f"“{self.name}” contains an empty text")
        return tuple(texts)

    def nonempty_texts(self) -> tuple[str, ...]:
        """Return the result of `texts`. An empty list is also noted as a mistake."""
        texts = self.texts()
        if not texts and self.type == "seq":
            self.mistake(f"“{self.name}” is empty")
        return texts

    def items(self) -> list[Value]:
        """Return the entries of a list. If the value is not a list, return a list that contains only the value."""
        if self.type != "seq":
            return [self]
        return [Value(self.file, node, self.name) for node in self.node.value]

    def pairs(self) -> list[tuple[Value, Value]]:
        """Return the keys of a mapping with their values, in order.

        A repeated key is a mistake; only its first value is returned. A key that is empty or not text is also a
        mistake, and is left out. If the value is not a mapping, note a mistake and return [].
        """
        if self.type != "map":
            self._wrong_type("keys with values")
            return []
        pairs: dict[str, tuple[Value, Value]] = {}
        for key_node, node in self.node.value:
            key = Value(self.file, key_node, "the key")
            name = key.text()
            if name in pairs:
                key.mistake(f"“{cut_text(name)}” is repeated; it is also on line {pairs[name][0].line}")
            elif name:
                pairs[name] = key, Value(self.file, node, cut_text(name))
            elif key.type == "str":
                key.mistake("this key has no name")
        return list(pairs.values())

    def get(self, name: str) -> Value | None:
        """Return the value under the key `name`, or None if there is no such key. Other keys are not checked."""
        if self.type == "map":
            for key, node in self.node.value:
                if key.value == name:
                    return Value(self.file, node, name)
        return None

    def mapping(self) -> dict[str, str]:
        """Return the value as a mapping from strings to strings.

        Keys and values of other types are noted as mistakes.
        """
        return {key.text(): value.text() for key, value in self.pairs()}

    def fields(self, known: Collection[str]) -> dict[str, Value]:
        """Return all values of a mapping by key. A key that is not in `known` is a mistake."""
        fields = {}
        for key, value in self.pairs():
            name = str(key.node.value)
            fields[name] = value
            if name not in known:
                key.mistake(f"unknown key “{cut_text(name)}”{self.suggestion(name, known)}")
        return fields

    def suggestion(self, word: str, options: Iterable[str]) -> str:
        """Return `; did you mean “…”?` for an unknown word, or "" if none of `options` is similar.

        The result is also "" if further mistakes are not reported (see `File.is_full`), because finding a suggestion
        takes time.
        """
        return "" if self.file.is_full else did_you_mean(word, options)

    def _wrong_type(self, expected: str, advice: str = "") -> None:
        found = _TYPE_NAMES.get(self.type, f"“{self.node.tag}”")
        self.mistake(f"“{cut_text(self.name)}” must be {expected}, but it is {found}{advice}")
