"""The number of steps that code takes: a measure of its time that is the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps(work: Callable[[], object]) -> int:
    """Return the number of lines of Python that `work` executes, in all functions that it calls.

    A call of a function in C is one step, such as a search with a pattern. bench/growth.py measures these, too. For
    four times the input, linear code takes about 4 times as many steps, and quadratic code 16 times as many.
    """
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count
