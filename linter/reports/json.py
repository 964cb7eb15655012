"""The report for machines: everything, in the form that docs/json.md describes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from linter.escaping import as_json
from linter.finding import Result
from linter.reports import View
from linter.reports.tallies import Tally, by_folder, by_pack, by_rule


def render(result: Result, view: View) -> str:
    """One JSON object, each finding on a line of its own; every severity, whatever `view` says of that."""
    findings = _lines(finding.as_json() for finding in result.findings)
    problems = _lines(problem._asdict() for problem in result.problems)
    counted = f',\n"statistics": {{{_statistics(result)}}}' if view.statistics else ""
    return f'{{"version": 1, "files": {result.files},\n"findings": [{findings}],\n"problems": [{problems}]{counted}}}\n'


def _statistics(result: Result) -> str:
    counts = {"packs": by_pack, "folders": by_folder, "rules": by_rule}
    parts = (f'"{what}": [{_lines(map(_tally, count(result.findings)))}]' for what, count in counts.items())
    return ",\n".join(parts)


def _tally(tally: Tally) -> dict[str, Any]:
    return {name: value for name, value in tally._asdict().items() if name != "counts"}


def _lines(values: Iterable[Mapping[str, Any]]) -> str:
    return ",".join(f"\n{as_json(value)}" for value in values)
