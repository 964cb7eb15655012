"""Typing mistakes: the intended words, and which words are known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.checks.spelling._typos import Correction, is_known, typo_of
from linter.text.lexicon import frequent


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("othre", Correction("swapped", "other"), id="two letters changed places"),
        pytest.param("teh", Correction("swapped", "the"), id="in a short word that is very frequent"),
        pytest.param("enviroment", Correction("missing", "environment"), id="a letter is gone"),
        pytest.param("occured", Correction("missing", "occurred"), id="one of two letters is gone"),
        pytest.param("bussiness", Correction("doubled", "business"), id="a letter stands twice"),
        pytest.param("phyisical", Correction("extra", "physical"), id="a letter is one too many"),
        pytest.param("cirriculum", Correction("vowel", "curriculum"), id="a vowel is another one"),
        pytest.param("prescribers", None, id="those who do what the word says"),
        pytest.param("throught", None, id="through or thought"),
        pytest.param("matrial", Correction("missing", "material"), id="more likely than martial"),
        pytest.param("thesedays", Correction("joined", "these days"), id="a space is lost behind a small word"),
        pytest.param("leadersand", Correction("joined", "leaders and"), id="or before one"),
        pytest.param("theatre", None, id="a word that begins with another"),
        pytest.param("testthat", None, id="a name made of two words"),
        pytest.param("trail", None, id="a word"),
        pytest.param("interet", None, id="interest or internet"),
        pytest.param("arn", None, id="too short for a word that is not so frequent"),
        pytest.param("nvironment", None, id="the first letter makes other words"),
        pytest.param("o" * 50, None, id="too long for a word"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_slip(word: str, expected: Correction | None) -> None:
    assert typo_of(word) == expected


@given(st.sampled_from(sorted(frequent())), st.integers(0, 20))
def test_a_missing_letter_is_found_by_the_word_that_has_it(word: str, at: int) -> None:
    inside = 1 + at % (len(word) - 2)
    cut = word[:inside] + word[inside + 1 :]
    found = typo_of(cut)
    assert found is None or found.kind != "missing" or found.right not in cut


@given(st.text())
def test_any_word_can_be_looked_up(word: str) -> None:
    typo_of(word)


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
