"""Opening a YAML file: its values with their places, or what makes it none."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from linter import late, regularfile
from linter.loading.fields import TAG, File, Value
from linter.loading.wording import cut

if TYPE_CHECKING:
    from yaml import Mark, Node


class Limits(NamedTuple):
    """What one file may hold: values in all (keys, texts, lists, mappings), entries of a list or mapping, and code
    points of a text.
    """

    values: int
    entries: int
    length: int


LIMIT = 8_000_000  # bytes of a file of settings or of a rule
USUAL = Limits(1_000_000, 1_000_000, 1_000_000)  # about 300 MB while the file is read
_TOO_DEEP = "lists and mappings are nested too deeply, more than 1,000 levels; write them flat"
_ALLOWED = "are allowed here"  # what a message about a limit ends with
# What YAML does not allow (YAML 1.1, 5.1 “Character set”), as its own reader has it.
_UNPRINTABLE = late.pattern("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def load(path: Path, file: File, limits: Limits = USUAL) -> Value | None:
    """The content of the file at `path`, as `parse` reads it; None, with a mistake, if it is not YAML."""
    text = read(path, file)
    return None if text is None else parse(text, file, limits)


def read(path: Path, file: File, limit: int = LIMIT) -> str | None:
    """The text of the regular file at `path`, UTF-8 of at most `limit` bytes; None, with a mistake, for any other."""
    try:
        return _text(regularfile.read(path, limit))
    except UnicodeDecodeError as error:
        _undecodable(file, error)
    except OSError as error:
        file.failure(f"this file cannot be read: {error.strerror}")
    return None


def _text(data: bytes) -> str:
    """Text with the line ends that files opened as text have. Raises UnicodeDecodeError."""
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def shown(path: Path) -> str:
    """A path as mistakes name it: POSIX, relative to the working folder where it lies inside."""
    full, here = Path(os.path.abspath(path)), Path.cwd()
    return (full.relative_to(here) if full.is_relative_to(here) else full).as_posix()


def parse(text: str, file: File, limits: Limits = USUAL) -> Value | None:
    """The content of a text: an empty mapping if it is empty; None, with a mistake, if it is not YAML.

    Refused is what exceeds `limits`, and any alias: one screen of text could stand for gigabytes.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if ("*" in text and "&" in text) or len(text) > limits.values:  # a value takes a character or more
            _refuse_bombs(yaml.parse(text, Loader=loader), limits.values)
        node = yaml.compose(text, Loader=loader)
        if node and len(text) > min(limits):
            _refuse_long(node, limits)
    except (yaml.reader.ReaderError, UnicodeEncodeError):
        _unprintable(file, text)
    except yaml.MarkedYAMLError as error:
        _at(file, error.problem_mark or error.context_mark, _explained(error.problem or ""))
    except RecursionError:  # without libyaml, which has a limit of its own
        file.mistake(1, 1, _TOO_DEEP)
    else:
        start = yaml.Mark("", 0, 0, 0, None, 0)
        return Value(file, node or yaml.MappingNode(f"{TAG}map", [], start, start), "the file")
    return None


def _explained(problem: str) -> str:
    """A problem that the YAML parser reports, in words that say what to do where that is known."""
    if "another document" in problem:
        second = problem.replace("found another document", "found a second one, behind “---”")
        return f"this is no YAML: the file must hold a single document, {second}"
    if "nesting depth" in problem:
        return _TOO_DEEP
    return problem if problem.endswith(_ALLOWED) else f"this is no YAML: {problem}"


def _undecodable(file: File, error: UnicodeDecodeError) -> None:
    """Note that the file is not UTF-8, and where."""
    before = error.object[: error.start].decode("utf-8-sig", "replace")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    file.mistake(line, column, "this is not UTF-8; save the file in that encoding")


def _refuse_bombs(events: Iterable[object], most: int) -> None:
    """Raise MarkedYAMLError at the first alias, and at the first value after `most`."""
    import yaml

    values = 0
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            problem = f"“*{event.anchor}” repeats another part of the file; write it out"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)  # type: ignore[arg-type]
        values += isinstance(event, yaml.NodeEvent)
        if values > most:
            problem = f"this file holds too many values; at most {most:,} {_ALLOWED}"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)  # type: ignore[attr-defined]


def _refuse_long(top: Node, limits: Limits) -> None:
    """Raise MarkedYAMLError at a list, mapping or text that is longer than `limits` say."""
    import yaml

    nodes = [top]
    while nodes:
        node = nodes.pop()
        if isinstance(node.value, str):
            most, what = limits.length, f"“{cut(node.value[:100])}” has {len(node.value):,} characters"
        else:
            most, what = limits.entries, f"this has {len(node.value):,} entries"
            nodes += chain(*node.value) if isinstance(node, yaml.MappingNode) else node.value
        if len(node.value) > most:
            problem = f"{what}; at most {most:,} {_ALLOWED}"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)


def _unprintable(file: File, text: str) -> None:
    found = _UNPRINTABLE.search(text)
    at = found.start() if found else 0
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    code = f"U+{ord(text[at]):04X}" if found else "a character"
    file.mistake(line, column, f"{code} cannot stand in YAML; delete it or write it as an escape")


def _at(file: File, mark: Mark | None, problem: str) -> None:
    file.mistake(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, problem)
