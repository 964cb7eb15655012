"""The report for machines: everything, in the form that docs/json.md describes."""

from __future__ import annotations

import json

from linter.finding import Result
from linter.reports import View


def render(result: Result, view: View) -> str:
    """One JSON object in UTF-8, every finding of every severity in it, whatever `view` says."""
    report = {
        "version": 1,
        "files": result.files,
        "findings": [finding.as_json() for finding in result.findings],
        "problems": [problem._asdict() for problem in result.problems],
    }
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"
