"""The summary in Markdown, for the page of a CI run or for a comment on a pull request."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from linter import patterns
from linter.finding import Finding, Result
from linter.output import one_line
from linter.reporters import View, count_by_rule, left_out_phrase, most_severe_first
from linter.reporters.terminal import verdict

MAX_ROWS = 25  # groups of findings, or rules, in a table; a comment must remain readable
_MAX_PLACES = 3  # places shown for a group
_MAX_CELL = 300  # code points of a message or path; GitHub limits a comment to 65,536
_SIGNS = {"error": "🛑 error", "warning": "⚠️ warning", "info": "note"}
_MARKUP = patterns.lazy(r"[\\`*_{}\[\]<>()#+!|~$&^=-]|(?<=[a-z]):(?=//)|(?<=www)\.|@", re.IGNORECASE)


def render(result: Result, view: View) -> str:
    """Render the total, the problems, up to 25 groups of findings (the most severe first), and the counts by rule.

    A group is in one row, with the message of its first finding, its size, and up to three places.
    Notes (findings of severity info) are counted, but are listed only if `view.everything` is true.
    """
    total, outcome = verdict(result)
    lines = [f"### copydesk: {(outcome or total).rstrip('.')}", ""]
    if outcome:
        lines += [f"{total.rstrip(':')}.", ""]
    if left_out := left_out_phrase(result):
        lines += [f"Not shown: {'; '.join(left_out)}.", ""]
    lines += [f"- **{_escaped(problem.name)}**: {_escaped(problem.message)}" for problem in result.problems]
    if result.problems:
        lines.append("")
    lines += _table(most_severe_first(view.shown(result.findings)))
    if result.findings:
        lines += _rules(result.findings)
    return "".join(f"{line}\n" for line in lines)


def _table(findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield _row("", "place", "message", "rule")
    yield _row(*["---"] * 4)
    groups = defaultdict(list)
    for finding in findings:
        groups[finding.severity, finding.group].append(finding)
    for group in islice(groups.values(), MAX_ROWS):
        places = [f"{_escaped(finding.name)}:{finding.line}" for finding in group[:_MAX_PLACES]]
        places += ["…"] if len(group) > _MAX_PLACES else []
        number = f" ({len(group):,} times)" if len(group) > 1 else ""
        yield _row(_SIGNS[group[0].severity], ", ".join(places), _escaped(group[0].message) + number, group[0].rule)
    yield from _more(len(groups), "")


def _rules(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the lines of a collapsed table that counts findings by rule."""
    groups = count_by_rule(findings)
    yield from ("<details><summary>All by rule</summary>", "")
    yield _row("rule", "findings", "articles")
    yield _row("---", "---:", "---:")
    for group in groups[:MAX_ROWS]:
        yield _row(group.name, f"{group.findings:,}", f"{group.articles:,}")
    yield from _more(len(groups), " rules")
    yield "</details>"


def _more(number: int, noun: str) -> Iterator[str]:
    """Yield the lines after a table: an empty line and, if rows were left out, their number."""
    yield ""
    if number > MAX_ROWS:
        yield from (f"… and {number - MAX_ROWS:,} more{noun}.", "")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Return `text` on one line, cut if it is long, and escaped so that it has no markup, links or mentions."""
    text = one_line(text)
    if len(text) > _MAX_CELL:
        text = f"{text[:_MAX_CELL]}…"
    return _MARKUP.sub(_reference, text)


def _reference(mark: re.Match[str]) -> str:
    return f"&#{ord(mark[0])};" + ("&#8203;" if mark[0] in "@#" else "")
