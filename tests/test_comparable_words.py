"""What blocks say, to compare it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linter.text.view import comparable_words


@given(st.text(st.sampled_from("aZß \n\t\xa0\u3000\x1c\u200b\u2028”.İ\x00")))
def test_spaces_are_single(text: str) -> None:
    assert comparable_words(text) == " ".join(text.casefold().split())
