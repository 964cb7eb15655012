"""UTF-8 byte offsets → code points, for a parser that counts bytes."""

from __future__ import annotations

from itertools import accumulate

_CONTINUING = bytes(range(0x80, 0xC0))  # bytes that begin no character
_STRETCH = 256  # bytes, counted ahead


class Offsets:
    """Maps byte offsets of `data` to code points.

    It knows where each stretch begins; within one that is all ASCII bytes are code points.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        stretches = [data[at : at + _STRETCH] for at in range(0, len(data) + 1, _STRETCH)]
        self._begins = list(accumulate(map(_points, stretches), initial=0))

    def __call__(self, offset: int) -> int:
        i = offset // _STRETCH
        start, begin = i * _STRETCH, self._begins[i]
        if self._begins[i + 1] - begin == _STRETCH:
            return begin + offset - start
        return begin + _points(self._data[start:offset])


def _points(data: bytes) -> int:
    return len(data.translate(None, _CONTINUING))
