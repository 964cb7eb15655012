"""The plain report: one line per finding, for logs, other programs, and output that is not a terminal."""

from __future__ import annotations

from linter.finding import Finding, Result
from linter.output import one_line
from linter.reporters import View


def render(result: Result, view: View) -> str:
    """Return `path:line:column: severity: message [pack/id]` for each finding; infos only with `view.everything`."""
    return "".join(map(_line, view.shown(result.findings)))


def _line(finding: Finding) -> str:
    line = f"{finding.path}:{finding.line}:{finding.column}: {finding.severity}: {finding.message} [{finding.rule}]"
    return f"{one_line(line)}\n"
