"""Patterns that are screened by their literals before they are compiled."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given, settings

from linter.analysis.pattern_base import ScreenedPattern
from linter.analysis.syntax_tree import anchored
from linter.folding import folded
from test_prefilter import TEXTS, fits_in_time, patterns

FLAGS = regex.VERSION1 | regex.IGNORECASE


@given(patterns(), TEXTS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_a_pattern_that_matches_passes_the_screen(made: tuple[str, str], before: str, behind: str) -> None:
    pattern, fits = made
    screened = ScreenedPattern(pattern)
    text = before + fits + behind
    if fits_in_time(regex.search, pattern, text, FLAGS):
        assert screened.may_match(folded(text))


def test_a_pattern_that_cannot_match_is_not_compiled() -> None:
    screened = ScreenedPattern("(?:share|post) this.{0,9}")
    assert not screened.may_match(folded("The tram stops."))
    assert "compiled" not in vars(screened)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [(r"\Atram", True), ("^tram", True), (r"(?:\Atram|^bus)", True), ("[^a]tram", False), (r"tram\A?", False)],
)
def test_a_pattern_is_anchored_if_it_matches_at_the_start_alone(pattern: str, expected: bool) -> None:
    assert anchored(pattern) == expected
