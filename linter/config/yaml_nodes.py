"""Parse YAML text into PyYAML nodes, within limits."""

from __future__ import annotations

import re
from itertools import chain
from typing import Any

import yaml

from linter import patterns
from linter.source import Source
from linter.suggest import cut_text

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TOO_DEEP = "lists and mappings are nested more than 1,000 levels deep; flatten them"
# Characters that YAML 1.1 does not allow (5.1 “Character set”), as in PyYAML's reader.
_UNPRINTABLE = patterns.lazy("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Line ends in YAML 1.1, but not in editors. With them, the lines of mistakes would be wrong.
_OTHER_LINE_ENDS = patterns.lazy("[\x85\u2028\u2029]")


class BadSyntax(Exception):
    """An error that makes YAML or TOML text unreadable, such as a syntax error or too many values.

    `problem` is the message, and `line` and `column` are 1-based.
    """

    def __init__(self, problem: str, line: int = 1, column: int = 1) -> None:
        super().__init__(problem)
        self.problem, self.line, self.column = problem, line, column


def compose(text: str, values: int, entries: int, length: int) -> yaml.Node:
    """Return the top node of YAML text, or an empty mapping for text without content.

    Raises BadSyntax if the text is not YAML, contains U+0085, U+2028 or U+2029, is nested too deeply, has more than
    `values` nodes, or has a list or mapping of more than `entries` entries or a scalar of more than `length` code
    points. Aliases also raise BadSyntax, because a short text with aliases could expand to gigabytes.
    """
    if found := _OTHER_LINE_ENDS.search(text):
        raise _not_allowed(text, found)
    try:
        if ("*" in text and "&" in text) or len(text) > values:  # a value needs at least one character
            _refuse_aliases_and_excess(text, values)
        node = yaml.compose(text, Loader=_LOADER)
    except (yaml.reader.ReaderError, UnicodeEncodeError):
        raise _not_allowed(text, _UNPRINTABLE.search(text)) from None
    except yaml.MarkedYAMLError as error:
        raise _refused(_explain_problem(error.problem or ""), error.problem_mark or error.context_mark) from None
    except RecursionError:  # without libyaml, which has its own limit
        raise BadSyntax(_TOO_DEEP) from None
    if node is None:
        start = yaml.Mark("", 0, 0, 0, None, 0)
        return yaml.MappingNode("tag:yaml.org,2002:map", [], start, start)
    if len(text) > min(entries, length):
        refuse_long(node, entries, length)
    return node


def _refused(problem: str, mark: Any) -> BadSyntax:
    return BadSyntax(problem, mark.line + 1, mark.column + 1) if mark else BadSyntax(problem)


def _explain_problem(problem: str) -> str:
    """Return the message for a problem that the YAML parser reported, in clearer words if possible."""
    if "another document" in problem:
        second = problem.replace("found another document", "there is a second one after “---”")
        return f"this is not YAML: the file must contain a single document, {second}"
    return _TOO_DEEP if "nesting depth" in problem else f"this is not YAML: {problem}"


def _refuse_aliases_and_excess(text: str, limit: int) -> None:
    """Raise BadSyntax at the first alias, or at the first value beyond `limit` values, whichever comes first."""
    values = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            problem = f"“*{event.anchor}” is an alias, which is not supported; write out the value"
            raise _refused(problem, event.start_mark)
        values += isinstance(event, yaml.NodeEvent)
        if values > limit:
            raise _refused(too_many_values(limit), event.start_mark)


def too_many_values(limit: int) -> str:
    """Return the message for a file with more than `limit` values."""
    return f"this file has too many values; at most {limit:,} are allowed"


def refuse_long(top: yaml.Node, entries: int, length: int) -> None:
    """Raise BadSyntax if a value in `top` is too long.

    A list or mapping may have at most `entries` entries, and a scalar at most `length` code points.
    """
    nodes = [top]
    while nodes:
        node = nodes.pop()
        if isinstance(node.value, str):
            limit, what = length, f"“{cut_text(node.value[:100])}” has {len(node.value):,} characters"
        else:
            limit, what = entries, f"this has {len(node.value):,} entries"
            nodes += chain(*node.value) if isinstance(node, yaml.MappingNode) else node.value
        if len(node.value) > limit:
            raise _refused(f"{what}; at most {limit:,} are allowed", node.start_mark)


def _not_allowed(text: str, found: re.Match[str] | None) -> BadSyntax:
    at = found.start() if found else 0
    code = f"U+{ord(text[at]):04X}" if found else "a character"
    problem = f"{code} is not allowed in YAML; delete it or write it as an escape sequence"
    return BadSyntax(problem, *Source(text).position(at))
