"""Punctuation marks alone on a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.checks.spacing.stray_mark import StrayMark
from linter.source import Source


def found(text: str, kind: str = "text") -> list[tuple[int, str]]:
    return [
        (match.start, text[match.start : match.end]) for match in StrayMark().find_in(readers.read(Source(text), kind))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The ferry\n.\nwaits.", [(10, ".")], id="a stop"),
        pytest.param("The ferry\n, The tram", [(10, ",")], id="a comma before a capital"),
        pytest.param("The ferry\n, the tram", [], id="a comma before a small letter"),
        pytest.param("The ferry\n• The tram", [], id="a bullet of an item"),
        pytest.param("The ferry\n\n|\n\nThe tram", [(11, "|")], id="a bar"),
        pytest.param("The ferry\n.profile\n.\tThe tram", [(19, ".")], id="a tab"),
        pytest.param("The ferry\n...\n", [], id="an ellipsis"),
    ],
)
def test_which_marks_are_stray(text: str, expected: list[tuple[int, str]]) -> None:
    assert found(text) == expected


def test_a_mark_in_a_table_is_a_value() -> None:
    assert not found("| a | b |\n|---|---|\n| • | – |\n", "markdown")


@given(st.text(alphabet="aA .,;–|•\n\t"))
def test_a_match_is_one_mark(text: str) -> None:
    assert all(mark in ".,;–—|•" for _, mark in found(text))
