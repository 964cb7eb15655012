"""Add an item to a list in YAML text, without changing anything else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import yaml

from linter import patterns
from linter.config import yaml_nodes
from linter.config.yaml_file import DEFAULT_LIMITS, TAG, unified_lines
from linter.finding import Edit
from linter.source import LINE_END, Source

_PLAIN = patterns.lazy(r"[A-Za-z0-9/][\w/.-]*+(?: [\w/.-]++)*+")  # characters that need no quotation marks
_ESCAPED = patterns.lazy("[^\t\\x20-\\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_REST = patterns.lazy(r"[ \t]*+(?P<comma>,?)[ \t]*+(?:\#[^\n]*+)?")  # what may follow the last item on its line
_INDENT = 2  # columns


class Item(NamedTuple):
    """A new item of a list: its `lines` in a block list, without hyphen and indent, and its form in a flow list."""

    lines: tuple[str, ...]
    flow: str


def scalar(text: str) -> str:
    """Return `text` as a YAML scalar on one line, in quotation marks if it needs them."""
    if _ESCAPED.search(text):
        return double_quoted(text)
    if _PLAIN.fullmatch(text) and yaml_nodes.compose(text, *DEFAULT_LIMITS).tag == f"{TAG}str":
        return text
    return "'" + text.replace("'", "''") + "'"


def double_quoted(text: str) -> str:
    """Return `text` in double quotation marks, with the escape sequences that YAML and TOML share."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return '"' + _ESCAPED.sub(lambda char: f"\\u{ord(char[0]):04X}", text) + '"'


def add_item(text: str, keys: Sequence[str], item: Item) -> Edit | None:
    r"""Return the edit that adds `item` to the list to which `keys` lead, or None if it is not possible.

    `text` has `\n` as line ends. Keys that are missing are added. The edit may be wrong for unusual YAML, so the caller
    must verify the result. Raises BadSyntax if `text` is not YAML.
    """
    node = yaml_nodes.compose(text, *DEFAULT_LIMITS)
    for number, key in enumerate(keys):
        if not isinstance(node, yaml.MappingNode):
            return None
        pair = next((pair for pair in node.value if pair[0].value == key), None)
        if pair is None:
            return _add_keys(text, node, keys[number:], item)
        if pair[1].tag == f"{TAG}null" or (pair[1].value == [] and not node.flow_style):
            return _replace_empty(text, node, pair, keys[number + 1 :], item)
        node = pair[1]
    if isinstance(node, yaml.SequenceNode):
        return _append(text, node, item)
    if isinstance(node, yaml.ScalarNode) and node.tag == f"{TAG}str":
        start, end = _span(node)
        return Edit(start, end, f"[{text[start:end]}, {item.flow}]")
    return None


def in_original(edit: Edit, text: str) -> Edit:
    r"""Return an edit of `text` for an edit of the same text with `\n` as line ends."""
    original = Source(text)
    unified = Source(unified_lines(text))

    def offset(at: int) -> int:
        return original.offset(*unified.position(at))

    return Edit(offset(edit.start), offset(edit.end), LINE_END.sub(original.line_end, edit.text))


def flow_addition(text: str, start: int, end: int, new: str) -> Edit:
    """Return the edit that adds `new` to a list in brackets, on a line of its own if the last item has its own line.

    `start` and `end` are the offsets of the last item.
    """
    indent = text[text.rfind("\n", 0, start) + 1 : start]
    line_end = text.find("\n", end)
    rest = _REST.fullmatch(text, end, line_end) if "\n" in text[:start] and line_end >= 0 else None
    if indent.strip() or not rest:
        return Edit(end, end, f", {new}")
    if rest["comma"]:
        return Edit(line_end, line_end, f"\n{indent}{new},")
    return Edit(end, line_end, f",{rest[0]}\n{indent}{new}")


def _add_keys(text: str, node: yaml.MappingNode, keys: Sequence[str], item: Item) -> Edit:
    """Return the edit that adds `keys`, each inside the one before, to a mapping that lacks the first of them."""
    if node.flow_style:
        new = _flow(keys, item)
        if node.value:
            return flow_addition(text, _span(node.value[-1][0])[0], _span(node.value[-1][1])[1], new)
        return Edit(_span(node)[1] - 1, _span(node)[1] - 1, new)
    indent = node.start_mark.column if node.value else 0
    new = _block(keys, item, indent)
    at = _last_line_end(text, node) if indent else len(text.rstrip())
    return _new_lines(text, at, new)


def _new_lines(text: str, at: int, new: str) -> Edit:
    """Return the edit that inserts lines after the line that ends at or after `at`."""
    end = text.find("\n", at)
    if end >= 0 and at:
        return Edit(end, end, f"\n{new}")
    return Edit(len(text), len(text), f"\n{new}\n" if at else f"{new}\n")


def _replace_empty(
    text: str, parent: yaml.MappingNode, pair: tuple[yaml.Node, yaml.Node], keys: Sequence[str], item: Item
) -> Edit:
    """Return the edit that replaces the value of `pair`, which is empty. A comment after the value is kept."""
    start, end = _span(pair[1])
    if parent.flow_style:
        return Edit(start, end, f" {_flow(keys, item)}" if text[start - 1] == ":" else _flow(keys, item))
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    before = len(text[:start].rstrip(" "))
    rest = text[start:before] + text[end:line_end].rstrip()
    return Edit(before, line_end, f"{rest}\n{_block(keys, item, pair[0].start_mark.column + _INDENT)}")


def _append(text: str, node: yaml.SequenceNode, item: Item) -> Edit:
    if not node.flow_style:
        return _new_lines(text, _last_line_end(text, node), _block((), item, node.start_mark.column))
    if node.value:
        return flow_addition(text, *_span(node.value[-1]), item.flow)
    at = _span(node)[1] - 1
    return Edit(at, at, item.flow)


def _block(keys: Sequence[str], item: Item, indent: int) -> str:
    """Return `keys`, each inside the one before, and a list that contains only `item`, as lines."""
    lines = [f"{' ' * (indent + _INDENT * depth)}{key}:" for depth, key in enumerate(keys)]
    indent += _INDENT * len(keys)
    lines += [f"{' ' * indent}{'  ' if number else '- '}{line}" for number, line in enumerate(item.lines)]
    return "\n".join(lines)


def _flow(keys: Sequence[str], item: Item) -> str:
    """Return `keys`, each inside the one before, and a list that contains only `item`, on one line.

    The first key has no braces around it. Without keys, the result is the list.
    """
    new = f"[{item.flow}]"
    for number, key in enumerate(reversed(keys), 1):
        new = f"{key}: {new}" if number == len(keys) else f"{{{key}: {new}}}"
    return new


def _last_line_end(text: str, node: yaml.Node) -> int:
    """Return the offset of the end of the last line of a block list or block mapping."""
    while isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    end = _span(node)[1]
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        end = len(text[:end].rstrip())  # the node ends at the next line with text
    line_end = text.find("\n", end)
    return len(text) if line_end < 0 else line_end


def _span(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index
