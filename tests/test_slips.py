"""Slips of the finger: what becomes of frequent words, and which words are known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.prose.slips import KINDS, is_known, slips


@pytest.mark.parametrize(
    ("kind", "wrong", "right"),
    [
        pytest.param("swapped", "othre", "other", id="two letters change places"),
        pytest.param("missing", "enviroment", "environment", id="a letter is gone"),
        pytest.param("missing", "occured", "occurred", id="one of two letters is gone"),
        pytest.param("doubled", "bussiness", "business", id="a letter stands twice"),
    ],
)
def test_slips(kind: str, wrong: str, right: str) -> None:
    assert slips(kind, 5, 300)[wrong] == right


@pytest.mark.parametrize("kind", KINDS)
@given(word=st.text("abc", min_size=3, max_size=8))
def test_a_slip_is_another_word(kind: str, word: str) -> None:
    assert word not in set(KINDS[kind](word))


def test_what_could_be_two_words_is_neither() -> None:
    assert "thre" not in slips("missing", 4, 100)  # there, three
    assert slips("missing", 7, 100)["enviroment"] == "environment"


@pytest.mark.parametrize(
    ("word", "known"),
    [
        pytest.param("harbour", True, id="a word"),
        pytest.param("strategise", True, id="a British spelling"),
        pytest.param("retuned", True, id="made of a beginning and a word"),
        pytest.param("othre", False, id="none"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_is_known(word: str, known: bool) -> None:
    assert is_known(word) is known
