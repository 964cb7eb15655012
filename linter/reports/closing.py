"""The last lines of the terminal report: what it all comes to, and what to do next."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Sequence

from linter.finding import Finding, Result
from linter.reports import View
from linter.reports.cells import cells
from linter.reports.groups import quotes_match
from linter.reports.lines import Lines
from linter.reports.sums import NOUNS, counted, number, where

_APART = "No folder was named, so nothing was compared from article to article."
_GAP = " " * 6  # between hints


def closing(lines: Lines, result: Result, view: View) -> None:
    """Write the sum, how many of the findings can be mended, and what to do next."""
    total, judgement = verdict(result)
    rows = [f"{total} {judgement}".rstrip()]
    if cells(rows[0]) > lines.width:
        rows = [total, judgement]
    for row in rows:
        lines.wrapped(("", ""), ("", ""), (row, ""))
    _mending(lines, result.findings, view)
    asked = asked_about(result.findings)
    everything = "Everything, in page order: --all" if result.findings and not view.everything else ""
    why = f"Why: copydesk explain {asked}" if asked else ""
    known = f"{number(result.known, 'known finding')} left out: --no-baseline" if result.known else ""
    silenced = f"{number(result.silenced, 'finding')} silenced: --no-suppressions" if result.silenced else ""
    hints = [text for text in (everything, why, known, silenced) if text]
    one = _GAP.join(hints)
    if hints and cells(one) <= lines.width:
        lines.put((one, "faint"))
    else:
        for text in hints:
            lines.wrapped(("", ""), ("  ", ""), (text, "faint"))
    if view.everything and result.apart and any(rule.looks_at == "folder" for rule in view.rules.values()):
        lines.wrapped(("", ""), ("", ""), (_APART, "faint"))


def _mending(lines: Lines, findings: Sequence[Finding], view: View) -> None:
    """How many of the findings that are shown have a safe fix, and the command for it."""
    safe = [
        finding
        for finding in findings
        if finding.fix and finding.fix.safe and (view.everything or finding.severity != "info")
    ]
    if safe:
        words = "fix --all" if any(finding.severity == "info" for finding in safe) else "fix"
        text = f"{len(safe):,} can be mended for you: {command(words, safe, view)}"
        hint = f"{text}   (--diff shows first)"
        if cells(hint) <= lines.width:
            lines.put((hint, ""))
        else:
            lines.wrapped(("", ""), ("  ", ""), (text, ""))


def command(words: str, about: Iterable[Finding], view: View) -> str:
    """A command to give next: for the one article that it is about, else for what was named."""
    articles = {finding.path for finding in about}
    paths = articles if len(articles) == 1 and "-" not in view.paths else view.paths
    return shlex.join(["copydesk", *words.split(), *paths, *view.options])


def asked_about(findings: Sequence[Finding]) -> str:
    """The rule that a reader is likeliest to wonder about, or "" where nothing is to be mended.

    It is one of the gravest, whose messages do not quote what they mark; of those the one that is met least often.
    """
    grave = next((same for severity in NOUNS if (same := [f for f in findings if f.severity == severity])), [])
    if not grave or grave[0].severity == "info":
        return ""
    numbers = Counter(finding.rule for finding in grave)
    silent = dict.fromkeys(finding.rule for finding in grave if not quotes_match(finding))
    return min(silent or numbers, key=lambda rule: numbers[rule])


def verdict(result: Result) -> tuple[str, str]:
    """“17 errors in 1 of 12 articles:” and “not ready to publish.”, or one sentence and nothing."""
    severities = {finding.severity for finding in result.findings}
    if severities <= {"info"}:
        if not result.files:
            return "There was no article to look at.", ""
        notes = f"; {counted(result.findings)}" if severities else ""
        return f"Nothing to mend in {number(result.files, 'article')}{notes}.", ""
    verdict = "not ready to publish." if "error" in severities else "no errors."
    return f"{counted(result.findings)} in {where(result)}:", verdict
