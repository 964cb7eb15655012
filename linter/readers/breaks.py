"""Line ends that stand for no space: those between letters of scripts that have none between words."""

from __future__ import annotations

from linter import late

# Chinese and Japanese letters and their punctuation; the ideographic space is none.
_LETTERS = "\u2e80-\u2fff\u3001-\u303f\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60"
_FIRST = "\u2e80"  # of the letters
_PAIR = late.pattern(f"[{_LETTERS}]{{2}}")


def is_none(before: str, after: str) -> bool:
    """Whether a line end between the characters `before` and `after` shows as nothing."""
    return before >= _FIRST <= after and bool(_PAIR.fullmatch(before + after))
