"""Plain data about a checked article for the page: its verdict, its lines with marks, and its findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from linter import reporters
from linter.document import Document
from linter.finding import SEVERITIES, Finding
from linter.reporters import html, terminal
from linter.reporters.html.passages import Passage, passage_rows
from linter.rule import Rule
from linter.serve.html_rows import html_rows


def view(
    document: Document, findings: Sequence[Finding], rules: Mapping[str, Rule], explained: Callable[[Rule], Rule]
) -> dict[str, Any]:
    """Return what the page shows of an article, as plain data for JSON.

    `findings` are all findings of the document, in order. `rules` maps names to rules, and `explained` returns a rule
    with its examples. `rows` are those of `html_rows` or, unless the source is HTML, its lines, with the scope "".
    `edits` have 0-based offsets in code points.
    """
    names = sorted({finding.rule for finding in findings})
    numbers = {name: number for number, name in enumerate(names)}
    return {
        "version": 1,
        "verdict": verdict(findings),
        "counts": counts_by_severity(findings),
        "fixable": sum(bool(finding.fix and finding.fix.safe) for finding in findings),
        "rules": names,
        "explanations": [_explanation(rules.get(name), explained) for name in names],
        "rows": html_rows(document, findings) if document.markup == "html" else _plain_rows(document, findings),
        "findings": [html.finding_data(finding, numbers) | {"edits": _edits(finding)} for finding in findings],
    }


def verdict(findings: Sequence[Finding]) -> tuple[str, str]:
    """Return the total and the outcome, such as “2 errors and 1 note” and “not ready to publish.”

    If there are neither errors nor warnings, the outcome is "".
    """
    severities = {finding.severity for finding in findings}
    if severities <= {"info"}:
        notes = f"; {reporters.severity_phrase(findings)}" if severities else ""
        return f"No problems found{notes}.", ""
    return reporters.severity_phrase(findings), terminal.outcome(findings)


def _explanation(rule: Rule | None, explained: Callable[[Rule], Rule]) -> dict[str, str]:
    texts = html.explanation(explained(rule)) if rule else ("", "", "")
    return dict(zip(("summary", "why", "fix"), texts, strict=True))


def _edits(finding: Finding) -> list[list[Any]] | None:
    return [[*edit] for edit in finding.fix.edits] if finding.fix and finding.fix.edits else None


def _plain_rows(document: Document, findings: Sequence[Finding]) -> list[list[Any]]:
    return [[*row, ""] for row in passage_rows([Passage(0, 1, document.source.text)], findings)]


def counts_by_severity(findings: Iterable[Finding]) -> dict[str, int]:
    """Return the number of findings by the name of each severity, errors first."""
    return dict(zip(SEVERITIES, reporters.severity_counts(findings), strict=True))
