"""The last lines of the terminal report: what it all comes to, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from linter.finding import Finding, Result
from linter.reports import View
from linter.reports.cells import cells
from linter.reports.lines import Lines

_NOUNS = {"error": "error", "warning": "warning", "info": "note"}


def closing(lines: Lines, result: Result, view: View) -> None:
    """Write the sum and what follows from it; the lines of commands that mend and explain belong at the end."""
    total, verdict = _sum(result)
    rows = [f"{total} {verdict}".rstrip()]
    if cells(rows[0]) > lines.width:
        rows = [total, verdict]
    for row in rows:
        lines.wrapped(("", ""), ("", ""), (row, ""))
    if result.findings and not view.everything:
        lines.put(("Everything, in page order: --all", "faint"))


def _sum(result: Result) -> tuple[str, str]:
    """“17 errors in 1 of 12 articles:” and “not ready to publish.”, or one sentence and nothing."""
    severities = {finding.severity for finding in result.findings}
    if severities <= {"info"}:
        if not result.files:
            return "There was no article to look at.", ""
        notes = f"; {counted(result.findings)}" if severities else ""
        return f"Nothing to mend in {_number(result.files, 'article')}{notes}.", ""
    some = len({(finding.path, finding.record) for finding in result.findings})
    articles = _number(some, "article") if some >= result.files else f"{some:,} of {result.files:,} articles"
    verdict = "not ready to publish." if "error" in severities else "no errors."
    return f"{counted(result.findings)} in {articles}:", verdict


def counted(findings: Iterable[Finding]) -> str:
    """“17 errors, 49 warnings and 1 note”."""
    numbers = Counter(finding.severity for finding in findings)
    parts = [_number(numbers[severity], noun) for severity, noun in _NOUNS.items() if numbers[severity]]
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
