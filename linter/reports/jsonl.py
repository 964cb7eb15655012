"""The report for programs that read while copydesk still runs: one JSON object a line, as docs/json.md describes."""

from __future__ import annotations

from collections.abc import Iterable

from linter.escaping import as_json
from linter.finding import Finding, Result
from linter.reports import View
from linter.rule import looks_at
from linter.silencing.silencer import may_be_acquitted


def render(result: Result, view: View) -> str:
    """All lines: what was found in each article, what takes a look across them, what could not be done, and the end."""
    across = {finding.rule for finding in result.findings} & view.rules.keys()
    across = {name for name in across if looks_at(view.rules[name].check) == "folder"}
    found = sorted(result.findings, key=lambda finding: finding.rule in across or may_be_acquitted(finding))
    return lines(found) + rest(result)


def lines(findings: Iterable[Finding]) -> str:
    """A line for each finding."""
    return "".join(f"{as_json({'finding': finding.as_json()})}\n" for finding in findings)


def rest(result: Result) -> str:
    """What stands behind the last finding."""
    problems = [f"{as_json({'problem': problem._asdict()})}\n" for problem in result.problems]
    end = {"version": 1, "files": result.files, "findings": len(result.findings), "problems": len(result.problems)}
    return "".join(problems) + f'{{"end": {as_json(end)}}}\n'
