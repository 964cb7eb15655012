"""The SARIF 2.1.0 report, for GitHub code scanning, editors and other tools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from linter import REPOSITORY, __version__, patterns
from linter.finding import SEVERITIES, Finding, Fix, Problem, Result
from linter.output import as_json, json_lines
from linter.reference import rule_texts
from linter.reporters import View, fingerprints
from linter.rule import Rule

MAX_RESULTS = 25_000  # results per run that GitHub accepts
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_RANKS = {"error": "error", "warning": "warning", "info": "recommendation"}  # GitHub's words for `problem.severity`
_ROOT = "%SRCROOT%"
_DRIVE = patterns.lazy("[A-Za-z]:/")
Json = dict[str, Any]


def render(result: Result, view: View) -> str:
    """Render a log with one run. It contains findings of all severities, regardless of `view.everything`.

    Each rule and each result is on its own line. If there are more than MAX_RESULTS findings, the least severe findings
    are left out, and a notification reports their number.
    """
    rules = sorted(view.rules.values(), key=lambda rule: rule.name)
    numbers = {rule.name: number for number, rule in enumerate(rules)}
    prints = fingerprints(result.findings)
    included = _most_severe(result.findings)
    results = [_result(result.findings[at], prints[at], numbers) for at in included]
    descriptors = (_descriptor(view.explained(rule)) for rule in rules)
    driver = {"name": "copydesk", "semanticVersion": __version__, "informationUri": REPOSITORY}
    return (
        f'{{"$schema": {as_json(_SCHEMA)}, "version": "2.1.0", "runs": [{{\n'
        f'"tool": {{"driver": {as_json(driver)[:-1]}, "rules": [{json_lines(descriptors)}]}}}},\n'
        f'"columnKind": "unicodeCodePoints", "newlineSequences": ["\\r\\n", "\\n", "\\r"],\n'
        f'"originalUriBaseIds": {as_json({_ROOT: {"description": _text("The folder that copydesk was run in.")}})},\n'
        f'"invocations": [{as_json(_invocation(result, view, len(result.findings) - len(included)))}],\n'
        f'"results": [{json_lines(results)}]}}]}}\n'
    )


def _text(text: str) -> Json:
    return {"text": text}


def _message(text: str) -> Json:
    """Return a SARIF message in which text such as `[a](b)` does not become a link (SARIF 3.11.6)."""
    return _text(text.replace("](", "\\]("))


def _most_severe(findings: Sequence[Finding]) -> list[int]:
    """Return the indexes of the most severe findings, at most MAX_RESULTS, in ascending order."""
    ranked = sorted(range(len(findings)), key=lambda at: SEVERITIES.index(findings[at].severity))
    return sorted(ranked[:MAX_RESULTS])


def _descriptor(rule: Rule) -> Json:
    """Return the SARIF description of a rule, with the severity that the rule has after the config is applied."""
    url = rule_texts.page_url(rule)
    return {
        "id": rule.name,
        "shortDescription": _text(rule.summary),
        "fullDescription": _text(rule.why or rule.summary),
        **({"helpUri": url} if url else {}),
        "help": {"text": rule_texts.help_text(rule), "markdown": rule_texts.help_markdown(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.pack, *sorted(rule.languages)], "problem.severity": _RANKS[rule.severity]},
    }


def _result(finding: Finding, fingerprint: str, numbers: Mapping[str, int]) -> Json:
    entry: Json = {"ruleId": finding.rule}
    if finding.rule in numbers:
        entry["ruleIndex"] = numbers[finding.rule]
    entry |= {
        "level": _LEVELS[finding.severity],
        "message": _message(finding.message),
        "locations": [_location(finding)],
        "partialFingerprints": {"copydesk/v1": fingerprint},
        "properties": {"group": finding.group},
    }
    if finding.fix and finding.record is None:  # offsets in a record are not offsets in the file
        entry["fixes"] = [_fix(finding, finding.fix)]
    return entry


def _location(finding: Finding) -> Json:
    place: Json = {"artifactLocation": _artifact(finding.path)}
    if finding.record is not None:  # positions in a record are not positions in the file
        return {"physicalLocation": place, "logicalLocations": [{"fullyQualifiedName": finding.record}]}
    place["region"] = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
        **_range(finding.start, finding.end),
    }
    return {"physicalLocation": place}


def _range(start: int, end: int) -> Json:
    return {"charOffset": start, "charLength": end - start}


def _fix(finding: Finding, fix: Fix) -> Json:
    replacements = [
        {"deletedRegion": _range(edit.start, edit.end), "insertedContent": _text(edit.text)} for edit in fix.edits
    ]
    return {
        "description": _text(rule_texts.SAFE if fix.safe else rule_texts.UNSAFE),
        "artifactChanges": [{"artifactLocation": _artifact(finding.path), "replacements": replacements}],
        "properties": {"safe": fix.safe},
    }


def _artifact(path: str) -> Json:
    """Return a POSIX path as a URI: a file URI or, if the path is relative, a URI relative to the working folder."""
    escaped = quote(path, safe="/", errors="replace")
    if path.startswith("//"):
        return {"uri": f"file:{escaped}"}
    if path.startswith("/"):
        return {"uri": f"file://{escaped}"}
    if _DRIVE.match(path):
        return {"uri": f"file:///{path[:2]}{escaped[4:]}"}
    return {"uri": escaped, "uriBaseId": _ROOT}


def _invocation(result: Result, view: View, left_out: int) -> Json:
    status = result.status(view.fail_on)
    return {
        "executionSuccessful": status != 2,
        "exitCode": status,
        "toolExecutionNotifications": [*_notifications(result.problems, left_out, len(result.findings))],
    }


def _notifications(problems: Sequence[Problem], left_out: int, number: int) -> Iterator[Json]:
    for problem in problems:
        place: Json = {"physicalLocation": {"artifactLocation": _artifact(problem.path)}}
        if problem.record:
            place["logicalLocations"] = [{"fullyQualifiedName": problem.record}]
        yield {"level": "error", "message": _message(problem.message), "locations": [place]}
    if left_out:
        words = f"{left_out:,} of {number:,} findings are left out, those of the lowest severity"
        limit = f"GitHub accepts at most {MAX_RESULTS:,} results per run."
        yield {"level": "warning", "message": _text(f"{words}: {limit}")}
