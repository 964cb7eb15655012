"""Two spellings of a name: which are similar enough, and which of them is marked."""

from __future__ import annotations

import pytest

from linter import readers
from linter.checks.names.name_variant import NameVariant
from linter.source import Source


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("with Jon Hindley, Jon Hindley and John Hindley", ["John Hindley"], id="the rarer one"),
        pytest.param("with Jon Hindley and John Hindley", ["John Hindley"], id="or the later one"),
        pytest.param("with John Hindley and John Hindely", ["John Hindely"], id="two letters changed places"),
        pytest.param("with John Hindley and John Hindlay", ["John Hindlay"], id="another letter"),
        pytest.param("with Ann Hindley and Amy Hindley", [], id="short names are near by chance"),
        pytest.param("with John Hindley and Mary Hindley", [], id="a family"),
        pytest.param("with John Hindley and Rohn Hindley", [], id="another initial"),
        pytest.param("with John Hindley and John Hindleys", [], id="a plural"),
        pytest.param("in South Africa with South African trams", [], id="a people"),
        pytest.param("with John Hindley and Jon Handley", [], id="both words are others"),
        pytest.param("with Prime Minister and Prime Minster", [], id="words of a dictionary"),
    ],
)
def test_name_variant(text: str, expected: list[str]) -> None:
    document = readers.read(Source(f"The mayor came by tram {text} on a day in spring.\n"), "markdown")
    found = sorted((match.start, match.end) for match in NameVariant().find_in(document))
    assert [document.source.text[start:end] for start, end in found] == expected
