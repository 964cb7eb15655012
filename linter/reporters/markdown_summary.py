"""A summary in Markdown: for the page of a CI run, or as a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from linter import patterns
from linter.finding import SEVERITIES, Finding, Result
from linter.output import one_line
from linter.reporters import View, count_by_rule, left_out_phrase
from linter.reporters.terminal import verdict

MOST = 25  # findings, and as many rules, that are shown one by one: a comment is read, an archive is not
_CELL = 300  # code points of a message or a path that are shown; GitHub takes 65,536 of a comment
_SIGNS = {"error": "🛑 error", "warning": "⚠️ warning", "info": "note"}
_MARKS = patterns.lazy(r"[\\`*_{}\[\]<>()#+!|~$&^=-]|(?<=[a-z]):(?=//)|(?<=www)\.|@", re.IGNORECASE)


def render(result: Result, view: View) -> str:
    """What it comes to, the gravest findings, and all of them by rule; notes only in that or if nothing is graver."""
    total, outcome = verdict(result)
    lines = [f"### copydesk: {(outcome or total).rstrip('.')}", ""]
    if outcome:
        lines += [f"{total.rstrip(':')}.", ""]
    if left_out := left_out_phrase(result):
        lines += [f"Left out: {'; '.join(left_out)}.", ""]
    lines += [f"- **{_escaped(problem.path)}**: {_escaped(problem.message)}" for problem in result.problems]
    if result.problems:
        lines.append("")
    shown = [finding for finding in result.findings if view.everything or finding.severity != "info"]
    lines += _table(sorted(shown, key=lambda finding: (SEVERITIES.index(finding.severity), finding.order)))
    if result.findings:
        lines += _rules(result.findings)
    return "".join(f"{line}\n" for line in lines)


def _table(findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield from _row("", "where", "what to do", "rule")
    yield from _row(*["---"] * 4)
    for finding in findings[:MOST]:
        place = f"{_escaped(finding.path)} {_escaped(finding.record or '')}".rstrip()
        yield from _row(_SIGNS[finding.severity], f"{place}:{finding.line}", _escaped(finding.message), finding.rule)
    yield ""
    if len(findings) > MOST:
        yield from (f"… and {len(findings) - MOST:,} more.", "")


def _rules(findings: Sequence[Finding]) -> Iterator[str]:
    """The findings by rule, folded away."""
    groups = count_by_rule(findings)
    yield from ("<details><summary>All by rule</summary>", "")
    yield from _row("rule", "findings", "articles")
    yield from _row("---", "---:", "---:")
    for group in groups[:MOST]:
        yield from _row(group.name, f"{group.findings:,}", f"{group.articles:,}")
    yield ""
    if len(groups) > MOST:
        yield from (f"… and {len(groups) - MOST:,} more rules.", "")
    yield "</details>"


def _row(*cells: str) -> Iterable[str]:
    return (f"| {' | '.join(cells)} |",)


def _escaped(text: str) -> str:
    """`text` in a cell as it reads: no markup, no link, nobody called by name, not too long."""
    text = one_line(text)
    if len(text) > _CELL:
        text = f"{text[:_CELL]}…"
    return _MARKS.sub(_reference, text)


def _reference(mark: re.Match[str]) -> str:
    return f"&#{ord(mark[0])};" + ("&#8203;" if mark[0] in "@#" else "")
