"""Whether the lines of a plain text are wrapped, and which line ends are no more than that."""

from __future__ import annotations

from collections.abc import Iterable

from linter import late

WIDEST = 120  # columns; a longer line is a paragraph
_NARROWEST = 30  # columns; shorter ones are lists and verse
_LEAST = 3  # full lines, to judge by
_OUTLIERS = 50  # one line in so many may be longer than the others
_FULL = 0.9  # of the width: fmt and editors do not fill up to the last column
_SHORT = 0.75  # of the width: a line that ends here before a capital ends its paragraph
_MOST = 0.5  # of the lines are full where a text is wrapped;
_RAGGED = 0.15  # as many as this of them may break off sooner, within a sentence;
_ON = 0.3  # of the full ones are followed by a lower-case word

_WIDE = "[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]"
_WIDES = late.pattern(_WIDE)
_WORD = late.pattern(rf"\s*+({_WIDE}|\S+)")
_LETTER = late.pattern(r"[^\W\d_]")


def width(pairs: Iterable[tuple[str, str]]) -> int:
    """The columns at which a text is wrapped, or 0 where it is not.

    `pairs` are its lines, each with the line that follows in the same paragraph. A full line is one that the
    first word of the next would have made too long; sentences run over the ends of full lines.
    """
    lines = list(pairs)
    lengths = sorted(columns(line) for pair in lines for line in pair)
    widest = lengths[-1 - len(lengths) // _OUTLIERS] if lengths else 0
    if not _NARROWEST <= widest <= WIDEST:
        return 0
    full = [after for line, after in lines if is_full(line, after, widest)]
    if len(full) < max(_LEAST, _MOST * len(lines)):
        return 0
    ragged = sum(_lower(after) for line, after in lines if not is_full(line, after, widest))
    cased = [after for after in full if _cased(after)]
    goes_over = sum(map(_lower, cased)) >= _ON * len(cased)
    return widest if goes_over and ragged <= _RAGGED * len(full) else 0


def goes_on(line: str, after: str, wrapped: int) -> bool:
    """Whether `after` goes on with the paragraph of `line`, in a text that is wrapped at `wrapped` columns."""
    return wrapped > 0 and (_room_needed(line, after) > _SHORT * wrapped or _lower(after))


def is_full(line: str, after: str, wrapped: int) -> bool:
    """Whether the first word of `after` would have made `line` too long."""
    return _room_needed(line, after) > _FULL * wrapped


def columns(text: str) -> int:
    """The width of `text` on a terminal, near enough."""
    return len(text) if text.isascii() else len(text) + len(_WIDES.findall(text))


def _room_needed(line: str, after: str) -> int:
    """The columns that `line` would take with the first word of `after`."""
    word = _WORD.match(after)
    return columns(line) + 1 + (columns(word[1]) if word else 0)


def _lower(text: str) -> bool:
    letter = _LETTER.search(text)
    return letter is not None and letter[0].islower()


def _cased(text: str) -> bool:
    letter = _LETTER.search(text)
    return letter is not None and letter[0].lower() != letter[0].upper()
