"""Words, and the similarity of texts."""

from __future__ import annotations

from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.text import similarity


@given(st.text(st.sampled_from("aZ09_’“—…'\"-. \n\t\x1cßİſKé漢か𠀀¼²\ufffc")))
def test_similarity_words_match_their_pattern(text: str) -> None:
    assert similarity.words(text) == similarity.WORD.findall(text.casefold())


_SOME_WORDS = st.lists(st.text(st.sampled_from("abclou09ж漢ß"), min_size=1, max_size=3), max_size=600)


@given(_SOME_WORDS)
def test_a_sketch_is_of_the_shingles_that_begin_with_some_letters_in_their_order(words: list[str]) -> None:
    every = {" ".join(shingle) for shingle in similarity.shingles(words)}
    first = sorted({crc32(shingle.encode()) for shingle in every if ord(shingle[0]) % 9 == 0})
    later = sorted({crc32(shingle.encode()) for shingle in every if ord(shingle[0]) % 9 in (3, 6)})
    numbers = [*first, *(2**32 + value for value in later)]
    assert similarity.sketch(" ".join(words).encode()) == numbers[: similarity.SKETCH]


def test_a_long_text_has_the_smallest_numbers_too() -> None:
    words = [f"{letter}{number}" for number in range(400) for letter in "clt"]
    taken = {crc32(" ".join(shingle).encode()) for shingle in similarity.shingles(words) if shingle[0][0] in "cl"}
    assert similarity.sketch(" ".join(words).encode()) == sorted(taken)[: similarity.SKETCH]


def test_a_short_text_and_a_long_one_have_shingles_in_common() -> None:
    words = [f"{letter}{number}" for number in range(40) for letter in "clrt"]
    one, other = (similarity.sketch(" ".join(words[:end]).encode()) for end in (90, 100))
    assert similarity.shared(one, other) > 0.8


@given(st.lists(st.lists(st.integers(-5, 5), max_size=6)), st.sampled_from([0, 3, 50]))
def test_numbers_in_several_lists_are_found_however_many_there_are(lists: list[list[int]], many: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similarity, "_MAX_COMPARED_NUMBERS", many)
        assert similarity.shared_numbers(lists) == {i for i in range(-5, 6) if sum(i in one for one in lists) > 1}


@given(
    st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=20).map(" ".join), min_size=1, max_size=9),
    st.sampled_from([0, 50]),
    st.integers(1, 4),
)
def test_repeated_runs_are_found_however_many_words_there_are(texts: list[str], many: int, together: int) -> None:
    runs = [*similarity.shingles(" \n ".join(texts).split(" "))]
    expected = [(runs.index(run), place) for place, run in enumerate(runs) if runs.index(run) < place]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similarity, "_MAX_COMPARED_NUMBERS", many)
        patch.setattr(similarity, "_TEXTS_PER_BATCH", together)
        assert similarity.repeats(texts) == expected
