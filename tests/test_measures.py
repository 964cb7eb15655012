"""What an article measures as a whole, and when that is worth a word."""

from __future__ import annotations

import pytest

from linter.checks.structure import measure
from linter.checks.structure.measure import Measure
from linter.config.rule_file import options_of_kind
from linter.readers import read
from linter.source import Source


@pytest.mark.parametrize(
    ("of", "text", "expected"),
    [
        pytest.param("words", "# The tram\n\n- is\n- `not` late", 5, id="words of all prose, code as one"),
        pytest.param("word-length", "a bb ccc", 2, id="code points of a word"),
        pytest.param("lists", "# A\n\nB\n\n- c\n- d\n- e", 0.75, id="items among what is no heading"),
        pytest.param("symbols", "a 1 + b", 0.5, id="words without a letter"),
        pytest.param("marks", "a #b c… d", 0.5, id="number signs and ellipses"),
        pytest.param("links", "[aaaa](x) bbb", 0.5, id="characters in links"),
        pytest.param("ends", "# A\n\nB.\n\nc", 0.5, id="paragraphs with an end mark"),
        pytest.param("short", f"# A\n\nB\n\n{31 * 'c'}\n\n{30 * 'd'}\n\n{31 * 'e'}", 0.5, id="short paragraphs"),
        pytest.param("dots", "A…\n\nb [...]\n\nc.\n\nd… e", 0.5, id="paragraphs that end in dots"),
        pytest.param("repeated", "aa\n\nbb\n\naa\n\ncc", 0.25, id="characters that stood there before"),
        pytest.param("digits", "ab12", 0.5, id="digits"),
        pytest.param("signs", "a+ -", 0.5, id="neither letters nor digits nor spaces"),
        pytest.param("addresses", "see www.a.bc", 8 / 12, id="addresses"),
        pytest.param("brackets", "abcd (ab)", 4 / 9, id="what stands in brackets"),
    ],
)
def test_measures(of: str, text: str, expected: float) -> None:
    document = read(Source(text), "markdown")
    assert {**measure.COUNTS, **measure.SHARES}[of](document) == pytest.approx(expected)


def test_each_measure_can_be_asked_for() -> None:
    asked = options_of_kind("measure")["of"][0].__args__
    assert set(asked) == {*measure.COUNTS, *measure.SHARES}


@pytest.mark.parametrize(
    ("check", "text", "values"),
    [
        pytest.param(Measure("words", at_least=3), "a b", {"value": "2", "limit": "3"}, id="too few"),
        pytest.param(Measure("words", at_least=2), "a b", None, id="enough"),
        pytest.param(Measure("digits", at_most=0.5), "a123", {"value": "75", "limit": "50"}, id="per cent"),
        pytest.param(Measure("digits", at_most=0.5, words=2), "a123", None, id="not of a few words"),
        pytest.param(Measure("word-length", at_most=3), "abcd", {"value": "4.0", "limit": "3.0"}, id="an average"),
        pytest.param(
            Measure("words", at_least=3), "![](a.png)", {"value": "1", "limit": "3"}, id="a picture is a word"
        ),
        pytest.param(Measure("words", at_least=3), "", None, id="an article without a word"),
    ],
)
def test_limits(check: Measure, text: str, values: dict[str, str] | None) -> None:
    matches = list(check.find(read(Source(text), "markdown")))
    assert [match.values for match in matches] == ([values] if values else [])


def test_a_measure_has_a_limit() -> None:
    with pytest.raises(ValueError, match="either"):
        Measure("words")
