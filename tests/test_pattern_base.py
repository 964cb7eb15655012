"""What is known of a text as a whole that a pattern fits."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from linter.analysis import pattern_base
from linter.checks.pattern.length import Length
from linter.checks.pattern.pattern import Pattern
from linter.config import packs
from linter.document import Block, Span, simple_block

PICKING = [rule for rule in packs.shipped_rules() if isinstance(rule.check, Pattern) and rule.check.pick]


def block(text: str) -> Block:
    return simple_block(text, Span(0, len(text)), frozenset({"paragraph"}))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param(r"\A(?=[^a-z]++\z).+", ("abcdefghijklmnopqrstuvwxyz", ""), id="what cannot stand anywhere"),
        pytest.param(r"(?=[^a-z]++\z).+", ("", ""), id="not where the text may begin before"),
        pytest.param(r"\A(?=[^a-z]++).+", ("", ""), id="nor where it may go on"),
        pytest.param(r"\A(?![^a-z]++\z).+", ("", ""), id="nor where it must not be so"),
        pytest.param(r"(?i)\A(?=[^a-z]++\z).+", ("", ""), id="nor where capitals do not count"),
        pytest.param(r"\w+[.:]\z", ("", ".:"), id="its last sign"),
        pytest.param(r"\w+[.:]$", ("", ""), id="not where a line may end behind"),
        pytest.param(r"\w+[^.:]\z", ("", ""), id="nor where it is any but some"),
        pytest.param(r"\w+[.\w]\z", ("", ""), id="nor where it is too many"),
        pytest.param(r"\w+|a[.:]\z", ("", ""), id="nor in one case of several"),
    ],
)
def test_the_shape_of_a_pattern(pattern: str, expected: tuple[str, str]) -> None:
    assert pattern_base.shape_of_pattern(pattern) == expected


@given(st.text("Ab CÉé.:：1-ß\n[", min_size=1, max_size=12))
@settings(max_examples=500, deadline=None)
def test_what_a_pattern_fits_is_picked(text: str) -> None:
    assert len(PICKING) >= 2
    patterns = [rule.check for rule in PICKING if isinstance(rule.check, Pattern)]
    for check in (*patterns, Pattern(r"\A(?=[^a-c]++\z).++"), Pattern(r"\A[^:]*[.:]\Z")):
        if check.pick and regex.search(check.pattern, text, regex.VERSION1):
            assert check.pick([block(text)])


@given(st.text("a \u00a0\n", max_size=12), st.integers(1, 4), st.sampled_from(["words", "characters"]))
def test_what_is_too_long_is_picked(text: str, most: int, unit: str) -> None:
    check = Length(unit, at_most=most)  # type: ignore[arg-type]
    if list(check.find(block(text))):
        assert check.pick([block(text)])
