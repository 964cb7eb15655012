"""British and American spellings in one article: which one counts as rarer, and where it is marked."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.spelling.variant_mix import VariantMix
from linter.source import Source

CHECK = VariantMix(
    words={"centre": "center"}, stems={"colour": "color"}, oxford={"organis": "organiz"}, endings=("s", "ed")
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("colour, colours, center", ["center"], id="the side with fewer places"),
        pytest.param("color, center, colour, centers", ["colour"], id="whichever side that is"),
        pytest.param("colours, center, colours, colours, center", ["center"], id="the first place of a word alone"),
        pytest.param("colour, center, colors", ["colour"], id="each word of that side"),
        pytest.param("organized in colour", [], id="the second form is at home on both sides"),
        pytest.param("organised in color", ["color"], id="the first one is British"),
        pytest.param("organised, organized, organized", ["organised"], id="both forms of one word"),
        pytest.param("organised, centres, organized", ["organized"], id="both forms beside other words"),
        pytest.param("the colour of the Center", [], id="names have capitals"),
        pytest.param("the colour “of the center”", [], id="what others say"),
        pytest.param("centreed, colour, colourless, color", ["color"], id="words that are not in the table"),
    ],
)
def test_variant_mix(text: str, expected: list[str]) -> None:
    document = readers.read(Source(f"We have seen that {text}.\n"), "markdown")
    found = sorted((match.start, match.end) for match in CHECK.find_in(document))
    assert [document.source.text[start:end] for start, end in found] == expected


def test_the_message_names_a_word_of_the_other_side_and_its_line() -> None:
    document = readers.read(Source("The colour, the colour.\n\nThe center.\n"), "markdown")
    (match,) = CHECK.find_in(document)
    assert match.values == {"side": "American", "other": "colour", "other_side": "British", "line": "1"}
