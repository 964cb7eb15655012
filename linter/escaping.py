"""Words of an article, or the name of a file, safe on one line of a log."""

from __future__ import annotations

from linter import late

# What would break a line in two, steer a terminal or turn the text round: C0, C1, line and paragraph separators,
# the marks of writing direction, and lone surrogates, which cannot be written at all.
_UNSAFE = late.pattern("[\x00-\x1f\x7f-\x9f\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def one_line(text: str) -> str:
    r"""`text` with such characters escaped: `\n`, `\x1b`, `\u2028`."""
    return _UNSAFE.sub(lambda character: character[0].encode("unicode_escape").decode("ascii"), text)
