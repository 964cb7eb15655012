"""Fill in the messages of Vale rules, which have the form of Go's `fmt.Sprintf`: “Use '%s' instead of '%s'.”"""

from __future__ import annotations

import re
from collections.abc import Sequence

from linter import patterns

_LONGEST = 2_000  # code points of a message, and of each of its values; the rest is cut off
_VERB = patterns.lazy(r"%(?:\[(\d{1,3})\])?([-+# 0]*\d*(?:\.\d+)?)([a-zA-Z%])")


def fill(message: str, *values: str | int) -> str:
    """Return `message` with `values` in place of `%s`, `%d` and `%v`, in order or, for `%[2]s`, by number from 1.

    `%q` quotes its value, and `%%` is a percent sign. Surplus values are ignored; a missing value is left out. The
    result has at most 2,000 code points.
    """
    taken = 0

    def value(found: re.Match[str]) -> str:
        nonlocal taken
        number, _, verb = found.groups()
        if verb == "%":
            return "%"
        taken = int(number) if number else taken + 1
        text = str(values[taken - 1])[:_LONGEST] if 0 < taken <= len(values) else ""
        return f'"{text}"' if verb == "q" else text

    return _VERB.sub(value, message[:_LONGEST])[:_LONGEST]


def as_sentence(texts: Sequence[str]) -> str:
    """Return a list of texts in prose, with “or” before the last: “'one', 'two', or 'three'”."""
    quoted = [f"'{text}'" for text in texts]
    if len(quoted) < 3:
        return " or ".join(quoted)
    return ", ".join([*quoted[:-1], f"or {quoted[-1]}"])


def without_first_quotes(message: str) -> str:
    """Return a message without quotation marks around its first `%s`, if both of its values have the same marks.

    A list of replacements, such as “'large' or 'huge'”, has quotation marks of its own.
    """
    for quoted in ("'%s'", '"%s"'):
        if message.count(quoted) == 2:
            message = message.replace(quoted, "%s", 1)
    return message
