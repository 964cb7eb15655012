r"""Text that a terminal or a CI server can show but not obey.

Text of an article, a rule or a file name may hold characters that steer a terminal, and words that a CI server takes
for a command. Both are shown as escapes: `\n`, `\x1b`, `\u202e`, `\x3a:error …`, `#\x23vso[…]`.
"""

from __future__ import annotations

import re
from typing import Any

from linter import late

# What steers a terminal or turns the text round: DEL and C1, line and paragraph separators, marks of writing
# direction, and lone surrogates, which cannot be written at all. C0 comes on top, where JSON has not escaped it yet.
_STEERING = "\x7f-\x9f\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_UNSAFE = late.pattern(f"[\x00-\x1f{_STEERING}]")
_UNSAFE_IN_JSON = late.pattern(f"[{_STEERING}]")
# GitHub's runner takes `::name …::` behind white space at the start of a line for a command, and `##[name …]` anywhere
# (ActionCommand.cs); Azure's agent takes `##[name]` and `##vso[…]` anywhere, TeamCity `##teamcity[…]`.
_START = late.pattern(r"(\s*):(?=:)")
_MARK = late.pattern(
    r"(?<=#)#(?=vso\[|teamcity\[|\[(?:(?:add|internal|remove|save|set|stop)-"
    r"|(?:command|debug|echo|endgroup|error|group|notice|section|warning)\b))",
    re.IGNORECASE,
)


def one_line(text: str) -> str:
    r"""`text` on one line of a log: control characters and commands of CI servers escaped."""
    return without_command(without_marks(_UNSAFE.sub(_escaped, text), r"\x23"), r"\x3a")


def without_command(line: str, colon: str) -> str:
    """A line that does not start with `::`: the first colon is replaced."""
    start = _START.match(line) if "::" in line else None
    return f"{start[1]}{colon}{line[start.end() :]}" if start else line


def without_marks(text: str, number_sign: str) -> str:
    """`text` without the marks of commands that may stand anywhere in a line: their second `#` is replaced."""
    return _MARK.sub(lambda _: number_sign, text) if "##" in text else text


def as_json(value: Any, **options: Any) -> str:
    r"""`value` as JSON that is safe to show: strings hold escapes (`\u202e`) that every reader of JSON decodes again.

    `options` are those of `json.dumps`.
    """
    import json  # which most runs can do without

    text = json.dumps(value, ensure_ascii=False, **options)
    return without_marks(_UNSAFE_IN_JSON.sub(_unicode, text), r"\u0023")


def _escaped(character: re.Match[str]) -> str:
    return character[0].encode("unicode_escape").decode("ascii")


def _unicode(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"
