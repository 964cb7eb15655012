"""A long text in slices, for what is done sign by sign."""

from __future__ import annotations

from collections.abc import Iterator

SIZE = 1 << 16  # code points


def slices(text: str, size: int = SIZE) -> Iterator[str]:
    """A text cut into parts of as many code points; a short one is its own only part.

    A part holds few different signs, lies in the processor's cache, and takes no more bytes a sign than its own signs
    need: one pictogram makes four of each in the whole text.
    """
    if len(text) <= size:
        yield text
    else:
        for start in range(0, len(text), size):
            yield text[start : start + size]
