"""The report for GitHub Actions: a workflow command for each finding, shown as an annotation in a pull request."""

from __future__ import annotations

from linter.finding import Finding, Result
from linter.output import one_line
from linter.reporters import View, most_severe_first, summary

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
# Escapes that GitHub's runner decodes (ActionCommand.cs).
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render(result: Result, view: View) -> str:
    """Render the problems, the findings (the most severe first) and, unless `view.quiet` is true, the total.

    The order matters because GitHub shows only ten annotations of a type per step.
    """
    lines = [
        _command("error", {"title": "copydesk"}, f"{one_line(problem.name)}: {problem.message}")
        for problem in result.problems
    ]
    lines += map(_finding, most_severe_first(result.findings))
    if not view.quiet:
        lines.append(f"copydesk: {summary(result)}")
    return "".join(f"{line}\n" for line in lines)


def _finding(finding: Finding) -> str:
    properties: dict[str, object] = {"file": finding.path}
    if finding.record is None:  # the lines of a record are not those of its file
        properties |= {"line": finding.line, "endLine": finding.end_line}
        if finding.line == finding.end_line:  # GitHub accepts columns only on a single line
            properties |= {"col": finding.column, "endColumn": finding.end_column}
    message = f"{one_line(finding.place)}: {finding.message}"  # the log shows only this
    return _command(_COMMANDS[finding.severity], {**properties, "title": finding.rule}, message)


def _command(name: str, properties: dict[str, object], message: str) -> str:
    """Return an escaped workflow command, such as `::name key=value,key=value::message`."""
    encoded = ",".join(f"{key}={str(value).translate(_PROPERTY)}" for key, value in properties.items())
    return f"::{name} {one_line(encoded)}::{one_line(message.translate(_DATA))}"
