"""The plain report: one line per finding, for logs, for other programs, and for output that is not a terminal."""

from __future__ import annotations

from linter.finding import Finding, Result
from linter.output import one_line
from linter.reporters import Flood, View, flood_phrases, split_floods


def render(result: Result, view: View) -> str:
    """Render each finding as `path:line:column: severity: message [pack/id]`.

    For a record in an archive, `path#record` replaces `path`.

    Notes (findings of severity info) are shown only if `view.everything` is true. A flood of notes (see `Flood`) is
    shown as one line at the end: `folder: info: … [pack/id]`.
    """
    listed, floods = split_floods(view.shown(result.findings), view)
    return "".join([*map(_line, listed), *(_flood_line(flood, view) for flood in floods)])


def _line(finding: Finding) -> str:
    line = f"{finding.place}: {finding.severity}: {finding.message} [{finding.rule}]"
    return f"{one_line(line)}\n"


def _flood_line(flood: Flood, view: View) -> str:
    line = f"{flood.folder}: info: {'; '.join(flood_phrases(flood, view))} [{flood.group.name}]"
    return f"{one_line(line)}\n"
