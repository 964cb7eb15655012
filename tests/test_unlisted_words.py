"""Words that checks look for, and words in an unusual form: those that no dictionary has, and those in camel case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.readers import plain_text
from linter.source import Source
from linter.text import words
from linter.text.lexicon import lexicon
from linter.text.words import camel_case_words, may_open, occurring, unlisted_words, vocabulary

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


@given(st.tuples(TEXTS, TEXTS), st.lists(st.tuples(st.integers(0, 1), st.frozensets(WORDS)), max_size=9))
def test_sought_words_are_found_in_any_order(texts: tuple[str, str], calls: list[tuple[int, frozenset[str]]]) -> None:
    documents = [plain_text.read(Source(text)) for text in texts]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "_MAX_WORD_SETS", 2)
        patch.setattr(words, "_CACHED", 4)
        known = words._known_words.__wrapped__()
        patch.setattr(words, "_known_words", lambda: known)
        for number, some in calls:
            assert occurring(documents[number], some) == vocabulary(documents[number]) & some
            unlisted_words(documents[1 - number])
