"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import re

import pytest
import regex

from linter import late


def test_a_pattern_is_as_if_it_had_been_compiled_at_once() -> None:
    letters = late.pattern("[a-z]+", re.IGNORECASE)
    for _ in range(2):
        assert letters.findall("ab 1 CD") == ["ab", "CD"]
        assert letters.pattern == "[a-z]+"
    assert late.pattern(rb"\d").search(b"x1").start() == 1  # type: ignore[union-attr]
    assert late.regex(r"\p{Lu}").sub("-", "aBc", timeout=1.0) == "a-c"


def test_nothing_is_compiled_before_it_is_used() -> None:
    broken, broken_too = late.pattern("("), late.regex("(")
    with pytest.raises(re.error):
        broken.search("")
    with pytest.raises(regex.error):
        broken_too.search("")
    with pytest.raises(AttributeError, match="no_such_thing"):
        late.pattern("a").no_such_thing  # type: ignore[attr-defined]  # noqa: B018
