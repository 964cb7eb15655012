"""UTF-8 byte offsets → code points, for a parser that counts bytes."""

from __future__ import annotations

from bisect import bisect_right

from linter import late

_RUN = late.pattern(rb"[\x80-\xff]+")


class Offsets:
    """Maps byte offsets of `data` to code points; quickest where one offset is near the one before.

    It knows the stretches of ASCII, in each of which the difference between both is one number.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        lows, highs, shifts, shift = [0], [], [0], 0
        for run in _RUN.finditer(data):
            start, end = run.span()
            shift -= end - start - len(run[0].decode())
            highs.append(start)
            lows.append(end)
            shifts.append(shift)
        highs.append(len(data))
        self._lows, self._highs, self._shifts = lows, highs, shifts
        self._low, self._high, self._shift = 0, highs[0], 0

    def __call__(self, offset: int) -> int:
        if self._low <= offset <= self._high:
            return offset + self._shift
        i = bisect_right(self._lows, offset) - 1
        self._low, self._high, self._shift = self._lows[i], self._highs[i], self._shifts[i]
        if offset <= self._high:
            return offset + self._shift
        return self._high + self._shift + len(self._data[self._high : offset].decode())
