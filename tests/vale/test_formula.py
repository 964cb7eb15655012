"""Formulas of metrics are computed safely; mistakes in them are reported."""

from __future__ import annotations

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.vale.definition import BadOption
from linter.vale.formula import Formula
from steps import steps

VALUES = {"words": 120.0, "sentences": 8.0, "list": 0.0, "heading_h2": 3.0}


def value(text: str) -> float:
    return Formula("formula", text, VALUES).value(VALUES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("words / sentences", 15.0, id="variables"),
        pytest.param("(0.39 * (words / sentences)) - 15.59", 0.39 * 15 - 15.59, id="arithmetic"),
        pytest.param("1.0430 * math.sqrt(sentences * 2) + 3.1291\n", 1.043 * 4 + 3.1291, id="a function"),
        pytest.param("math.pow(2, 10) + math.max(1, 2)", 1026.0, id="functions of two values"),
        pytest.param("heading.h2 + 1", 4.0, id="headings with a period"),
        pytest.param("7 / 2", 3.0, id="an integer quotient"),
        pytest.param("-7 / 2", -3.0, id="a negative integer quotient"),
        pytest.param("7.0 / 2", 3.5, id="a quotient"),
        pytest.param("7 % 4", 3.0, id="a remainder"),
        pytest.param("-words", -120.0, id="a sign"),
    ],
)
def test_numbers(text: str, expected: float) -> None:
    assert value(text) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["words / list", "1 / 0", "math.sqrt(-1)", "math.log(0)", "math.pow(10, 400)"])
def test_undefined_values_are_not_numbers(text: str) -> None:
    assert math.isnan(value(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("words > 100", True),
        ("words > 100 && sentences <= 8", True),
        ("words == 1 || words != 1", True),
        ("words < 100", False),
        ("!(words < 100)", True),
        ("!(words > 100) || sentences > 100", False),
    ],
)
def test_conditions(text: str, expected: bool) -> None:
    assert Formula("condition", text, VALUES, "condition").value(VALUES) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("word / sentences", "“word” is unknown; did you mean “words”?"),
        ("math.sqr(words)", "“sqr” is unknown; did you mean “sqrt”?"),
        ("", "this is empty"),
        ("words /", "this is not a valid expression"),
        ("words > 1", "this must be a number"),
        ("(words > 1) + 1", "numbers and conditions cannot be mixed"),
        ("math.pow(1)", "a function needs 2 values, not 1"),
        ("math.sqrt()", "a function needs 1 value, not 0"),
        ("2 ** 100", "only arithmetic, comparisons and functions of “math” are supported"),
        ("words // 2", "only arithmetic, comparisons and functions of “math” are supported"),
        ("1 < words < 2", "only arithmetic, comparisons and functions of “math” are supported"),
        ("words.real", "only arithmetic, comparisons and functions of “math” are supported"),
        ("exec(words)", "only arithmetic, comparisons and functions of “math” are supported"),
        ("'a'", "only numbers, names, operators and parentheses are supported"),
        ("1 +" * 500, "this has more than 1000 characters"),
        ("-" * 101 + "1", "operations are nested more than 100 deep"),
    ],
)
def test_mistakes(text: str, why: str) -> None:
    with pytest.raises(BadOption) as raised:
        value(text)
    assert (raised.value.key, raised.value.why) == ("formula", why)


PIECES = "words list 1 2.5 9999999999 + - * / % ( ) > == && || ! math.sqrt( math.pow( , ** . if \n é".split(" ")


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join)))
def test_no_text_raises_another_exception(text: str) -> None:
    with suppress(BadOption):
        assert isinstance(value(text), float)


@pytest.mark.parametrize("text", ["(" * 999, "-" * 999 + "1", "9" * 999, "9" * 20 + "*9" * 400, "1+" * 400 + "1"])
def test_hostile_formulas_take_few_steps(text: str) -> None:
    def calculate() -> None:
        with suppress(BadOption):
            value(text)

    assert steps(calculate) < 100_000
