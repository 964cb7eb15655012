"""Mistakes in configs and rule files that are open in an editor, and failures of the examples of a rule."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from linter import examples, patterns
from linter.config import load, packs, rule_file, select, yaml_file
from linter.config.config import BadConfig
from linter.config.yaml_file import File, Value
from linter.rule import BadRule, Rule
from linter.source import BYTE_ORDER_MARK, SURROGATE, Source

if TYPE_CHECKING:
    from yaml import Node

Position = tuple[int, int]  # 1-based line and column

_YAML_SUFFIXES = (".yaml", ".yml", "")
_RULE_KEYS = frozenset({"id", "check", "message"})
_TOP_KEY = patterns.lazy(r"""(?m)^(["']?)(id|check|message)\1[ \t]*+:(?=\s|\Z)""")
_BLOCK_STYLES = ("|", ">")


class Mistake(NamedTuple):
    """A problem in `text[start:end]` of an open file. `start` and `end` are 0-based offsets in code points."""

    start: int
    end: int
    message: str


def is_config(path: Path) -> bool:
    """Whether a file has the name of a config. A pyproject.toml may have no settings of copydesk."""
    return path.name in (load.NAME, load.PYPROJECT)


def is_rule(text: str, path: Path, rule_folders: Collection[Path]) -> bool:
    """Whether a file is a rule: it is in a pack of `rule_folders`, or has the keys `id`, `check` and `message`.

    The text need not be valid YAML.
    """
    if path.suffix not in _YAML_SUFFIXES or is_config(path):
        return False
    hidden = (".", "_")
    if path.suffix == ".yaml" and not path.name.startswith(hidden) and not path.parent.name.startswith(hidden):
        folder = _normal(path.parent.parent)
        if any(_normal(each) == folder for each in rule_folders):
            return True
    return {key[2] for key in _TOP_KEY.finditer(text)} == _RULE_KEYS


def config_mistakes(text: str, path: Path) -> list[Mistake]:
    """Return the mistakes in the text of a copydesk.yaml or pyproject.toml, in order.

    Unknown names of rules and options are included if there is no mistake in the rules. The result is empty for a
    pyproject.toml without the table [tool.copydesk].
    """
    opened = _OpenFile(text, path)
    if opened.is_toml and not opened.has_table():
        return []
    found: list[str] = []
    try:
        config = load.read_config(path, opened.text)
    except BadConfig as bad:
        found += bad.mistakes
        if bad.config is None:
            return opened.mistakes(found)
        config = bad.config
    with suppress(BadRule):  # these mistakes are shown in the rule files
        found += select.mistakes(packs.load_packs(config.rule_folders), config)
    return opened.mistakes(found)


def rule_mistakes(text: str, path: Path) -> list[Mistake]:
    """Return the mistakes in the text of a rule file, in order. The rule must have a reason and examples."""
    opened = _OpenFile(text, path)
    try:
        packs.load_rule(path, opened.text, explained=True)
    except BadRule as bad:
        return opened.mistakes(bad.mistakes)
    return []


def example_failures(text: str, path: Path) -> list[Mistake]:
    """Run the examples in the text of a rule file, and return the failures. The result is empty for an invalid rule."""
    opened = _OpenFile(text, path)
    try:
        rule = packs.load_rule(path, opened.text)
    except BadRule:
        return []
    failures = examples.failures(rule)
    if not failures:
        return []
    spans = {id(example): opened.text_span(value) for example, value in _examples(rule, opened.read())}
    return sorted(Mistake(*spans[id(failure.example)], failure.problem) for failure in failures)


def _examples(rule: Rule, top: Value | None) -> Iterator[tuple[object, Value]]:
    """Yield the examples of a rule with their values in the file, whose content is `top`."""
    for key, read in (("bad", rule.bad), ("good", rule.good)):
        if top and (value := top.get(key)):
            yield from zip(read, value.items(), strict=True)


def _normal(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


class _OpenFile:
    """A file that is open in an editor: its text as the readers of configs and rules need it, and its positions.

    `text` is the text in the editor without a byte-order mark, and with U+FFFD in place of lone surrogates.
    """

    def __init__(self, text: str, path: Path) -> None:
        self.text = SURROGATE.sub("\ufffd", text.removeprefix(BYTE_ORDER_MARK))
        self.is_toml = path.suffix.lower() == ".toml"
        self._shift = len(text) - len(self.text)
        self._source = Source(self.text)
        self._file = File(yaml_file.shown_path(path))

    def has_table(self) -> bool:
        """Whether the file is TOML that has the table [tool.copydesk], or seems to have it."""
        from linter.config import pyproject  # which imports PyYAML and tomllib

        return len(self.text) <= load.PYPROJECT_LIMIT and pyproject.has_table(self.text.encode())

    def read(self) -> Value | None:
        """Return the content of the file, or None if it cannot be parsed."""
        from linter.config import pyproject

        text = yaml_file.unified_lines(self.text)
        if self.is_toml:
            return pyproject.parse(text, File(""), load.LIMITS)
        return yaml_file.parse(text, File(""), rule_file.LIMITS)

    def mistakes(self, messages: Iterable[str]) -> list[Mistake]:
        """Return the mistakes in this file, in order. `messages` are as in `File.mistakes`.

        A message without a position is placed on the first line. Messages about other files are left out.
        """
        found, about = set(), f"{self._file.path}: "
        ends: dict[Position, Position] | None = None
        for message in messages:
            if parts := self._file.parts_of(message):
                ends = self._ends() if ends is None else ends
                found.add(Mistake(*self._span(parts[:2], ends.get(parts[:2])), parts[2]))
            elif message.startswith(about):
                found.add(Mistake(*self._span((1, 1), None), message.removeprefix(about)))
        return sorted(found)

    def _ends(self) -> dict[Position, Position]:
        """Return the end of each key and value, by its start, as far as it is known (see `_end`)."""
        top, ends = self.read(), {}
        nodes = [top.node] if top else []
        while nodes:
            node = nodes.pop()
            if end := _end(node):
                ends[_start(node)] = end
            if not isinstance(node.value, str):
                nodes += chain(*node.value) if node.value and isinstance(node.value[0], tuple) else node.value
        return ends

    def text_span(self, example: Value) -> tuple[int, int]:
        """Return the span of the text of an example, or of its first line if it is a block scalar."""
        articles = example.get("articles")
        first = next(iter(articles.items()), example) if articles else example
        node = (first.get("text") or first).node
        start = _start(node)
        if getattr(node, "style", None) not in _BLOCK_STYLES:
            return self._span(start, _end(node))
        for line in range(start[0], node.end_mark.line + 1):  # 0-based lines after the line of `|`
            if line < len(self._source.line_starts) and (content := self._line(line + 1).strip()):
                return self._span((line + 1, self._line(line + 1).index(content) + 1), None)
        return self._span(start, None)

    def _line(self, line: int) -> str:
        start, end = self._source.line_span(self._source.line_starts[line - 1])
        return self.text[start:end]

    def _span(self, place: Position, end: Position | None) -> tuple[int, int]:
        """Return the span from `place` to `end` or, if it is None, to the end of the line.

        If nothing follows on the line, the span begins at the first character of the line.
        """
        start = self._source.offset(*place)
        line_start, line_end = self._source.line_span(start)
        stop = self._source.offset(*end) if end else line_end
        if stop <= start:
            stop, line = line_end, self.text[line_start:line_end]
            start = min(start, line_start + len(line) - len(line.lstrip()))
        return start + self._shift, max(start, stop) + self._shift


def _start(node: Node) -> Position:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _end(node: Node) -> Position | None:
    """Return the end of a node. It is None for a block scalar, a list or mapping without brackets, and a TOML array."""
    is_block = not getattr(node, "flow_style", True) or getattr(node, "style", None) in _BLOCK_STYLES
    if is_block or node.end_mark.index <= node.start_mark.index:
        return None
    return node.end_mark.line + 1, node.end_mark.column + 1
