"""What the charts and tables of the page show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from linter.escaping import without_marks
from linter.finding import Finding
from linter.manual import texts
from linter.reports import View, tallies
from linter.reports.html.inert import shown
from linter.reports.tallies import Tally
from linter.rule import Rule

_FOLDERS = 12  # that a chart can hold; where there are more, those above them are counted
_HERE = "./"


class RuleRow(NamedTuple):
    """A rule that found something, with what is to be known of it; "" where it is not known."""

    tally: Tally
    summary: str = ""
    why: str = ""
    mending: str = ""


def by_rule(findings: Iterable[Finding], view: View) -> list[RuleRow]:
    """The rules that found something: gravest first, of those the ones that find most."""
    found = ((tally, view.rules.get(tally.name)) for tally in tallies.by_rule(findings))
    return [_row(tally, view.explained(rule) if rule else None) for tally, rule in found]


def _row(tally: Tally, rule: Rule | None) -> RuleRow:
    return RuleRow(tally, *map(_said, (rule.summary, rule.why, texts.mending(rule)))) if rule else RuleRow(tally)


def _said(text: str) -> str:
    """A text of a rule, which may be a stranger's, on one line."""
    return without_marks(shown(" ".join(text.split("\n"))), "⟨U+0023⟩")


def folders(paths: Sequence[str]) -> dict[str, str]:
    """The folder that each path is counted in: its own, or where that makes too many, one further up."""
    parents = {path: tuple(path.split("/")[:-1]) for path in paths}
    depth = max(map(len, parents.values()), default=0)
    while _different(parents, depth) > _FOLDERS and _different(parents, depth - 1) > 1:
        depth -= 1
    return {path: "".join(f"{part}/" for part in parts[:depth]) or _HERE for path, parts in parents.items()}


def _different(parents: Mapping[str, tuple[str, ...]], depth: int) -> int:
    return len({parts[:depth] for parts in parents.values()})
