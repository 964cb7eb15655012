"""Words of an article: a quick search finds the same as looking at each word."""

from __future__ import annotations

import string
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.document import Document
from linter.readers import plain_text
from linter.source import Source, word_slices
from linter.text import words
from linter.text.words import WORD, letters_only, passages, vocabulary, word_places

# Few characters, so that words are adjacent: letters of several scripts, digits, marks, spaces, a lone surrogate.
TEXTS = st.text(st.sampled_from("abAB éßÉжK²٣_1-'’. \u00a0\u2009\n\n\ud800") | st.characters(), max_size=60)


def article(text: str) -> Document:
    return plain_text.read(Source(text))


@given(TEXTS)
def test_words_match_their_pattern(text: str) -> None:
    assert letters_only(text).split() == WORD.findall(text)
    assert len(letters_only(text)) == len(text)


@given(TEXTS, st.sampled_from([0, 50]))
def test_places_are_all_in_order(text: str, few: int) -> None:
    document = article(text)
    every = [(passage, word) for passage in passages(document) for word in passage.words]
    some = {word.text for _, word in every[::2]} | {"tram"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "_MAX_SEPARATE_SEARCHES", few)
        assert vocabulary(document) == {word.text for _, word in every}
        assert list(word_places(document, some)) == [each for each in every if each[1].text in some]


@given(TEXTS)
def test_neighbors_are_the_adjacent_words(text: str) -> None:
    for passage in passages(article(text)):
        words = passage.words
        for word, before, behind in zip(words, [None, *words], [*words[1:], None], strict=False):
            assert (passage.before(word), passage.behind(word)) == (before, behind)


def test_no_place_is_found_in_a_word_or_across_passages() -> None:
    document = article(f"tramtram {string.ascii_letters}\n\ntram\n\nstop\ntram. tram-tram tram1 (tram)")
    assert [word.start for _, word in word_places(document, {"tram", "tram stop"})] == [0, 0, 6, 11, 16, 23]


@given(st.text(st.sampled_from("ab -\n")), st.integers(1, 4))
def test_doubled_words_do_not_depend_on_slices(text: str, size: int) -> None:
    def doubled() -> list[tuple[str, int, str]]:
        found = words.doubled_words(article(text))
        return [(passage.text, first.start, first.text) for passage, first, _ in found]

    expected = doubled()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "word_slices", partial(word_slices, size=size))
        assert doubled() == expected
