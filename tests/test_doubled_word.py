"""Doubled words: which pairs are mistakes, and what the fix deletes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.checks.sentences.doubled_word import DoubledWord
from linter.document import Document
from linter.readers import plain_text
from linter.source import Source

CHECK = DoubledWord(meant=("had", "long"), after={"is": "what thing"})


def article(text: str) -> Document:
    return plain_text.read(Source(text))


def pairs(text: str) -> list[str]:
    return [text[match.start : match.end] for match in CHECK.find_in(article(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The harbour harbour is late.", ["harbour harbour"], id="any common word"),
        pytest.param("He had had a long long day.", [], id="meant pairs"),
        pytest.param("What it is is a tram.", [], id="a word of the clause excuses it"),
        pytest.param("What now? It is is late.", ["is is"], id="a word of the sentence before does not"),
        pytest.param("The thing is is that it is is late.", [], id="two pairs in one clause"),
        pytest.param("It went round round round the town.", [], id="three in a row"),
        pytest.param("The the tram and The The Band.", ["The the"], id="capitals"),
        pytest.param("They ran kubectl kubectl twice.", [], id="rare words are names and commands"),
        pytest.param("The last but not least least, and least least.", [], id="marks may end a list"),
        pytest.param("das ist die die bahn und mit dem hafen und der stadt und mehr", [], id="another language"),
    ],
)
def test_pairs(text: str, expected: list[str]) -> None:
    assert pairs(text) == expected


@given(st.lists(st.sampled_from(["the", "The", "tram", "had", "is", "what", "a", ",", "\n"]), max_size=12))
def test_the_edit_leaves_one_word(parts: list[str]) -> None:
    text = " ".join(parts)
    for match in CHECK.find_in(article(text)):
        (edit,) = match.edits
        first, second = text[match.start : match.end].split()
        assert first.lower() == second.lower() == match.values["word"].lower()
        assert text[match.start : edit.start] == first
        assert edit.end == match.end
