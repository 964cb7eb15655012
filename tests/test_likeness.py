"""Words, and how alike they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linter.prose import likeness


@given(st.text(st.sampled_from("aZ09_’“—…'\"-. \n\t\x1cßİſKé漢か𠀀¼²\ufffc")))
def test_words_are_what_the_pattern_fits(text: str) -> None:
    assert likeness.words(text) == likeness.WORD.findall(text.casefold())
