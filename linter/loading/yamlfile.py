"""Opening a YAML file: its values with their places, or what makes it none."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from linter import late, regularfile
from linter.loading.fields import TAG, File, Value

if TYPE_CHECKING:
    from yaml import Mark

LIMIT = 8_000_000  # bytes of a file of settings or of a rule
# What YAML does not allow (YAML 1.1, 5.1 “Character set”), as its own reader has it.
_UNPRINTABLE = late.pattern("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def load(path: Path, file: File) -> Value | None:
    """What stands in the file at `path`: keys with values if nothing does; None, with a mistake, if it is no YAML."""
    text = read(path, file)
    return None if text is None else parse(text, file)


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


def parse(text: str, file: File) -> Value | None:
    """What stands in a text, as `load` has it. Aliases are refused: one screen of text could stand for gigabytes."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if "*" in text and "&" in text:
            _refuse_aliases(yaml.parse(text, Loader=loader))
        node = yaml.compose(text, Loader=loader)
    except yaml.reader.ReaderError:
        _unprintable(file, text)
    except yaml.MarkedYAMLError as error:
        problem = (error.problem or "").replace("found another document", "found a second one, behind “---”")
        context = "the file must hold a single document, " if "another document" in (error.problem or "") else ""
        _at(file, error.problem_mark or error.context_mark, f"this is no YAML: {context}{problem}")
    except RecursionError:
        file.mistake(1, 1, "this is no YAML anybody could read: too many lists within lists")
    else:
        start = yaml.Mark("", 0, 0, 0, None, 0)
        return Value(file, node or yaml.MappingNode(f"{TAG}map", [], start, start), "the file")
    return None


def _undecodable(file: File, error: UnicodeDecodeError) -> None:
    """Note that the file is not UTF-8, and where."""
    before = error.object[: error.start].decode("utf-8-sig", "replace")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    file.mistake(line, column, "this is not UTF-8; save the file in that encoding")


def _refuse_aliases(events: Iterable[object]) -> None:
    import yaml

    for event in events:
        if isinstance(event, yaml.AliasEvent):
            problem = f"“*{event.anchor}” repeats another part of the file; write it out"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)  # type: ignore[arg-type]


def _unprintable(file: File, text: str) -> None:
    found = _UNPRINTABLE.search(text)
    at = found.start() if found else 0
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    code = f"U+{ord(text[at]):04X}" if found else "a character"
    file.mistake(line, column, f"{code} cannot stand in YAML; delete it or write it as an escape")


def _at(file: File, mark: Mark | None, problem: str) -> None:
    file.mistake(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, problem)
