"""UTF-8 byte offsets → code points, for a parser that counts bytes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate

_CONTINUING = bytes(range(0x80, 0xC0))  # bytes that begin no character
_BITS = 7
_STRETCH = 1 << _BITS  # bytes of which it is known where they begin
_WITHIN = _STRETCH - 1


def points(data: bytes) -> Callable[[int], int]:
    """What makes a code point of a byte offset in `data`; in a stretch that is all ASCII by one subtraction."""
    if data.isascii():
        return _same
    stretches = [data[at : at + _STRETCH] for at in range(0, len(data) + 1, _STRETCH)]
    begins = list(accumulate([len(stretch.translate(None, _CONTINUING)) for stretch in stretches], initial=0))
    begins.append(0)  # behind the last stretch, which is no whole one

    def point(offset: int) -> int:
        i = offset >> _BITS
        begin = begins[i]
        if begins[i + 1] - begin == _STRETCH:
            return begin + (offset & _WITHIN)
        return begin + len(data[offset & ~_WITHIN : offset].translate(None, _CONTINUING))

    return point


def _same(offset: int) -> int:
    return offset
