"""One plain line a finding, for logs, for other programs, and for a terminal that is none."""

from __future__ import annotations

import re

from linter.finding import Finding, Result
from linter.reports import View
from linter.reports.terminal import counted

# What would break a line in two, move the cursor or turn the text round: C0, C1, line and paragraph separators,
# and the marks of writing direction.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def render(result: Result, view: View) -> str:
    """`path:line:column: severity: message [pack/id]` for each finding; infos only if `view` wants everything."""
    shown = (finding for finding in result.findings if view.everything or finding.severity != "info")
    return "".join(map(_line, shown))


def summary(result: Result) -> str:
    """What it comes to, in one line: “2 errors and 1 note in 3 articles”."""
    articles = f"{result.files:,} article{'' if result.files == 1 else 's'}"
    return f"{counted(result.findings) or 'nothing found'} in {articles}"


def _line(finding: Finding) -> str:
    line = f"{finding.path}:{finding.line}:{finding.column}: {finding.severity}: {finding.message} [{finding.rule}]"
    return _UNSAFE.sub(_escaped, line) + "\n"


def _escaped(character: re.Match[str]) -> str:
    """`\\n`, `\\x1b`, `\\u2028`, as Python writes them."""
    return character[0].encode("unicode_escape").decode("ascii")
