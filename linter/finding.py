"""Findings, their fixes, the problems and the result of a run, and the templates of messages."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any, NamedTuple

SEVERITIES = ("error", "warning", "info")  # most severe first
CONTEXT = 160  # code points on either side of a finding

_NOT_IN_JSON = ("before", "after", "beside")
_FORMATTER = string.Formatter()
_MAX_QUOTED = 80  # code points of a quoted match; of a longer one, both ends are shown
_END_WORDS = 4  # words of the start or the end of a match
_MAX_END = 32  # code points of these words


class Edit(NamedTuple):
    """Replace `[start, end)` (0-based code points) by `text`: in the source for a Fix, in its block for a Match."""

    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """Edits that belong together. A safe fix cannot change the meaning."""

    safe: bool
    edits: tuple[Edit, ...]


class Finding(NamedTuple):
    """One defect at one place.

    `start` and `end` are 0-based code points in the source, half-open. `line` and `column` are 1-based; `end_column` is
    exclusive. `text` is `source[start:end]`. `paragraph` is the 1-based number of the prose block, headings not counted
    (None outside of prose); `heading` is the nearest heading above. `before` and `after` are the text around the
    finding on its first and last line, at most CONTEXT code points each. `beside` is the digest of the surrounding text
    by which a baseline recognizes the finding.
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

    def redacted(self, summary: str) -> Finding:
        """Return the finding without any text of the article: `summary`, that of its rule, replaces the message."""
        return self._replace(message=f"{summary}.", text="", heading=None, fix=None, before="", after="")

    @property
    def pack(self) -> str:
        """Return the pack of the rule."""
        return self.rule.partition("/")[0]

    @property
    def article(self) -> tuple[str, str | None]:
        """Return the path and the record: what identifies the article."""
        return self.path, self.record

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Return the edits of its fix; none without a fix."""
        return self.fix.edits if self.fix else ()

    @property
    def place(self) -> str:
        """Return `line:column`, after the record if there is one."""
        place = f"{self.line}:{self.column}"
        return place if self.record is None else f"{self.record}:{place}"

    @property
    def order(self) -> tuple[str, str, int, str, int, str]:
        """Return the sort key of findings in all reports."""
        return self.path, self.record or "", self.start, self.rule, self.end, self.message

    def as_json(self) -> dict[str, Any]:
        """Return the finding as in docs/json.md."""
        values = {name: value for name, value in self._asdict().items() if name not in _NOT_IN_JSON}
        return values | {
            "fix": self.fix and {"safe": self.fix.safe, "edits": [edit._asdict() for edit in self.fix.edits]}
        }


class SuppressedFinding(NamedTuple):
    """A finding in the article at `path` that is suppressed.

    `places` are the offsets of what suppresses it in the article, `entries` the indexes of the suppressions in the
    config.
    """

    path: str
    places: tuple[int, ...] = ()
    entries: tuple[int, ...] = ()


class Problem(NamedTuple):
    """Something that could not be done, such as a path that does not exist. Makes the exit status 2."""

    path: str
    message: str


class Result(NamedTuple):
    """The result of a run: the number of articles, their findings in order, and the problems.

    `compared` means that the articles were compared with each other, like those of a folder. `known` is the number of
    findings left out because of the baseline, `suppressed` the number of suppressed ones. `used_suppressions` are the
    indexes of the suppressions in the config that suppressed any finding. `passed_over` is the number of files that
    look like articles but are not checked.
    """

    files: int
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    compared: bool = True
    known: int = 0
    suppressed: int = 0
    used_suppressions: frozenset[int] = frozenset()
    passed_over: int = 0

    def status(self, fail_on: str) -> int:
        """Return the exit status: 2 for a problem, 1 for a finding of at least the severity `fail_on`, else 0."""
        failing = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        return 2 if self.problems else int(any(finding.severity in failing for finding in self.findings))


def template_fields(template: str) -> set[str]:
    """Return the names of the values in a template such as `“{match:end}” is page code`.

    Raises ValueError if it is not a template.
    """
    names = set()
    for _, name, form, conversion in _FORMATTER.parse(template):
        if name is None:
            continue
        if not name.isidentifier() or conversion or form not in ("", "start", "end"):
            written = f"{{{name}{':' if form else ''}{form}}}"
            raise ValueError(f"“{written}” is not a value; write {{name}}, {{name:start}} or {{name:end}}")
        names.add(name)
    return names


def shortens(template: str) -> bool:
    """Whether a template uses the start or the end of a value."""
    return any(form for _, _, form, _ in _FORMATTER.parse(template))


def fill_template(template: str, values: Mapping[str, str]) -> str:
    """Return `template` with its values, shortened for a message: {x}, {x:start} or {x:end}."""
    parts = []
    for text, name, form, _ in _FORMATTER.parse(template):
        parts.append(text)
        if name is not None:
            parts.append(_shortened(" ".join(values[name].split()), form or ""))
    return "".join(parts)


def expand_template(template: str, values: Mapping[str, str]) -> str:
    """Return `template` with its whole values, as a replacement in an article."""
    return "".join(text + (values[name] if name else "") for text, name, _, _ in _FORMATTER.parse(template))


def _shortened(text: str, form: str) -> str:
    """Return both ends of a long text, or its first or last words with the form “start” or “end”."""
    if not form:
        half = _MAX_QUOTED // 2
        return text if len(text) <= _MAX_QUOTED else f"{text[:half]}…{text[1 - half :]}"
    words = text.split(" ")
    short = " ".join(words[:_END_WORDS])[:_MAX_END]
    if form == "end":
        short = " ".join(words[-_END_WORDS:])[-_MAX_END:]
    if short == text:
        return text
    return f"{short}…" if form == "start" else f"…{short}"
