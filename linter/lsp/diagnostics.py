"""Convert findings to the diagnostics of the Language Server Protocol."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from lsprotocol.types import (
    CodeDescription,
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    DiagnosticTag,
    Location,
    Position,
    Range,
)

from linter.finding import Finding
from linter.lsp import rule_files
from linter.lsp.folders import Mistake
from linter.lsp.positions import LineTable
from linter.reference import rule_texts
from linter.rule import Rule

SOURCE = "copydesk"
_SEVERITIES = {
    "error": DiagnosticSeverity.Error,
    "warning": DiagnosticSeverity.Warning,
    "info": DiagnosticSeverity.Information,
}
_LINE = "{line}"  # the value of a message that is the number of a related line
_VALUE = re.compile(r"\\{[^{}]*\\}")


def diagnostic(finding: Finding, rules: Mapping[str, Rule], table: LineTable, uri: str) -> Diagnostic:
    """Return the diagnostic for a finding in the document `uri`. `table` has the lines of the document."""
    rule = rules.get(finding.rule)
    deletes = bool(finding.edits) and not any(edit.text for edit in finding.edits)
    return Diagnostic(
        range=table.range(finding.start, finding.end),
        message=finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.rule,
        code_description=_description(rule) if rule else None,
        source=SOURCE,
        tags=[DiagnosticTag.Unnecessary] if deletes and _covers(finding) else None,
        related_information=_related(finding, rule, table, uri) if rule and _LINE in rule.message else None,
    )


def mistake_in(table: LineTable, mistake: rule_files.Mistake) -> Diagnostic:
    """Return the diagnostic for a mistake in an open rule or config. `table` has its lines."""
    return Diagnostic(
        table.range(mistake.start, mistake.end), mistake.message, severity=DiagnosticSeverity.Error, source=SOURCE
    )


def mistake(mistake: Mistake) -> Diagnostic:
    """Return the diagnostic for a mistake in a rule or config that is not open. It extends to the end of the line."""
    start = Position(mistake.line - 1, mistake.column - 1)
    return Diagnostic(
        Range(start, Position(mistake.line, 0)), mistake.message, severity=DiagnosticSeverity.Error, source=SOURCE
    )


def _covers(finding: Finding) -> bool:
    """Whether the edits of a finding, which only delete text, delete all of its text."""
    kept = finding.end - finding.start
    for edit in finding.edits:
        kept -= max(0, min(edit.end, finding.end) - max(edit.start, finding.start))
    return kept <= 0


def _description(rule: Rule) -> CodeDescription | None:
    url = documentation(rule)
    return CodeDescription(href=url) if url else None


def documentation(rule: Rule) -> str:
    """Return the URL of the documentation of a rule: a page or, for a rule of the user, the file of the rule.

    The result is "" for a rule without a file.
    """
    return rule_texts.page_url(rule) or (Path(rule.file).absolute().as_uri() if rule.file else "")


def _related(finding: Finding, rule: Rule, table: LineTable, uri: str) -> list[DiagnosticRelatedInformation] | None:
    """Return the line that the message of a finding refers to, such as “on line 59”, or None."""
    match = _line_pattern(rule.message).fullmatch(finding.message)
    line = int(match[1]) - 1 if match else -1
    if not 0 <= line < len(table.starts):
        return None
    start = table.starts[line]
    end = table.starts[line + 1] if line + 1 < len(table.starts) else len(table.text)
    text = table.text[start:end]
    shown = text.strip()
    start += len(text) - len(text.lstrip())
    where = Location(uri, table.range(start, start + len(shown)))
    return [DiagnosticRelatedInformation(where, f"line {line + 1}")]


@lru_cache(256)
def _line_pattern(template: str) -> re.Pattern[str]:
    """Return a pattern for the messages of a template, with the number of the line as its group."""
    before, _, after = (_VALUE.sub(".*", re.escape(part)) for part in template.partition(_LINE))
    return re.compile(rf"(?s){before}(\d+){after}")
