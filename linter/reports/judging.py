"""What a rule found on trial, for whoever is to judge whether it may be switched on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from linter.finding import Finding
from linter.reports.cells import ELLIPSIS, cells, tail, visible
from linter.reports.entries import SIGNS, Entries
from linter.reports.lines import Lines
from linter.reports.tallies import by
from linter.trial import Trial

_WRONG = {"error": 100, "warning": 20}  # one hit in so many may be wrong; docs/design.md, “Severity”
_NOTABLE = 3  # part of the hits that one article has alone, from which on it is named: a third,
_SEVERAL = 5  # if it has so many


def judging(lines: Lines, trial: Trial, drawn: Sequence[Finding], seed: int) -> None:
    """Write how often the rule speaks, the findings that were `drawn` with `seed`, and what to make of them."""
    rule = trial.rule
    lines.wrapped(
        (f"{SIGNS[rule.severity]} ", rule.severity), ("  ", ""), (rule.summary, "strong"), (rule.name, "faint")
    )
    _say(lines, _figures(trial))
    if not drawn:
        return
    lines.put()
    few = len(drawn) == len(trial.findings)
    said = "All of them" if few else f"{len(drawn):,} of them, drawn by lot (others: --seed {seed + 1})"
    lines.wrapped(("", ""), ("", ""), (f"{said}:", "faint"))
    entries = Entries(lines, max(len(str(finding.line)) for finding in drawn) + len(str(len(drawn))))
    numbered = enumerate(drawn, 1)
    for (path, record), members in groupby(numbered, lambda pair: (pair[1].path, pair[1].record)):
        lines.put()
        _path(lines, f"{path} · {record}" if record else path)
        for number, finding in members:
            entries.numbered(finding, number)
    lines.put()
    _say(lines, _advice(trial, len(drawn), all_of_them=few))


def _figures(trial: Trial) -> list[str]:
    """How many hits there are, in how many articles, what that is in a thousand, and where most of them are."""
    number, files = len(trial.findings), trial.files
    silenced = [f"Silenced: {trial.silenced:,} more."] if trial.silenced else []
    if not number:
        return [f"No hit in {_count(files, 'article')}.", *silenced]
    rate = 1_000 * number / files
    shown = f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"
    said = [f"{_count(number, 'hit')} in {trial.articles:,} of {_count(files, 'article')}: {shown} per 1,000 articles."]
    most = by(trial.findings, lambda finding: finding.path)[0]
    if trial.articles > 1 and most.findings * _NOTABLE >= number and most.findings >= _SEVERAL:
        said.append(f"{most.findings:,} of them are in {most.name}.")
    if safe := sum(bool(finding.fix and finding.fix.safe) for finding in trial.findings):
        said.append(f"{safe:,} can be mended safely.")
    return said + silenced


def _advice(trial: Trial, number: int, *, all_of_them: bool) -> list[str]:
    rule = trial.rule
    said = ["Read each of them."]
    if most := _WRONG.get(rule.severity):
        share = f"{100 - 100 // most} of 100 hits"
        wrong = f"{number // most or 'none'} may be wrong"
        said.append(f"“{rule.severity}” means that {share} are right: of these, {wrong}.")
    said.append("What was wrong belongs into “good” of the rule.")
    if not all_of_them:
        said.append("More of them: --sample 100.")
    return said


def _say(lines: Lines, sentences: Sequence[str]) -> None:
    lines.wrapped(("  ", ""), ("  ", ""), (" ".join(sentences), ""))


def _path(lines: Lines, path: str) -> None:
    shown = visible(path)
    lines.put((shown if cells(shown) <= lines.width else ELLIPSIS + tail(shown, lines.width - 1), "strong"))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
