"""Patterns of the whole text, tried where a literal is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.checks.pattern.text_pattern import TextPattern
from linter.readers import read
from linter.source import Source

HARD = TextPattern(r"\u00a0(?<=[a-z]\u00a0)(?=[a-z])", r"\u00a0", replace=" ")


def found(check: TextPattern, text: str, kind: str = "html") -> list[tuple[int, int]]:
    return [(match.start, match.end) for match in check.find_in(read(Source(text, "tram"), kind))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>a&nbsp;tram</p>", ["&nbsp;"]),
        ("<p><b>a</b>\u00a0tram</p>", ["\u00a0"]),
        ("<p>A&nbsp;tram</p>", []),
        ("<table><tr><td>a&nbsp;tram</td></tr></table>", []),
        ("<p><code>a&nbsp;tram</code></p>", []),
    ],
)
def test_what_is_found(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in found(HARD, text)] == expected


def test_texts_without_what_is_needed_are_passed_over() -> None:
    assert found(TextPattern("x", "x", needs=("y",)), "an x", "text") == []
    assert found(TextPattern("x", "x", needs=("y",)), "an x, a y", "text") == [(3, 4)]


@given(st.text(alphabet="ab \u00a0\n<b>&", max_size=40))
def test_spans_name_the_text(text: str) -> None:
    assert all(text[start:end] == "\u00a0" for start, end in found(HARD, text, "text"))
