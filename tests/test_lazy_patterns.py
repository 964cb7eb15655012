"""Patterns that are compiled on first use."""

from __future__ import annotations

import re

import pytest
import regex

from linter import patterns


def test_a_lazy_pattern_equals_a_compiled_one() -> None:
    letters = patterns.lazy("[a-z]+", re.IGNORECASE)
    for _ in range(2):
        assert letters.findall("ab 1 CD") == ["ab", "CD"]
        assert letters.pattern == "[a-z]+"
    assert patterns.lazy(rb"\d").search(b"x1").start() == 1  # type: ignore[union-attr]
    assert patterns.lazy_regex(r"\p{Lu}").sub("-", "aBc", timeout=1.0) == "a-c"


def test_nothing_is_compiled_before_it_is_used() -> None:
    broken, broken_too = patterns.lazy("("), patterns.lazy_regex("(")
    with pytest.raises(re.error):
        broken.search("")
    with pytest.raises(regex.error):
        broken_too.search("")
    with pytest.raises(AttributeError, match="no_such_thing"):
        patterns.lazy("a").no_such_thing  # type: ignore[attr-defined]  # noqa: B018
