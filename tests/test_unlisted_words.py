"""Words that checks look for, and words in an unusual form: those that no dictionary has, and those in camel case."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linter.readers import plain_text
from linter.source import Source
from linter.text.lexicon import lexicon
from linter.text.words import camel_case_words, may_open, unlisted_words, vocabulary

WORDS = st.sampled_from(
    "the The harbour mayor Mayor may May THE zorblan Zorblanic gitHub McKinsey naïvité Ärger 车".split()
)
TEXTS = st.lists(WORDS | st.text(max_size=9), max_size=30).map(" ".join)


@given(TEXTS)
def test_unlisted_words_are_those_that_no_dictionary_has(text: str) -> None:
    document = plain_text.read(Source(text))
    small = {word: word for word in vocabulary(document) if word.islower()}
    opening = {word: word.lower() for word in vocabulary(document) if word.istitle() and may_open(word)}
    expected = {word: form for word, form in (small | opening).items() if not lexicon().find(form).dictionary}
    assert unlisted_words(document) == expected


def test_camel_case_is_a_capital_behind_a_small_letter() -> None:
    document = plain_text.read(Source("McKinsey seeThe iPhone HTTPServer FBI Mayor tram"))
    assert camel_case_words(document) == {"McKinsey", "seeThe", "iPhone"}
