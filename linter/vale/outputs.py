"""The output formats of Vale: lines, JSON, and a table for people. They contain the findings of Vale's rules only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any

from linter.document import Span, simple_block
from linter.finding import Finding, Result
from linter.matching import Budget
from linter.output import as_json, one_line
from linter.reporters import View
from linter.rule import Rule
from linter.styled_text import Lines, cells, visible, wrap

OUTPUTS = ("CLI", "line", "JSON")
LEVELS = {"error": "error", "warning": "warning", "info": "suggestion"}  # by severity
_STDIN = "stdin"
_MIN_MESSAGE = 24  # cells; a message column does not become narrower
_MARGIN = " "  # to the left of each line, as in Vale
_GAP = "  "
_GO_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}  # Go's package json escapes these for HTML


def render(output: str, result: Result, view: View) -> str:
    """Render the findings of Vale's rules in the format `output`, one of OUTPUTS, in the order of paths and positions.

    For JSON, `view.rules` must have the rules of all findings. The table for people has the width `view.width`;
    without `view.paths`, the only article is standard input.
    """
    findings = sorted(result.findings, key=lambda finding: (finding.path, finding.line, finding.column, finding.order))
    if output == "JSON":
        return _json(findings, view)
    return _table(findings, result.files, view) if output == "CLI" else "".join(map(_line, findings))


def _line(finding: Finding) -> str:
    return one_line(f"{finding.path}:{finding.line}:{finding.column}:{finding.rule}:{finding.message}") + "\n"


def _json(findings: Iterable[Finding], view: View) -> str:
    """Return a JSON object that maps paths to lists of findings, as Go's package json writes it."""
    found = {
        path: [_alert(finding, view.rules[finding.rule]) for finding in group]
        for path, group in groupby(findings, lambda finding: finding.path)
    }
    return _go_json(found) + "\n"


def _go_json(value: Any) -> str:
    """Return `value` as JSON in the style of Go's package json, with two spaces for each level."""
    text = as_json(value, indent=2)
    for character, escape in _GO_ESCAPES.items():  # JSON has these characters only in strings
        text = text.replace(character, escape)
    return text


def _alert(finding: Finding, rule: Rule) -> dict[str, Any]:
    """Return a finding in the format of Vale. The span is 1-based and inclusive, and ends on the first line."""
    first, *_ = finding.text.splitlines() or [""]
    definition = rule.check.definition  # type: ignore[union-attr]
    return {
        "Action": {"Name": definition.action.name, "Params": [*_params(finding, rule)] or None},
        "Span": [finding.column, finding.column + max(len(first) - 1, 0)],
        "Check": finding.rule,
        "Description": definition.description,
        "Link": definition.link,
        "Message": finding.message,
        "Severity": LEVELS[finding.severity],
        "Match": finding.text,
        "Line": finding.line,
    }


def _params(finding: Finding, rule: Rule) -> Sequence[str]:
    """Return the parameters of the action of a rule: those in its file or, for `replace`, the texts to choose from."""
    action = rule.check.definition.action  # type: ignore[union-attr]
    if action.params or action.name != "replace":
        return tuple(action.params)
    return (_replacements(finding, rule) or tuple(edit.text for edit in finding.edits)) if finding.edits else ()


def _replacements(finding: Finding, rule: Rule) -> Sequence[str]:
    """Return the replacements for a finding, which has only the first one, or () if the check does not repeat it."""
    text = f"{finding.before}{finding.text}{finding.after}"
    start = len(finding.before)
    block = simple_block(text, Span(0, len(text)), frozenset())
    with suppress(TimeoutError), Budget(len(text)):
        for hit in rule.check.hits(block):  # type: ignore[union-attr]
            if (hit.start, hit.end) == (start, start + len(finding.text)):
                return hit.replacements or ()
    return ()


def _table(findings: Sequence[Finding], files: int, view: View) -> str:
    """Return a table for each article with findings, and a line with the totals."""
    lines = Lines(view.width, view.color)
    for path, group in groupby(findings, lambda finding: finding.path):
        lines.put()
        lines.put((_MARGIN, ""), (path, "strong"))
        _rows(lines, [*group])
        lines.put()
    numbers = {severity: sum(one.severity == severity for one in findings) for severity in LEVELS}
    parts = [(_count(numbers[severity], level), severity) for severity, level in LEVELS.items()]
    mark = "✖" if numbers["error"] or numbers["warning"] else "✔"
    where = _count(files, "file") if view.paths else _STDIN
    lines.put((f"{mark} ", ""), parts[0], (", ", ""), parts[1], (" and ", ""), parts[2], (f" in {where}.", ""))
    return lines.text()


def _rows(lines: Lines, findings: Sequence[Finding]) -> None:
    """Write the rows of one article: place, level, message and rule. Long messages continue on more lines."""
    places = [f"{finding.line}:{finding.column}" for finding in findings]
    place, level = max(map(len, places)), max(len(LEVELS[finding.severity]) for finding in findings)
    name = max(cells(visible(finding.rule)) for finding in findings)
    room = max(_MIN_MESSAGE, lines.width - place - level - name - len(_MARGIN) - 3 * len(_GAP))
    messages = [wrap(finding.message, room) for finding in findings]
    message = max(cells(line) for found in messages for line in found)
    for at, finding, found in zip(places, findings, messages, strict=True):
        shown = LEVELS[finding.severity]
        lines.put(
            (f"{_MARGIN}{at:<{place}}{_GAP}", ""),
            (shown, finding.severity),
            (f"{' ' * (level - len(shown))}{_GAP}{found[0]}", ""),
            (f"{' ' * (message - cells(found[0]))}{_GAP}{finding.rule}", ""),
        )
        for line in found[1:]:
            lines.put((f"{_MARGIN}{' ' * (place + level + 2 * len(_GAP))}{line}", ""))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def error(mistakes: Sequence[str], place: tuple[str, int, int] | None) -> str:
    """Return mistakes as the JSON object with which Vale reports an error, on the `place` of the first one, if any."""
    path, line, column = place or ("", 0, 0)
    text = "\n".join(mistakes).removeprefix(f"{path}:{line}:{column}: ")
    return _go_json({"Line": line, "Path": path, "Text": text, "Code": "E201" if place else "E100", "Span": column})
