"""Edits that add a suppression to the config, or a word to words.txt.

Each edit of a config is verified before it is returned: the new config must have exactly one more suppression, which
suppresses the finding, and no other difference.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from linter import patterns
from linter.config import load, yaml_file
from linter.config.config import BadConfig
from linter.config.yaml_file import File, Value
from linter.config.yaml_nodes import BadSyntax
from linter.finding import Edit, Finding
from linter.lsp.yaml_edits import Item, add_item, double_quoted, flow_addition, in_original, scalar
from linter.rule import Words
from linter.source import SURROGATE, Source

_KEY = "suppressions"
_MAX_TEXT = 80  # code points; the middle of a longer matched text is left out
_CUT = "…"  # matches any text in a suppression
_GLOB_MARKS = patterns.lazy(r"[\\*?\[]")
_HEADER = patterns.lazy(r"\n[ \t]*+\[")  # probably the start of the next table in TOML


class NewSuppression(NamedTuple):
    """A suppression to add to a config: the text of its keys, the finding, and the absolute path of the article.

    `text` is "" if the finding has no text, and `reason` is "" if there is no reason.
    """

    path: str
    rule: str
    text: str
    reason: str
    finding: Finding
    article: str

    @property
    def values(self) -> dict[str, str]:
        """The keys of the new entry with their values, in order. Empty values are left out."""
        values = {"path": self.path, "rule": self.rule, "text": self.text, "reason": self.reason}
        return {key: value for key, value in values.items() if value}


def new_suppression(finding: Finding, article: str, folder: str, reason: str) -> NewSuppression | None:
    """Return the suppression of a finding in the article at the absolute path `article`, for a config in `folder`.

    Return None if the article is not inside `folder`, which is absolute, or cannot be named in a config.
    """
    top = os.path.join(folder, "")
    if os.path.normcase(article[: len(top)]) != os.path.normcase(top):
        return None
    path = article[len(top) :].replace(os.sep, "/")
    text = " ".join(finding.text.split())
    if len(text) > _MAX_TEXT:
        text = f"{text[: _MAX_TEXT // 2]}{_CUT}{text[1 - _MAX_TEXT // 2 :]}"
    entry = NewSuppression(_escaped(path), finding.rule, text, " ".join(reason.split()), finding, article)
    return None if any(map(SURROGATE.search, entry.values.values())) else entry


def _escaped(path: str) -> str:
    """Return a relative POSIX path as a pattern that matches only this path."""
    pattern = _GLOB_MARKS.sub(r"\\\g<0>", path)
    if pattern.endswith(" "):
        pattern = f"{pattern[:-1]}\\ "
    return pattern if "/" in pattern and pattern[0] not in "#!" else f"/{pattern}"


def add_suppression(text: str, file: str, entry: NewSuppression) -> tuple[Edit, ...]:
    """Return the edits that add `entry` to the config in `file`, or () if this is not possible.

    A config with mistakes cannot be changed. `text` is the content of `file`, a copydesk.yaml or pyproject.toml, which
    may differ from the content on disk. Offsets are 0-based code points of `text`.
    """
    path = Path(file)
    unified = yaml_file.unified_lines(text)
    try:
        number = len(load.read_config(path, unified).suppressions)
        for edit in _edits(unified, path, entry):
            new = f"{unified[: edit.start]}{edit.text}{unified[edit.end :]}"
            if _adds_one(unified, new, path) and _suppresses(new, path, entry, number):
                return (in_original(edit, text),)
    except (BadConfig, BadSyntax):
        pass
    return ()


def new_config(entry: NewSuppression) -> str:
    """Return the content of a new copydesk.yaml with a suppression."""
    edit = add_item("", (_KEY,), _yaml_item(entry))
    assert edit
    return edit.text


def add_word(text: str, word: str) -> tuple[Edit, ...]:
    """Return the edit that adds a word or phrase to words.txt, or () if this is not possible.

    The word must not be in words.txt yet, and must not look like a comment. `text` is the content of words.txt. Offsets
    are 0-based code points of `text`.
    """
    line = " ".join(word.split())
    if Words([line]).right != {line} or line in Words(text.splitlines()).right:
        return ()
    source = Source(text)
    separate = bool(text) and text[-1] not in "\r\n"
    return (Edit(len(text), len(text), f"{source.line_end if separate else ''}{line}{source.line_end}"),)


def _edits(text: str, path: Path, entry: NewSuppression) -> Iterator[Edit]:
    r"""Yield edits that may add `entry` to a config, the best first. `text` has `\n` as line ends."""
    if path.suffix.lower() == ".toml":
        yield from _toml_edits(text, entry)
    elif edit := add_item(text, (_KEY,), _yaml_item(entry)):
        yield edit


def _yaml_item(entry: NewSuppression) -> Item:
    pairs = [f"{key}: {scalar(value)}" for key, value in entry.values.items()]
    return Item(tuple(pairs), f"{{{', '.join(pairs)}}}")


def _toml_edits(text: str, entry: NewSuppression) -> Iterator[Edit]:
    pairs = [f"{key} = {double_quoted(value)}" for key, value in entry.values.items()]
    table = "\n".join([f"[[tool.copydesk.{_KEY}]]", *pairs])
    top = _content(text, Path(load.PYPROJECT))
    given = top.get(_KEY) if top else None
    if given and given.type == "seq" and not text.startswith("[[", given.node.start_mark.index):
        yield _array_edit(text, given, f"{{ {', '.join(pairs)} }}")
        return
    above = given.items()[-1] if given and given.type == "seq" else top
    if above and (header := _HEADER.search(text, above.node.start_mark.index)):
        at = _before_comments(text, header.start() + 1)
        yield Edit(at, at, f"\n{table}\n")
    line_end = "" if text.endswith("\n") else "\n"
    yield Edit(len(text), len(text), f"{line_end}\n{table}\n")


def _before_comments(text: str, at: int) -> int:
    """Return the start of the comments and blank lines that end at the start of the line `at`, or else `at`."""
    while at:
        line = text.rfind("\n", 0, at - 1) + 1
        if text[line:at].strip() and not text[line:at].lstrip().startswith("#"):
            break
        at = line
    return at


def _array_edit(text: str, value: Value, new: str) -> Edit:
    """Return the edit that adds an inline table to a TOML array."""
    items = value.items()
    if items:
        node = items[-1].node
        return flow_addition(text, node.start_mark.index, node.end_mark.index, new)
    at = value.node.end_mark.index - 1
    return Edit(at, at, new)


def _content(text: str, path: Path) -> Value | None:
    return load.parse(text, File(str(path)), is_toml=path.suffix.lower() == ".toml")


def _adds_one(old: str, new: str, path: Path) -> bool:
    """Whether two contents of a config differ only by one more suppression at the end."""
    before, after = (_plain(_content(text, path)) for text in (old, new))
    if not isinstance(before, dict) or not isinstance(after, dict):
        return False
    listed, longer = before.pop(_KEY, None) or [], after.pop(_KEY, None)
    return before == after and isinstance(longer, list) and longer[:-1] == listed


def _plain(value: Value | None) -> object:
    """Return a value as plain data: dicts, lists, and scalars as (type, text), or None if it is empty."""
    if value is None or value.type == "null":
        return None
    if value.type == "map":
        return {Value(value.file, key, "").plain: _plain(Value(value.file, node, "")) for key, node in value.node.value}
    if value.type == "seq":
        return [_plain(item) for item in value.items()]
    return value.type, value.plain


def _suppresses(text: str, path: Path, entry: NewSuppression, number: int) -> bool:
    """Whether the config has `number` suppressions and one more, which suppresses the finding of `entry`."""
    suppressions = load.read_config(path, text).suppressions
    last = suppressions[-1] if suppressions else None
    return (
        len(suppressions) == number + 1
        and last is not None
        and last.applies_to(entry.article)
        and last.suppresses(entry.finding)
    )
