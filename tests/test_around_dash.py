"""Dashes with a space on one side only."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.checks.spacing.around_dash import AroundDash
from linter.document import Span, simple_block


def found(text: str, side: Literal["before", "behind"] = "before") -> list[str]:
    block = simple_block(text, Span(0, len(text)), frozenset({"paragraph"}))
    return [text[match.start : match.end] for match in AroundDash(side=side).find(block)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("It is late —the ferry.", [" —"], id="behind a word"),
        pytest.param("It is late, —“the ferry”.", [" —"], id="behind a comma, before a quotation"),
        pytest.param("It is late —a ferry.", [" —"], id="before a small word"),
        pytest.param("It is late — the ferry—and so on.", [], id="even on both sides"),
        pytest.param("It —the ferry— is late.", [], id="an aside"),
        pytest.param("See option —b and 5 —six.", [], id="a letter, a number"),
        pytest.param(" —the ferry", [], id="at the start"),
    ],
)
def test_lopsided_dashes(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@given(st.text(alphabet="ab —“,.\n"))
def test_a_match_is_a_space_and_a_dash(text: str) -> None:
    assert set(found(text)) <= {" —"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("It was the ferry— claiming it is late.", ["— "], id="behind a word"),
        pytest.param("It was the ferry— claiming it— is late.", [], id="a pair"),
        pytest.param("It was I— well, the ferry.", [], id="speech"),
    ],
)
def test_dashes_with_a_space_behind_them(text: str, expected: list[str]) -> None:
    assert found(text, "behind") == expected
