"""Show what holds for an article: each setting, and each rule that is otherwise than by itself, with its place.

PATH is a file; “default” says that nobody has settled it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from linter import options

if TYPE_CHECKING:
    from linter.discovery import Article
    from linter.manual.holding import Held, Holding
    from linter.reports.lines import Lines
    from linter.selection import Ruling

SUMMARY = "show what holds for an article, and why"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.usage = "copydesk config PATH [OPTION …]"
    parser.add_argument("path", metavar="PATH", help="an article")
    parser.add_argument("--all", action="store_true", help="every rule, also those that are as they are by themselves")
    parser.add_argument("--json", action="store_true", help="for machines")
    options.rules(parser)


def run(given: argparse.Namespace) -> int:
    """Look at the article, and say what holds for it."""
    from linter import output
    from linter.desk import Desk
    from linter.manual import holding

    desk = Desk.open(options.orders(given))
    article = _article(given.path)
    if article is None:
        output.to_standard_error(f"copydesk: {given.path}: there is no such file; name an article")
        return 2
    held = holding.Holding(desk, article)
    every = held.rulings()
    shown = every if given.all else [ruling for ruling in every if holding.differs(ruling)]
    output.to_standard_output(_json(held, shown) if given.json else _page(held, every, shown))
    return 0


def _article(path: str) -> Article | None:
    """The file at a path, excluded or not."""
    import os

    from linter import discovery

    found = discovery.find([path]).articles if os.path.isfile(path) else ()
    return found[0] if found else None


def _page(holding: Holding, every: Sequence[Ruling], shown: Sequence[Ruling]) -> str:
    from linter import output
    from linter.reports.lines import Lines

    lines = Lines(output.width() or 1_000_000, output.shows_color())
    lines.put((holding.article.path, "strong"))
    _rows(lines, [(held.name, held.value, held.place) for held in holding.settings()])
    on = sum(ruling.here is not None for ruling in every)
    lines.put()
    settled = "" if len(shown) == len(every) else "; those that somebody has settled:"
    lines.put((f"{len(every)} rules, {on} on here{settled}", "strong"))
    _rows(lines, [row for ruling in shown for row in _of_rule(ruling)])
    return lines.text()


def _of_rule(ruling: Ruling) -> Iterable[tuple[str, str, str]]:
    """The row of a rule, and one for each of its options that is another one."""
    from linter.selection import DEFAULT

    graded = ruling.here is not None and ruling.severity_by != DEFAULT
    severity = ruling.here.severity if ruling.here else "off"
    yield ruling.own.name, severity, ruling.severity_by if graded else ruling.on_by
    for name, place in ruling.options_by:
        yield "", name, place


def _rows(lines: Lines, rows: Sequence[tuple[str, str, str]]) -> None:
    from linter.reports.cells import cells

    first = max((cells(name) for name, _, _ in rows), default=0)
    second = min(40, max((cells(value) for _, value, _ in rows), default=0))
    for name, value, place in rows:
        gaps = " " * (first - cells(name)), " " * max(0, second - cells(value))
        lines.put((f"  {name}{gaps[0]}  {value}{gaps[1]}", ""), (f"  {place}", "faint"))


def _json(holding: Holding, shown: Sequence[Ruling]) -> str:
    from linter.escaping import as_json

    def settled(held: Held) -> dict[str, str]:
        return {"name": held.name, "value": held.value, "from": held.place}

    rules = [
        {
            "rule": ruling.own.name,
            "on": ruling.here is not None,
            "severity": (ruling.here or ruling.own).severity,
            "from": {"on": ruling.on_by, "severity": ruling.severity_by, "options": dict(ruling.options_by)},
        }
        for ruling in shown
    ]
    page = {
        "version": 1,
        "path": holding.article.path,
        "settings": [settled(held) for held in holding.settings()],
        "rules": rules,
    }
    return as_json(page, indent=1) + "\n"
