"""Findings and their fixes, problems and the result of a run, and the templates of messages."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from linter.naming import article_name, pack_of
from linter.patterns import lazy

SEVERITIES = ("error", "warning", "info")  # most severe first
CONTEXT = 160  # code points on either side of a finding

_NOT_IN_JSON = ("before", "after", "beside", "covers")
_FORMATTER = string.Formatter()
_MAX_QUOTED = 80  # code points of a quoted match; a longer match is shortened to its start and its end
_END_WORDS = 4  # words of a match that {match:start} or {match:end} shows
_MAX_END = 32  # maximum code points of these words
_MARKS = ".,;:*_"  # marks that are left out next to an ellipsis
_MAX_FORM = 80  # code points of a text whose form tells its cause; a longer text is only like itself
_WORDS = lazy(r"[^\W_]+(?:[ '’-][^\W_]+)*")
_CONTROLS = {code: f"[U+{code:04X}]" for code in (*range(0x20), *range(0x7F, 0xA0))}


class Edit(NamedTuple):
    """A replacement of the 0-based code points `[start, end)` with `text`.

    In a Fix, offsets refer to the source; in a Match, to the text of its block, or to the source if the match has no
    block.
    """

    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """Edits that must be applied together. If `safe` is true, they cannot change the meaning of the article."""

    safe: bool
    edits: tuple[Edit, ...]


class Finding(NamedTuple):
    """A defect at one position.

    `[start, end)` is its half-open span in the source, in 0-based code points, and `text` is the source text of this
    span. Lines and columns are 1-based; `end_column` is exclusive. `before` is the text before the finding on its first
    line, and `after` is the text after it on its last line; each has at most 160 code points.

    `paragraph` is the 1-based number of the last block of prose that begins at or before the finding, not counting
    headings; None if there is none. `heading` is the text of the nearest heading at or above the finding, or None.
    `beside` contains digests of the surrounding words; the baseline uses them to recognize the finding. `covers` is
    true if other findings in the span are left out (see `uncovered`).
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
    covers: bool = False

    def redacted(self, summary: str) -> Finding:
        """Return the finding without any text of the article.

        The new message is `summary`, the summary of the rule, followed by a period.
        """
        return self._replace(message=f"{summary}.", text="", heading=None, fix=None, before="", after="")

    @property
    def pack(self) -> str:
        """The name of the pack that contains the rule."""
        return pack_of(self.rule)

    @property
    def group(self) -> str:
        """A name that findings with the same cause share: the rule and the matched words, as in `spelling/typo: othre`.

        Of a text with marks or markup, it has the form, in which “w” stands for words: `spacing/before-mark: **w** .`
        is the group of `**Ferry** .` and of `**The tram** .`. Of a text of more than 80 code points, it has the start.
        """
        text = " ".join(self.text.casefold().split()) or self.text
        if len(text) <= _MAX_FORM and not _WORDS.fullmatch(text):
            text = _WORDS.sub("w", text)
        return f"{self.rule}: {text[:_MAX_FORM]}" if text else self.rule

    @property
    def article(self) -> tuple[str, str | None]:
        """The path and the record, which together identify the article."""
        return self.path, self.record

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits of the fix, or () if there is no fix."""
        return self.fix.edits if self.fix else ()

    @property
    def name(self) -> str:
        """The name of the article: `path`, or `path#record` for a record in an archive."""
        return article_name(self.path, self.record)

    @property
    def place(self) -> str:
        """The position as `path:line:column`, or `path#record:line:column` for a record in an archive."""
        return f"{self.name}:{self.line}:{self.column}"

    @property
    def order(self) -> tuple[str, str, int, str, int, str]:
        """The key by which the findings of a run are sorted."""
        return self.path, self.record or "", self.start, self.rule, self.end, self.message

    def as_json(self) -> dict[str, Any]:
        """Return the finding as plain data in the format of docs/json.md."""
        values = {name: value for name, value in self._asdict().items() if name not in _NOT_IN_JSON}
        return values | {
            "group": self.group,
            "fix": self.fix and {"safe": self.fix.safe, "edits": [edit._asdict() for edit in self.fix.edits]},
        }


def uncovered(findings: Sequence[Finding]) -> list[Finding]:
    """Return `findings` without those inside a finding that covers its span, that is, asks to delete or replace it."""
    if not any(finding.covers for finding in findings):
        return list(findings)
    inner = findings_inside(findings, attrgetter("covers"))
    return [finding for finding in findings if finding not in inner]


def findings_inside(findings: Iterable[Finding], is_outer: Callable[[Finding], bool]) -> dict[Finding, Finding]:
    """Map each finding inside a finding of another rule in the same article for which `is_outer` is true to the latter.

    The outer finding is at least as severe. An error is mapped only to an error of the same pack, since leaked page
    code and a bad link in that code are different defects.
    """
    inner: dict[Finding, Finding] = {}
    widest: list[Finding] = []  # the outer finding that ends last, and the one of another rule that ends last
    for finding in sorted(findings, key=_outer_first):
        widest = [outer for outer in widest if outer.article == finding.article]
        for outer in widest:
            if finding.end <= outer.end and _holds(outer, finding):
                inner[finding] = outer
                break
        if is_outer(finding):
            ranked = sorted([*widest, finding], key=lambda outer: -outer.end)
            widest = [ranked[0], *[outer for outer in ranked[1:] if outer.rule != ranked[0].rule][:1]]
    return inner


def _outer_first(finding: Finding) -> tuple[str, str, int, int, int]:
    return finding.path, finding.record or "", finding.start, -finding.end, SEVERITIES.index(finding.severity)


def _holds(outer: Finding, finding: Finding) -> bool:
    """Whether the defect of `finding`, in the span of `outer`, is a part of the defect of `outer`."""
    if outer.rule == finding.rule or SEVERITIES.index(outer.severity) > SEVERITIES.index(finding.severity):
        return False
    return finding.severity != "error" or outer.pack == finding.pack


class SuppressedFinding(NamedTuple):
    """A suppressed finding in the article called `path` (see `article_name`).

    `places` are the offsets of the suppressions in the article that apply to the finding. `entries` are the indexes of
    the suppressions in the config that apply to it.
    """

    path: str
    places: tuple[int, ...] = ()
    entries: tuple[int, ...] = ()


class Problem(NamedTuple):
    """Something that could not be done, such as checking a path that does not exist.

    A run with a problem has the exit status 2. `path` is the path, or the name of the rule, that the problem is about.
    `record` is the record in the archive at `path`, or "" if the problem is not about a record.
    """

    path: str
    message: str
    record: str = ""

    @property
    def name(self) -> str:
        """`path`, or `path#record` if the problem is about a record."""
        return article_name(self.path, self.record or None)

    def as_json(self) -> dict[str, str]:
        """Return the problem as plain data in the format of docs/json.md."""
        return {name: value for name, value in self._asdict().items() if value or name != "record"}


class Result(NamedTuple):
    """The result of a run: the number of articles, their findings in order, and the problems.

    `compared` is true if the articles were compared with each other, as in a run on a folder. `known` is the number of
    findings that are left out because the baseline contains them, and `suppressed` the number of suppressed findings.
    `used_suppressions` are the indexes of the suppressions in the config that suppressed at least one finding.
    `passed_over` is the number of files that look like articles but were not checked.
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
        """Return the exit status (see `exit_status`)."""
        return exit_status(self.problems, (finding.severity for finding in self.findings), fail_on)


def exit_status(problems: Sequence[Problem], severities: Iterable[str], fail_on: str) -> int:
    """Return the exit status of a run with these problems and with findings of these severities.

    It is 2 if there is a problem, 1 if there is a finding with the severity `fail_on` or higher, and 0 otherwise.
    """
    failing = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return 2 if problems else int(any(severity in failing for severity in severities))


def template_fields(template: str) -> set[str]:
    """Return the names of the values in a template such as `“{match:end}” is page code`.

    Raises ValueError if `template` is not a valid template.
    """
    names = set()
    for _, name, form, conversion in _FORMATTER.parse(template):
        if name is None:
            continue
        if not name.isidentifier() or conversion or form not in ("", "start", "end", "full"):
            written = f"{{{name}{':' if form else ''}{form}}}"
            raise ValueError(f"“{written}” is not a value; write {{name}}, {{name:start}} or {{name:end}}")
        names.add(name)
    return names


def shortens(template: str) -> bool:
    """Whether a template shortens a value to its start or its end: `{x:start}` or `{x:end}`."""
    return any(form in ("start", "end") for _, _, form, _ in _FORMATTER.parse(template))


def fill_template(template: str, values: Mapping[str, str]) -> str:
    """Return `template` as a message on one line, with its values filled in and shortened.

    `{x}` is the value of x or, if the value has more than 80 code points, its start and its end. `{x:full}` is the
    whole value, for the messages of Vale's rules. `{x:start}` and `{x:end}` are the first and last words of the value:
    at most four words and 32 code points. Control characters in
    values are shown as `[U+0007]`. A period after a quotation that ends in `.`, `?` or `!` is left out.
    """
    parts = []
    for text, name, form, _ in _FORMATTER.parse(template):
        parts.append(text)
        if name is not None:
            value = " ".join(values[name].split())
            # `isprintable` is much faster than `translate`, and true for nearly all values
            parts.append(_shortened(value if value.isprintable() else value.translate(_CONTROLS), form or ""))
    message = " ".join("".join(parts).split())
    for mark in ".?!":
        message = message.replace(f"{mark}”.", f"{mark}”")
    return message


def expand_template(template: str, values: Mapping[str, str]) -> str:
    """Return `template` with its values filled in and not shortened, as a replacement for text in an article."""
    return "".join(text + (values[name] if name else "") for text, name, _, _ in _FORMATTER.parse(template))


def _shortened(text: str, form: str) -> str:
    """Return `text`, or a shorter form if it is long. `form` is "", "start", "end" or "full" (see `fill_template`)."""
    if form == "full":
        return text
    if not form:
        half = _MAX_QUOTED // 2
        return text if len(text) <= _MAX_QUOTED else f"{text[:half]}…{text[1 - half :]}"
    words = text.split(" ")
    number = min(len(words), _END_WORDS)
    while number > 1 and len(" ".join(words[:number] if form == "start" else words[-number:])) > _MAX_END:
        number -= 1
    if form == "start":
        short = " ".join(words[:number])[:_MAX_END]
        short = short.lstrip("![") if "]" in text and "]" not in short else short  # link text
        return text if short == text else f"{short.rstrip(_MARKS) or short}…"
    short = " ".join(words[-number:])[-_MAX_END:]
    return text if short == text else f"…{short.lstrip(_MARKS) or short}"
