"""UTF-8 byte offsets → code points, for a parser that counts bytes."""

from __future__ import annotations

import re
from bisect import bisect_right

_RUN = re.compile(rb"[\x80-\xff]+")


class Offsets:
    """Maps byte offsets of `data` to code points; linear in the text where the offsets mostly grow.

    It knows the stretches of ASCII seen so far, in each of which the difference between both is one number.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._lows: list[int] = []
        self._highs: list[int] = []
        self._shifts: list[int] = []
        self._add(0, 0)

    def __call__(self, offset: int) -> int:
        if self._low <= offset <= self._high:
            return offset + self._shift
        return self._seek(offset)

    def _seek(self, offset: int) -> int:
        while offset > self._highs[-1]:
            start = self._highs[-1]
            run = _RUN.match(self._data, start)
            if run is None or run.end() > offset:
                break
            self._add(run.end(), start + self._shifts[-1] + len(run[0].decode()))
        i = bisect_right(self._lows, offset) - 1
        self._low, self._high, self._shift = self._lows[i], self._highs[i], self._shifts[i]
        if offset <= self._high:
            return offset + self._shift
        return self._high + self._shift + len(self._data[self._high : offset].decode())

    def _add(self, low: int, code_point: int) -> None:
        """Remember the stretch that begins at `low`, a byte offset."""
        run = _RUN.search(self._data, low)
        self._low, self._high, self._shift = low, run.start() if run else len(self._data), code_point - low
        self._lows.append(self._low)
        self._highs.append(self._high)
        self._shifts.append(self._shift)
