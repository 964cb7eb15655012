"""The reports for programs: one JSON object, or one object per line. The format is described in docs/json.md."""

from __future__ import annotations

from linter.finding import Result
from linter.output import as_json, json_lines
from linter.reporters import View, count_by_folder, count_by_pack, count_by_rule
from linter.suppressions import is_unused_suppression


def render(result: Result, view: View) -> str:
    """Render one JSON object with all findings and problems, each on its own line.

    Of `view`, only `statistics` has an effect.
    """
    findings = json_lines(finding.as_json() for finding in result.findings)
    problems = json_lines(problem.as_json() for problem in result.problems)
    statistics = f',\n"statistics": {{{_statistics(result)}}}' if view.statistics else ""
    return (
        f'{{"version": 1, "files": {result.files},\n"findings": [{findings}],\n"problems": [{problems}]{statistics}}}\n'
    )


def _statistics(result: Result) -> str:
    counts = {"packs": count_by_pack, "folders": count_by_folder, "rules": count_by_rule}
    parts = []
    for what, count in counts.items():
        groups = [group._asdict() for group in count(result.findings)]
        for group in groups:
            del group["by_severity"]
        parts.append(f'"{what}": [{json_lines(groups)}]')
    return ",\n".join(parts)


def render_jsonl(result: Result, view: View) -> str:
    """Render one JSON object per line.

    Findings in single articles come first. Findings of rules that compare articles, and unused suppressions, come next.
    Problems follow, and the last line has the totals.
    """
    names = {finding.rule for finding in result.findings}
    across = {name for name in names if name in view.rules and view.rules[name].looks_at == "folder"}
    found = sorted(result.findings, key=lambda finding: finding.rule in across or is_unused_suppression(finding))
    entries = [{"finding": finding.as_json()} for finding in found]
    entries += [{"problem": problem.as_json()} for problem in result.problems]
    end = {"version": 1, "files": result.files, "findings": len(found), "problems": len(result.problems)}
    return "".join(f"{as_json(entry)}\n" for entry in (*entries, {"end": end}))
