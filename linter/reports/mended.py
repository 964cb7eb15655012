"""What `copydesk fix` did, in few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from linter.finding import Finding
from linter.reports import View
from linter.reports.closing import command
from linter.reports.lines import Lines
from linter.reports.sums import counted
from linter.reports.table import table
from linter.reports.tallies import by_rule

_IN_FULL = 20  # articles; of more only the rules are listed
_ENDLESS = 1_000_000  # columns of what is no terminal


class Work(NamedTuple):
    """`made` are the findings that were mended in `files` articles, `left` those that were not."""

    files: int
    made: Sequence[Finding]
    left: Sequence[Finding]
    unsafe: bool
    written: bool


def summary(work: Work, view: View) -> str:
    """One line an article with the rules that mended it, then what it comes to and what is left to do."""
    lines = Lines(view.width or _ENDLESS, view.color)
    articles = [(path, list(own)) for path, own in groupby(work.made, key=lambda finding: finding.path)]
    if len(articles) > _IN_FULL:
        table(lines, "rule", by_rule(work.made), view.rules)
    for path, own in articles if len(articles) <= _IN_FULL else ():
        lines.wrapped(("", ""), ("  ", ""), (f"{path}: {len(own):,} {_mended(work)}: {_rules(own)}", ""))
    lines.wrapped(("", ""), ("", ""), (_total(work, len(articles)), "strong"))
    for text, words in _next(work):
        lines.wrapped(("", ""), ("  ", ""), (f"{text}: {command(words, work.left, view)}", "faint"))
    return lines.text()


def _mended(work: Work) -> str:
    return "mended" if work.written else "to mend"


def _rules(findings: Iterable[Finding]) -> str:
    numbers = Counter(finding.rule for finding in findings)
    ranked = sorted(numbers, key=lambda rule: (-numbers[rule], rule))
    return ", ".join(f"{rule} ({numbers[rule]:,})" if numbers[rule] > 1 else rule for rule in ranked)


def _total(work: Work, changed: int) -> str:
    every = f"{work.files:,} article{'' if work.files == 1 else 's'}"
    if not work.made:
        return f"Nothing to mend in {every}." if work.files else "There was no article to look at."
    places = f"{len(work.made):,} place{'' if len(work.made) == 1 else 's'}"
    where = every if changed == work.files else f"{changed:,} of {every}"
    return f"Mended {places} in {where}." if work.written else f"{places} to mend in {where}; nothing was written."


def _next(work: Work) -> Iterable[tuple[str, str]]:
    """What else there is to do, and the command for it."""
    doubtful = [finding for finding in work.left if finding.fix and not finding.fix.safe]
    if doubtful and not work.unsafe:
        what = "1 more fix may" if len(doubtful) == 1 else f"{len(doubtful):,} more fixes may"
        yield f"{what} change the meaning; see", "fix --unsafe --diff"
    if shown := [finding for finding in work.left if finding.severity != "info"]:
        yield f"Left for you: {counted(shown)}", "check"
