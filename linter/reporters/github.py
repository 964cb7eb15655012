"""Annotations beside the lines of a pull request: one workflow command of GitHub Actions a finding."""

from __future__ import annotations

from linter.finding import SEVERITIES, Finding, Problem, Result
from linter.output import one_line
from linter.reporters import View
from linter.reporters.plain import summary

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
# What GitHub's runner undoes (ActionCommand.cs).
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render(result: Result, view: View) -> str:
    """Problems and errors first, then warnings, then notes, since GitHub shows ten of a kind a step; then the sum."""
    ordered = sorted(result.findings, key=lambda finding: (SEVERITIES.index(finding.severity), finding.order))
    lines = [*map(_problem, result.problems), *map(_finding, ordered)]
    if not view.quiet:
        lines.append(f"copydesk: {summary(result)}")
    return "".join(f"{line}\n" for line in lines)


def _problem(problem: Problem) -> str:
    return _command("error", {"title": "copydesk"}, f"{one_line(problem.path)}: {problem.message}")


def _finding(finding: Finding) -> str:
    """One finding. The log shows only the message, so it starts with the place.

    GitHub takes columns only within one line, and the lines of a record are not those of its file.
    """
    place = f"{finding.line}:{finding.column}"
    properties: dict[str, object] = {"file": finding.path}
    if finding.record is None:
        properties |= {"line": finding.line, "endLine": finding.end_line}
        if finding.line == finding.end_line:
            properties |= {"col": finding.column, "endColumn": finding.end_column}
    else:
        place = f"{finding.record}:{place}"
    message = f"{one_line(f'{finding.path}:{place}')}: {finding.message}"
    return _command(_COMMANDS[finding.severity], {**properties, "title": finding.rule}, message)


def _command(name: str, properties: dict[str, object], message: str) -> str:
    """A workflow command: line ends are encoded for the runner, other control characters are escaped."""
    encoded = ",".join(f"{key}={str(value).translate(_PROPERTY)}" for key, value in properties.items())
    return f"::{name} {one_line(encoded)}::{one_line(message.translate(_DATA))}"
