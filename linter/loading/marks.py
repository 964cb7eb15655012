"""The marks ⟦ ⟧ that show, in an example, what is found."""

from __future__ import annotations

from collections.abc import Iterable

from linter import late

OPEN, CLOSE = "⟦", "⟧"
_MARK = late.pattern(f"[{OPEN}{CLOSE}]")

Spans = tuple[tuple[int, int], ...]


def unmark(marked: str) -> tuple[str, Spans]:
    """A marked text → (the text without marks, the half-open code-point spans in it that were marked, in order).

    Spans may lie within others. Raises ValueError, with words for it, where a mark has no partner.
    """
    if OPEN not in marked and CLOSE not in marked:
        return marked, ()
    spans: list[tuple[int, int]] = []
    opened: list[int] = []
    for count, mark in enumerate(_MARK.finditer(marked)):
        at = mark.start() - count
        if mark[0] == OPEN:
            opened.append(at)
        elif opened:
            spans.append((opened.pop(), at))
        else:
            raise ValueError(f"a “{CLOSE}” has no “{OPEN}” before it")
    if opened:
        raise ValueError(f"a “{OPEN}” has no “{CLOSE}” behind it")
    return _MARK.sub("", marked), tuple(sorted(spans))


def mark(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with marks around `spans`: the inverse of `unmark`."""
    inserts: list[tuple[int, int, int, str]] = []
    for start, end in spans:
        if start == end:
            inserts.append((start, 1, 0, OPEN + CLOSE))
        else:
            inserts += [(start, 2, -end, OPEN), (end, 0, -start, CLOSE)]
    parts, done = [], 0
    for at, _, _, sign in sorted(inserts):
        parts += [text[done:at], sign]
        done = at
    return "".join(parts) + text[done:]
