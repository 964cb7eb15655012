"""Look up words in codespell's list of misspellings, where it is installed.

It is not part of copydesk (its license is CC BY-SA); it comes with the extra EXTRA.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

EXTRA = "copydesk[spelling]"
_PACKAGE = "codespell_lib"
_CACHED = 1 << 16  # words of which it is kept what the list says


@lru_cache(_CACHED)
def corrections(word: str) -> tuple[str, ...]:
    """Return the corrections of `word`, which is of the letters a to z; nothing if it is not in the list."""
    key, text = word.encode() + b"->", _text()
    low, high = 0, len(text)
    while low < high:  # both are starts of lines, which are sorted
        start = text.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = text.find(b"\n", start) + 1 or len(text)
        line = text[start:end].lower()
        if line.startswith(key):
            return _corrections(line[len(key) :].decode("utf-8", "replace"))
        low, high = (end, high) if line < key else (low, start)
    return ()


def _corrections(entry: str) -> tuple[str, ...]:
    """Return the words of an entry “right” or “one, other,”; none if a remark after the last comma expresses doubt."""
    *words, last = (part.strip() for part in entry.split(","))
    if words and last:
        return ()
    return tuple(words or (last,))


@cache
def _text() -> bytes:
    """The lines `wrong->right` of the list; nothing where it is not installed."""
    file = place()
    try:
        return file.read_bytes() if file else b""
    except OSError:
        return b""


@cache
def place() -> Path | None:
    """The file of the list, None where it is not installed."""
    found = find_spec(_PACKAGE)
    for folder in (found and found.submodule_search_locations) or ():
        file = Path(folder, "data", "dictionary.txt")
        if file.is_file():
            return file
    return None
