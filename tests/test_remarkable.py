"""Remarkable words: what is found among them is what is found among all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linter.prose import remarkable
from linter.prose.lexicon import lexicon
from linter.prose.tokens import vocabulary
from linter.readers import text as reader
from linter.source import Source

WORDS = st.sampled_from(
    "the The harbour mayor Mayor may May THE zorblan Zorblanic gitHub McKinsey naïvité Ärger 车".split()
)
TEXTS = st.lists(WORDS | st.text(max_size=9), max_size=30).map(" ".join)


@given(TEXTS, st.sets(WORDS | st.text("abcdefgh", min_size=1, max_size=3), max_size=5))
def test_words_that_are_watched_are_held_from_then_on(text: str, words: set[str]) -> None:
    document = reader.read(Source(text))
    remarkable.unlisted(document)  # before anybody asked for the words
    assert remarkable.held(document, remarkable.watch(words)) == words & vocabulary(document)


@given(TEXTS)
def test_unlisted_words_are_those_that_no_dictionary_has(text: str) -> None:
    document = reader.read(Source(text))
    small = {word: word for word in vocabulary(document) if word.islower()}
    opening = {word: word.lower() for word in vocabulary(document) if word.istitle() and remarkable.may_open(word)}
    expected = {word: form for word, form in (small | opening).items() if not lexicon().find(form).dictionary}
    assert remarkable.unlisted(document) == expected


def test_a_hump_is_a_capital_behind_a_small_letter() -> None:
    document = reader.read(Source("McKinsey seeThe iPhone HTTPServer FBI Mayor tram"))
    assert remarkable.humped(document) == {"McKinsey", "seeThe", "iPhone"}
