"""How often a text is likely to stand in English prose: the rarest literal of a pattern is the best one to look for."""

from __future__ import annotations

# Letters of English in 1000 of its characters, roughly; what is not there is rarer.
_IN_1000: dict[str, float] = {
    " ": 160,
    "e": 100,
    "t": 72,
    "a": 65,
    "o": 60,
    "i": 57,
    "n": 57,
    "s": 52,
    "r": 50,
    "h": 42,
    "l": 33,
}
_IN_1000 |= {"d": 31, "u": 23, "c": 24, "m": 20, "f": 17, "g": 17, "p": 17, "w": 16, "y": 15, "b": 12, "v": 8, "k": 7}
_IN_1000 |= {",": 10, ".": 11, "-": 3, "'": 4, '"': 4, "(": 1.5, ")": 1.5, ":": 1.5}
_RARE = 1.0


def expected(text: str) -> float:
    """How many times `text` is expected in 1000 characters, as if they stood there by chance; of "" 1000."""
    share = 1000.0
    for sign in text:
        share *= _IN_1000.get(sign, _RARE) / 1000
    return share
