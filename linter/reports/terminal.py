"""The report for an editor: what stops the article, what to mend, one example each, and where the others are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from linter.finding import SEVERITIES, Finding, Result
from linter.reports import View
from linter.reports.cells import ELLIPSIS, cells, tail, visible
from linter.reports.closing import closing
from linter.reports.entries import Entries
from linter.reports.groups import folds, section
from linter.reports.lines import Lines
from linter.reports.sums import counted
from linter.reports.table import table
from linter.reports.tallies import by_folder, by_pack, by_rule

NARROWEST, WIDEST, UNKNOWN = 40, 200, 80  # columns; a terminal that tells no size is taken for the last
IN_FULL = 10  # articles; of more the worst are shown and a table stands for the others
FOLDERS = 20  # that statistics show

_TITLES = {
    "error": ("STOP", " — readers would see this"),
    "warning": ("MEND", " — mistakes that do not stop a commit"),
}
_STRICT = " — mistakes to put right"  # where warnings fail the run


def render(result: Result, view: View) -> str:
    """Findings as an editor reads them, in lines of `view.width` cells (40 to 200; 0 is 80).

    Errors stand under STOP, warnings under MEND, one group a kind of mistake; `groups.section` says which get an
    excerpt and which one line, and in what order. What lies inside page code that shows is only counted. With
    `view.everything` each finding stands for itself, in page order, notes too; with `view.statistics` none does, they
    are counted.
    """
    lines = Lines(min(max(view.width, NARROWEST), WIDEST) if view.width > 0 else UNKNOWN, view.color)
    if view.statistics:
        _statistics(lines, result, view)
        return lines.text()
    shown = [finding for finding in result.findings if view.everything or finding.severity != "info"]
    articles = [list(found) for _, found in groupby(shown, key=lambda finding: (finding.path, finding.record))]
    named = result.files > 1 or len(articles) > 1
    many = len(articles) > IN_FULL and not view.everything
    if many:
        lines.put((f"The worst {IN_FULL} of {len(articles):,} articles", "strong"))
    for found in sorted(articles, key=_badness)[:IN_FULL] if many else articles:
        if named:
            _heading(lines, found)
        _everything(lines, found) if view.everything else _sections(lines, found, view, named)
    if many:
        lines.put()
        lines.put((f"All {len(articles):,} articles, by rule", "strong"))
        table(lines, "rule", by_rule(shown), view.rules)
    if not view.quiet:
        if named and lines.done:
            lines.put()
        closing(lines, result, view)
    return lines.text()


def _statistics(lines: Lines, result: Result, view: View) -> None:
    """All findings, notes too, by pack, by folder and by rule."""
    if result.findings:
        folders = by_folder(result.findings)
        table(lines, "pack", by_pack(result.findings))
        lines.put()
        table(lines, "folder", folders[:FOLDERS])
        if len(folders) > FOLDERS:
            lines.put((f"  and {len(folders) - FOLDERS:,} more folders", "faint"))
        lines.put()
        table(lines, "rule", by_rule(result.findings), view.rules)
        lines.put()
    if not view.quiet:
        closing(lines, result, view)


def _badness(found: Sequence[Finding]) -> tuple[int, ...]:
    numbers = Counter(finding.severity for finding in found)
    return tuple(-numbers[severity] for severity in SEVERITIES)


def _heading(lines: Lines, found: Sequence[Finding]) -> None:
    """The path of an article, its end rather than its start where it is too long, and its counts."""
    path = visible(found[0].path + (f" · {found[0].record}" if found[0].record else ""))
    if lines.done:
        lines.put()
    counts = counted(found)
    room = lines.width - cells(counts) - 2
    shown = path if cells(path) <= room else ELLIPSIS + tail(path, room - 1)
    lines.put((shown, "strong"), right=(counts, ""))


def _everything(lines: Lines, found: Sequence[Finding]) -> None:
    entries = Entries(lines, _digits(found))
    for finding in found:
        entries.single(finding)


def _sections(lines: Lines, found: Sequence[Finding], view: View, named: bool) -> None:
    entries, covers = Entries(lines, _digits(found)), folds(found)
    for severity, (word, meaning) in _TITLES.items():
        own = [finding for finding in found if finding.severity == severity]
        if not own:
            continue
        if severity == "warning" and view.fail_on != "error":
            meaning = _STRICT
        if cells(word + meaning) > lines.width:
            meaning = ""
        lines.put((word, severity), (meaning, ""), right=("" if named else counted(own), ""))
        groups = section(own, covers, view.rules)
        for group in groups.full:
            entries.full(group)
        for group in groups.short:
            entries.short(group)
        entries.folded(groups.covers, alone=not groups.full and not groups.short)


def _digits(found: Iterable[Finding]) -> int:
    return max(2, max(len(str(finding.line)) for finding in found))
