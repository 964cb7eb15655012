"""Fill in the messages of Vale rules, which have the form of Go's `fmt.Sprintf`: “Use '%s' instead of '%s'.”"""

from __future__ import annotations

import re

from linter import patterns

_VERB = patterns.lazy(r"%(?:\[(\d{1,3})\])?([-+# 0]*\d*(?:\.\d+)?)([a-zA-Z%])")


def fill(message: str, *values: str | int) -> str:
    """Return `message` with `values` in place of `%s`, `%d` and `%v`, in order or, for `%[2]s`, by number from 1.

    `%q` quotes its value, and `%%` is a percent sign. Surplus values are ignored; a missing value is left out.
    """
    taken = 0

    def value(found: re.Match[str]) -> str:
        nonlocal taken
        number, _, verb = found.groups()
        if verb == "%":
            return "%"
        taken = int(number) if number else taken + 1
        text = str(values[taken - 1]) if 0 < taken <= len(values) else ""
        return f'"{text}"' if verb == "q" else text

    return _VERB.sub(value, message)
