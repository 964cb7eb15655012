"""The report for GitLab Code Quality, shown in merge requests."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from linter.finding import Finding, Problem, Result
from linter.output import json_lines, one_line
from linter.reporters import View, fingerprints

_SEVERITIES = {"error": "critical", "warning": "minor", "info": "info"}
_PROBLEM = "blocker"  # a problem may hide any number of findings


def render(result: Result, view: View) -> str:
    """Render a JSON array of all problems and findings, each on its own line. `view` has no effect.

    The format is described in https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.
    """
    entries = []
    for problem in result.problems:
        fingerprint = blake2b("\0".join(filter(None, problem)).encode("utf-8", "replace"), digest_size=16).hexdigest()
        entries.append(_entry(problem, "copydesk", fingerprint, _PROBLEM, 1))
    for finding, fingerprint in zip(result.findings, fingerprints(result.findings), strict=True):
        line = finding.line if finding.record is None else 1  # the lines of a record are not those of its file
        entry = _entry(finding, finding.rule, fingerprint, _SEVERITIES[finding.severity], line)
        entries.append({**entry, "group": one_line(finding.group)})
    return f"[{json_lines(entries)}]\n"


def _entry(subject: Finding | Problem, name: str, fingerprint: str, severity: str, line: int) -> dict[str, Any]:
    return {
        "description": one_line(f"{subject.record}: {subject.message}" if subject.record else subject.message),
        "check_name": name,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": one_line(subject.path), "lines": {"begin": line}},
    }
