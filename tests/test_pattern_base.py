"""What is known of a text as a whole that a pattern fits."""

from __future__ import annotations

import pytest

from linter.analysis import pattern_base


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
