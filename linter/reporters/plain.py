"""The plain report: one line per finding, for logs, for other programs, and for output that is not a terminal."""

from __future__ import annotations

from linter.finding import Finding, Result
from linter.output import one_line
from linter.reporters import View


def render(result: Result, view: View) -> str:
    """Render each finding as `path:line:column: severity: message [pack/id]`.

    For a record in an archive, `path#record` replaces `path`.

    Notes (findings of severity info) are shown only if `view.everything` is true.
    """
    return "".join(map(_line, view.shown(result.findings)))


def _line(finding: Finding) -> str:
    line = f"{finding.place}: {finding.severity}: {finding.message} [{finding.rule}]"
    return f"{one_line(line)}\n"
