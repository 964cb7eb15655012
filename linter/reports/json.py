"""The report for machines: everything, in the form that docs/json.md describes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from linter.finding import Result
from linter.reports import View


def render(result: Result, view: View) -> str:
    """One JSON object, each finding on a line of its own; every severity, whatever `view` says."""
    findings = _lines(finding.as_json() for finding in result.findings)
    problems = _lines(problem._asdict() for problem in result.problems)
    return f'{{"version": 1, "files": {result.files},\n"findings": [{findings}],\n"problems": [{problems}]}}\n'


def _lines(values: Iterable[Mapping[str, Any]]) -> str:
    return ",".join(f"\n{json.dumps(value, ensure_ascii=False)}" for value in values)
