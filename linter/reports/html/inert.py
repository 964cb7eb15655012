"""Text of an article as a page can show it: nothing invisible steers the reader's eye."""

from __future__ import annotations

import re

from linter import late

# C0 but for the tab, C1, line and paragraph separators, marks of writing direction, tag characters, lone surrogates.
_STEERING = late.pattern(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\U000e0000-\U000e007f\ud800-\udfff]"
)
_INVISIBLE = late.pattern("[\u00ad\u034f\u115f\u1160\u180e\u200b-\u200d\u2060-\u2065\u3164\ufe00-\ufe0f\ufeff\uffa0]")
_SPACES = {"\t": "⇥", "\u00a0": "⍽", "\u202f": "⍽"}
_OPEN, _CLOSE = "⟨", "⟩"


def shown(text: str) -> str:
    """`text` with characters that would steer the text around them as their numbers: ⟨U+202E⟩."""
    return _STEERING.sub(_named, text)


def shown_marked(text: str) -> str:
    """Marked text, in which what nobody sees is shown too: it may be what the mark is about."""
    if text.isspace():
        return "".join(_SPACES.get(character, "␣") for character in text)
    return shown(_INVISIBLE.sub(_named, text))


def shortened(text: str, most: int) -> str:
    """`text`, or its two ends and how much lies between them where it has more than `most` code points."""
    if len(text) <= most:
        return text
    end = most // 2
    return f"{text[:end]} {_OPEN}… {len(text) - 2 * end:,} characters …{_CLOSE} {text[-end:]}"


def _named(character: re.Match[str]) -> str:
    return f"{_OPEN}U+{ord(character[0]):04X}{_CLOSE}"
