"""What is reported: findings, their fixes, and the problems of a run. Small immutable values."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any, NamedTuple

SEVERITIES = ("error", "warning", "info")  # gravest first


class Edit(NamedTuple):
    """Replace `[start, end)` (0-based code points) by `text`; of the source in a Fix, of its block in a Match."""

    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """Edits that belong together; a safe one cannot change the meaning."""

    safe: bool
    edits: tuple[Edit, ...]


class Finding(NamedTuple):
    """One defect at one place.

    `start` and `end` are 0-based code points in the source, half-open; `line` and `column` are 1-based,
    `end_column` is exclusive. `text` is `source[start:end]`. `paragraph` counts the prose blocks that are no
    headings from 1 (None outside the story) and `heading` is the nearest one above. `before` and `after` are
    what stands beside the finding on its first and last line, at most CONTEXT code points each; `beside` is the
    digest of its surroundings by which a baseline knows it again.
    """

    path: str
    record: str | None
    rule: str
    severity: str
    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int
    text: str
    paragraph: int | None = None
    heading: str | None = None
    fix: Fix | None = None
    before: str = ""
    after: str = ""
    beside: str = "-"

    @property
    def order(self) -> tuple[str, str, int, str, int, str]:
        """The order in which every report shows findings."""
        return self.path, self.record or "", self.start, self.rule, self.end, self.message

    def as_json(self) -> dict[str, Any]:
        """The finding as DESIGN's JSON contract (docs/json.md) has it."""
        fix = self.fix and {"safe": self.fix.safe, "edits": [edit._asdict() for edit in self.fix.edits]}
        return {
            "path": self.path,
            "record": self.record,
            "rule": self.rule,
            "severity": self.severity,
            "message": self.message,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "paragraph": self.paragraph,
            "heading": self.heading,
            "fix": fix,
        }


CONTEXT = 160


class SuppressedFinding(NamedTuple):
    """A finding in the article at `path` that is left out, by the offsets of what silences it there, or by the
    places of `entries` among the suppressions of the settings.
    """

    path: str
    places: tuple[int, ...] = ()
    entries: tuple[int, ...] = ()


class Problem(NamedTuple):
    """Something that could not be done as asked: a rule cut off, a path that is not there. Makes exit status 2."""

    path: str
    message: str


class Result(NamedTuple):
    """What a run saw: how many articles, their findings in order, and the problems.

    `isolated` says that each article was looked at for itself alone, since no folder was named.
    `known` counts the findings that are left out because the baseline has them, `suppressed` those that somebody
    silenced; `used_suppressions` are the places of the suppressions of the settings that did any of that.
    """

    files: int
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    isolated: bool = False
    known: int = 0
    suppressed: int = 0
    used_suppressions: frozenset[int] = frozenset()

    def status(self, fail_on: str) -> int:
        """The exit status: 2 for a problem, 1 for a finding as grave as `fail_on`, else 0."""
        grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        return 2 if self.problems else int(any(finding.severity in grave for finding in self.findings))


# Messages and replacements with places for values: `“{match:end}” is page code`.

_FORMATTER = string.Formatter()
_LONGEST = 80  # code points of a quoted match; longer ones show both ends
_ENDS = 4  # words shown of the first or the last words
_ENDS_LENGTH = 32  # and at most so many code points of them


def template_fields(template: str) -> set[str]:
    """The names of the values that `template` asks for. Raises ValueError where it is no template."""
    names = set()
    for _, name, form, conversion in _FORMATTER.parse(template):
        if name is None:
            continue
        if not name.isidentifier() or conversion or form not in ("", "start", "end"):
            raise ValueError(f"“{{{name}{':' if form else ''}{form}}}” is no place for a value")
        names.add(name)
    return names


def shortens(template: str) -> bool:
    """Whether `template` asks for the start or the end of a value."""
    return any(form for _, _, form, _ in _FORMATTER.parse(template))


def fill_template(template: str, values: Mapping[str, str]) -> str:
    """`template` with each value in its place, shortened for a message: {x}, {x:start} or {x:end}."""
    parts = []
    for text, name, form, _ in _FORMATTER.parse(template):
        parts.append(text)
        if name is not None:
            parts.append(_SHORT[form or ""](" ".join(values[name].split())))
    return "".join(parts)


def expand_template(template: str, values: Mapping[str, str]) -> str:
    """`template` with each value whole, as a replacement in an article needs it."""
    return "".join(text + (values[name] if name else "") for text, name, _, _ in _FORMATTER.parse(template))


def _middle(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 2 + 1 :]}"


def _start(text: str) -> str:
    words = text.split(" ")
    short = " ".join(words[:_ENDS])[:_ENDS_LENGTH]
    return short if short == text else f"{short}…"


def _end(text: str) -> str:
    words = text.split(" ")
    short = " ".join(words[-_ENDS:])[-_ENDS_LENGTH:]
    return short if short == text else f"…{short}"


_SHORT = {"": _middle, "start": _start, "end": _end}
