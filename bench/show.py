"""Print measurements, and whether they meet the goals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from measuring import Run
from rich.console import Console
from rich.table import Table

_NAMES = {
    "markdown": "copydesk, one process",
    "two": "copydesk, two processes",
    "rules": "copydesk, further rules",
    "kept": "copydesk, all known already",
    "codespell": "codespell",
    "typos": "typos",
    "html": "copydesk, HTML",
    "codespell html": "codespell, HTML",
    "large": "copydesk, one large article",
    "few": "copydesk, three articles",
    "few in site": "copydesk, three articles of a folder",
    "few in archive": "copydesk, three articles of an archive",
    "few kept": "copydesk, three articles that are known",
    "few cold": "copydesk, three articles, a rule just edited",
    "codespell few": "codespell, three articles",
    "typos few": "typos, three articles",
}


class Goal(NamedTuple):
    """A measured value, and its maximum."""

    name: str
    seen: float
    most: float


def goals(seen: Mapping[str, Run]) -> list[Goal]:
    """Return the goals, which are ratios, in the order of the table."""
    of = seen.__getitem__
    return [
        Goal("CPU, Markdown / codespell", of("markdown").cpu / of("codespell").cpu, 7.5),
        Goal("CPU, HTML / codespell", of("html").cpu / of("codespell html").cpu, 8),
        Goal("wall, two processes / one", of("two").wall / of("markdown").wall, 0.6),
        Goal("CPU, further rules / without", of("rules").cpu / of("markdown").cpu, 1.25),
        Goal("wall, all known / codespell", of("kept").wall / of("codespell").wall, 0.15),
        Goal("CPU, three articles / codespell", of("few").cpu / of("codespell few").cpu, 1.3),
        Goal("CPU, three articles of a folder / without it", of("few in site").cpu / of("few").cpu, 1.5),
        Goal("CPU, three articles of an archive / without it", of("few in archive").cpu / of("few").cpu, 1.5),
        Goal("CPU, a rule just edited / codespell", of("few cold").cpu / of("codespell few").cpu, 4),
        Goal("memory / size of the large article", of("large").memory / of("large").size, 35),
    ]


def table(seen: Mapping[str, Run]) -> int:
    """Print the measurements and the goals as tables; return 1 if a goal is not met, or 0 otherwise."""
    console = Console()
    runs = Table("", "wall s", "CPU s", "CPU ms/MB", "peak MB", title="Medians", title_justify="left")
    for name, label in _NAMES.items():
        run = seen[name]
        each = f"{run.cpu * 1e9 / run.size:,.0f}" if run.size else ""
        runs.add_row(label, f"{run.wall:.2f}", f"{run.cpu:.2f}", each, f"{run.memory / 1e6:.0f}")
    checks = Table("", "seen", "at most", "", title="Goals", title_justify="left")
    all_goals = goals(seen)
    for goal in all_goals:
        fine = goal.seen <= goal.most
        checks.add_row(
            goal.name, f"{goal.seen:.2f}", f"{goal.most:g}", "met" if fine else "not met", style="" if fine else "red"
        )
    console.print(runs, checks)
    return int(any(goal.seen > goal.most for goal in all_goals))
