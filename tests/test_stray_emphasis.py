"""Marks of emphasis that show as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter import readers
from linter.checks.markup.stray_emphasis import StrayEmphasis
from linter.source import Source


def found(text: str) -> list[str]:
    return [text[match.start : match.end] for match in StrayEmphasis().find_in(readers.read(Source(text), "markdown"))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The **late tram.", ["**late"], id="never closed"),
        pytest.param("The late** tram.", ["late**"], id="never opened"),
        pytest.param("The **late** tram and **its line.", ["**its"], id="beside a pair"),
        pytest.param("The **late **tram.", ["**late **"], id="a space at the end"),
        pytest.param("** The late** tram.", ["** The late**"], id="a space at the start"),
        pytest.param("The _late tram _ is here.", ["_late tram _"], id="underscores"),
        pytest.param("- The **late tram", ["**late"], id="in a list"),
        pytest.param("A [**late](tram.md) tram", ["**late"], id="in a link"),
        pytest.param(r"The \*\*late tram.", [], id="escaped"),
        pytest.param("The `**late` tram.", [], id="code"),
        pytest.param("A ** b and a**b and b**a.", [], id="operators"),
        pytest.param("Set **options and **kw.", [], id="keyword arguments"),
        pytest.param("See src/** and **/*.md.", [], id="globs"),
        pytest.param("The “**” operator", [], id="quoted"),
        pytest.param("The $x **y$ formula", [], id="a formula"),
        pytest.param("x = **y, or so", [], id="beside code"),
        pytest.param("The f**k and s***.", [], id="masked words"),
        pytest.param("18F**,** was here.", [], id="around a mark"),
        pytest.param("It costs nine**.\n\n**In all cities", [], id="a note"),
        pytest.param("**In all cities\n\nIt costs nine**.", ["**In", "nine**"], id="strong over two paragraphs"),
        pytest.param("The *a and *b * of it", [], id="three single marks"),
    ],
)
def test_what_shows(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_pages_are_left_out() -> None:
    document = readers.read(Source("<p>The **late tram.</p>"), "html")
    assert not list(StrayEmphasis().find_in(document))


@given(st.text(alphabet="ab *_\n`\\[](.$", max_size=60))
def test_a_match_contains_its_mark(text: str) -> None:
    for match in found(text):
        assert "**" in match or match[0] in "*_"
