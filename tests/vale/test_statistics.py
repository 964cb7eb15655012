"""Words, sentences, syllables and blocks are counted for metrics."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.vale.statistics import Statistics, syllable_count, text_statistics


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "a the jumped made stopped 1987 '"),
        (2, "maybe tramway walking created people lion"),
        (3, "beautiful shipyard's completely gasoline"),
        (4, "penelope nationally biology"),
        (5, "administration readability"),
    ],
)
def test_syllables(count: int, words: str) -> None:
    assert {word: syllable_count(word) for word in words.split()} == dict.fromkeys(words.split(), count)


def test_statistics() -> None:
    text = "The U.S. tram network was extended twice. Nobody's happy.\n\nAdministrations disagree, naturally.\n\n"
    assert text_statistics(text) == Statistics(
        words=12,
        sentences=3,
        paragraphs=2,
        characters=76,
        syllables=27,
        long_words=6,
        complex_words=4,
        polysyllabic_words=5,
    )


def test_an_empty_text_has_no_words() -> None:
    assert text_statistics("") == Statistics(0, 0, 1, 0, 0, 0, 0, 0)


@given(st.text(max_size=200))
def test_counts_fit_together(text: str) -> None:
    counts = text_statistics(text)
    assert counts.complex_words <= counts.polysyllabic_words <= counts.words <= counts.syllables
    assert counts.characters <= len(text)
