"""UTF-8 byte offsets → code points, for a parser that counts bytes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate

_CONTINUING = bytes(range(0x80, 0xC0))  # bytes that begin no character
_BITS = 7
_STRETCH = 1 << _BITS  # bytes of which it is known where they begin


def points(data: bytes) -> Callable[[int], int]:
    """What makes a code point of a byte offset in `data`; in a stretch that is all ASCII by one subtraction."""
    if data.isascii():
        return _same
    stretches = [data[at : at + _STRETCH] for at in range(0, len(data) + 1, _STRETCH)]
    begins = list(accumulate([len(stretch.translate(None, _CONTINUING)) for stretch in stretches], initial=0))
    behind = [
        (i << _BITS) - begin if stretch.isascii() else -1
        for i, (begin, stretch) in enumerate(zip(begins, stretches, strict=False))
    ]

    def point(offset: int) -> int:
        i = offset >> _BITS
        shift = behind[i]
        if shift >= 0:
            return offset - shift
        return begins[i] + len(data[i << _BITS : offset].translate(None, _CONTINUING))

    return point


def _same(offset: int) -> int:
    return offset
