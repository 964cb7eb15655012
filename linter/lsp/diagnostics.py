"""Convert findings to the diagnostics of the Language Server Protocol."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

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
from linter.lsp.positions import LineTable
from linter.reference import rule_texts
from linter.rule import Rule
from linter.source import Source

if TYPE_CHECKING:
    from linter.lsp import rule_files
    from linter.lsp.folders import FileMistake

SOURCE = "copydesk"
_SEVERITIES = {
    "error": DiagnosticSeverity.Error,
    "warning": DiagnosticSeverity.Warning,
    "info": DiagnosticSeverity.Information,
}
_LINE, _OTHER = "{line}", "{other}"  # values in messages: the number of a related line, and the path of another article


def of_finding(finding: Finding, rules: Mapping[str, Rule], table: LineTable, uri: str, root: str) -> Diagnostic:
    """Return the diagnostic for a finding in the document `uri`. `table` has the lines of the document.

    `root` is the folder to which paths in messages, and the paths of rule files, are relative.
    """
    rule = rules.get(finding.rule)
    deletes = bool(finding.edits) and not any(edit.text for edit in finding.edits)
    return Diagnostic(
        range=table.range(finding.start, finding.end),
        message=finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.rule,
        code_description=_description(rule, root) if rule else None,
        source=SOURCE,
        tags=[DiagnosticTag.Unnecessary] if deletes and _covers(finding) else None,
        related_information=_related(finding, rule, table, uri, root) if rule else None,
    )


def fits(finding: Finding, text: str) -> bool:
    """Whether the text at the position of a finding is still the text of the finding. The article may have changed."""
    return text[finding.start : finding.end] == finding.text


def of_open_mistake(table: LineTable, mistake: rule_files.Mistake) -> Diagnostic:
    """Return the diagnostic for a mistake in an open rule or config. `table` has its lines."""
    return Diagnostic(
        table.range(mistake.start, mistake.end), mistake.message, severity=DiagnosticSeverity.Error, source=SOURCE
    )


def of_mistake(table: LineTable, mistake: FileMistake) -> Diagnostic:
    """Return the diagnostic for a mistake in a rule or config that is not open. It extends to the end of the line.

    `table` has the lines of the file, or of an empty text if the file cannot be read.
    """
    source = Source(table.text)
    start = source.offset(mistake.line, mistake.column)
    place = table.range(start, source.line_span(start)[1])
    return Diagnostic(place, mistake.message, severity=DiagnosticSeverity.Error, source=SOURCE)


def _covers(finding: Finding) -> bool:
    """Whether the edits of a finding, which only delete text, delete all of its text."""
    kept = finding.end - finding.start
    for edit in finding.edits:
        kept -= max(0, min(edit.end, finding.end) - max(edit.start, finding.start))
    return kept <= 0


def _description(rule: Rule, root: str) -> CodeDescription | None:
    url = documentation(rule, root)
    return CodeDescription(href=url) if url else None


def documentation(rule: Rule, root: str) -> str:
    """Return the URL of the documentation of a rule. For a rule that is not shipped, this is the rule file.

    The path of the file may be relative to the folder `root`. Returns "" for a rule without a file.
    """
    return rule_texts.page_url(rule) or (Path(root, rule.file).absolute().as_uri() if rule.file else "")


def _related(
    finding: Finding, rule: Rule, table: LineTable, uri: str, root: str
) -> list[DiagnosticRelatedInformation] | None:
    """Return the line that the message of a finding refers to, such as “on line 59”, or the other article, or None."""
    if _LINE in rule.message:
        source, line = Source(table.text), int(_value(_LINE, rule, finding) or 0) - 1
        if 0 <= line < len(source.line_starts):
            start, end = source.line_span(source.line_starts[line])
            indent = end - start - len(table.text[start:end].lstrip())
            return [DiagnosticRelatedInformation(Location(uri, table.range(start + indent, end)), f"line {line + 1}")]
    if _OTHER in rule.message and rule.looks_at == "folder":
        other = _value(_OTHER, rule, finding)
        file = os.path.join(root, other)
        if root and other and os.path.isfile(file):
            where = Location(Path(file).as_uri(), Range(Position(0, 0), Position(0, 0)))
            return [DiagnosticRelatedInformation(where, other)]
    return None


def _value(name: str, rule: Rule, finding: Finding) -> str:
    """Return the value that `name`, such as “{line}”, has in the message of a finding, or "" if it is unknown.

    The value is recognized by the text before and after it in the template. Matching the whole template would take too
    long for a template with many values.
    """
    before, _, after = rule.message.partition(name)
    before, after = before.rpartition("}")[2], after.partition("{")[0]
    value = r"(\d{1,9})" if name == _LINE else "([^“”]+?)"
    match = re.search(f"{re.escape(before)}{value}{re.escape(after)}", finding.message) if before and after else None
    return match[1] if match else ""
