"""How the rows of a text begin, for all of them at once: with which words, behind bullets and the like."""

from __future__ import annotations

from linter import late
from linter.block import OBJECT
from linter.planning import beginnings
from linter.planning.beginnings import LENGTH

SHORT = 25  # code points of a row whose end may be its beginning
TAIL = 12  # code points at the end of a row that may be signs
_SIGNS = f" \t^`+<=>|~»«›‹•·*_#:…–—{OBJECT}-"  # around words; the most frequent of those that `ownlines` knows
_WORDS = frozenset("“”‘’„¿¡(")  # what is no sign, though no letter either
_CUT = LENGTH + 2  # code points that are looked at first
_ROW = late.pattern(rf"\n[{_SIGNS}]*+(.{{0,{SHORT}}})")


def starts(text: str) -> list[str | None]:
    """How the words of each row begin (planning.beginnings), "" where none are; None where nobody knows so quickly.

    A row lies between two line feeds. Its words are what the lines of a story have (prose.ownlines).
    """
    if "\x00" in text:
        text = text.replace("\x00", "\x1a")
    rows = [_words(row) for row in _ROW.findall("\n" + text)]
    forms = beginnings.of_texts([row[:_CUT] if row else "" for row in rows])
    found: list[str | None] = [*forms]
    for at, (row, form) in enumerate(zip(rows, forms, strict=True)):
        if row is None:
            found[at] = None
        elif len(form) < LENGTH and len(row) > _CUT:  # that holds a long number, or a run of spaces
            found[at] = beginnings.of_text(row) if len(row) < SHORT else None
    return found


def _words(row: str) -> str | None:
    """The words of a row, or of its beginning, without the signs behind them; None where one must look closer."""
    if not row:
        return ""
    if not (row[0].isalnum() or " " < row[0] < "\x7f" or row[0] in _WORDS):
        return None
    if len(row) == SHORT or row[-1].isalnum():
        return row
    words = row.rstrip(_SIGNS + "!.")
    ends = bool(words) and (words[-1].isalnum() or " " < words[-1] < "\x7f")
    return words if ends and len(row) - len(words) <= TAIL else None
