"""The values in a YAML file, asked for by type; every mistake is noted with its place."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linter.loading.wording import cut, listed, meant, shortened

if TYPE_CHECKING:
    from yaml import Node

TAG = "tag:yaml.org,2002:"
_SHOWN = {
    "str": "text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
    "timestamp": "a date",
    "merge": "“<<”, which is not supported,",
    "seq": "a list",
    "map": "keys with values",
}
_NODES = {"seq": "SequenceNode", "map": "MappingNode"}  # what a tag belongs to; all others, to a ScalarNode
_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})
MISTAKES = 100  # of one file that are reported
LARGEST = 1_000_000_000  # number that a key may hold, either side of zero
_NO_DOCUMENTS = frozenset({"raw-unicode-escape", "unicode-escape"})  # codecs that make lone surrogates


@dataclass(eq=False)
class File:
    """The file that is read: its name in mistakes, and the mistakes so far, as `file:line:column: problem`."""

    path: str
    noted: int = 0  # how often a mistake was noted, repeated ones and those above the limit included
    _mistakes: dict[str, None] = field(default_factory=dict)

    @property
    def mistakes(self) -> list[str]:
        """The mistakes in the order in which they were met, each once, at most MISTAKES and a line that says so."""
        return list(self._mistakes)

    @property
    def is_full(self) -> bool:
        """Whether more mistakes would not be reported."""
        return len(self._mistakes) > MISTAKES

    def mistake(self, line: int, column: int, problem: str) -> None:
        """Note a mistake at a 1-based place. Long values that `problem` quotes are shortened."""
        self._note(f"{line}:{column}: {shortened(problem)}")

    def failure(self, problem: str) -> None:
        """Note that nothing can be read from the file."""
        self._note(f" {shortened(problem)}")

    def _note(self, mistake: str) -> None:
        self.noted += 1
        if len(self._mistakes) < MISTAKES:
            self._mistakes[f"{self.path}:{mistake}"] = None
        elif not self.is_full and f"{self.path}:{mistake}" not in self._mistakes:
            self._mistakes[f"{self.path}: there are more than {MISTAKES} mistakes; correct those above first"] = None


@dataclass(slots=True, eq=False)
class Value:
    """A value in the file. What asks for it as the wrong type gets the default, and a mistake is noted.

    `name` is what a mistake calls it.
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
        """The 1-based line on which the last text in it ends."""
        node = self.node
        while not isinstance(node.value, str) and node.value:
            node = node.value[-1][1] if isinstance(node.value[-1], tuple) else node.value[-1]
        ends_line = getattr(node, "style", None) in ("|", ">") and node.end_mark.column == 0
        return int(node.end_mark.line) + (not ends_line)

    @property
    def flow(self) -> bool:
        """Whether it is a list or keys with values in brackets."""
        return bool(getattr(self.node, "flow_style", False))

    @property
    def place(self) -> str:
        """`file:line:column` of its first character."""
        return f"{self.file.path}:{self.line}:{self.node.start_mark.column + 1}"

    @property
    def type(self) -> str:
        """str, int, float, bool, null, timestamp, seq or map; or the name of a type that nothing here has.

        A tag that does not belong to its node, such as `!!seq text` or `!!str [a]`, is such a type.
        """
        name = str(self.node.tag).removeprefix(TAG)
        return name if type(self.node).__name__ == _NODES.get(name, "ScalarNode") else str(self.node.tag)

    @property
    def plain(self) -> str:
        """The value as it is written, whatever its type; "" for lists and keys with values."""
        return self.node.value if isinstance(self.node.value, str) else ""

    def mistake(self, problem: str) -> None:
        """Note a mistake that stands where the value does."""
        self.file.mistake(self.line, self.node.start_mark.column + 1, problem)

    def text(self, default: str = "") -> str:
        """The value as text."""
        if self.type == "str":
            return str(self.node.value)
        self._wrong("text", f"; put it between quotation marks: '{cut(self.plain)}'" if self.plain else "")
        return default

    def flag(self, default: bool = False) -> bool:
        """The value as true or false."""
        if self.type == "bool" and self.plain.lower() in _TRUE | _FALSE:
            return self.plain.lower() in _TRUE
        self._wrong("true or false")
        return default

    def number(self, default: float = 0) -> float:
        """The value as a finite number, from -LARGEST to LARGEST."""
        if self.type not in ("int", "float"):
            self._wrong("a number")
            return default
        try:
            number = float(self.plain)
        except ValueError:  # 0x1f, 1:30, .nan, .inf
            self.mistake(f"“{self.name}” must be a plain decimal number, not “{cut(self.plain)}”")
            return default
        if not -LARGEST <= number <= LARGEST:  # nor is “!!float nan” in that range
            self.mistake(f"“{self.name}” must be from {-LARGEST:,} to {LARGEST:,}, not “{cut(self.plain)}”")
            return default
        return number

    def whole(self, default: int = 0) -> int:
        """The value as a whole number."""
        noted = self.file.noted
        number = self.number(default)
        if self.file.noted > noted:
            return default
        if self.type == "float":
            self._wrong("a whole number")
            return default
        return int(number)

    def choice(self, options: Collection[str], default: str = "") -> str:
        """The value as one of `options`."""
        if self.plain in options:  # off is a bool, to YAML
            return self.plain
        if self.plain:
            advice = self.meant(self.plain, options)
            self.mistake(f"“{self.name}” must be {listed(options)}, not “{cut(self.plain)}”{advice}")
        else:
            self._wrong(listed(options))
        return default

    def encoding(self) -> str:
        """The value as the name of an encoding that Python can read articles in."""
        name = self.text()
        try:
            b"\xff".decode(name or "utf-8", "replace")
        except (LookupError, UnicodeError, ValueError):
            from encodings.aliases import aliases

            names = {alias.replace("_", "-") for pair in aliases.items() for alias in pair}
            self.mistake(f"“{cut(name)}” is no encoding{self.meant(name.replace('_', '-'), names)}")
            return name
        import codecs

        if name and codecs.lookup(name).name.replace("_", "-") in _NO_DOCUMENTS:
            self.mistake(f"“{cut(name)}” is not an encoding for documents; use “utf-8” or the one the files are in")
        return name

    def texts(self) -> tuple[str, ...]:
        """The value as a list of texts, none of them blank; a single text is a list of one."""
        if self.type in ("map", "null"):
            self._wrong("a list of texts")
            return ()
        texts = []
        for item in self.items():
            text = item.text()
            texts.append(text)
            if item.type == "str" and not text.strip():
                item.mistake(f"“{self.name}” holds an empty text")
        return tuple(texts)

    def filled(self) -> tuple[str, ...]:
        """The value as a list of texts, and at least one."""
        texts = self.texts()
        if not texts and self.type == "seq":
            self.mistake(f"“{self.name}” is empty")
        return texts

    def items(self) -> list[Value]:
        """What the value lists; a single value is a list of one."""
        if self.type != "seq":
            return [self]
        return [Value(self.file, node, self.name) for node in self.node.value]

    def pairs(self) -> list[tuple[Value, Value]]:
        """The keys of the value, each with its value, in order; a key that stands twice is a mistake."""
        if self.type != "map":
            self._wrong("keys with values")
            return []
        pairs: dict[str, tuple[Value, Value]] = {}
        for key_node, node in self.node.value:
            key = Value(self.file, key_node, "the key")
            name = key.text()
            if name in pairs:
                key.mistake(f"“{cut(name)}” stands here a second time; it is also on line {pairs[name][0].line}")
            elif name:
                pairs[name] = key, Value(self.file, node, cut(name))
            elif key.type == "str":
                key.mistake("a key without a name")
        return list(pairs.values())

    def get(self, name: str) -> Value | None:
        """The value under one key, without a look at the others."""
        if self.type == "map":
            for key, node in self.node.value:
                if key.value == name:
                    return Value(self.file, node, name)
        return None

    def mapping(self) -> dict[str, str]:
        """The value as texts under keys."""
        return {key.text(): value.text() for key, value in self.pairs()}

    def fields(self, known: Collection[str]) -> dict[str, Value]:
        """The values under the keys of the value; a key that is not `known` is a mistake."""
        fields = {}
        for key, value in self.pairs():
            name = str(key.node.value)
            fields[name] = value
            if name not in known:
                key.mistake(f"unknown key “{cut(name)}”{self.meant(name, known)}")
        return fields

    def meant(self, word: str, options: Iterable[str]) -> str:
        """What was likely meant; nothing once no more mistakes are reported, since the search takes a while."""
        return "" if self.file.is_full else meant(word, options)

    def _wrong(self, expected: str, advice: str = "") -> None:
        found = _SHOWN.get(self.type, f"“{self.node.tag}”")
        self.mistake(f"“{cut(self.name)}” must be {expected}, but here stands {found}{advice}")
