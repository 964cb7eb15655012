"""The plain report: one line per finding, for logs, other programs, and output that is not a terminal."""

from __future__ import annotations

from linter.finding import Finding, Result
from linter.output import one_line
from linter.reporters import View, articles_phrase, left_out_phrase, severity_phrase


def render(result: Result, view: View) -> str:
    """Return `path:line:column: severity: message [pack/id]` for each finding; infos only with `view.everything`."""
    shown = (finding for finding in result.findings if view.everything or finding.severity != "info")
    return "".join(map(_line, shown))


def summary(result: Result) -> str:
    """Return the total on one line: “2 errors and 1 note in 2 of 3 articles”."""
    if not result.files:
        return "there was no article to look at"
    every = f"{result.files:,} article{'' if result.files == 1 else 's'}"
    found = (
        f"{severity_phrase(result.findings)} in {articles_phrase(result)}"
        if result.findings
        else f"nothing found in {every}"
    )
    return "; ".join([found, *left_out_phrase(result)])


def _line(finding: Finding) -> str:
    line = f"{finding.path}:{finding.line}:{finding.column}: {finding.severity}: {finding.message} [{finding.rule}]"
    return f"{one_line(line)}\n"
