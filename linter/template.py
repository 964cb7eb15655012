"""Messages and replacements with places for values: `“{match:end}” is page code`."""

from __future__ import annotations

import string
from collections.abc import Mapping

_FORMATTER = string.Formatter()
_LONGEST = 80  # code points of a quoted match; longer ones show both ends
_ENDS = 4  # words shown of the first or the last words
_ENDS_LENGTH = 32  # and at most so many code points of them


def fields(template: str) -> set[str]:
    """The names of the values that `template` asks for. Raises ValueError where it is no template."""
    names = set()
    for _, name, form, conversion in _FORMATTER.parse(template):
        if name is None:
            continue
        if not name.isidentifier() or conversion or form not in ("", "start", "end"):
            raise ValueError(f"“{{{name}{':' if form else ''}{form}}}” is no place for a value")
        names.add(name)
    return names


def shortens(template: str) -> bool:
    """Whether `template` asks for the start or the end of a value."""
    return any(form for _, _, form, _ in _FORMATTER.parse(template))


def fill(template: str, values: Mapping[str, str]) -> str:
    """`template` with each value in its place, shortened for a message: {x}, {x:start} or {x:end}."""
    parts = []
    for text, name, form, _ in _FORMATTER.parse(template):
        parts.append(text)
        if name is not None:
            parts.append(_SHORT[form or ""](" ".join(values[name].split())))
    return "".join(parts)


def expand(template: str, values: Mapping[str, str]) -> str:
    """`template` with each value whole, as a replacement in an article needs it."""
    return "".join(text + (values[name] if name else "") for text, name, _, _ in _FORMATTER.parse(template))


def _middle(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 2 + 1 :]}"


def _start(text: str) -> str:
    words = text.split(" ")
    short = " ".join(words[:_ENDS])[:_ENDS_LENGTH]
    return short if short == text else f"{short}…"


def _end(text: str) -> str:
    words = text.split(" ")
    short = " ".join(words[-_ENDS:])[-_ENDS_LENGTH:]
    return short if short == text else f"…{short}"


_SHORT = {"": _middle, "start": _start, "end": _end}
