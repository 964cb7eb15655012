"""The report for a browser: one file that holds all it shows and asks nobody for anything."""

from __future__ import annotations

from linter.finding import Result
from linter.reports import View


def render(result: Result, view: View) -> str:
    """One page with totals, charts, rules, and each article with its defects marked; every severity of findings."""
    from linter.reports.html import page  # with its template library

    return page.render(result, view)
