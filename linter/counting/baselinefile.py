"""The file of known findings: one entry a line, sorted, so that two people's changes merge."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from linter import late
from linter.counting.baseline import Entry
from linter.loading import yamlfile
from linter.loading.fields import File, Value
from linter.settled import BadConfig

_LIMIT = 64_000_000  # bytes: 300,000 known findings
_HEAD = """\
# What copydesk found here and does not report again. “copydesk baseline update” drops what no longer occurs.
version: 1
findings:
"""
_START = late.pattern(r"(?:#.*\n|\n|version: 1\n)*findings:\n")
_STRING = r'"(?:[^"\\\x00-\x1f]|\\.)*"'
# A line as this module writes it. YAML alone would take ten seconds to read a large file.
_LINE = late.pattern(
    rf"- \{{path: ({_STRING})(?:, record: ({_STRING}))?, rule: ([a-z0-9/-]+), "
    rf'text: ({_STRING}), beside: "([0-9a-f]*-[0-9a-f]*)"\}}'
)
_CONFLICT = late.pattern("^(?:<{7}|={7}|>{7})", re.MULTILINE)
_KEEP_BOTH = "a merge stopped here; keep the lines of both sides, and delete those with the marks"
_KEYS = ("path", "record", "rule", "text", "beside")
_BESIDE = late.pattern("[0-9a-f]*-[0-9a-f]*")
# What YAML takes for no character, or for the end of a line.
_ESCAPED = late.pattern("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Known:
    """The entries of a baseline, and the 1-based line on which each stands."""

    entries: tuple[Entry, ...] = ()
    lines: tuple[int, ...] = ()


def read(path: str) -> Known:
    """The entries in a file; none where there is no file. Raises BadConfig with all mistakes."""
    if not os.path.lexists(path):
        return Known()
    file = File(yamlfile.shown(Path(path)))
    text = content(path, file)
    known = _quickly(text) or _slowly(text, file)
    if file.mistakes:
        raise BadConfig(file.mistakes)
    return known


def content(path: str, file: File) -> str:
    """The text of a baseline. Raises BadConfig if it cannot be read."""
    text = yamlfile.read(Path(path), file, _LIMIT)
    if text is None:
        raise BadConfig(file.mistakes)
    return text


def _quickly(text: str) -> Known | None:
    """The entries, if every line is as this module writes it."""
    start = _START.match(text)
    if not start:
        return None
    matches = [_LINE.fullmatch(line) for line in text[start.end() :].removesuffix("\n").split("\n")]
    try:
        entries = tuple(_entry(match) for match in matches if match)
    except ValueError:  # no JSON, though it may be YAML
        return None
    first = start[0].count("\n") + 1
    return Known(entries, tuple(range(first, first + len(entries)))) if None not in matches else None


def _entry(match: re.Match[str]) -> Entry:
    import json  # which a run without a baseline can do without

    path, record, rule, text, beside = match.groups()
    return Entry(json.loads(path), json.loads(record or '""'), rule, json.loads(text), beside)


def _slowly(text: str, file: File) -> Known:
    """The entries of a file that somebody has edited, or git has merged."""
    if conflict := _CONFLICT.search(text):
        file.mistake(text.count("\n", 0, conflict.start()) + 1, 1, _KEEP_BOTH)
        return Known()
    top = yamlfile.parse(text, file)
    fields = top.fields(("version", "findings")) if top else {}
    if "version" in fields and fields["version"].whole(1) != 1:
        fields["version"].mistake("this baseline is of a later copydesk; only version 1 is known here")
    findings = fields.get("findings")
    items = findings.items() if findings and findings.type != "null" else []
    return Known(tuple(map(_from_yaml, items)), tuple(item.line for item in items))


def _from_yaml(item: Value) -> Entry:
    fields = item.fields(_KEYS)
    for name in _KEYS:
        if name != "record" and name not in fields and item.type == "map":
            item.mistake(f"“{name}” is missing")
    one = Entry(*(fields[name].text() if name in fields else "" for name in _KEYS))
    if "beside" in fields and not _BESIDE.fullmatch(one.beside):
        fields["beside"].mistake("this is no digest; run “copydesk baseline create”")
    return one


def written(entries: Iterable[Entry]) -> str:
    """A file of these entries: the same text for the same entries, in whatever order they come."""
    lines = [*map(_line, sorted(entries))]
    return _HEAD + "".join(lines) if lines else _HEAD.replace("findings:\n", "findings: []\n")


def _line(one: Entry) -> str:
    record = f", record: {_string(one.record)}" if one.record else ""
    text, beside = _string(one.text), _string(one.beside)
    return f"- {{path: {_string(one.path)}{record}, rule: {one.rule}, text: {text}, beside: {beside}}}\n"


def _string(text: str) -> str:
    """A text as JSON has it, in characters that YAML takes too."""
    import json

    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
